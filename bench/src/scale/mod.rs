//! The generator and the compiler at the size of a whole platform.
//!
//! The corpus - facts about every operation of the platform - is no part of
//! this repository; without it, the committed spec stands in, which shows that
//! the benchmark works and nothing else.

mod compile;
mod measure;
mod regen;
mod workspace;

use std::path::PathBuf;

use clap::Args;

use crate::Failure;
use crate::figure::Figure;

pub(crate) use measure::Command as Measured;
pub(crate) use regen::reprint_here;

#[derive(Args)]
pub(crate) struct Corpus {
    /// The folder with operations.jsonl and types.jsonl [default: the committed spec stands in]
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
}

/// Measures regenerating, then compiling what was written.
pub(crate) fn run(corpus: &Corpus, smoke: bool) -> Result<Vec<Figure>, Failure> {
    let workspace = workspace::Workspace::new(corpus.corpus.as_deref(), smoke)?;
    let rounds = if smoke { 1 } else { 5 };
    let mut figures = regen::run(&workspace, rounds)?;
    figures.extend(compile::run(&workspace, if smoke { 1 } else { 2 })?);
    Ok(figures)
}
