//! `cargo xtask explain`.

use std::io::{self, IsTerminal as _, Write as _};

use clap::Args;
use zstack_model::changes::ChangeKind;
use zstack_model::diagnostics;
use zstack_model::load::load;
use zstack_model::rules;
use zstack_reference::explain::{self, Subject, WIDTH};
use zstack_reference::samples::Language;

use crate::exit::{Error, Exit};
use crate::{Spec, releases};

#[derive(Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    spec: Spec,
    /// Rule (`since-missing`, `param-became-required`), operation or data type (`CreateVmCdRom`, or
    /// `VmNicInventory@3.0.0` as of a release)
    #[arg(value_name = "RULE|NAME[@VERSION]")]
    subject: String,
    /// Print samples of the operation in a language instead of its page: curl, rust, java, python,
    /// go, javascript or cli
    #[arg(long, value_name = "LANGUAGE")]
    sample: Option<Language>,
}

pub(crate) fn run(Explain { spec, subject, sample }: Explain) -> Result<Exit, Error> {
    // Names of the API begin with a capital letter; rules are in kebab case.
    if subject.starts_with(|first: char| first.is_ascii_uppercase()) {
        explain_element(spec, &subject, sample)?;
    } else if sample.is_some() {
        return Err(Error::usage(format!(
            "`{}` is a rule; --sample requires an operation",
            subject.escape_debug()
        )));
    } else {
        explain_rule(&subject)?;
    }
    Ok(Exit::Success)
}

fn explain_rule(id: &str) -> Result<(), Error> {
    // The stream drops colors where they would not be shown.
    let (mut out, styles) = (anstream::stdout().lock(), diagnostics::Styles::colored());
    let (check, change) = (rules::find(id), ChangeKind::find(id));
    if let Some(rule) = check {
        rule.render(&mut out, &styles)?;
    }
    // `check` and `diff` may both have a rule with this id, about the same subject.
    if check.is_some() && change.is_some() {
        writeln!(out)?;
    }
    if let Some(kind) = change {
        kind.rule().render(&mut out, &styles)?;
    }
    if check.is_none() && change.is_none() {
        let help = match rules::nearest(id) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "run `cargo xtask rules` for a list".to_owned(),
        };
        return Err(Error::usage(format!("there is no rule `{}`\n  = help: {help}", id.escape_debug())));
    }
    Ok(())
}

fn explain_element(spec: Spec, subject: &str, sample: Option<Language>) -> Result<(), Error> {
    let Subject { name, at, .. } = Subject::from(subject);
    let model = load(&spec.dir())?;
    let at = at.map(|text| releases::find(&model, &text)).transpose()?;
    let page = explain::explain(&model, &name, at.as_ref()).map_err(Error::usage)?;
    let Some(language) = sample else {
        page.render(&mut anstream::stdout().lock(), &explain::Styles::colored(), line_width())?;
        return Ok(());
    };
    let samples = page.samples(language);
    let samples = samples
        .ok_or_else(|| Error::usage(format!("`{name}` is a data type; --sample requires an operation")))?;
    io::stdout().lock().write_all(samples.as_bytes())?;
    Ok(())
}

/// The width of the terminal, but no more than is easy to read.
fn line_width() -> usize {
    let terminal = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(terminal_size::Width(columns), _)| usize::from(columns).min(140))
}
