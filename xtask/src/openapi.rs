//! `cargo xtask openapi`.

use std::io::{self, Write as _};

use camino::Utf8PathBuf;
use clap::Args;
use zstack_codegen::load::load;
use zstack_codegen::model::Version;
use zstack_codegen::openapi::{Layout, export};
use zstack_codegen::write;

use crate::Spec;
use crate::check::report;
use crate::exit::Exit;

#[derive(Args)]
pub(crate) struct OpenApi {
    #[command(flatten)]
    spec: Spec,
    /// The release to tell of [default: all there is, what is removed by now included]
    #[arg(long, value_name = "VERSION")]
    at: Option<Version>,
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
