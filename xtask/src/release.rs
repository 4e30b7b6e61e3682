//! `cargo xtask release`.

use std::io::{self, Write as _};

use camino::Utf8Path;
use clap::Args;
use zstack_codegen::write;
use zstack_model::load::{Releasing, lint_releasing};
use zstack_model::lock::{FILE, Lock};
use zstack_model::{Model, Version};
use zstack_review::changelog::{self, Changelog};
use zstack_review::close;

use crate::changelog::{apply, plan};
use crate::check::report;
use crate::exit::Exit;
use crate::{Spec, releases};

#[derive(Args)]
pub(crate) struct Release {
    #[command(flatten)]
    spec: Spec,
    /// The release to close: it is out, and what it has does not change any more
    #[arg(value_name = "VERSION", required_unless_present_any = ["lock", "relock"])]
    version: Option<Version>,
    /// Close nothing; lock the releases that are out and not locked yet
    #[arg(long, conflicts_with = "version")]
    lock: bool,
    /// Close nothing; write down anew what a correction of the spec changed in this release, and in those
    /// after it
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["version", "lock"])]
    relock: Option<String>,
    /// Write nothing; show what would be written
    #[arg(long)]
    dry_run: bool,
}

/// What is to be written, in this order.
struct Writes<'a> {
    dir: &'a Utf8Path,
    lock: &'a Lock,
    changelog: &'a Changelog,
    /// `api.yaml`, where that changes.
    api: Option<&'a str>,
}

pub(crate) fn run(Release { spec, version, lock: _, relock, dry_run }: Release) -> io::Result<Exit> {
    let dir = spec.dir();
    let releasing = match (&version, &relock) {
        (Some(version), _) => Releasing::Close(version),
        (None, Some(_)) => Releasing::Correct,
        (None, None) => Releasing::Lock,
    };
    let (model, lock) = match lint_releasing(&dir, releasing) {
        Ok(found) => found,
        Err(diagnostics) => {
            report(&diagnostics)?;
            return Ok(Exit::SpecProblems);
        }
    };
    match (version, relock) {
        (Some(version), _) => close(&dir, &model, &version, &lock, dry_run),
        (None, Some(from)) => match releases::find(&model, &from)? {
            Ok(from) => correct(&dir, &model, &from, lock, dry_run),
            Err(exit) => Ok(exit),
        },
        (None, None) => lock_open(&dir, &model, lock, dry_run),
    }
}

fn usage(error: &dyn std::error::Error) -> io::Result<Exit> {
    writeln!(anstream::stderr(), "error: {error}")?;
    Ok(Exit::Usage)
}

fn close(dir: &Utf8Path, model: &Model, version: &Version, lock: &Lock, dry_run: bool) -> io::Result<Exit> {
    let api = dir.join("api.yaml");
    let closed = match close::close(model, version, &fs_err::read_to_string(&api)?, lock) {
        Ok(closed) => closed,
        Err(error) => return usage(&error),
    };
    let writes = Writes { dir, lock: &closed.lock, changelog: &closed.changelog, api: Some(&closed.api) };
    if let Err(exit) = writes.write(dry_run) {
        return exit;
    }
    let mut out = anstream::stdout().lock();
    if dry_run {
        writeln!(
            out,
            "{dir}/{FILE} would get the line\n\n{version} {}\n",
            closed.lock.get(version).unwrap_or("-")
        )?;
        let sections = closed.changelog.sections().iter();
        for section in sections.filter(|section| section.version == *version) {
            writeln!(out, "{dir}/{} would get the section\n\n{section}", changelog::FILE)?;
        }
        writeln!(out, "{api} would say `state: released` of release {version}")?;
    } else {
        writeln!(
            out,
            "{version} is out: {api} says so, {dir}/{FILE} holds it to what it has, and {dir}/{} tells what is new",
            changelog::FILE
        )?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn lock_open(dir: &Utf8Path, model: &Model, mut lock: Lock, dry_run: bool) -> io::Result<Exit> {
    let open = lock.lock_released(model);
    if open.is_empty() {
        writeln!(anstream::stdout(), "every release that is out is locked")?;
        return Ok(Exit::Fine);
    }
    write_lock(dir, model, &lock, "locked", &open, dry_run)
}

fn correct(dir: &Utf8Path, model: &Model, from: &Version, mut lock: Lock, dry_run: bool) -> io::Result<Exit> {
    match lock.relock(model, from) {
        Ok(corrected) => write_lock(dir, model, &lock, "corrected", &corrected, dry_run),
        Err(error) => usage(&error),
    }
}

fn write_lock(
    dir: &Utf8Path,
    model: &Model,
    lock: &Lock,
    done: &str,
    versions: &[Version],
    dry_run: bool,
) -> io::Result<Exit> {
    let changelog = Changelog::of(model);
    if let Err(exit) = (Writes { dir, lock, changelog: &changelog, api: None }).write(dry_run) {
        return exit;
    }
    let names: Vec<_> = versions.iter().map(ToString::to_string).collect();
    let would = if dry_run { "would be " } else { "" };
    writeln!(anstream::stdout(), "{dir}/{FILE}: {would}{done}: {}", names.join(", "))?;
    Ok(Exit::Fine)
}

impl Writes<'_> {
    /// `api.yaml` comes last: a release that is locked and told and not out yet
    /// is closed by the next run, which writes the same.
    fn write(&self, dry_run: bool) -> Result<(), io::Result<Exit>> {
        let changelog = plan(self.dir, self.changelog)?;
        if dry_run {
            return Ok(());
        }
        let written = || {
            write::replace(&self.dir.join(FILE), &self.lock.to_string())?;
            apply(self.dir, &changelog)?;
            self.api.map_or(Ok(()), |api| write::replace(&self.dir.join("api.yaml"), api))
        };
        written().map_err(Err)
    }
}
