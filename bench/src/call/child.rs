//! Servers in a process of their own.

use std::io::{self, BufRead as _, BufReader, Lines, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::Failure;

/// A process of servers. It ends when this is dropped, and also when this
/// process ends in whatever way: it watches its input.
pub(crate) struct Servers {
    child: Child,
    pub(crate) addresses: Vec<SocketAddr>,
}

/// How long a process may take to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a process says when it has told all its addresses.
const READY: &str = "ready";

/// Such a process: tells its addresses, and serves until its input ends, which
/// it does with the process that started it.
pub(crate) fn live(runtime: Runtime, addresses: &[SocketAddr]) -> Result<(), Failure> {
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
    /// Starts this program once more, in a role of
    /// [`roles`](super::roles).
    pub(crate) fn start(role: &[&str]) -> Result<Self, Failure> {
        let mut program = Command::new(std::env::current_exe()?);
        let (mut servers, lines) = Self::spawn(program.arg("serve").args(role))?;
        for line in lines {
            match line?.as_str() {
                READY => return Ok(servers),
                address => servers.addresses.push(address.parse()?),
            }
        }
        Err("the servers ended before they listened".into())
    }

    /// Starts a management node: its own program.
    pub(crate) fn node(program: &Path, database: &Path) -> Result<Self, Failure> {
        let mut program = Command::new(program);
        program.args(["serve", "--listen", "127.0.0.1:0", "--until-stdin-ends", "--database"]).arg(database);
        let (mut node, mut lines) = Self::spawn(program.env("RUST_LOG", "warn"))?;
        let line = lines.next().ok_or("the node ended before it listened")??;
        let address =
            line.strip_prefix("listening on http://").ok_or("the node does not say where it listens")?;
        node.addresses.push(address.parse()?);
        Ok(node)
    }

    fn spawn(program: &mut Command) -> Result<(Self, Lines<BufReader<ChildStdout>>), Failure> {
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take();
        let servers = Self { child, addresses: Vec::new() };
        Ok((servers, BufReader::new(out.ok_or("the servers have no output")?).lines()))
    }

    /// The address of the server of an index.
    pub(crate) fn address(&self, index: usize) -> Result<SocketAddr, Failure> {
        self.addresses.get(index).copied().ok_or_else(|| "there are fewer servers".into())
    }

    pub(crate) fn process(&self) -> Process {
        Process(self.child.id())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // The end of its input ends it; one that does not care is killed. It
        // may have ended already, which is as good.
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

/// A process, as Linux shows it. Elsewhere nothing is known, and figures of
/// memory and processor time are left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(u32);

impl Process {
    /// This one.
    pub(crate) fn own() -> Self {
        Self(std::process::id())
    }

    /// The processor time that its threads have taken.
    pub(crate) fn cpu(self) -> Option<Duration> {
        let mut nanoseconds = 0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.0)).ok()? {
            let told = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            nanoseconds += told.split(' ').next()?.parse::<u64>().ok()?;
        }
        Some(Duration::from_nanos(nanoseconds))
    }

    /// The memory that it occupies, in KiB.
    pub(crate) fn resident(self) -> Option<f64> {
        let told = std::fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.trim().parse().ok()
    }
}
