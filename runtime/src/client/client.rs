use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::answer::Reply;
use super::connection::Connection;
use super::credentials::Credentials;
use super::error::Error;
use super::job::Job;
use super::options::CallOptions;
use super::outgoing::Naming;
use super::records::Records;
use super::request::add_headers;
use crate::Version;
use crate::operation::Request;
use crate::operation::Tagged;
use crate::query::QueryRequest;
use crate::tags::VALIDATION_ONLY;

/// A client of a management node.
///
/// Clones are cheap and share connections and sessions. Requests are called with it:
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
/// A long operation becomes a job on the server: a call waits for its end, while
/// [`start`](Self::start) returns the [`Job`]. Dropping a future stops polling; the job continues.
///
/// Calls need a [Tokio](https://docs.rs/tokio) runtime; without one, use `blocking::Client`
/// (feature `blocking`).
#[derive(Clone)]
pub struct Client(pub(super) Connection);

impl Client {
    /// Returns a client that calls with this session.
    #[must_use]
    pub fn with_session(&self, uuid: impl AsRef<str>) -> Self {
        Self(Connection { credentials: Credentials::Session(uuid.as_ref().trim().into()), ..self.0.clone() })
    }

    /// Returns a client that calls without a session, an account or an access key.
    #[must_use]
    pub fn without_session(&self) -> Self {
        Self(Connection { credentials: Credentials::None, ..self.0.clone() })
    }

    /// Returns the UUID of the session of calls; of a client with an account, the current one.
    #[must_use]
    pub fn session(&self) -> Option<Arc<str>> {
        self.0.credentials.session()
    }

    /// Returns a client that calls with these options.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self(Connection { options, ..self.0.clone() })
    }

    /// Returns the URL of the server.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.shared.base.as_str()
    }

    /// Returns the release of the server, as set by
    /// [`api_version`](super::ClientBuilder::api_version) or determined by
    /// [`probe_version`](Self::probe_version); [`Version::NEWEST`] if it is unknown.
    #[must_use]
    pub fn api_version(&self) -> Version {
        self.0.version()
    }

    /// Calls an operation, and waits for its result.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::client::ErrorKind).
    pub fn call<R: Request>(&self, request: R) -> impl Future<Output = Result<R::Response, Error>> + Send {
        self.0.call(request, Reply::read::<R>)
    }

    /// Starts an operation, and returns the [`Job`] without waiting for its end. The client chooses
    /// the UUID of the job (`X-Job-UUID`).
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::client::ErrorKind).
    pub fn start<R: Request>(&self, request: R) -> impl Future<Output = Result<Job<R>, Error>> + Send {
        let outgoing = self.0.outgoing(R::OPERATION, &request, Naming::Always);
        async move {
            let submitted = self.0.submit(outgoing?).await?;
            Ok(Job::new(self.0.clone(), submitted))
        }
    }

    /// Asks the server to check the request and to change nothing (`ephemeral::validationOnly`).
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call); also when the response has a result, which means that the operation
    /// was performed.
    pub fn dry_run<R: Tagged>(&self, mut request: R) -> impl Future<Output = Result<(), Error>> + Send {
        request.tags_mut().system.push(VALIDATION_ONLY.to_owned());
        self.0.call(request, |reply| reply.check_dry_run(R::OPERATION))
    }

    /// Returns the job with this UUID, which any client may have started; `R` must be its
    /// operation. Nothing is sent until it is polled.
    #[must_use]
    pub fn job<R: Request>(&self, uuid: impl Into<String>) -> Job<R> {
        Job::from_uuid(self.0.clone(), uuid.into())
    }

    /// Returns the HTTP request that a call would send now. A client with an account that has not
    /// logged in yet has no session to add.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::client::ErrorKind::Invalid), as for a call.
    pub fn to_http<R: Request>(&self, request: &R) -> Result<http::Request<Bytes>, Error> {
        let outgoing = self.0.outgoing(R::OPERATION, request, Naming::IfAsked)?;
        let mut request = self.0.sign_request(&outgoing).map_err(|error| error.about(&outgoing.subject))?;
        add_headers(&mut request);
        Ok(request)
    }

    /// Returns a stream of the records that a query finds, requested page by page.
    ///
    /// Conditions, start and order of the query apply; its limit is the total number of records.
    /// Without an order, records with a `uuid` are sorted by it, since unsorted pages could
    /// overlap.
    pub fn stream<Q: QueryRequest>(&self, query: Q) -> Records<Q> {
        Records::new(self.0.clone(), query)
    }

    /// Ends the session on the server. A client with an account logs in again on its next call; a
    /// client without a session does nothing.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::client::ErrorKind). A session that has already ended is not an
    /// error.
    pub async fn log_out(&self) -> Result<(), Error> {
        self.0.log_out().await
    }

    /// Asks the server for its release. All clones of this client then refuse requests that need a
    /// newer release, as after [`ClientBuilder::api_version`](super::ClientBuilder::api_version).
    /// Needs no session. Call it again after an upgrade of the server.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::client::ErrorKind); `Unreadable` if the response is not a version,
    /// in which case the known release stays.
    pub async fn probe_version(&self) -> Result<Version, Error> {
        self.0.probe_version().await
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
