//! `cargo xtask check`.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use zstack_model::diagnostics::{Diagnostics, Styles};
use zstack_model::load::lint;
use zstack_model::rules::Severity;

use crate::Spec;
use crate::exit::Exit;

/// Check the spec.
#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    spec: Spec,
    /// What is bad enough to fail: errors alone, or warnings as well
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
}

pub(crate) fn run(Check { spec, fail_on }: Check) -> io::Result<Exit> {
    let dir = spec.dir();
    let (model, warnings) = match lint(&dir) {
        Ok(holds) => holds,
        Err(diagnostics) => {
            report(&diagnostics)?;
            return Ok(Exit::SpecProblems);
        }
    };
    let (operations, types) = (model.operations.len(), model.types.len());
    let problems = if warnings.is_empty() { "problems" } else { "errors" };
    writeln!(anstream::stdout(), "{dir}: {operations} operations and {types} data types, no {problems}")?;
    if warnings.is_empty() {
        return Ok(Exit::Fine);
    }
    report(&warnings)?;
    Ok(match fail_on {
        FailOn::Warning => Exit::Findings,
        FailOn::Error => Exit::Fine,
    })
}

/// Shows what is wrong with a spec.
pub(crate) fn report(diagnostics: &Diagnostics) -> io::Result<()> {
    // The stream drops the colours where nobody sees them.
    let mut err = anstream::stderr().lock();
    diagnostics.render(&mut err, &Styles::colored())?;
    let problems = diagnostics.problems();
    // What stops the spec is what one wants to understand first.
    let first = problems.iter().find(|problem| problem.severity() == Severity::Error).or(problems.first());
    if let Some(problem) = first {
        writeln!(err, "run `cargo xtask explain {}` for more", problem.code())?;
    }
    err.flush()
}
