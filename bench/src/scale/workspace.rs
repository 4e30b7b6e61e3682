//! A workspace of the generated crates, and of programs that use them, below
//! `target/`.

use std::path::{Path, PathBuf};

use crate::import::{FOLDERS, Import, import};
use camino::Utf8PathBuf;
use tempfile::TempDir;
use zstack_codegen::write;
use zstack_model::Model;
use zstack_model::load::load;

use super::measure::{Cost, cost};
use super::programs;
use crate::build::{self, cargo};
use crate::{Failure, say};

/// The generated crates, on this repository's runtime.
pub(super) const PACKAGES: [&str; 3] = ["generated-types", "generated-client", "generated-server"];

pub(super) struct Workspace {
    /// This repository.
    pub(super) root: PathBuf,
    /// Where the workspace is.
    pub(super) dir: PathBuf,
    pub(super) spec: PathBuf,
    /// The program `xtask`; optimised, unless nobody looks at the figures.
    pub(super) xtask: PathBuf,
    /// What the figures are about.
    pub(super) what: String,
}

impl Workspace {
    /// Builds `xtask`, imports the corpus if there is one, and lays out the
    /// workspace; nothing is generated yet.
    pub(super) fn new(corpus: Option<&Path>, smoke: bool) -> Result<Self, Failure> {
        let root = build::root()?;
        let xtask = build::program("xtask", smoke)?;
        let dir = root.join("target").join(if corpus.is_some() { "scale/corpus" } else { "scale/spec" });
        let (spec, what) = match corpus {
            Some(corpus) => {
                let spec = dir.join("spec");
                say("importing the corpus")?;
                import_into(corpus, &spec)?;
                (spec, "the corpus".to_owned())
            }
            None => (root.join("spec"), "the committed spec".to_owned()),
        };
        let workspace = Self { root, dir, spec, xtask, what };
        workspace.lay_out()?;
        Ok(workspace)
    }

    /// Writes the programs; one of them calls so many operations over a socket.
    pub(super) fn write_programs(&self, round_trips: usize) -> Result<(), Failure> {
        programs::write(&self.model()?, round_trips, &self.root, &self.programs())
    }

    /// Where the programs are.
    pub(super) fn programs(&self) -> PathBuf {
        self.dir.join("programs")
    }

    fn model(&self) -> Result<Model, Failure> {
        let spec = Utf8PathBuf::try_from(self.spec.clone())?;
        load(&spec).map_err(|_| format!("the spec in {spec} has problems; see `cargo xtask check`").into())
    }

    /// Runs cargo in the workspace, with a target folder of its own.
    pub(super) fn cargo(&self, arguments: &[&str]) -> Result<Cost, Failure> {
        cost(&self.dir, &cargo(), &[arguments, &["--offline", "--target-dir", "target"]].concat())
    }

    /// The executable of a program that was built.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join("target/debug").join(name)
    }

    /// Writes the generated crates.
    pub(super) fn regenerate(&self) -> Result<Cost, Failure> {
        self.regen(".", &[])
    }

    /// Writes the generated crates into a new folder, which is kept for the
    /// while: a file system looks long for room where much was just deleted.
    pub(super) fn write_anew(&self, kept: &mut Vec<TempDir>) -> Result<Cost, Failure> {
        let target = self.dir.join("target");
        fs_err::create_dir_all(&target)?;
        let folder = tempfile::tempdir_in(target)?;
        let cost = self.regen(&folder.path().to_string_lossy(), &[]);
        kept.push(folder);
        cost
    }

    /// Finds that the generated crates are what they should be.
    pub(super) fn check_generated(&self) -> Result<Cost, Failure> {
        self.regen(".", &["--check"])
    }

    fn regen(&self, out: &str, arguments: &[&str]) -> Result<Cost, Failure> {
        let spec = self.spec.to_string_lossy();
        cost(&self.dir, &self.xtask, &[&["regen", "--out", out, "--spec", &spec], arguments].concat())
    }

    fn lay_out(&self) -> Result<(), Failure> {
        fs_err::create_dir_all(&self.dir)?;
        let manifest = fs_err::read_to_string(self.root.join("Cargo.toml"))?;
        let start = manifest.find("members = [").ok_or("the workspace has no members")?;
        let end = start + manifest[start..].find(']').ok_or("the list of members has no end")?;
        let programs = programs::ALL.map(|it| format!("programs/{it}"));
        let members = PACKAGES.iter().copied().chain(programs.iter().map(String::as_str));
        let members: String = members.map(|member| format!("{member:?}, ")).collect();
        let manifest = format!("{}members = [{members}]{}", &manifest[..start], &manifest[end + 1..]);
        let runtime = format!("path = {:?}", self.root.join("runtime"));
        fs_err::write(self.dir.join("Cargo.toml"), manifest.replace("path = \"runtime\"", &runtime))?;
        fs_err::copy(self.root.join("Cargo.lock"), self.dir.join("Cargo.lock"))?;
        Ok(())
    }

    /// Every generated Rust file.
    pub(super) fn sources(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut sources = Vec::new();
        for package in PACKAGES {
            files(&self.dir.join(package).join("src"), &mut sources)?;
        }
        Ok(sources)
    }

    /// How many lines are generated, manifests included.
    pub(super) fn lines(&self) -> Result<f64, Failure> {
        PACKAGES.iter().map(|package| lines(&self.dir.join(package))).sum()
    }
}

/// Makes a spec of a corpus. What it leaves out or changes is in a report that
/// `cargo xtask bench import` prints; here it is no reason to stop.
fn import_into(corpus: &Path, spec: &Path) -> Result<(), Failure> {
    let Import { files, .. } = import(&Utf8PathBuf::try_from(corpus.to_owned())?)?;
    let spec = Utf8PathBuf::try_from(spec.to_owned())?;
    Ok(write::apply(&spec, &write::plan(&spec, files, &FOLDERS)?)?)
}

/// How many lines the files below a folder have.
pub(super) fn lines(folder: &Path) -> Result<f64, Failure> {
    let mut found = Vec::new();
    files(folder, &mut found)?;
    let mut lines = 0;
    for file in found {
        lines += fs_err::read_to_string(file)?.lines().count();
    }
    Ok(lines as f64)
}

/// The files below a folder.
pub(super) fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { files(&entry.path(), found)? } else { found.push(entry.path()) }
    }
    Ok(())
}
