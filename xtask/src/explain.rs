//! `cargo xtask explain`.

use std::io::{self, IsTerminal as _, Write as _};

use clap::Args;
use zstack_model::changes::ChangeKind;
use zstack_model::diagnostics;
use zstack_model::load::load;
use zstack_model::rules;
use zstack_reference::explain::{self, Subject, WIDTH};
use zstack_reference::samples::Language;

use crate::check::report;
use crate::exit::Exit;
use crate::{Spec, releases};

#[derive(Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    spec: Spec,
    /// A rule, as a report names it: `since-missing`, `param-became-required`; or an operation or a data
    /// type, today or as a release had it: `CreateVmCdRom`, `VmNicInventory@3.0.0`
    #[arg(value_name = "RULE|NAME[@VERSION]")]
    what: String,
    /// Of an operation, its samples in a language in place of its page: curl, rust, java, python, go,
    /// javascript or cli
    #[arg(long, value_name = "LANGUAGE")]
    sample: Option<Language>,
}

pub(crate) fn run(Explain { spec, what, sample }: Explain) -> io::Result<Exit> {
    // Rules are kebab case, names of the API begin with a capital.
    if what.starts_with(|it: char| it.is_ascii_uppercase()) {
        element(spec, &what, sample)
    } else if sample.is_some() {
        usage(&format!("`{}` is a rule, and no operation, which --sample wants", what.escape_debug()))
    } else {
        rule(&what)
    }
}

fn rule(id: &str) -> io::Result<Exit> {
    // The stream drops the colours where nobody sees them.
    let (mut out, styles) = (anstream::stdout().lock(), diagnostics::Styles::colored());
    let (check, change) = (rules::find(id), ChangeKind::find(id));
    if let Some(rule) = check {
        rule.render(&mut out, &styles)?;
    }
    // Both tables may have one of this name, about the same.
    if check.is_some() && change.is_some() {
        writeln!(out)?;
    }
    if let Some(kind) = change {
        kind.rule().render(&mut out, &styles)?;
    }
    if check.is_none() && change.is_none() {
        let mut err = anstream::stderr();
        writeln!(err, "error: there is no rule `{}`", id.escape_debug())?;
        match rules::nearest(id) {
            Some(nearest) => writeln!(err, "  = help: did you mean `{nearest}`?")?,
            None => writeln!(err, "  = help: `cargo xtask rules` lists all of them")?,
        }
        return Ok(Exit::Usage);
    }
    Ok(Exit::Fine)
}

fn element(spec: Spec, what: &str, sample: Option<Language>) -> io::Result<Exit> {
    let subject = Subject::from(what);
    let model = match load(&spec.dir()) {
        Ok(model) => model,
        Err(diagnostics) => {
            report(&diagnostics)?;
            return Ok(Exit::SpecProblems);
        }
    };
    let at = match &subject.at {
        Some(text) => match releases::find(&model, text)? {
            Ok(version) => Some(version),
            Err(exit) => return Ok(exit),
        },
        None => None,
    };
    match explain::explain(&model, &subject.name, at.as_ref()) {
        Ok(page) => {
            if let Some(language) = sample {
                let Some(samples) = page.samples(language) else {
                    return usage(&format!(
                        "`{}` is a data type, and no operation, which --sample wants",
                        subject.name
                    ));
                };
                io::stdout().lock().write_all(samples.as_bytes())?;
                return Ok(Exit::Fine);
            }
            page.render(&mut anstream::stdout().lock(), &explain::Styles::colored(), width())?;
            Ok(Exit::Fine)
        }
        Err(error) => usage(&error.to_string()),
    }
}

fn usage(problem: &str) -> io::Result<Exit> {
    writeln!(anstream::stderr(), "error: {problem}")?;
    Ok(Exit::Usage)
}

/// That of the terminal, as far as lines are read with ease.
fn width() -> usize {
    let terminal = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(terminal_size::Width(columns), _)| usize::from(columns).min(140))
}
