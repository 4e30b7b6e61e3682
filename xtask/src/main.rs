//! The command line of this repository: `cargo xtask`.

mod bench;
mod changelog;
mod check;
mod demo;
mod diff;
mod exit;
mod explain;
mod openapi;
mod progress;
mod regen;
mod release;
mod releases;
mod rules;
mod site;
mod transcribe;
mod workspace;

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};

use crate::exit::Error;

// Specs are many short texts, read on several threads: a tenth less processor
// time than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Check, review, document and generate code from the API specification
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate all code and schemas from the spec
    Regen(regen::Regen),
    /// Check the spec and print every problem with its position
    Check(check::Check),
    /// Write spec files from pages of API documents, or compare such pages with the spec
    Transcribe(transcribe::Transcribe),
    /// Show what a change to the spec means for clients
    Diff(diff::Diff),
    /// Close a release, which fixes its API
    Release(release::Release),
    /// Print or write the changelog of the API
    Changelog(changelog::Changelog),
    /// Explain a rule, an operation or a data type
    Explain(explain::Explain),
    /// Write an OpenAPI 3.1 document
    #[command(name = "openapi")]
    OpenApi(openapi::OpenApi),
    /// List the rules of `check` and `diff`
    Rules(rules::Rules),
    /// Write the reference site as static HTML
    Site(site::Site),
    /// Run everything end to end: regenerate, build, start a management node and call it
    Demo(demo::Demo),
    /// Run the benchmarks
    #[command(subcommand)]
    Bench(bench::Bench),
}

#[derive(Args, Debug, Default)]
pub(crate) struct Spec {
    /// Folder of the spec [default: spec/ in this repository]
    #[arg(long, value_name = "DIR")]
    spec: Option<Utf8PathBuf>,
}

impl Spec {
    pub(crate) fn dir(self) -> Utf8PathBuf {
        self.spec.unwrap_or_else(|| workspace::display_path("spec"))
    }
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Regen(arguments) => regen::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Transcribe(arguments) => transcribe::run(arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Release(arguments) => release::run(arguments),
        Command::Changelog(arguments) => changelog::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::OpenApi(arguments) => openapi::run(arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Site(arguments) => site::run(arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Bench(benchmark) => bench::run(benchmark),
    };
    result.unwrap_or_else(Error::report).into()
}
