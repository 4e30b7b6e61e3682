//! `cargo xtask bench`: builds and runs the package `bench`, which depends on generated crates where
//! this one may not.

use std::process::Command;

use clap::{Args, Subcommand};

use crate::exit::{Error, Exit};
use crate::workspace;

#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Make a full-size spec from a corpus (one JSON line per operation and data type)
    Import(Import),
    /// Compare generated server and client with hand-written ones, and many routes with few
    Call(Run),
    /// Compare the management node with the same SQLite transactions written by hand
    Node(Run),
    /// Measure the generator and the compiler on a full-size spec
    Scale(Run),
    /// Call operations of all categories of a full-size spec from generated client to server
    Loopback(Run),
    /// Run all benchmarks; write BENCHMARKS.md and its chart
    All(Run),
    /// Write the chart docs/images/benchmarks.svg from BENCHMARKS.md
    Chart,
}

#[derive(Args)]
pub(crate) struct Import {
    /// Folder that contains operations.jsonl and types.jsonl
    #[arg(long, value_name = "DIR")]
    corpus: String,
    /// Folder to write the spec to; use one below target/, since the spec is not committed
    #[arg(long, value_name = "DIR")]
    out: String,
}

#[derive(Args)]
pub(crate) struct Run {
    /// Arguments of the benchmark; `cargo xtask bench call -- --help` lists them
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(bench: Bench) -> Result<Exit, Error> {
    let (benchmark, arguments) = match bench {
        Bench::Import(Import { corpus, out }) => {
            ("import", vec!["--corpus".to_owned(), corpus, "--out".to_owned(), out])
        }
        Bench::Call(run) => ("call", run.arguments),
        Bench::Node(run) => ("node", run.arguments),
        Bench::Scale(run) => ("scale", run.arguments),
        Bench::Loopback(run) => ("loopback", run.arguments),
        Bench::All(run) => ("all", run.arguments),
        Bench::Chart => ("chart", Vec::new()),
    };
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--package", "zstack-bench", "--manifest-path"])
        .arg(workspace::root().join("Cargo.toml"))
        .args(["--", benchmark])
        .args(arguments)
        .status()?;
    Ok(if status.success() { Exit::Success } else { Exit::Findings })
}
