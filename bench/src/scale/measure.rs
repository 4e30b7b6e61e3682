//! What a command costs: its processor time and its memory, the processes it
//! starts included.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// What a command has cost.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Cost {
    /// Seconds of all processors, the kernel's work included.
    pub(crate) cpu: f64,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// The most memory that one of its processes had, in MiB.
    pub(crate) memory: f64,
}

/// `zstack-bench measure`: runs a command and prints its [`Cost`]. In a process
/// of its own, because the kernel adds up the costs of all children.
#[derive(Args)]
pub(crate) struct Command {
    /// The highest exit code that is no failure
    #[arg(long, default_value_t = 0)]
    up_to: i32,
    program: PathBuf,
    #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
    arguments: Vec<String>,
}

impl Command {
    /// Runs it here, and prints what it cost.
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let start = Instant::now();
        let status = std::process::Command::new(&self.program)
            .args(&self.arguments)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| format!("cannot start `{}`: {error}", self.program.display()))?;
        let wall = start.elapsed().as_secs_f64();
        if status.code().is_none_or(|code| code > self.up_to) {
            return Err(format!("`{}` ended with {status}", self.program.display()).into());
        }
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
        let cost = Cost {
            cpu: seconds(usage.user_time()) + seconds(usage.system_time()),
            wall,
            // The kernel counts in KiB.
            memory: usage.max_rss() as f64 / 1024.0,
        };
        Ok(serde_json::to_writer(std::io::stdout(), &cost)?)
    }
}

/// Runs a command in a folder, and says what it cost. What it says of errors
/// is shown if it fails.
pub(super) fn cost(folder: &Path, program: &Path, arguments: &[&str]) -> Result<Cost, Failure> {
    cost_up_to(0, folder, program, arguments)
}

/// The same of a command that has not failed with an exit code up to this one.
pub(super) fn cost_up_to(
    code: i32,
    folder: &Path,
    program: &Path,
    arguments: &[&str],
) -> Result<Cost, Failure> {
    let mut child = std::process::Command::new(std::env::current_exe()?)
        .current_dir(folder)
        .args(["measure", "--up-to", &code.to_string()])
        .arg(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut errors = child.stderr.take().ok_or("the command has no error output")?;
    // Read beside the output: neither may fill up.
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        errors.read_to_string(&mut text).map(|_| text)
    });
    let mut text = String::new();
    child.stdout.take().ok_or("the command has no output")?.read_to_string(&mut text)?;
    let errors = errors.join().map_err(|_| "reading what the command says failed")??;
    if child.wait()?.success() { Ok(serde_json::from_str(&text)?) } else { Err(errors.into()) }
}
