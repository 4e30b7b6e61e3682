//! `cargo xtask changelog`.

use std::io::{self, Write as _};

use camino::Utf8Path;
use clap::Args;
use zstack_codegen::emit::GeneratedFile;
use zstack_codegen::write::{self, Plan, WriteError};
use zstack_model::load::load;
use zstack_review::changelog::{self, FILE, Section};

use crate::exit::{Error, Exit};
use crate::{Spec, releases};

#[derive(Args)]
pub(crate) struct Changelog {
    #[command(flatten)]
    spec: Spec,
    /// Print the section of one release, published or not; a version between two releases selects
    /// the older one [default: all published releases]
    #[arg(value_name = "VERSION")]
    version: Option<String>,
    /// Write CHANGELOG.md in the folder of the spec, as `cargo xtask release` does
    #[arg(long, conflicts_with = "version")]
    write: bool,
    /// Write nothing; fail if CHANGELOG.md is out of date
    #[arg(long, conflicts_with_all = ["version", "write"])]
    check: bool,
}

pub(crate) fn run(Changelog { spec, version, write, check }: Changelog) -> Result<Exit, Error> {
    let dir = spec.dir();
    let model = load(&dir)?;
    let mut out = anstream::stdout().lock();
    if let Some(text) = version {
        let version = releases::find(&model, &text)?;
        // Every declared release has a section.
        if let Some(section) = Section::of(&model, &version) {
            write!(out, "{section}")?;
        }
        return Ok(Exit::Success);
    }
    let changelog = changelog::Changelog::of(&model);
    if !write && !check {
        write!(out, "{changelog}")?;
        return Ok(Exit::Success);
    }
    let plan = plan(&dir, &changelog)?;
    if plan.is_empty() {
        writeln!(out, "{dir}/{FILE} is up to date")?;
    } else if check {
        writeln!(out, "{dir}/{FILE} is out of date: run `cargo xtask changelog --write`")?;
        return Ok(Exit::Findings);
    } else {
        apply(&dir, &plan)?;
        writeln!(out, "wrote {dir}/{FILE}")?;
    }
    Ok(Exit::Success)
}

/// Plans the writing of the changelog. Fails if a file of its name exists that no command wrote.
pub(crate) fn plan(dir: &Utf8Path, changelog: &changelog::Changelog) -> Result<Plan, Error> {
    let file = GeneratedFile { path: FILE.into(), text: changelog.to_string() };
    write::plan(dir, vec![file], &[]).map_err(|error| match error {
        WriteError::Foreign { .. } => Error::usage(format!(
            "{dir}/{FILE} exists and was not written by `cargo xtask`; move it away; nothing was written"
        )),
        WriteError::Links { .. } => Error::usage(error),
        WriteError::Io(error) => error.into(),
    })
}

/// Carries out such a plan.
pub(crate) fn apply(dir: &Utf8Path, plan: &Plan) -> io::Result<()> {
    write::apply(dir, plan).map_err(io::Error::other)
}
