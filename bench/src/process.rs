//! Server processes, and the processor time and memory of processes.

use std::io::{self, BufRead as _, BufReader, Lines, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::Failure;

/// A process that runs one or more servers. It ends when this value is dropped, and also when
/// this process dies, because it watches its standard input.
pub(crate) struct Servers {
    child: Child,
    addresses: Vec<SocketAddr>,
}

/// The time that a process may take to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// The line that a process prints after its addresses.
const READY: &str = "ready";

/// Prints the addresses of servers, and keeps them running until the standard input ends.
pub(crate) fn serve_until_stdin_ends(runtime: Runtime, addresses: &[SocketAddr]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    for address in addresses {
        writeln!(out, "{address}")?;
    }
    writeln!(out, "{READY}")?;
    out.flush()?;
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    runtime.shutdown_background();
    Ok(())
}

impl Servers {
    /// Starts this program with the command `serve` and a role.
    pub(crate) fn start(role: &[&str]) -> Result<Self, Failure> {
        let mut program = Command::new(std::env::current_exe()?);
        let (mut servers, lines) = Self::spawn(program.arg("serve").args(role))?;
        for line in lines {
            match line?.as_str() {
                READY => return Ok(servers),
                address => servers.addresses.push(address.parse()?),
            }
        }
        Err("the server process exited before it listened".into())
    }

    /// Starts a management node.
    pub(crate) fn start_node(program: &Path, database: &Path) -> Result<Self, Failure> {
        let mut program = Command::new(program);
        program.args(["serve", "--listen", "127.0.0.1:0", "--until-stdin-ends", "--database"]).arg(database);
        let (mut node, mut lines) = Self::spawn(program.env("RUST_LOG", "warn"))?;
        let line = lines.next().ok_or("the node exited before it listened")??;
        let address =
            line.strip_prefix("listening on http://").ok_or("the node did not print its address")?;
        node.addresses.push(address.parse()?);
        Ok(node)
    }

    fn spawn(program: &mut Command) -> Result<(Self, Lines<BufReader<ChildStdout>>), Failure> {
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take();
        let servers = Self { child, addresses: Vec::new() };
        Ok((servers, BufReader::new(out.ok_or("the server process has no output")?).lines()))
    }

    /// The address of the server with an index.
    pub(crate) fn address(&self, index: usize) -> Result<SocketAddr, Failure> {
        self.addresses.get(index).copied().ok_or_else(|| format!("there is no server {index}").into())
    }

    pub(crate) fn process(&self) -> Process {
        Process(self.child.id())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // The end of its input ends the process; it is killed if that takes too long.
        drop(self.child.stdin.take());
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process whose costs are read from Linux's `/proc`. On other systems they are unknown, and
/// figures of memory and processor time are omitted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(u32);

impl Process {
    /// This process.
    pub(crate) fn own() -> Self {
        Self(std::process::id())
    }

    /// The processor time that its threads have used.
    pub(crate) fn cpu(self) -> Option<Duration> {
        let mut nanoseconds = 0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.0)).ok()? {
            let statistics = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            nanoseconds += statistics.split(' ').next()?.parse::<u64>().ok()?;
        }
        Some(Duration::from_nanos(nanoseconds))
    }

    /// The processor time used since an earlier value of [`Self::cpu`].
    pub(crate) fn cpu_since(self, before: Option<Duration>) -> Option<Duration> {
        Some(self.cpu()?.saturating_sub(before?))
    }

    /// The resident memory, in KiB.
    pub(crate) fn resident(self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.trim().parse().ok()
    }
}
