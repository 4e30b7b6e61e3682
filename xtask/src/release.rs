//! `cargo xtask release`.

use std::io::Write as _;

use camino::Utf8Path;
use clap::Args;
use zstack_codegen::write;
use zstack_model::load::{Releasing, lint_releasing};
use zstack_model::lock::{FILE, Lock};
use zstack_model::{Model, Version};
use zstack_review::changelog::{self, Changelog};
use zstack_review::close;

use crate::changelog::{apply, plan};
use crate::exit::{Error, Exit};
use crate::{Spec, releases};

#[derive(Args)]
pub(crate) struct Release {
    #[command(flatten)]
    spec: Spec,
    /// Release to close: it counts as published, and its API is fixed
    #[arg(value_name = "VERSION", required_unless_present_any = ["lock", "relock"])]
    version: Option<Version>,
    /// Close nothing; lock the published releases that are not locked yet
    #[arg(long, conflicts_with = "version")]
    lock: bool,
    /// Close nothing; update the lock of this release and later ones after a correction of the spec
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["version", "lock"])]
    relock: Option<String>,
    /// Write nothing; print what would be written
    #[arg(long)]
    dry_run: bool,
}

/// The files to write, in this order.
struct Writes<'a> {
    dir: &'a Utf8Path,
    lock: &'a Lock,
    changelog: &'a Changelog,
    /// The new text of `api.yaml`, if it changes.
    api: Option<&'a str>,
}

pub(crate) fn run(Release { spec, version, lock: _, relock, dry_run }: Release) -> Result<Exit, Error> {
    let dir = spec.dir();
    let releasing = match (&version, &relock) {
        (Some(version), _) => Releasing::Close(version),
        (None, Some(_)) => Releasing::Correct,
        (None, None) => Releasing::Lock,
    };
    let (model, mut lock) = lint_releasing(&dir, releasing)?;
    match (version, relock) {
        (Some(version), _) => close(&dir, &model, &version, &lock, dry_run)?,
        (None, Some(from)) => {
            let from = releases::find(&model, &from)?;
            let corrected = lock.relock(&model, &from).map_err(Error::usage)?;
            write_lock(&dir, &model, &lock, "corrected", &corrected, dry_run)?;
        }
        (None, None) => {
            let locked = lock.lock_released(&model);
            if locked.is_empty() {
                writeln!(anstream::stdout(), "every published release is locked")?;
            } else {
                write_lock(&dir, &model, &lock, "locked", &locked, dry_run)?;
            }
        }
    }
    Ok(Exit::Success)
}

fn close(dir: &Utf8Path, model: &Model, version: &Version, lock: &Lock, dry_run: bool) -> Result<(), Error> {
    let api = dir.join("api.yaml");
    let closed = close::close(model, version, &fs_err::read_to_string(&api)?, lock).map_err(Error::usage)?;
    Writes { dir, lock: &closed.lock, changelog: &closed.changelog, api: Some(&closed.api) }
        .write(dry_run)?;
    let mut out = anstream::stdout().lock();
    if !dry_run {
        writeln!(out, "closed release {version}: updated {api}, {dir}/{FILE} and {dir}/{}", changelog::FILE)?;
        return Ok(());
    }
    let digest = closed.lock.get(version).unwrap_or("-");
    writeln!(out, "new line in {dir}/{FILE}:\n\n{version} {digest}\n")?;
    let section = closed.changelog.sections().iter().find(|section| section.version == *version);
    if let Some(section) = section {
        writeln!(out, "new section in {dir}/{}:\n\n{section}", changelog::FILE)?;
    }
    writeln!(out, "change in {api}: `state: released` for release {version}")?;
    Ok(())
}

fn write_lock(
    dir: &Utf8Path,
    model: &Model,
    lock: &Lock,
    done: &str,
    versions: &[Version],
    dry_run: bool,
) -> Result<(), Error> {
    Writes { dir, lock, changelog: &Changelog::of(model), api: None }.write(dry_run)?;
    let names: Vec<_> = versions.iter().map(ToString::to_string).collect();
    let would = if dry_run { "would be " } else { "" };
    writeln!(anstream::stdout(), "{dir}/{FILE}: {would}{done}: {}", names.join(", "))?;
    Ok(())
}

impl Writes<'_> {
    /// Writes the files. `api.yaml` comes last, so that a run that is interrupted before can be
    /// repeated and writes the same.
    fn write(&self, dry_run: bool) -> Result<(), Error> {
        let changelog = plan(self.dir, self.changelog)?;
        if dry_run {
            return Ok(());
        }
        write::replace(&self.dir.join(FILE), &self.lock.to_string())?;
        apply(self.dir, &changelog)?;
        if let Some(api) = self.api {
            write::replace(&self.dir.join("api.yaml"), api)?;
        }
        Ok(())
    }
}
