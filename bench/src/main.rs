//! The benchmarks. Every figure is compared with a reference that is measured in the same run,
//! alternately with it, since absolute times depend on the machine and its load.

mod build;
mod call;
mod chart;
mod figure;
mod import;
mod node;
mod process;
mod raw_http;
mod record;
mod scale;
mod turns;

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::call::Part;
use crate::call::plan::Plan;
use crate::call::roles::Role;
use crate::figure::Report;

/// An error that stops a benchmark.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(version, about = "Run the benchmarks, each figure against a reference")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Convert a corpus (facts about a whole platform, as JSON lines) to a spec
    Import(import::command::Arguments),
    /// Compare generated server and client with hand-written ones, and many routes with few
    Call(Call),
    /// Compare the management node with hand-written SQLite transactions
    Node(Node),
    /// Measure the generator and the compiler at the size of a whole platform
    Scale(ScalePart),
    /// Call operations of all categories, from generated client to generated server
    Loopback(Loopback),
    /// Run all benchmarks; write BENCHMARKS.md and its chart below the current folder
    All(Scale),
    /// Write the chart docs/images/benchmarks.svg from BENCHMARKS.md in the current folder
    Chart,
    /// Run a command and print its cost
    #[command(hide = true)]
    Measure(scale::Measured),
    /// Parse and print every Rust file below the current folder
    #[command(hide = true)]
    Reprint,
    /// Run servers for a benchmark in this process
    #[command(hide = true, subcommand)]
    Serve(Serve),
}

#[derive(Subcommand)]
enum Serve {
    #[command(flatten)]
    Call(Role),
    /// The hand-written operations of the node, behind hyper
    ByHand { database: PathBuf },
}

#[derive(Args)]
struct Call {
    /// Measure only this part
    #[arg(long, value_enum)]
    only: Option<Part>,
    #[command(flatten)]
    output: Output,
}

#[derive(Args)]
struct Node {
    /// Measure only this part
    #[arg(long, value_enum)]
    only: Option<node::Part>,
    #[command(flatten)]
    output: Output,
}

#[derive(Args)]
struct Scale {
    #[command(flatten)]
    corpus: scale::Corpus,
    #[command(flatten)]
    output: Output,
}

#[derive(Args)]
struct ScalePart {
    /// Measure only this part
    #[arg(long, value_enum)]
    only: Option<scale::Part>,
    #[command(flatten)]
    scale: Scale,
}

#[derive(Args)]
struct Loopback {
    #[command(flatten)]
    corpus: scale::Corpus,
    /// Number of operations to call
    #[arg(long, value_name = "COUNT", default_value_t = scale::ROUND_TRIPS)]
    operations: usize,
    /// Build without optimization
    #[arg(long)]
    smoke: bool,
}

#[derive(Args)]
struct Output {
    /// Run as briefly as possible, to test that the benchmark works; the figures are meaningless
    #[arg(long)]
    smoke: bool,
    /// Also write the figures to a JSON file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Replace these figures in BENCHMARKS.md below the current folder, and write its chart
    #[arg(long, conflicts_with = "smoke")]
    record: bool,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Import(arguments) => import::command::run(&arguments),
        Command::Call(Call { only, output }) => {
            let plan = if output.smoke { Plan::smoke() } else { Plan::full() };
            call::run(plan, only).and_then(|figures| show(&figures.into(), &output))
        }
        Command::Scale(ScalePart { only, scale: Scale { corpus, output } }) => {
            scale::run(&corpus, only, output.smoke).and_then(|report| show(&report, &output))
        }
        Command::Measure(command) => command.run(),
        Command::Reprint => scale::reprint_current_folder(),
        Command::Node(Node { only, output }) => {
            node::run(only, output.smoke).and_then(|figures| show(&figures.into(), &output))
        }
        Command::Loopback(Loopback { corpus, operations, smoke }) => {
            scale::run_loopback(&corpus, operations, smoke)
        }
        Command::All(Scale { corpus, output }) => all(&corpus, &output),
        Command::Chart => write_chart(),
        Command::Serve(Serve::Call(role)) => call::roles::serve(role),
        Command::Serve(Serve::ByHand { database }) => node::by_hand_server::run(&database),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // There is nothing left to do if this fails, too.
            let _ = writeln!(anstream::stderr(), "the benchmark stopped: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The introduction of BENCHMARKS.md.
const ABOUT: &str = "# Benchmarks

Each figure is compared with a reference that was measured in the same run, in
alternation with it. A ratio is valid on another machine; a value alone is not.
[docs/performance.md](docs/performance.md) explains the method and the references.

```sh
cargo xtask bench all
```

![Chart of the figures that have a peer](docs/images/benchmarks.svg)

";

/// Writes the chart of BENCHMARKS.md.
fn write_chart() -> Result<(), Failure> {
    let chart = chart::render(&std::fs::read_to_string("BENCHMARKS.md")?)?;
    Ok(std::fs::write("docs/images/benchmarks.svg", chart)?)
}

/// Runs all benchmarks and writes BENCHMARKS.md and its chart;
/// a smoke test writes neither.
fn all(corpus: &scale::Corpus, output: &Output) -> Result<(), Failure> {
    let plan = if output.smoke { Plan::smoke() } else { Plan::full() };
    let mut report = Report::from(call::run(plan, None)?);
    report.extend(node::run(None, output.smoke)?);
    report.extend(scale::run(corpus, None, output.smoke)?);
    if !output.smoke {
        std::fs::write("BENCHMARKS.md", format!("{ABOUT}{report}"))?;
        write_chart()?;
    }
    show(&report, output)
}

fn show(report: &Report, output: &Output) -> Result<(), Failure> {
    if let Some(path) = &output.json {
        serde_json::to_writer_pretty(File::create(path)?, report)?;
    }
    if output.smoke {
        say("Smoke test: the figures below are meaningless.\n")?;
    }
    if output.record {
        record::update("BENCHMARKS.md".as_ref(), report)?;
        write_chart()?;
    }
    Ok(write!(anstream::stdout(), "{report}")?)
}

/// Prints the current step on the standard error.
fn say(step: &str) -> io::Result<()> {
    writeln!(anstream::stderr(), "{step}")
}
