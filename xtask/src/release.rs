//! `cargo xtask release`.

use std::io::{self, Write as _};

use camino::Utf8Path;
use clap::Args;
use zstack_codegen::load::lint;
use zstack_codegen::lock::{self, FILE, Lock};
use zstack_codegen::model::{Model, Version};
use zstack_codegen::write;

use crate::Spec;
use crate::check::report;
use crate::exit::Exit;

#[derive(Args)]
pub(crate) struct Release {
    #[command(flatten)]
    spec: Spec,
    /// The release to close: it is out, and what it has does not change any more
    #[arg(value_name = "VERSION", required_unless_present = "lock")]
    version: Option<Version>,
    /// Close nothing; lock the releases that are out and not locked yet
    #[arg(long, conflicts_with = "version")]
    lock: bool,
}

pub(crate) fn run(Release { spec, version, lock: _ }: Release) -> io::Result<Exit> {
    let dir = spec.dir();
    let model = match lint(&dir) {
        Ok((model, _)) => model,
        Err(diagnostics) => {
            report(&diagnostics)?;
            return Ok(Exit::SpecProblems);
        }
    };
    // That it can be read is part of what `lint` looks at.
    let lock = match fs_err::read_to_string(dir.join(FILE)) {
        Ok(text) => text.parse().map_err(io::Error::other)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Lock::default(),
        Err(error) => return Err(error),
    };
    match version {
        Some(version) => close(&dir, &model, &version, &lock),
        None => lock_open(&dir, &model, lock),
    }
}

fn close(dir: &Utf8Path, model: &Model, version: &Version, lock: &Lock) -> io::Result<Exit> {
    let api = dir.join("api.yaml");
    let closed = match lock::close(model, version, &fs_err::read_to_string(&api)?, lock) {
        Ok(closed) => closed,
        Err(error) => {
            writeln!(anstream::stderr(), "error: {error}")?;
            return Ok(Exit::Usage);
        }
    };
    // The lock first: a release that is locked and not out yet can be closed
    // once more.
    write::replace(&dir.join(FILE), &closed.lock.to_string())?;
    write::replace(&api, &closed.api)?;
    writeln!(
        anstream::stdout(),
        "{version} is out: {api} says so, and {dir}/{FILE} holds it to what it has"
    )?;
    Ok(Exit::Fine)
}

fn lock_open(dir: &Utf8Path, model: &Model, mut lock: Lock) -> io::Result<Exit> {
    let open: Vec<Version> = lock.open(model).into_iter().cloned().collect();
    for version in &open {
        lock.close(model, version);
    }
    if open.is_empty() {
        writeln!(anstream::stdout(), "every release that is out is locked")?;
    } else {
        write::replace(&dir.join(FILE), &lock.to_string())?;
        let names: Vec<_> = open.iter().map(ToString::to_string).collect();
        writeln!(anstream::stdout(), "{dir}/{FILE}: locked {}", names.join(", "))?;
    }
    Ok(Exit::Fine)
}
