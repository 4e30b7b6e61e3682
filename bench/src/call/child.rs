//! Servers in a process of their own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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
pub(crate) const READY: &str = "ready";

impl Servers {
    /// Starts this program once more, in a role of
    /// [`roles`](super::roles).
    pub(crate) fn start(role: &[&str]) -> Result<Self, Failure> {
        let child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .args(role)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut servers = Self { child, addresses: Vec::new() };
        let out = servers.child.stdout.take().ok_or("the servers have no output")?;
        for line in BufReader::new(out).lines() {
            match line?.as_str() {
                READY => return Ok(servers),
                address => servers.addresses.push(address.parse()?),
            }
        }
        Err("the servers ended before they listened".into())
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
