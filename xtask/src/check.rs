//! `cargo xtask check`.

use std::io::{self, Write};

use camino::Utf8Path;
use zstack_codegen::diagnostics::{Diagnostics, Styles};
use zstack_codegen::load::load;

use crate::exit::Exit;

pub(crate) fn run(spec: &Utf8Path) -> io::Result<Exit> {
    match load(spec) {
        Ok(model) => {
            let mut out = anstream::stdout();
            writeln!(
                out,
                "{spec}: {} operations and {} data types, no problems",
                model.operations.len(),
                model.types.len()
            )?;
            Ok(Exit::Fine)
        }
        Err(diagnostics) => {
            report(&diagnostics)?;
            Ok(Exit::SpecProblems)
        }
    }
}

/// Shows what is wrong with a spec.
pub(crate) fn report(diagnostics: &Diagnostics) -> io::Result<()> {
    // The stream drops the colours where nobody sees them.
    let mut err = anstream::stderr().lock();
    diagnostics.render(&mut err, &Styles::colored())?;
    err.flush()
}
