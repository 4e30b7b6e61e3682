//! Runs a management node in a separate process.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::Failure;

/// The time limits for starting and for stopping the node.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Node {
    child: Child,
    url: String,
    /// The folder of the store, which is deleted on drop.
    _store: tempfile::TempDir,
}

impl Node {
    /// Starts a node on a free port, with a temporary store: empty, or with the sample inventory. The
    /// process is killed on drop.
    pub(crate) async fn start(program: &Path, is_empty: bool) -> Result<Self, Failure> {
        let store = tempfile::tempdir()?;
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(store.path().join("demo.sqlite"))
            .args((!is_empty).then_some("--sample"))
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start `{}`: {error}", program.display()))?;
        let out = child.stdout.take().ok_or("the node has no output")?;
        let mut lines = BufReader::new(out).lines();
        let line =
            timeout(PATIENCE, lines.next_line()).await.map_err(|_| "the node did not start in time")??;
        let url = line.as_deref().and_then(|line| line.strip_prefix("listening on "));
        let url =
            url.ok_or("the node exited before it listened; see its error message above")?.trim().to_owned();
        Ok(Self { child, url, _store: store })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Stops the node with a signal, as an administrator would, and checks its exit status.
    pub(crate) async fn stop(mut self) -> Result<(), Failure> {
        let id = self.child.id().ok_or("the node has already exited")?;
        Command::new("kill").arg(id.to_string()).status().await?;
        let status =
            timeout(PATIENCE, self.child.wait()).await.map_err(|_| "the node did not stop in time")??;
        if status.success() { Ok(()) } else { Err(format!("the node exited with {status}").into()) }
    }
}
