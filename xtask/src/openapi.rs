//! `cargo xtask openapi`.

use std::io::Write as _;

use camino::Utf8PathBuf;
use clap::Args;
use zstack_codegen::write;
use zstack_model::load::load;
use zstack_reference::openapi::{Layout, export};

use crate::exit::{Error, Exit};
use crate::{Spec, releases};

#[derive(Args)]
pub(crate) struct OpenApi {
    #[command(flatten)]
    spec: Spec,
    /// Release to describe; a version between two releases selects the older one [default: all
    /// releases, including removed elements]
    #[arg(long, value_name = "VERSION")]
    at: Option<String>,
    /// File to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<Utf8PathBuf>,
    /// Print what OpenAPI cannot express, with counts and places; without --out, print nothing else
    #[arg(long)]
    losses: bool,
}

pub(crate) fn run(OpenApi { spec, at, out, losses }: OpenApi) -> Result<Exit, Error> {
    let model = load(&spec.dir())?;
    let at = at.map(|text| releases::find(&model, &text)).transpose()?;
    let exported = export(&model, at.as_ref(), Layout::Indented);
    let mut stdout = anstream::stdout().lock();
    match &out {
        Some(file) => write::replace(file, &exported.text)?,
        None if losses => {}
        None => stdout.write_all(exported.text.as_bytes())?,
    }
    if losses {
        write!(stdout, "{}", exported.losses)?;
    }
    Ok(Exit::Success)
}
