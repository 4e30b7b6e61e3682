//! The package `bench`, which depends on generated crates where this one may
//! not: built optimised, and started.

use std::io;
use std::process::Command;

use clap::Args;

use crate::exit::Exit;
use crate::workspace;

#[derive(Args)]
pub(crate) struct Run {
    /// What the benchmark takes: see `cargo xtask bench call -- --help`
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub(crate) fn one(benchmark: &str, run: &Run) -> io::Result<Exit> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--package", "zstack-bench", "--manifest-path"])
        .arg(workspace::root().join("Cargo.toml"))
        .args(["--", benchmark])
        .args(&run.arguments)
        .status()?;
    Ok(if status.success() { Exit::Fine } else { Exit::Findings })
}
