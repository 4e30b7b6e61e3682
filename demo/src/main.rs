//! Demonstrates the API: starts a management node with a temporary store and calls it with the
//! generated client. `cargo xtask demo` builds both and runs this program.

mod caller;
#[cfg(feature = "cloud")]
mod cloud;
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

/// Call the documented operations of a management node, and print requests and responses
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Path of the program `zstack-node`
    #[arg(long, value_name = "FILE")]
    node: PathBuf,
    /// Follow the life cycle of a VM instance instead of calling the documented operations
    #[arg(long)]
    life: bool,
    /// Build a cloud from nothing, run a VM instance in it, and delete everything again
    #[cfg(feature = "cloud")]
    #[arg(long, conflicts_with = "life")]
    cloud: bool,
    /// Call a node that is already running, and change its data [default: start a temporary node]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// An error that stops the demo.
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
            // There is nothing left to do if this fails, too.
            let _ = writeln!(anstream::stderr(), "\nthe demo stopped: {failure}");
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    /// Returns whether the demo builds its own cloud.
    fn is_cloud(&self) -> bool {
        #[cfg(feature = "cloud")]
        return self.cloud;
        #[cfg(not(feature = "cloud"))]
        false
    }
}

async fn run(cli: &Cli) -> Result<(), Failure> {
    if let Some(url) = &cli.url {
        return run_at(url, cli).await;
    }
    let node = node::Node::start(&cli.node, cli.is_cloud()).await?;
    let result = run_at(node.url(), cli).await;
    node.stop().await?;
    result
}

async fn run_at(url: &str, cli: &Cli) -> Result<(), Failure> {
    show::title(url)?;
    #[cfg(feature = "cloud")]
    if cli.cloud {
        return Ok(show::closing(cloud::run(url).await?)?);
    }
    let steps = if cli.life { life::run(url).await? } else { documents::run(url).await? };
    Ok(show::closing(steps)?)
}
