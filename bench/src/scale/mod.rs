//! Measures the generator and the compiler at the size of a whole platform.
//!
//! The corpus (facts about every operation of the platform) is not part of this repository. Without
//! it, the committed spec is used, which only shows that the benchmark works.

mod compile;
mod diff;
mod measure;
mod peer;
mod programs;
mod rebuild;
mod regen;
mod site;
mod workspace;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::figure::Report;
use crate::{Failure, build, say};

pub(crate) use measure::Command as Measured;
pub(crate) use programs::ROUND_TRIPS;
pub(crate) use regen::reprint_current_folder;

#[derive(Args)]
pub(crate) struct Corpus {
    /// Folder with operations.jsonl and types.jsonl [default: use the committed spec instead]
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
}

/// A part of the benchmark.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Generation of the crates
    Regen,
    /// Comparison of two revisions of a spec
    Compare,
    /// Generation of the reference site, and the sizes of its files
    Site,
    /// Comparison with progenitor
    Peer,
    /// Compilation of the generated crates, and of programs that use them
    Compile,
}

/// Runs the benchmark, or one part of it.
pub(crate) fn run(corpus: &Corpus, only: Option<Part>, smoke: bool) -> Result<Report, Failure> {
    let workspace = workspace::Workspace::new(corpus.corpus.as_deref(), smoke)?;
    workspace.write_programs(ROUND_TRIPS)?;
    let rounds = if smoke { 1 } else { 5 };
    let includes = |part| only.is_none_or(|only| only == part);
    let mut report = Report::default();
    if includes(Part::Regen) {
        report.extend(regen::run(&workspace, rounds)?);
    }
    if includes(Part::Compare) {
        // A tenth of a second each.
        report.extend(diff::run(&workspace, 4 * rounds)?);
    }
    if includes(Part::Site) {
        report.extend(site::run(&workspace, if smoke { 1 } else { 3 })?);
    }
    if includes(Part::Peer) {
        report.extend(peer::run(&workspace, corpus.corpus.as_deref(), if smoke { 1 } else { 2 })?);
    }
    if includes(Part::Compile) {
        workspace.regenerate()?;
        report.extend(compile::run(&workspace)?);
        report.extend(rebuild::run(&workspace, if smoke { 1 } else { 2 })?);
        loopback(&workspace)?;
    }
    Ok(report)
}

/// Calls operations of all categories over a socket, to show that the generated code works.
pub(crate) fn run_loopback(corpus: &Corpus, operations: usize, smoke: bool) -> Result<(), Failure> {
    let workspace = workspace::Workspace::new(corpus.corpus.as_deref(), smoke)?;
    workspace.write_programs(operations)?;
    workspace.regenerate()?;
    loopback(&workspace)
}

fn loopback(workspace: &workspace::Workspace) -> Result<(), Failure> {
    rebuild::build(workspace)?;
    say(&format!("calling operations of all categories, {}", workspace.name))?;
    build::run(&mut std::process::Command::new(workspace.program(programs::LOOPBACK)))
}
