//! Measures the time and memory of a command, including its child processes.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// The cost of a command.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Cost {
    /// The processor time, including that of the kernel, in seconds.
    pub(crate) cpu: f64,
    /// The elapsed time, in seconds.
    pub(crate) wall: f64,
    /// The maximum memory of any of its processes, in MiB.
    pub(crate) memory: f64,
}

/// `zstack-bench measure`: runs a command and prints its [`Cost`]. This needs a separate process,
/// because the kernel adds up the costs of all child processes.
#[derive(Args)]
pub(crate) struct Command {
    /// Highest exit code that is not a failure
    #[arg(long, value_name = "CODE", default_value_t = 0)]
    max_code: i32,
    program: PathBuf,
    #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
    arguments: Vec<String>,
}

impl Command {
    /// Runs the command and prints its cost.
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let start = Instant::now();
        let status = std::process::Command::new(&self.program)
            .args(&self.arguments)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| format!("cannot start `{}`: {error}", self.program.display()))?;
        let wall = start.elapsed().as_secs_f64();
        if status.code().is_none_or(|code| code > self.max_code) {
            return Err(format!("`{}` exited with {status}", self.program.display()).into());
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

/// Runs a command in a folder and returns its cost. An error contains the error output of the
/// command.
pub(super) fn cost(folder: &Path, program: &Path, arguments: &[&str]) -> Result<Cost, Failure> {
    cost_up_to(0, folder, program, arguments)
}

/// Like [`cost`], but exit codes up to `max_code` are not failures.
pub(super) fn cost_up_to(
    max_code: i32,
    folder: &Path,
    program: &Path,
    arguments: &[&str],
) -> Result<Cost, Failure> {
    let mut child = std::process::Command::new(std::env::current_exe()?)
        .current_dir(folder)
        .args(["measure", "--max-code", &max_code.to_string()])
        .arg(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut errors = child.stderr.take().ok_or("the command has no error output")?;
    // Read at the same time as the output, so that neither pipe fills up.
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        errors.read_to_string(&mut text).map(|_| text)
    });
    let mut text = String::new();
    child.stdout.take().ok_or("the command has no output")?.read_to_string(&mut text)?;
    let errors = errors.join().map_err(|_| "cannot read the error output of the command")??;
    if child.wait()?.success() { Ok(serde_json::from_str(&text)?) } else { Err(errors.into()) }
}
