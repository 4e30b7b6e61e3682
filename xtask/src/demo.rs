//! `cargo xtask demo`: regenerates, builds, and hands over to the package
//! `zstack-demo`, which may depend on generated crates where this one may not.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;
use clap::Args;
use serde_json::Value;

use crate::exit::Exit;
use crate::{regen, workspace};

#[derive(Args)]
pub(crate) struct Demo {
    /// The life of a VM instance - stopped, drives, an ISO, destroyed - in place of the documented operations
    #[arg(long)]
    life: bool,
    /// A node that runs already, whose cloud is changed
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

pub(crate) fn run(arguments: &Demo) -> io::Result<Exit> {
    step("regenerating from spec/")?;
    let regenerated = regen::run(&workspace::shown("spec"), &workspace::shown(""), regen::Mode::Write)?;
    if regenerated != Exit::Fine {
        return Ok(regenerated);
    }
    step("building the management node and the demo")?;
    let Some(programs) = build(&["zstack-node", "zstack-demo"])? else {
        return Ok(Exit::Findings);
    };
    let [node, demo] = &programs[..] else {
        return Err(io::Error::other("cargo did not say where it built the two programs"));
    };
    step("running")?;
    let mut command = Command::new(demo);
    command.arg("--node").arg(node).args(arguments.life.then_some("--life"));
    command.args(arguments.url.iter().flat_map(|url| ["--url", url]));
    let status = command.status()?;
    Ok(if status.success() { Exit::Fine } else { Exit::Findings })
}

fn step(what: &str) -> io::Result<()> {
    writeln!(anstream::stderr(), "==> {what}")
}

/// Builds programs, with cargo's own progress on the terminal; their paths in
/// the same order, or `None` when the build failed.
fn build(names: &[&str]) -> io::Result<Option<Vec<Utf8PathBuf>>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.current_dir(workspace::root());
    // Of the whole workspace, so that dependencies have the features that its
    // tests need, too, and are not compiled again for those.
    command.args(["build", "--workspace", "--message-format=json-render-diagnostics"]);
    command.args(names.iter().flat_map(|name| ["--bin", name]));
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut programs: Vec<(String, Utf8PathBuf)> = Vec::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            // Lines that are no JSON are not for us.
            let message: Value = serde_json::from_str(&line?).unwrap_or_default();
            if let Some(path) = message["executable"].as_str() {
                programs
                    .push((message["target"]["name"].as_str().unwrap_or_default().to_owned(), path.into()));
            }
        }
    }
    if !child.wait()?.success() {
        return Ok(None);
    }
    let find =
        |name: &&str| programs.iter().find(|(program, _)| program == name).map(|(_, path)| path.clone());
    Ok(Some(names.iter().filter_map(find).collect()))
}
