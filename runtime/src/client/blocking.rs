//! Blocking calls, for programs without an async runtime.
//!
//! They return the errors of the async client; see [`ErrorKind`]. They work in any thread. If that
//! is a thread of an async runtime, it does nothing else in the meantime, so a server in the same
//! single-threaded runtime cannot answer.

use std::fmt;
use std::sync::{Arc, mpsc};

use tokio::runtime::{Builder, Runtime};

use super::builder::ClientBuilder as AnyClientBuilder;
use super::client::Client as AsyncClient;
use super::error::{Error, ErrorKind};
use super::job::{Job as AsyncJob, Progress};
use super::options::CallOptions;
use super::records::Records as AsyncRecords;
use crate::Version;
use crate::operation::Request;
use crate::operation::Tagged;
use crate::query::QueryRequest;

/// A [`Client`](super::Client) whose calls block the calling thread.
///
/// ```no_run
/// use zstack_runtime::Request;
/// use zstack_runtime::client::{Error, blocking};
///
/// fn call<R: Request>(request: R) -> Result<R::Response, Error> {
///     use blocking::Call as _;
///
///     let client = blocking::Client::new("http://127.0.0.1:8080")?;
///     request.call_blocking(&client)
/// }
/// # fn main() {}
/// ```
#[derive(Clone)]
pub struct Client {
    inner: AsyncClient,
    worker: Arc<Worker>,
}

/// Builds a [`Client`] with the same options as an async client.
pub type ClientBuilder = AnyClientBuilder<Client>;

impl ClientBuilder {
    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build`](super::ClientBuilder::build); also when the system cannot
    /// create a thread.
    pub fn build(self) -> Result<Client, Error> {
        Client::from_async(self.build_async()?)
    }
}

/// The thread that runs the calls of a client.
struct Worker(Option<Runtime>);

impl Worker {
    fn new() -> Result<Self, Error> {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("zstack-client")
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
            .map_err(|error| {
                Error::new(ErrorKind::Transport, "the thread for calls cannot be created").with_cause(error)
            })
    }

    /// Runs a future to its end. It blocks on a channel, since `block_on` panics in a thread of
    /// another runtime.
    fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let lost = || Error::new(ErrorKind::Transport, "the call was lost: its thread has ended");
        let (done, result) = mpsc::sync_channel(1);
        let runtime = self.0.as_ref().ok_or_else(lost)?;
        runtime.spawn(async move {
            // The receiver exists: the caller is blocked.
            let _ = done.send(future.await);
        });
        result.recv().unwrap_or_else(|_| Err(lost()))
    }
}

/// Waiting for the thread, as a runtime does when dropped, panics in a thread of another runtime.
impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Client {
    /// Creates a client of the server at `url`; see [`Client::new`](super::Client::new).
    ///
    /// # Errors
    ///
    /// When `url` is not the URL of a server, for https without the feature `tls`, or when the
    /// system cannot create a thread.
    pub fn new(url: impl AsRef<str>) -> Result<Self, Error> {
        Self::from_async(AsyncClient::new(url)?)
    }

    /// Starts building a client with options.
    ///
    /// ```
    /// use zstack_runtime::client::blocking::Client;
    ///
    /// # fn main() -> Result<(), zstack_runtime::client::Error> {
    /// let client = Client::builder("http://127.0.0.1:8080").login("admin", "password").build()?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(url.as_ref())
    }

    /// Creates a blocking client that has the options and the session of an async one.
    ///
    /// # Errors
    ///
    /// When the system cannot create a thread.
    pub fn from_async(client: AsyncClient) -> Result<Self, Error> {
        Ok(Self { inner: client, worker: Arc::new(Worker::new()?) })
    }

    /// Returns a client that calls with this session.
    #[must_use]
    pub fn with_session(&self, uuid: impl AsRef<str>) -> Self {
        Self { inner: self.inner.with_session(uuid), worker: Arc::clone(&self.worker) }
    }

    /// Returns a client that calls without a session, an account or an access key.
    #[must_use]
    pub fn without_session(&self) -> Self {
        Self { inner: self.inner.without_session(), worker: Arc::clone(&self.worker) }
    }

    /// Returns the URL of the server.
    #[must_use]
    pub fn url(&self) -> &str {
        self.inner.url()
    }

    /// Returns the UUID of the session of calls; see [`Client::session`](super::Client::session).
    #[must_use]
    pub fn session(&self) -> Option<Arc<str>> {
        self.inner.session()
    }

    /// Ends the session on the server; see
    /// [`Client::log_out`](super::Client::log_out).
    pub fn log_out(&self) -> Result<(), Error> {
        let client = self.inner.clone();
        self.worker.run(async move { client.log_out().await })
    }

    /// Asks the server for its release; see
    /// [`Client::probe_version`](super::Client::probe_version).
    pub fn probe_version(&self) -> Result<Version, Error> {
        let client = self.inner.clone();
        self.worker.run(async move { client.probe_version().await })
    }

    /// Returns the known release of the server; see
    /// [`Client::api_version`](super::Client::api_version).
    #[must_use]
    pub fn api_version(&self) -> Version {
        self.inner.api_version()
    }

    /// Iterates over the records that a query finds, requested page by page; see
    /// [`Client::stream`](super::Client::stream).
    pub fn records<Q: QueryRequest>(&self, query: Q) -> Records<Q> {
        Records { inner: Some(self.inner.stream(query)), worker: Arc::clone(&self.worker) }
    }

    /// Returns a client that calls with these options.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { inner: self.inner.with_options(options), worker: Arc::clone(&self.worker) }
    }

    /// Calls an operation, and waits for its result.
    pub fn call<R: Request>(&self, request: R) -> Result<R::Response, Error> {
        let client = self.inner.clone();
        self.worker.run(async move { client.call(request).await })
    }

    /// Starts an operation, and returns the [`Job`] without waiting for its end.
    pub fn start<R: Request>(&self, request: R) -> Result<Job<R>, Error> {
        let client = self.inner.clone();
        let inner = self.worker.run(async move { client.start(request).await })?;
        Ok(Job { inner, worker: Arc::clone(&self.worker) })
    }

    /// Asks the server to check the request and to change nothing; see
    /// [`Client::dry_run`](super::Client::dry_run).
    pub fn dry_run<R: Tagged>(&self, request: R) -> Result<(), Error> {
        let client = self.inner.clone();
        self.worker.run(async move { client.dry_run(request).await })
    }

    /// Returns the job with this UUID; see [`Client::job`](super::Client::job).
    #[must_use]
    pub fn job<R: Request>(&self, uuid: impl Into<String>) -> Job<R> {
        Job { inner: self.inner.job(uuid), worker: Arc::clone(&self.worker) }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("blocking::Client").field(&self.inner).finish()
    }
}

