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
/// [`start`](Self::start) returns the [`Job`]. A future that is dropped stops
/// polling the job; the job goes on.
///
/// Calls run in a [Tokio](https://docs.rs/tokio) runtime; for code without
/// one there is `blocking::Client` (feature `blocking`).
#[derive(Clone)]
pub struct Client(pub(super) Connection);

impl Client {
    /// A client that calls with this session.
    #[must_use]
    pub fn with_session(&self, uuid: impl AsRef<str>) -> Self {
        Self(Connection { credentials: Credentials::Session(uuid.as_ref().trim().into()), ..self.0.clone() })
    }

    /// A client that calls without a session, an account or a key.
    #[must_use]
    pub fn without_session(&self) -> Self {
        Self(Connection { credentials: Credentials::None, ..self.0.clone() })
    }

    /// The uuid of the session that calls are made with; of a client that
    /// logs in by itself, the one it has now.
    #[must_use]
    pub fn session(&self) -> Option<Arc<str>> {
        self.0.credentials.session()
    }

    /// A client that calls with these options.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self(Connection { options, ..self.0.clone() })
    }

    /// The server's URL.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.shared.base.as_str()
    }

    /// The release of the server, as set by
    /// [`api_version`](super::ClientBuilder::api_version) or found by
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

    /// Calls an operation, and leaves the waiting to the [`Job`]. The job
    /// has a name before it is sent (`X-Job-UUID`).
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

    /// Asks the server to check everything and to do nothing
    /// (`ephemeral::validationOnly`).
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call); also when the answer has a result, which
    /// means that the operation was carried out.
    pub fn dry_run<R: Tagged>(&self, mut request: R) -> impl Future<Output = Result<(), Error>> + Send {
        request.tags_mut().system.push(VALIDATION_ONLY.to_owned());
        self.0.call(request, |reply| reply.check_dry_run(R::OPERATION))
    }

    /// The job of this uuid, started by any client, with its operation. Nothing is sent before it is polled.
    #[must_use]
    pub fn job<R: Request>(&self, uuid: impl Into<String>) -> Job<R> {
        Job::resumed(self.0.clone(), uuid.into())
    }

    /// The HTTP request that a call would send now. A client that logs in by
    /// itself and has not done so yet has no session to show.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::client::ErrorKind::Invalid), as for a call.
    pub fn to_http<R: Request>(&self, request: &R) -> Result<http::Request<Bytes>, Error> {
        let outgoing = self.0.outgoing(R::OPERATION, request, Naming::IfAsked)?;
        let mut request = self.0.signed(&outgoing).map_err(|error| error.about(&outgoing.subject))?;
        add_headers(&mut request);
        Ok(request)
    }

    /// The records that a query finds, requested page by page as they are taken.
    ///
    /// The query's conditions, start and order hold; its limit is how many
    /// records there are at most. Without an order, records with a `uuid` are
    /// sorted by it, since pages of no order would overlap.
    pub fn stream<Q: QueryRequest>(&self, query: Q) -> Records<Q> {
        Records::new(self.0.clone(), query)
    }

    /// Ends the session on the server. A client that logs in by itself does so
    /// again on its next call; one without a session has nothing to do.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::client::ErrorKind). A session that has ended
    /// already is not an error.
    pub async fn log_out(&self) -> Result<(), Error> {
        self.0.log_out().await
    }

    /// Asks the server for its release. From then on all clones of this client
    /// refuse what the server does not have, as after
    /// [`ClientBuilder::api_version`](super::ClientBuilder::api_version). Needs no
    /// session. May be called again, after an upgrade.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::client::ErrorKind); it is `Unreadable` when the
    /// answer is not a version, and the client goes on as before.
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
