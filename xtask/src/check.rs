//! `cargo xtask check`.

use std::io::Write as _;

use clap::{Args, ValueEnum};
use zstack_model::load::lint;

use crate::Spec;
use crate::exit::{Error, Exit, print_diagnostics};

#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    spec: Spec,
    /// Lowest severity that makes the command fail
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
}

pub(crate) fn run(Check { spec, fail_on }: Check) -> Result<Exit, Error> {
    let dir = spec.dir();
    let (model, warnings) = lint(&dir)?;
    let (operations, types) = (model.operations.len(), model.types.len());
    let problems = if warnings.is_empty() { "problems" } else { "errors" };
    writeln!(anstream::stdout(), "{dir}: {operations} operations and {types} data types, no {problems}")?;
    if warnings.is_empty() {
        return Ok(Exit::Success);
    }
    print_diagnostics(&mut anstream::stderr().lock(), &warnings)?;
    Ok(match fail_on {
        FailOn::Warning => Exit::Findings,
        FailOn::Error => Exit::Success,
    })
}
