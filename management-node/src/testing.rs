//! A node for tests in Rust.
//!
//! ```
//! use std::io::{Read as _, Write as _};
//! use std::net::TcpStream;
//!
//! use zstack_node::testing::ThreadedNode;
//!
//! let node = ThreadedNode::builder().sample().start()?;
//! // For any client of the API:
//! let session = node.log_in("admin", "password")?;
//! let mut stream = TcpStream::connect(node.address())?;
//! write!(
//!     stream,
//!     "GET /zstack/v1/zones HTTP/1.1\r\nHost: {}\r\nAuthorization: OAuth {session}\r\nConnection: close\r\n\r\n",
//!     node.address()
//! )?;
//! let mut response = String::new();
//! stream.read_to_string(&mut response)?;
//! assert!(response.starts_with("HTTP/1.1 200"), "{response}");
//! // The end of the variable stops the node and deletes its data.
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use zstack_server::RemoteAddress;

use crate::app::{App, Settings, StartError};
use crate::clock::{Clock, SystemClock};
use crate::control::CONTROL_HEADER;
use crate::frontend::NodeFrontend;
use crate::inventory::{self, Limits, LoadError};
use crate::pace::Pace;
use crate::serve::Frontend as _;
use crate::spec::{Spec, SpecError};
use crate::store::sqlite::{OpenError, SqliteStore};

/// The time that open requests have to finish when the node stops.
const STOP_LIMIT: Duration = Duration::from_millis(500);

/// A node that serves on a thread of its own, at a free port of this machine, with a temporary
/// database. When it is dropped, the node stops and its data is deleted.
///
/// Tests with and without an asynchronous runtime can use it.
pub struct ThreadedNode {
    address: SocketAddr,
    frontend: NodeFrontend,
    runtime: Handle,
    /// `None` when the node stops.
    thread: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

/// The options of a [`ThreadedNode`].
#[derive(Clone, Default)]
#[must_use]
pub struct ThreadedNodeBuilder {
    settings: Settings,
    /// `None` for that of the machine.
    clock: Option<Arc<dyn Clock>>,
    inventories: Vec<(String, String)>,
    release: Option<String>,
}

/// An error that keeps a [`ThreadedNode`] from starting, or from answering a login.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ThreadedNodeError {
    /// The node cannot start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The temporary database cannot be created.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// An inventory is invalid.
    #[error(transparent)]
    Inventory(#[from] LoadError),
    /// The spec is invalid.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The spec has no such release.
    #[error("`{name}` is not a release: {reason}")]
    Release {
        /// The release that was requested.
        name: String,
        /// The releases that exist.
        reason: String,
    },
    /// The thread or the socket cannot be created.
    #[error("a node for tests cannot start: {0}")]
    Io(#[from] std::io::Error),
    /// The node refused the login.
    #[error("cannot log in as `{account}`: {response}")]
    LogIn {
        /// The account.
        account: String,
        /// The response.
        response: String,
    },
    /// The node refused a control request.
    #[error("{request}: {response}")]
    Control {
        /// Method and path.
        request: String,
        /// The response.
        response: String,
    },
    /// The node has ended.
    #[error("the node has ended; the output of the test may have the reason")]
    Ended,
}

impl ThreadedNodeBuilder {
    /// Loads the sample inventory.
    pub fn sample(mut self) -> Self {
        self.settings.sample = true;
        self
    }

    /// Loads the text of an inventory file. The name is for messages. Can be repeated: a later
    /// inventory can refer to resources of an earlier one.
    pub fn inventory(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.inventories.push((name.into(), text.into()));
        self
    }

    /// Emulates a release of the API, such as `3.1.0`.
    pub fn release(mut self, release: impl Into<String>) -> Self {
        self.release = Some(release.into());
        self
    }

    /// Sets the time that operations take; by default, they end at once.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.settings.pace = pace;
        self
    }

    /// Sets the clock of the node; by default, that of the machine.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Changes other settings. A `database` is ignored.
    ///
    /// ```
    /// use zstack_node::testing::ThreadedNode;
    ///
    /// let node = ThreadedNode::builder().settings(|settings| settings.pages = false).start()?;
    /// # Ok::<(), zstack_node::testing::ThreadedNodeError>(())
    /// ```
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Starts the node, and returns when it accepts connections.
    ///
    /// # Errors
    ///
    /// When an inventory or an option is invalid, or the machine has no thread, port or file left.
    pub fn start(self) -> Result<ThreadedNode, ThreadedNodeError> {
        let (sender, started) = mpsc::sync_channel(1);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("zstack-node".to_owned());
        let thread = thread.spawn(move || run(self, &sender, stopped))?;
        let (address, frontend, runtime) = started.recv().map_err(|_| ThreadedNodeError::Ended)??;
        Ok(ThreadedNode { address, frontend, runtime, thread: Some((stop, thread)) })
    }

    /// Creates the node, and the socket on which it will listen.
    async fn open(self) -> Result<(App, TcpListener), ThreadedNodeError> {
        let Self { mut settings, clock, inventories, release } = self;
        let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
        let spec = settings.spec.map_or_else(Spec::load_built_in, Ok)?;
        if let Some(name) = release {
            let found = spec.find_release(&name);
            let found = found.map_err(|reason| ThreadedNodeError::Release { name, reason })?;
            settings.options = settings.options.version(found.version);
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        settings.listen.push(listener.local_addr()?);
        let store = SqliteStore::temporary()?;
        let app = App::over(store, settings, Arc::clone(&clock)).await?;
        for (name, text) in &inventories {
            let store = app.store().as_ref();
            inventory::load_kinds(spec.kinds(), Limits::NONE, name, text, store, clock.as_ref()).await?;
        }
        Ok((app, listener))
    }
}

/// The result of starting the thread of a node.
type Started = Result<(SocketAddr, NodeFrontend, Handle), ThreadedNodeError>;

/// Runs a node until it has to stop.
fn run(builder: ThreadedNodeBuilder, started: &mpsc::SyncSender<Started>, stopped: oneshot::Receiver<()>) {
    // The receiver waits, so that no message is lost.
    let report = |result| drop(started.send(result));
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report(Err(error.into())),
    };
    runtime.block_on(async {
        let opened = async {
            let (app, listener) = builder.open().await?;
            Ok::<_, ThreadedNodeError>((listener.local_addr()?, app, listener))
        };
        let (address, app, listener) = match opened.await {
            Ok(opened) => opened,
            Err(error) => return report(Err(error)),
        };
        report(Ok((address, app.frontend().clone(), Handle::current())));
        let (stop, mut stopping) = oneshot::channel();
        let mut serving = std::pin::pin!(app.serve(listener, async move {
            // An error means that the node was dropped.
            let _ = stopped.await;
            let _ = stop.send(());
        }));
        tokio::select! {
            () = &mut serving => {}
            // The database is temporary, so a test need not wait for calls that a fault holds.
            _ = &mut stopping => drop(tokio::time::timeout(STOP_LIMIT, serving).await),
        }
    });
    // Does not wait for threads that read the database.
    runtime.shutdown_background();
}

impl ThreadedNode {
    /// Starts an empty node.
    ///
    /// # Errors
    ///
    /// As [`ThreadedNodeBuilder::start`].
    pub fn start() -> Result<Self, ThreadedNodeError> {
        Self::builder().start()
    }

