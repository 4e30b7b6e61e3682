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
mod revisions;
mod rules;
mod site;
mod transcribe;
mod workspace;

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};

use crate::exit::Exit;

// Specs are many short texts, read on several threads: a tenth less processor
// time than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What can be done with the specification.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write everything that is generated from the spec
    Regen(Regen),
    /// Check the spec: every problem at once, with its place
    Check(check::Check),
    /// Write spec files from pages of API documents, or compare such pages with the spec
    Transcribe(transcribe::Transcribe),
    /// Say what a change to the spec does to those who call the API
    Diff(diff::Diff),
    /// Close a release: what it has does not change any more
    Release(release::Release),
    /// Tell what each release changed, for those who call the API
    Changelog(changelog::Changelog),
    /// Explain a rule of `check` or `diff`, an operation or a data type, as of any release
    Explain(explain::Explain),
    /// Write the API as an OpenAPI 3.1 document, as of any release
    #[command(name = "openapi")]
    OpenApi(openapi::OpenApi),
    /// List the rules of `check` and `diff`
    Rules(rules::Rules),
    /// Write the reference site: static pages of every operation, as every release had it
    Site(site::Site),
    /// Regenerate, build, start a management node and call it: the main job, end to end
    Demo(demo::Demo),
    /// The benchmarks, and what they are made of
    #[command(subcommand)]
    Bench(bench::Bench),
}

#[derive(Args, Debug, Default)]
pub(crate) struct Spec {
    /// The folder of the spec [default: spec/ of this repository]
    #[arg(long, value_name = "DIR")]
    spec: Option<Utf8PathBuf>,
}

#[derive(Args)]
struct Regen {
    #[command(flatten)]
    spec: Spec,
    /// The folder that holds the generated crates [default: this repository]
    #[arg(long, value_name = "DIR")]
    out: Option<Utf8PathBuf>,
    /// Write nothing; fail when what is there is not what the spec says
    #[arg(long)]
    check: bool,
}

impl Spec {
    pub(crate) fn dir(self) -> Utf8PathBuf {
        self.spec.unwrap_or_else(|| workspace::shown("spec"))
    }
}

fn main() -> ExitCode {
    let exit = match Cli::parse().command {
        Command::Regen(Regen { spec, out, check }) => {
            let out = out.unwrap_or_else(|| workspace::shown(""));
            regen::run(&spec.dir(), &out, if check { regen::Mode::Check } else { regen::Mode::Write })
        }
        Command::Check(it) => check::run(it),
        Command::Transcribe(it) => transcribe::run(it),
        Command::Diff(it) => diff::run(&it),
        Command::Release(it) => release::run(it),
        Command::Changelog(it) => changelog::run(it),
        Command::Explain(it) => explain::run(it),
        Command::OpenApi(it) => openapi::run(it),
        Command::Rules(it) => rules::run(&it),
        Command::Site(it) => site::run(it),
        Command::Demo(it) => demo::run(&it),
        Command::Bench(it) => bench::run(it),
    };
    exit.unwrap_or_else(Exit::from_io).into()
}
