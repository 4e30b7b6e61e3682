use std::fmt;
use std::time::Duration;

use super::client::{Client, Shared};
use super::error::{Error, ErrorKind};
use super::http_transport::HttpTransport;
use super::options::{CallOptions, PollPolicy};
use super::transport::Transport;
use super::url::BaseUrl;
use crate::Version;

/// Makes a [`Client`] with options.
///
/// ```
/// use std::time::Duration;
/// use zstack_runtime::Version;
/// use zstack_runtime::client::Client;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder("http://127.0.0.1:8080")
///     .version("3.1.0".parse()?)
///     .deadline(Duration::from_secs(60 * 60))
///     .build()?;
/// assert_eq!(client.version(), Version::new("3.1.0"));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct ClientBuilder {
    url: String,
    session: Option<String>,
    version: Version,
    request_timeout: Option<Duration>,
    deadline: Option<Duration>,
    poll: PollPolicy,
    transport: Option<Box<dyn Transport>>,
}

impl ClientBuilder {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            session: None,
            version: Version::NEWEST,
            request_timeout: None,
            deadline: None,
            poll: PollPolicy::new(),
            transport: None,
        }
    }

    /// The session to call with.
    pub fn session(mut self, uuid: impl Into<String>) -> Self {
        self.session = Some(uuid.into());
        self
    }

    /// The release of the server. What it does not have is refused before
    /// anything is sent, with all that needs a newer one.
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// How long one exchange with the server may take; five minutes without
    /// this option, which is what the platform gives an operation that it
    /// answers at once.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.request_timeout = Some(limit);
        self
    }

    /// How long a call may take, jobs included. Without this option, one
    /// minute more than the server gives the job, or half an hour where it
    /// does not say.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// How often jobs are asked about.
    pub fn poll(mut self, policy: PollPolicy) -> Self {
        self.poll = policy;
        self
    }

    /// What carries the requests, in place of HTTP over TCP.
    ///
    /// The default keeps connections open, follows no redirects, and goes
    /// through the proxy that the environment names (`HTTP_PROXY`,
    /// `NO_PROXY`), unless the server is on this machine.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// When the URL is none of a server; for https without the feature `tls`.
    pub fn build(self) -> Result<Client, Error> {
        let base = BaseUrl::read(&self.url)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(&base)?,
        };
        let client = Client {
            shared: Shared {
                base,
                version: self.version,
                transport,
                poll: self.poll,
                request_timeout: self.request_timeout,
                deadline: self.deadline,
            }
            .into(),
            session: None,
            options: CallOptions::new(),
        };
        Ok(match self.session {
            Some(session) => client.with_session(session),
            None => client,
        })
    }
}

fn default_transport(base: &BaseUrl) -> Result<Box<dyn Transport>, Error> {
    if base.is_https() && !cfg!(feature = "tls") {
        return Err(Error::invalid("https needs the cargo feature `tls` of this crate"));
    }
    let transport = if base.is_this_machine() { HttpTransport::direct() } else { HttpTransport::new() };
    match transport {
        Ok(transport) => Ok(Box::new(transport)),
        Err(error) => Err(Error::new(ErrorKind::Transport, "there is no HTTP client").caused_by(error)),
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("version", &self.version).finish_non_exhaustive()
    }
}