    /// Options for another node.
    pub fn builder() -> ThreadedNodeBuilder {
        ThreadedNodeBuilder::default()
    }

    /// The URL, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address and port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Logs in, and returns the UUID of the session for the header `Authorization: OAuth …`.
    ///
    /// # Errors
    ///
    /// When the node refuses the name or the password.
    pub fn log_in(&self, account: &str, password: &str) -> Result<String, ThreadedNodeError> {
        let hash = inventory::password_hash(password);
        let body = json!({"logInByAccount": {"accountName": account, "password": hash}});
        let (_, response) = self.send("PUT", "/zstack/v1/accounts/login", &body.to_string())?;
        let parsed: Value = serde_json::from_str(&response).unwrap_or_default();
        let session = parsed["inventory"]["uuid"].as_str().map(str::to_owned);
        session.ok_or_else(|| ThreadedNodeError::LogIn { account: account.to_owned(), response })
    }

    /// Sends a [control](crate::control) request, such as `control("POST", "/clock", r#"{"advance": 60}"#)`,
    /// and returns the body of the response.
    ///
    /// # Errors
    ///
    /// When the node refuses the request.
    pub fn control(&self, method: &str, path: &str, body: &str) -> Result<String, ThreadedNodeError> {
        let (status, response) = self.send(method, &format!("/_node{path}"), body)?;
        if status.is_success() {
            return Ok(response);
        }
        Err(ThreadedNodeError::Control { request: format!("{method} /_node{path}"), response })
    }

    /// Sends a request without a socket.
    fn send(&self, method: &str, path: &str, body: &str) -> Result<(StatusCode, String), ThreadedNodeError> {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(HOST, "localhost").header(CONTENT_TYPE, "application/json");
        let request =
            request.header(CONTROL_HEADER, "1").extension(RemoteAddress(Ipv4Addr::LOCALHOST.into()));
        let request = request.body(Body::from(body.to_owned())).map_err(std::io::Error::other)?;
        let frontend = self.frontend.clone();
        let response = self.run(async move {
            let response = frontend.answer(request).await;
            let status = response.status();
            to_bytes(response.into_body(), usize::MAX).await.map(|body| (status, body))
        })?;
        let (status, body) = response.map_err(std::io::Error::other)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    /// Runs a future on the thread of the node, and waits for its result. The caller may be a task of
    /// another runtime, which cannot block on a future.
    fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, ThreadedNodeError> {
        let (sender, result) = mpsc::sync_channel(1);
        // The receiver waits, so that no message is lost.
        self.runtime.spawn(async move { drop(sender.send(future.await)) });
        result.recv().map_err(|_| ThreadedNodeError::Ended)
    }
}

impl fmt::Debug for ThreadedNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadedNode").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for ThreadedNode {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.thread.take() {
            drop(stop);
            // A panic of the thread has been printed.
            let _ = thread.join();
        }
    }
}
