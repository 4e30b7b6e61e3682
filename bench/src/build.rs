//! Programs of this repository that benchmarks start.

use std::path::PathBuf;
use std::process::Command;

use crate::{Failure, say};

/// Where the repository is.
pub(crate) fn root() -> Result<PathBuf, Failure> {
    Ok(fs_err::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?)
}

/// Builds the program of a package, optimised unless nothing is measured;
/// where it is then.
pub(crate) fn program(package: &str, smoke: bool) -> Result<PathBuf, Failure> {
    say(&format!("building {package}"))?;
    let root = root()?;
    let target = root.join("target");
    let (profile, folder) = if smoke { ("dev", "debug") } else { ("release", "release") };
    run(Command::new(cargo())
        .current_dir(&root)
        .args([
            "build",
            "--quiet",
            "--profile",
            profile,
            "--package",
            package,
            "--bin",
            package,
            "--target-dir",
        ])
        .arg(&target))?;
    Ok(target.join(folder).join(package).with_extension(std::env::consts::EXE_EXTENSION))
}

/// The cargo that builds this.
pub(crate) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}
