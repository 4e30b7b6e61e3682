//! The main job, end to end: a management node on a temporary store, called
//! with the generated client. `cargo xtask demo` builds both and runs this.

mod caller;
mod documents;
mod life;
mod node;
mod recording;
mod sample;
mod show;

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
    /// The life of a VM instance, in place of the documented operations
    #[arg(long)]
    life: bool,
    /// A node that runs already, whose cloud is changed
    #[arg(long, value_name = "URL")]
    url: Option<String>,
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
    if let Some(url) = &cli.url {
        return show_at(url, cli.life).await;
    }
    let node = node::Node::start(&cli.node).await?;
    let result = show_at(node.url(), cli.life).await;
    node.stop().await?;
    result
}

async fn show_at(url: &str, life: bool) -> Result<(), Failure> {
    show::title(url)?;
    let steps = if life { life::run(url).await? } else { documents::run(url).await? };
    Ok(show::closing(steps)?)
}
