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

/// The default number of repetitions after lost connections.
const RETRIES: usize = 2;

/// Builds a client with options: a [`Client`], or a `blocking::Client`.
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

    /// Sets the session of all calls. Of this, [`login`](Self::login) and
    /// [`access_key`](Self::access_key), the last one counts.
    pub fn session(mut self, uuid: impl AsRef<str>) -> Self {
        self.credentials = Credentials::Session(uuid.as_ref().trim().into());
        self
    }

    /// Sets the account of all calls, and its password in plain text. The client stores only the
    /// hash of the password.
    ///
    /// The client logs in on the first call, once for all its clones, and again when its session
    /// has ended: a call that was refused for its session has done nothing, and is repeated. Calls
    /// with [`CallOptions::job_uuid`], and waiting for a [`Job`](super::Job), return the error
    /// instead; the next call logs in. [`log_out`](Client::log_out) ends the session.
    pub fn login(mut self, account: impl Into<String>, password: impl AsRef<str>) -> Self {
        self.credentials = Credentials::Account(Account::new(account.into(), password.as_ref()).into());
        self
    }

    /// Sets the access key that signs every request, without a session.
    pub fn access_key(mut self, id: impl Into<String>, secret: impl AsRef<str>) -> Self {
        self.credentials = Credentials::AccessKey(Arc::new(AccessKey {
            id: id.into().trim().to_owned(),
            secret: secret.as_ref().trim().into(),
            zone: TimeZone::UTC,
        }));
        self
    }

    /// Sets the time zone of the signed `Date` of requests with an access key. Default: UTC.
    ///
    /// Unless its option `rest/checkTimeZone` is set, ZStack compares the date with its local time
    /// and ignores the zone: set the zone of the platform if it does not run on UTC.
    pub fn date_zone(mut self, zone: TimeZone) -> Self {
        self.date_zone = zone;
        self
    }

    /// Sets how many times a request is sent again after a lost connection. Default: 2; 0 for
    /// never.
    ///
    /// This applies to requests that change nothing, and to jobs with a UUID of the client's choice
    /// ([`start`](Client::start), [`CallOptions::job_uuid`]), which the server accepts once. After
    /// a response, a request is never sent again.
    pub fn retries(mut self, most: usize) -> Self {
        self.retries = most;
        self
    }

    /// Requests the server to post the results of jobs to a webhook.
    pub fn webhook(mut self, webhook: Webhook) -> Self {
        self.webhook = Some(webhook);
        self
    }

    /// Sets the release of the server, such as `"3.0.0"` or a [`Version`]. Calls then fail before
    /// anything is sent if the request has something that this release lacks - the operation,
    /// parameters, fields in them, enum values, fields in a query - and the error lists all of it.
    /// By default all requests are sent, unless [`probe_version`](Client::probe_version) was
    /// called.
    pub fn api_version<V: TryInto<Version>>(mut self, version: V) -> Self
    where
        V::Error: fmt::Display,
    {
        self.version = version.try_into().map_err(|error| error.to_string());
        self
    }

    /// Sets the time limit of one HTTP exchange. Default: five minutes, which is the platform's
    /// limit for operations that it answers at once.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.request_timeout = Some(limit);
        self
    }

    /// Sets the time limit of a call, including its job. Default: one minute more than the limit
    /// that the server sets for the job, or half an hour if it sets none.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Sets how often jobs are polled.
    pub fn poll(mut self, policy: PollPolicy) -> Self {
        self.poll = policy;
        self
    }

    /// Sets the proxy for requests and, with the feature `tls`, the trusted certificate authorities
    /// and the client certificate.
    ///
    /// By default, requests go through the proxy of the environment (`HTTP_PROXY`, `HTTPS_PROXY`,
    /// `NO_PROXY`) unless the server is on this machine, and the client trusts the certificate
    /// authorities of the system.
    pub fn http(mut self, options: HttpOptions) -> Self {
        self.http = options;
        self
    }

    /// Sets the transport of requests in place of HTTP over TCP; the options of
    /// [`http`](Self::http) then have no effect.
    ///
    /// The default transport reuses connections and follows no redirects.
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
    /// Creates a client of the server at `url`, such as `http://127.0.0.1:8080`. A path in the URL
    /// is the prefix of a proxy.
    ///
    /// # Errors
    ///
    /// When `url` is not the URL of a server; for https without the feature `tls`.
    pub fn new(url: impl AsRef<str>) -> Result<Self, Error> {
        Self::builder(url).build()
    }

    /// Starts building a client with options.
    pub fn builder(url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(url.as_ref())
    }
}

impl ClientBuilder {
    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](super::ErrorKind::Invalid) when the URL of the server or of a webhook
    /// is invalid, when the release is not a version, for https without the feature `tls`, and when
    /// a certificate, a key or a proxy of [`HttpOptions`] cannot be used.
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
        Err(error) => Err(Error::invalid("the HTTP client cannot be created").with_cause(error)),
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("version", &self.version).finish_non_exhaustive()
    }
}
