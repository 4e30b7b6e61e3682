//! `cargo xtask openapi`.

use std::io::{self, Write as _};

use camino::Utf8PathBuf;
use clap::Args;
use zstack_codegen::write;
use zstack_model::load::load;
use zstack_reference::openapi::{Layout, export};

use crate::check::report;
use crate::exit::Exit;
use crate::{Spec, releases};

#[derive(Args)]
pub(crate) struct OpenApi {
    #[command(flatten)]
    spec: Spec,
    /// The release to describe; a version between two releases means the older one [default: everything,
    /// removed elements included]
    #[arg(long, value_name = "VERSION")]
    at: Option<String>,
    /// Where the document goes [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<Utf8PathBuf>,
    /// Show what OpenAPI cannot say: how often, what becomes of it, and where
    #[arg(long)]
    losses: bool,
}

pub(crate) fn run(OpenApi { spec, at, out, losses }: OpenApi) -> io::Result<Exit> {
    let model = match load(&spec.dir()) {
        Ok(model) => model,
        Err(diagnostics) => {
            report(&diagnostics)?;
            return Ok(Exit::SpecProblems);
        }
    };
    let at = match at {
        Some(text) => match releases::find(&model, &text)? {
            Ok(version) => Some(version),
            Err(exit) => return Ok(exit),
        },
        None => None,
    };
    let exported = export(&model, at.as_ref(), Layout::Indented);
    let mut stdout = anstream::stdout().lock();
    match &out {
        Some(file) => write::replace(file, &exported.text)?,
        // Who asks for the losses alone does not want to look for them.
        None if losses => {}
        None => stdout.write_all(exported.text.as_bytes())?,
    }
    if losses {
        write!(stdout, "{}", exported.losses)?;
    }
    Ok(Exit::Fine)
}
