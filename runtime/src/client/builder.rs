use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::access_key::AccessKey;
use super::account::Account;
use super::atomic_version::AtomicVersion;
use super::client::Client;
use super::connection::{Connection, Shared};
use super::credentials::Credentials;
use super::error::Error;
use super::http_options::HttpOptions;
use super::http_transport::HttpTransport;
use super::options::{CallOptions, PollPolicy};
use super::transport::Transport;
use super::url::BaseUrl;
use super::webhook::Webhook;
use crate::Version;

/// The default number of times that a request is sent again.
const RETRIES: usize = 2;

/// Makes a client with options: a [`Client`], or a `blocking::Client`.
///
/// ```
/// use std::time::Duration;
/// use zstack_runtime::Version;
/// use zstack_runtime::client::Client;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder("http://127.0.0.1:8080")
///     .api_version("3.1.0")
///     .deadline(Duration::from_secs(60 * 60))
///     .build()?;
/// assert_eq!(client.api_version(), Version::new("3.1.0"));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct ClientBuilder<C = Client> {
    url: String,
    credentials: Credentials,
    date_zone: TimeZone,
    retries: usize,
    webhook: Option<Webhook>,
    version: Result<Version, String>,
    request_timeout: Option<Duration>,
    deadline: Option<Duration>,
    poll: PollPolicy,
    http: HttpOptions,
    transport: Option<Box<dyn Transport>>,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            credentials: Credentials::None,
            date_zone: TimeZone::UTC,
            retries: RETRIES,
            webhook: None,
            version: Ok(Version::NEWEST),
            request_timeout: None,
            deadline: None,
            poll: PollPolicy::new(),
            http: HttpOptions::new(),
            transport: None,
            client: PhantomData,
        }
    }

    /// The session to call with. Of this, [`login`](Self::login) and
    /// [`access_key`](Self::access_key), the last one counts.
    pub fn session(mut self, uuid: impl AsRef<str>) -> Self {
        self.credentials = Credentials::Session(uuid.as_ref().trim().into());
        self
    }

    /// The account to call with, and its password in plain text, of which the
    /// client keeps the hash alone.
    ///
    /// The client logs in when it first has to, once for all its clones, and
    /// again when its session is over: a call that was refused for that has
    /// done nothing, and is made once more. Not so one whose job the caller
    /// named, and the waiting for a [`Job`](super::Job): they return the error,
    /// and the next call logs in. [`log_out`](Client::log_out) ends the
    /// session.
    pub fn login(mut self, account: impl Into<String>, password: impl AsRef<str>) -> Self {
        self.credentials = Credentials::Account(Account::new(account.into(), password.as_ref()).into());
        self
    }

    /// The access key to sign every request with; there is no session then.
    pub fn access_key(mut self, id: impl Into<String>, secret: impl AsRef<str>) -> Self {
        self.credentials = Credentials::AccessKey(Arc::new(AccessKey {
            id: id.into().trim().to_owned(),
            secret: secret.as_ref().trim().into(),
            zone: TimeZone::UTC,
        }));
        self
    }

    /// The time zone of the `Date` that is signed with an access key; UTC
    /// without this option.
    ///
    /// Unless `rest/checkTimeZone` is set there, ZStack compares the date
    /// with its local time, and ignores the zone: a platform that does not run on
    /// UTC needs its zone here.
    pub fn date_zone(mut self, zone: TimeZone) -> Self {
        self.date_zone = zone;
        self
    }

    /// Sets how often a request is sent again after a lost connection. Default: 2;
    /// 0 for never.
    ///
    /// This applies to requests that change nothing, and to jobs that have a name
    /// ([`start`](Client::start), [`CallOptions::job_uuid`]), which the server
    /// accepts once. No request is sent again after an answer.
    pub fn retries(mut self, most: usize) -> Self {
        self.retries = most;
        self
    }

    /// Has the server post the results of jobs.
    pub fn webhook(mut self, webhook: Webhook) -> Self {
        self.webhook = Some(webhook);
        self
    }

    /// Sets the release of the server: `"3.0.0"`, or a [`Version`]. What it does not
    /// have - operations, parameters, fields in them, values of enums, what a
    /// query names - is refused before the request is sent, with all that needs a
    /// newer one. Without this option all requests are sent, unless
    /// [`probe_version`](Client::probe_version) finds out.
    pub fn api_version<V: TryInto<Version>>(mut self, version: V) -> Self
    where
        V::Error: fmt::Display,
    {
        self.version = version.try_into().map_err(|error| error.to_string());
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

    /// Sets how often jobs are polled.
    pub fn poll(mut self, policy: PollPolicy) -> Self {
        self.poll = policy;
        self
    }

    /// Sets the proxy that requests go through and, with the feature `tls`,
    /// the certificates that the client trusts and the one that it shows.
    ///
    /// Without this option requests go through the proxy that the environment
    /// names (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`), unless the server is
    /// on this machine, and the client trusts the certificate authorities of
    /// the system.
    pub fn http(mut self, options: HttpOptions) -> Self {
        self.http = options;
        self
    }

    /// Sets what carries the requests, in place of HTTP over TCP; the options
    /// of [`http`](Self::http) have no effect then.
    ///
    /// The default keeps connections open and follows no redirects.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    pub(super) fn build_async(self) -> Result<Client, Error> {
        let base = BaseUrl::read(&self.url).map_err(Error::invalid)?;
        let version = self.version.map_err(|error| Error::invalid(format!("api_version: {error}")))?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(&base, &self.http)?,
        };
        if let Some(webhook) = &self.webhook {
            webhook.header()?;
        }
        let mut credentials = self.credentials;
        if let Credentials::AccessKey(key) = &mut credentials {
            Arc::make_mut(key).zone = self.date_zone;
        }
        Ok(Client(Connection {
            shared: Shared {
                base,
                version: AtomicVersion::new(version),
                transport,
                poll: self.poll,
                request_timeout: self.request_timeout,
                deadline: self.deadline,
                retries: self.retries,
                webhook: self.webhook,
            }
            .into(),
            credentials,
            options: CallOptions::new(),
        }))
    }
}

impl Client {
    /// Makes a client of the server at `url`: `http://127.0.0.1:8080`. A path is
    /// the prefix of a proxy.
    ///
    /// # Errors
    ///
    /// When this is not the URL of a server; for https without the feature `tls`.
    pub fn new(url: impl AsRef<str>) -> Result<Self, Error> {
        Self::builder(url).build()
    }

    /// Begins a client with options.
    pub fn builder(url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(url.as_ref())
    }
}

impl ClientBuilder {
    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](super::ErrorKind::Invalid) when the URL is not
    /// the URL of a server or of a webhook, when the release is not a version,
    /// for https without the feature `tls`, and when a certificate, a key or a
    /// proxy of [`HttpOptions`] cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        self.build_async()
    }
}

fn default_transport(base: &BaseUrl, options: &HttpOptions) -> Result<Box<dyn Transport>, Error> {
    if base.is_https() && !cfg!(feature = "tls") {
        return Err(Error::invalid("https needs the cargo feature `tls` of this crate"));
    }
    let options = options.for_server(base.is_this_machine());
    match HttpTransport::with_options(&options) {
        Ok(transport) => Ok(Box::new(transport)),
        Err(error) => Err(Error::invalid("no HTTP client can be made").caused_by(error)),
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("version", &self.version).finish_non_exhaustive()
    }
}
