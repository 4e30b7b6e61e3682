//! A workspace of the generated crates alone, below `target/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, say};

/// The generated crates, on this repository's runtime.
const PACKAGES: [&str; 3] = ["generated-types", "generated-client", "generated-server"];

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
        let root = fs_err::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
        say("building xtask")?;
        let target = root.join("target");
        let (profile, folder) = if smoke { ("dev", "debug") } else { ("release", "release") };
        run(Command::new(cargo())
            .current_dir(&root)
            .args(["build", "--quiet", "--profile", profile, "--package", "xtask", "--target-dir"])
            .arg(&target))?;
        let xtask = target.join(folder).join("xtask");
        let dir = target.join(if corpus.is_some() { "scale/corpus" } else { "scale/spec" });
        let (spec, what) = match corpus {
            Some(corpus) => {
                let spec = dir.join("spec");
                say("importing the corpus")?;
                // It says what it leaves out; that is no reason to stop.
                Command::new(&xtask)
                    .args(["bench", "import", "--corpus"])
                    .arg(corpus)
                    .arg("--out")
                    .arg(&spec)
                    .output()?;
                (spec, "the corpus".to_owned())
            }
            None => (root.join("spec"), "the committed spec".to_owned()),
        };
        let workspace = Self { root, dir, spec, xtask, what };
        workspace.lay_out()?;
        Ok(workspace)
    }

    fn lay_out(&self) -> Result<(), Failure> {
        fs_err::create_dir_all(&self.dir)?;
        let manifest = fs_err::read_to_string(self.root.join("Cargo.toml"))?;
        let start = manifest.find("members = [").ok_or("the workspace has no members")?;
        let end = start + manifest[start..].find(']').ok_or("the list of members has no end")?;
        let members: String = PACKAGES.iter().map(|it| format!("{it:?}, ")).collect();
        let manifest = format!("{}members = [{members}]{}", &manifest[..start], &manifest[end + 1..]);
        let runtime = format!("path = {:?}", self.root.join("runtime"));
        fs_err::write(self.dir.join("Cargo.toml"), manifest.replace("path = \"runtime\"", &runtime))?;
        fs_err::copy(self.root.join("Cargo.lock"), self.dir.join("Cargo.lock"))?;
        Ok(())
    }

    /// Every generated file.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        let manifests = PACKAGES.iter().map(|package| self.dir.join(package).join("Cargo.toml"));
        Ok(manifests.chain(self.sources()?).collect())
    }

    /// Every generated Rust file.
    pub(super) fn sources(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut found = Vec::new();
        let mut open: Vec<_> = PACKAGES.iter().map(|package| self.dir.join(package).join("src")).collect();
        while let Some(folder) = open.pop() {
            for entry in fs_err::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() { open.push(entry.path()) } else { found.push(entry.path()) }
            }
        }
        Ok(found)
    }
}

/// The cargo that builds this.
pub(super) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

pub(super) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}
