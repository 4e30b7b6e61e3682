use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::builder::ClientBuilder;
use super::credentials::Credentials;
use super::error::Error;
use super::exchange::Naming;
use super::job::Job;
use super::options::{CallOptions, PollPolicy};
use super::records::Records;
use super::request::add_headers;
use super::transport::Transport;
use super::url::BaseUrl;
use super::webhook::Webhook;
use crate::Version;
use crate::operation::Request;
use crate::query::QueryRequest;
use crate::tags::{Tagged, VALIDATION_ONLY};
use crate::version::AtomicVersion;

/// How long one exchange may take: the platform gives an operation that it
/// answers at once five minutes.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// A management node, and who calls it.
///
/// Clones are cheap and share the connections. Requests are called with it:
///
/// ```no_run
/// use zstack_runtime::client::{Call, Client, Error};
/// # use zstack_runtime::{Operation, Response};
/// # #[derive(Clone, Default, Operation)]
/// # #[operation(GET = "/zstack/v1/management-nodes/version", category = "system", since = "0.6", no_session,
/// #     response = GetVersionResponse)]
/// # pub struct GetVersion {}
/// # #[derive(Clone, Default, Response)]
/// # #[response(since = "0.6")]
/// # pub struct GetVersionResponse { pub version: String }
/// # #[tokio::main]
/// # async fn main() -> Result<(), Error> {
/// // It logs in when it has to.
/// let client = Client::builder("http://127.0.0.1:8080").login("admin", "password").build()?;
/// let answer = GetVersion::new().call(&client).await?;
/// println!("the server is of release {}", answer.version);
/// # Ok(())
/// # }
/// ```
///
/// A long operation becomes a job on the server: a call waits for its end,
/// [`start`](Self::start) hands out the [`Job`]. A future that is dropped
/// stops asking about the job; the job goes on.
///
/// Calls run in a [Tokio](https://docs.rs/tokio) runtime; for code without
/// one there is `blocking::Client` (feature `blocking`).
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
    pub(super) credentials: Credentials,
    pub(super) options: CallOptions,
}

/// What all clones of a client have in common.
pub(super) struct Shared {
    pub(super) base: BaseUrl,
    pub(super) version: AtomicVersion,
    pub(super) transport: Box<dyn Transport>,
    pub(super) poll: PollPolicy,
    pub(super) request_timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) retries: usize,
    pub(super) webhook: Option<Webhook>,
}

impl Client {
    /// A client of the server at `url`: `http://127.0.0.1:8080`. A path is
    /// the prefix that a proxy wants.
    ///
    /// # Errors
    ///
    /// When this is no URL of a server; for https without the feature `tls`.
    pub fn new(url: impl AsRef<str>) -> Result<Self, Error> {
        Self::builder(url).build()
    }

    /// The same, with options.
    pub fn builder(url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(url.as_ref())
    }

    /// The same client, calling with this session.
    #[must_use]
    pub fn with_session(&self, uuid: impl AsRef<str>) -> Self {
        Self { credentials: Credentials::Session(uuid.as_ref().trim().into()), ..self.clone() }
    }

    /// The same client, calling without a session, an account or a key.
    #[must_use]
    pub fn without_session(&self) -> Self {
        Self { credentials: Credentials::None, ..self.clone() }
    }

    /// The uuid of the session that calls are made with; of a client that
    /// logs in by itself, the one it has now.
    #[must_use]
    pub fn session(&self) -> Option<Arc<str>> {
        self.credentials.session()
    }

    /// The same client, calling with these options.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { options, ..self.clone() }
    }

    /// The server's URL.
    #[must_use]
    pub fn url(&self) -> &str {
        self.shared.base.as_str()
    }

    /// The release that the server is taken for: what
    /// [`api_version`](ClientBuilder::api_version) said or
    /// [`probe_version`](Self::probe_version) found out;
    /// [`Version::NEWEST`] where nobody knows.
    #[must_use]
    pub fn api_version(&self) -> Version {
        self.shared.version.get()
    }

    /// Calls an operation, and waits for its result.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::client::ErrorKind).
    pub fn call<R: Request>(&self, request: R) -> impl Future<Output = Result<R::Response, Error>> + Send {
        let outgoing = self.outgoing(R::OPERATION, &request, Naming::IfAsked);
        async move {
            let (reply, subject) = self.run(outgoing?).await?;
            reply.read::<R>().map_err(|error| error.about(&subject))
        }
    }

    /// Calls an operation, and leaves the waiting to the [`Job`]. The job
    /// has a name before it is sent (`X-Job-UUID`).
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::client::ErrorKind).
    pub fn start<R: Request>(&self, request: R) -> impl Future<Output = Result<Job<R>, Error>> + Send {
        let outgoing = self.outgoing(R::OPERATION, &request, Naming::Always);
        async move {
            let submitted = self.submit(outgoing?).await?;
            Ok(Job::new(self.clone(), submitted))
        }
    }

    /// Asks the server to check everything and to do nothing
    /// (`ephemeral::validationOnly`).
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call); also when the answer has a result, which
    /// means that the operation was carried out.
    pub fn dry_run<R: Tagged>(&self, mut request: R) -> impl Future<Output = Result<(), Error>> + Send {
        request.tags_mut().system.push(VALIDATION_ONLY.to_owned());
        let outgoing = self.outgoing(R::OPERATION, &request, Naming::IfAsked);
        async move {
            let (reply, subject) = self.run(outgoing?).await?;
            reply.check_dry_run(R::OPERATION).map_err(|error| error.about(&subject))
        }
    }

    /// The job of this uuid, started by whomever, with the operation it
    /// belongs to. Nothing is sent before it is polled.
    #[must_use]
    pub fn job<R: Request>(&self, uuid: impl Into<String>) -> Job<R> {
        Job::resumed(self.clone(), uuid.into())
    }

    /// The HTTP request that a call would send now. A client that logs in by
    /// itself and has not done so yet has no session to show.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::client::ErrorKind::Invalid), as for a call.
    pub fn to_http<R: Request>(&self, request: &R) -> Result<http::Request<Bytes>, Error> {
        let outgoing = self.outgoing(R::OPERATION, request, Naming::IfAsked)?;
        let mut request = self.signed(&outgoing).map_err(|error| error.about(&outgoing.subject))?;
        add_headers(&mut request);
        Ok(request)
    }

    /// The records that a query finds, asked for page by page as they are
    /// taken.
    ///
    /// The query's conditions, start and order hold; its limit is how many
    /// records there are at most. Without an order, records with a `uuid` are
    /// sorted by it, since pages of no order would overlap.
    pub fn stream<Q: QueryRequest>(&self, query: Q) -> Records<Q> {
        Records::new(self.clone(), query)
    }

    pub(super) fn request_timeout(&self) -> Duration {
        self.options.request_timeout.or(self.shared.request_timeout).unwrap_or(REQUEST_TIMEOUT)
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.options.deadline.or(self.shared.deadline)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.url())
            .field("api_version", &self.api_version())
            .field("has_session", &self.session().is_some())
            .finish_non_exhaustive()
    }
}
