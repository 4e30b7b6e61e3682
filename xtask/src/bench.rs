//! `cargo xtask bench`: builds the package `bench`, which depends on generated crates where this one may not, and runs
//! it.

use std::io;
use std::process::Command;

use clap::{Args, Subcommand};

use crate::exit::Exit;
use crate::workspace;

/// The benchmarks, and the spec that the largest of them need.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Make a spec of a corpus: facts about a whole platform, a JSON line each
    Import(Import),
    /// Generated server and client against hand-written ones; many routes against few
    Call(Run),
    /// The management node against the same SQLite transactions done by hand
    Node(Run),
    /// The generator and the compiler at the size of a whole platform
    Scale(Run),
    /// Calls of all categories of a whole platform, from generated client to generated server
    Loopback(Run),
    /// Run all benchmarks; write BENCHMARKS.md and its chart
    All(Run),
    /// Write the chart docs/images/benchmarks.svg from BENCHMARKS.md
    Chart,
}

#[derive(Args)]
pub(crate) struct Import {
    /// The folder with operations.jsonl and types.jsonl
    #[arg(long, value_name = "DIR")]
    corpus: String,
    /// The folder of the spec; below target/, since the spec is not committed
    #[arg(long, value_name = "DIR")]
    out: String,
}

#[derive(Args)]
pub(crate) struct Run {
    /// Arguments of the benchmark: see `cargo xtask bench call -- --help`
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(bench: Bench) -> io::Result<Exit> {
    match bench {
        Bench::Import(Import { corpus, out }) => {
            start("import", &["--corpus".into(), corpus, "--out".into(), out])
        }
        Bench::Call(run) => start("call", &run.arguments),
        Bench::Node(run) => start("node", &run.arguments),
        Bench::Scale(run) => start("scale", &run.arguments),
        Bench::Loopback(run) => start("loopback", &run.arguments),
        Bench::All(run) => start("all", &run.arguments),
        Bench::Chart => start("chart", &[]),
    }
}

fn start(benchmark: &str, arguments: &[String]) -> io::Result<Exit> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--package", "zstack-bench", "--manifest-path"])
        .arg(workspace::root().join("Cargo.toml"))
        .args(["--", benchmark])
        .args(arguments)
        .status()?;
    Ok(if status.success() { Exit::Fine } else { Exit::Findings })
}