/// A [`Job`](super::Job) whose methods block the calling thread.
pub struct Job<R> {
    inner: AsyncJob<R>,
    worker: Arc<Worker>,
}

impl<R: Request> Job<R> {
    /// Returns its UUID, with which any process can resume it.
    #[must_use]
    pub fn uuid(&self) -> &str {
        self.inner.uuid()
    }

    /// Waits for its end; see [`Job::wait`](super::Job::wait).
    pub fn wait(&self) -> Result<R::Response, Error> {
        let job = self.inner.clone();
        self.worker.run(async move { job.wait().await })
    }

    /// Polls it once; see [`Job::poll`](super::Job::poll).
    pub fn poll(&self) -> Result<Progress<R::Response>, Error> {
        let job = self.inner.clone();
        self.worker.run(async move { job.poll().await })
    }
}

impl<R: Request> fmt::Debug for Job<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

/// An iterator over the records that a query finds. It blocks while it requests the next page, and
/// ends after an error.
#[must_use = "no page is requested before the first record is taken"]
pub struct Records<Q: QueryRequest> {
    /// `None` after a call that panicked.
    inner: Option<AsyncRecords<Q>>,
    worker: Arc<Worker>,
}

impl<Q: QueryRequest> Records<Q> {
    /// Sets the number of records per page. Default: 200.
    pub fn page_size(self, records: i32) -> Self {
        Self { inner: self.inner.map(|inner| inner.page_size(records)), ..self }
    }
}

impl<Q: QueryRequest> Iterator for Records<Q> {
    type Item = Result<Q::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut records = self.inner.take()?;
        if let Some(record) = records.next_decoded() {
            self.inner = Some(records);
            return Some(Ok(record));
        }
        let asked = self.worker.run(async move {
            let record = records.next().await;
            Ok((records, record))
        });
        match asked {
            Ok((records, record)) => {
                self.inner = Some(records);
                record
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl<Q: QueryRequest> fmt::Debug for Records<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("blocking::Records").field(&self.inner).finish()
    }
}

/// The blocking calls of every request. The names differ from those of [`Call`](super::Call), so
/// that both traits can be in scope.
pub trait Call: Request {
    /// Calls the operation, and waits for its result; see [`Client::call`].
    fn call_blocking(self, client: &Client) -> Result<Self::Response, Error> {
        client.call(self)
    }

    /// Starts the operation, and returns the [`Job`]; see [`Client::start`].
    fn start_blocking(self, client: &Client) -> Result<Job<Self>, Error> {
        client.start(self)
    }

    /// Asks the server to check the request and to change nothing; see
    /// [`Client::dry_run`].
    fn dry_run_blocking(self, client: &Client) -> Result<(), Error>
    where
        Self: Tagged,
    {
        client.dry_run(self)
    }
}

impl<R: Request> Call for R {}
