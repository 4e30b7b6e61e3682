//! A workspace with the generated crates and with programs that use them, below `target/`.

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

/// The generated crates, which use the runtime of this repository.
pub(super) const PACKAGES: [&str; 3] = ["generated-types", "generated-client", "generated-server"];

pub(super) struct Workspace {
    /// The root folder of this repository.
    pub(super) root: PathBuf,
    /// The folder of the workspace.
    pub(super) dir: PathBuf,
    pub(super) spec: PathBuf,
    /// The path of the program `xtask`, optimized except in smoke tests.
    pub(super) xtask: PathBuf,
    /// The name of the spec in figures.
    pub(super) name: String,
}

impl Workspace {
    /// Builds `xtask`, imports the corpus if there is one, and writes the manifest of the workspace.
    pub(super) fn new(corpus: Option<&Path>, smoke: bool) -> Result<Self, Failure> {
        let root = build::root()?;
        let xtask = build::program("xtask", smoke)?;
        let dir = root.join("target").join(if corpus.is_some() { "scale/corpus" } else { "scale/spec" });
        let (spec, name) = match corpus {
            Some(corpus) => {
                let spec = dir.join("spec");
                say("importing the corpus")?;
                import_into(corpus, &spec)?;
                (spec, "the corpus".to_owned())
            }
            None => (root.join("spec"), "the committed spec".to_owned()),
        };
        let workspace = Self { root, dir, spec, xtask, name };
        workspace.write_manifest()?;
        Ok(workspace)
    }

    /// Writes the programs, one of which calls a number of operations over a socket.
    pub(super) fn write_programs(&self, round_trips: usize) -> Result<(), Failure> {
        programs::write(&self.model()?, round_trips, &self.root, &self.programs())
    }

    /// The folder of the programs.
    pub(super) fn programs(&self) -> PathBuf {
        self.dir.join("programs")
    }

    fn model(&self) -> Result<Model, Failure> {
        let spec = Utf8PathBuf::try_from(self.spec.clone())?;
        load(&spec).map_err(|_| format!("the spec in {spec} has problems; see `cargo xtask check`").into())
    }

    /// Runs cargo in the workspace, with a separate target folder.
    pub(super) fn cargo(&self, arguments: &[&str]) -> Result<Cost, Failure> {
        cost(&self.dir, &cargo(), &[arguments, &["--offline", "--target-dir", "target"]].concat())
    }

    /// The path of the executable of a program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join("target/debug").join(name)
    }

    /// Writes the generated crates.
    pub(super) fn regenerate(&self) -> Result<Cost, Failure> {
        self.regen(".", &[])
    }

    /// Writes the generated crates into a new folder, which is not deleted before the end, since file
    /// systems are slow after large deletions.
    pub(super) fn generate_into_new_folder(&self, folders: &mut Vec<TempDir>) -> Result<Cost, Failure> {
        let target = self.dir.join("target");
        fs_err::create_dir_all(&target)?;
        let folder = tempfile::tempdir_in(target)?;
        let cost = self.regen(&folder.path().to_string_lossy(), &[]);
        folders.push(folder);
        cost
    }

    /// Checks that the generated crates are up to date.
    pub(super) fn check_generated(&self) -> Result<Cost, Failure> {
        self.regen(".", &["--check"])
    }

    fn regen(&self, out: &str, arguments: &[&str]) -> Result<Cost, Failure> {
        let spec = self.spec.to_string_lossy();
        cost(&self.dir, &self.xtask, &[&["regen", "--out", out, "--spec", &spec], arguments].concat())
    }

    fn write_manifest(&self) -> Result<(), Failure> {
        fs_err::create_dir_all(&self.dir)?;
        let manifest = fs_err::read_to_string(self.root.join("Cargo.toml"))?;
        let start = manifest.find("members = [").ok_or("the manifest of the workspace has no members")?;
        let end = start + manifest[start..].find(']').ok_or("the list of members has no end")?;
        let programs = programs::ALL.map(|program| format!("programs/{program}"));
        let members = PACKAGES.iter().copied().chain(programs.iter().map(String::as_str));
        let members: String = members.map(|member| format!("{member:?}, ")).collect();
        let manifest = format!("{}members = [{members}]{}", &manifest[..start], &manifest[end + 1..]);
        let runtime = format!("path = {:?}", self.root.join("runtime"));
        fs_err::write(self.dir.join("Cargo.toml"), manifest.replace("path = \"runtime\"", &runtime))?;
        fs_err::copy(self.root.join("Cargo.lock"), self.dir.join("Cargo.lock"))?;
        Ok(())
    }

    /// Returns the paths of all generated Rust files.
    pub(super) fn sources(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut sources = Vec::new();
        for package in PACKAGES {
            files(&self.dir.join(package).join("src"), &mut sources)?;
        }
        Ok(sources)
    }

    /// Counts the generated lines, including manifests.
    pub(super) fn count_lines(&self) -> Result<f64, Failure> {
        PACKAGES.iter().map(|package| count_lines(&self.dir.join(package))).sum()
    }
}

/// Converts a corpus to a spec. Problems of the corpus, which `cargo xtask bench import` reports, are
/// ignored here.
fn import_into(corpus: &Path, spec: &Path) -> Result<(), Failure> {
    let Import { files, .. } = import(&Utf8PathBuf::try_from(corpus.to_owned())?)?;
    let spec = Utf8PathBuf::try_from(spec.to_owned())?;
    Ok(write::apply(&spec, &write::plan(&spec, files, &FOLDERS)?)?)
}

/// Counts the lines of the files below a folder.
pub(super) fn count_lines(folder: &Path) -> Result<f64, Failure> {
    let mut found = Vec::new();
    files(folder, &mut found)?;
    let mut lines = 0;
    for file in found {
        lines += fs_err::read_to_string(file)?.lines().count();
    }
    Ok(lines as f64)
}

/// Finds the files below a folder.
pub(super) fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { files(&entry.path(), found)? } else { found.push(entry.path()) }
    }
    Ok(())
}
