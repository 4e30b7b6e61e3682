//! `cargo xtask demo`: regenerates, builds, and runs the package `zstack-demo`,
//! which may depend on generated crates where this one may not.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;
use clap::Args;
use serde_json::Value;

use crate::exit::{Error, Exit};
use crate::{Spec, regen, workspace};

#[derive(Args)]
pub(crate) struct Demo {
    /// Show the life cycle of a VM instance (stop, add drives, attach an ISO, destroy) instead of
    /// the documented operations
    #[arg(long)]
    life: bool,
    /// Build a cloud from nothing, run a VM instance in it, and delete everything again, instead of
    /// calling the documented operations
    #[arg(long, conflicts_with = "life")]
    cloud: bool,
    /// Call a node that is already running, which changes its data [default: start a new node]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

pub(crate) fn run(arguments: &Demo) -> Result<Exit, Error> {
    print_step("regenerating from spec/")?;
    let exit = regen::run(regen::Regen { spec: Spec::default(), out: None, check: false })?;
    if exit != Exit::Success {
        return Ok(exit);
    }
    print_step("building the management node and the demo")?;
    // Without the option, the operations of few categories are compiled.
    let features: &[&str] = if arguments.cloud { &["zstack-demo/cloud"] } else { &[] };
    let Some(programs) = build(&["zstack-node", "zstack-demo"], features)? else {
        return Ok(Exit::Findings);
    };
    let [node, demo] = &programs[..] else {
        return Err(Error::failure("cargo did not report where it built the two programs"));
    };
    print_step("running")?;
    let mut command = Command::new(demo);
    command.arg("--node").arg(node).args(arguments.life.then_some("--life"));
    command.args(arguments.cloud.then_some("--cloud"));
    command.args(arguments.url.iter().flat_map(|url| ["--url", url]));
    let status = command.status()?;
    Ok(if status.success() { Exit::Success } else { Exit::Findings })
}

fn print_step(step: &str) -> io::Result<()> {
    writeln!(anstream::stderr(), "==> {step}")
}

/// Builds programs and returns their paths in the same order, or `None` if the build failed. Cargo
/// shows its own progress.
fn build(names: &[&str], features: &[&str]) -> io::Result<Option<Vec<Utf8PathBuf>>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.current_dir(workspace::root());
    // With `--workspace`, dependencies get the features that the tests need, too, and are not
    // compiled again for those.
    command.args(["build", "--workspace", "--message-format=json-render-diagnostics"]);
    command.args(names.iter().flat_map(|name| ["--bin", name]));
    command.args(features.iter().flat_map(|feature| ["--features", feature]));
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut programs: Vec<(String, Utf8PathBuf)> = Vec::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            // Lines that are not JSON come from build scripts.
            let message: Value = serde_json::from_str(&line?).unwrap_or_default();
            if let Some(path) = message["executable"].as_str() {
                let name = message["target"]["name"].as_str().unwrap_or_default();
                programs.push((name.to_owned(), path.into()));
            }
        }
    }
    if !child.wait()?.success() {
        return Ok(None);
    }
    let path_of =
        |name: &&str| programs.iter().find(|(program, _)| program == name).map(|(_, path)| path.clone());
    Ok(Some(names.iter().filter_map(path_of).collect()))
}
