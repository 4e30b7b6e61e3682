//! The main job, end to end: a management node on a temporary store, called
//! with the generated client. `cargo xtask demo` builds both and runs this.

mod node;
mod recording;
mod sample;
mod show;
mod steps;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Calls every documented operation of a management node, and shows what was
/// sent and what came back.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The program `zstack-node`
    #[arg(long, value_name = "FILE")]
    node: PathBuf,
}

/// What stops the demo.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = tokio::select! {
        result = run(&cli) => result,
        // The node ends with this process either way.
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nothing is left to do when this fails, too.
            let _ = writeln!(anstream::stderr(), "\nthe demo stopped: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<(), Failure> {
    let node = node::Node::start(&cli.node).await?;
    let result = steps::run(node.url()).await;
    node.stop().await?;
    result
}
