//! Builds the programs of this repository that benchmarks start.

use std::path::PathBuf;
use std::process::Command;

use crate::{Failure, say};

/// Returns the root folder of the repository.
pub(crate) fn root() -> Result<PathBuf, Failure> {
    Ok(fs_err::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?)
}

/// Builds the program of a package, optimized except in smoke tests, and returns its path.
pub(crate) fn program(package: &str, smoke: bool) -> Result<PathBuf, Failure> {
    say(&format!("building {package}"))?;
    let root = root()?;
    let target = root.join("target");
    let (profile, folder) = if smoke { ("dev", "debug") } else { ("release", "release") };
    // Tests have compiled the dependencies with the features of the whole workspace. Measured
    // programs have only the features of their own packages.
    let selection: &[&str] = if smoke { &["--workspace"] } else { &["--package", package] };
    run(Command::new(cargo())
        .current_dir(&root)
        .args(["build", "--quiet", "--profile", profile, "--bin", package])
        .args(selection)
        .arg("--target-dir")
        .arg(&target))?;
    Ok(target.join(folder).join(package).with_extension(std::env::consts::EXE_EXTENSION))
}

/// Returns the path of the `cargo` that runs this program.
pub(crate) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Runs a command and checks its exit status.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} exited with {status}").into()) }
}
