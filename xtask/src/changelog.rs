//! `cargo xtask changelog`.

use std::io::{self, Write as _};

use camino::Utf8Path;
use clap::Args;
use zstack_codegen::emit::GeneratedFile;
use zstack_codegen::write::{self, Plan, WriteError};
use zstack_model::load::load;
use zstack_review::changelog::{Changelog as Sections, FILE, Section};

use crate::check::report;
use crate::exit::Exit;
use crate::{Spec, releases};

#[derive(Args)]
pub(crate) struct Changelog {
    #[command(flatten)]
    spec: Spec,
    /// One release, whether it is out or not; a version between two releases means the older one
    /// [default: all that are out]
    #[arg(value_name = "VERSION")]
    version: Option<String>,
    /// Write it into the spec's folder, as `cargo xtask release` does
    #[arg(long, conflicts_with = "version")]
    write: bool,
    /// Write nothing; fail when what is there is not what the spec says
    #[arg(long, conflicts_with_all = ["version", "write"])]
    check: bool,
}

pub(crate) fn run(Changelog { spec, version, write, check }: Changelog) -> io::Result<Exit> {
    let dir = spec.dir();
    let model = match load(&dir) {
        Ok(model) => model,
        Err(diagnostics) => {
            report(&diagnostics)?;
            return Ok(Exit::SpecProblems);
        }
    };
    let mut out = anstream::stdout().lock();
    if let Some(text) = version {
        let version = match releases::find(&model, &text)? {
            Ok(version) => version,
            Err(exit) => return Ok(exit),
        };
        // A declared release has a section.
        if let Some(section) = Section::of(&model, &version) {
            write!(out, "{section}")?;
        }
        out.flush()?;
        return Ok(Exit::Fine);
    }
    let changelog = Sections::of(&model);
    if !write && !check {
        write!(out, "{changelog}")?;
        out.flush()?;
        return Ok(Exit::Fine);
    }
    let plan = match plan(&dir, &changelog) {
        Ok(plan) => plan,
        Err(exit) => return exit,
    };
    match plan.is_empty() {
        true => writeln!(out, "{dir}/{FILE} is what the spec says")?,
        false if check => {
            writeln!(out, "{dir}/{FILE} is not what the spec says: run `cargo xtask changelog --write`")?;
            return Ok(Exit::Findings);
        }
        false => {
            apply(&dir, &plan)?;
            writeln!(out, "wrote {dir}/{FILE}")?;
        }
    }
    Ok(Exit::Fine)
}

/// What has to be written; a file of that name that is not ours stays, and ends
/// the command.
pub(crate) fn plan(dir: &Utf8Path, changelog: &Sections) -> Result<Plan, io::Result<Exit>> {
    let file = GeneratedFile { path: FILE.into(), text: changelog.to_string() };
    write::plan(dir, vec![file], &[]).map_err(|error| match error {
        WriteError::Foreign { .. } => {
            let said = writeln!(
                anstream::stderr(),
                "error: {dir}/{FILE} is in the way, and no command of ours wrote it; move it away; nothing was \
                 written"
            );
            said.map(|()| Exit::Usage)
        }
        error @ WriteError::Links { .. } => writeln!(anstream::stderr(), "error: {error}").map(|()| Exit::Usage),
        WriteError::Io(error) => Err(error),
    })
}

/// Writes what has to be.
pub(crate) fn apply(dir: &Utf8Path, plan: &Plan) -> io::Result<()> {
    write::apply(dir, plan).map_err(io::Error::other)
}
