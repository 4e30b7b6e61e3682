//! The generator and the compiler at the size of a whole platform.
//!
//! The corpus - facts about every operation of the platform - is no part of
//! this repository; without it, the committed spec stands in, which shows that
//! the benchmark works and nothing else.

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
pub(crate) use regen::reprint_here;

#[derive(Args)]
pub(crate) struct Corpus {
    /// The folder with operations.jsonl and types.jsonl [default: the committed spec stands in]
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
}

/// A part of the benchmark.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Writing the generated crates
    Regen,
    /// Comparing two revisions of a spec
    Compare,
    /// Writing the reference site, and its sizes
    Site,
    /// The generator that people reach for first
    Peer,
    /// The compiler on what is generated, and on programs that use it
    Compile,
}

/// Measures regenerating and comparing, then compiling what was written and
/// what uses it.
pub(crate) fn run(corpus: &Corpus, only: Option<Part>, smoke: bool) -> Result<Report, Failure> {
    let workspace = workspace::Workspace::new(corpus.corpus.as_deref(), smoke)?;
    workspace.write_programs(ROUND_TRIPS)?;
    let rounds = if smoke { 1 } else { 5 };
    let wants = |part| only.is_none_or(|only| only == part);
    let mut report = Report::default();
    if wants(Part::Regen) {
        report.extend(regen::run(&workspace, rounds)?);
    }
    if wants(Part::Compare) {
        // A tenth of a second each.
        report.extend(diff::run(&workspace, 4 * rounds)?);
    }
    if wants(Part::Site) {
        report.extend(site::run(&workspace, if smoke { 1 } else { 3 })?);
    }
    if wants(Part::Peer) {
        report.extend(peer::run(&workspace, corpus.corpus.as_deref(), if smoke { 1 } else { 2 })?);
    }
    if wants(Part::Compile) {
        workspace.regenerate()?;
        report.extend(compile::run(&workspace)?);
        report.extend(rebuild::run(&workspace, if smoke { 1 } else { 2 })?);
        loopback(&workspace)?;
    }
    Ok(report)
}

/// Calls operations of all categories over a socket: what was measured works.
pub(crate) fn run_loopback(corpus: &Corpus, operations: usize, smoke: bool) -> Result<(), Failure> {
    let workspace = workspace::Workspace::new(corpus.corpus.as_deref(), smoke)?;
    workspace.write_programs(operations)?;
    workspace.regenerate()?;
    loopback(&workspace)
}

fn loopback(workspace: &workspace::Workspace) -> Result<(), Failure> {
    rebuild::build(workspace)?;
    say(&format!("calling operations of all categories, {}", workspace.what))?;
    build::run(&mut std::process::Command::new(workspace.program(programs::LOOPBACK)))
}
