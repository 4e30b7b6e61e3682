//! `cargo xtask explain`.

use std::io::{self, Write as _};

use clap::Args;
use zstack_codegen::diagnostics::Styles;
use zstack_codegen::rules;

use crate::exit::Exit;

#[derive(Args)]
pub(crate) struct Explain {
    /// A rule, as a report names it: `since-missing`
    #[arg(value_name = "RULE")]
    what: String,
}

pub(crate) fn run(Explain { what }: &Explain) -> io::Result<Exit> {
    rule(what)
}

/// Rules are kebab case, so that no other name is taken for one.
fn rule(id: &str) -> io::Result<Exit> {
    let Some(rule) = rules::find(id) else {
        let mut err = anstream::stderr();
        writeln!(err, "error: there is no rule `{}`", id.escape_debug())?;
        if let Some(nearest) = rules::nearest(id) {
            writeln!(err, "  = help: did you mean `{nearest}`?")?;
        }
        return Ok(Exit::Usage);
    };
    // The stream drops the colours where nobody sees them.
    rule.render(&mut anstream::stdout().lock(), &Styles::colored())?;
    Ok(Exit::Fine)
}
