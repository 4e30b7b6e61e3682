use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::jobs::JobStore;
use super::webhook::{WebhookAllow, WebhookTransport};
use crate::Version;

/// The options of an [`Api`](super::Api).
///
/// ```
/// use std::time::Duration;
/// use zstack_runtime::server::Options;
///
/// let options = Options::default().settle(Duration::ZERO).body_limit(64 * 1024);
/// assert_eq!(options.job_expiry, Duration::from_secs(10_800));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The release to emulate: operations, parameters, fields and values that
    /// came later do not exist. Default: the newest.
    pub version: Version,
    /// Whether parameters that came after [`version`](field@Self::version), and
    /// fields in them, are refused. Default: yes.
    pub newer_parameters: NewerParameters,
    /// The largest body read, in bytes. Default: 8 MiB.
    pub body_limit: usize,
    /// How long a body may take to arrive. Default: 30 s.
    pub body_timeout: Duration,
    /// How long a caller that asked for no job waits for the answer of a long
    /// operation before it gets a job after all. Default: 1 s.
    pub settle: Duration,
    /// The longest wait that `Prefer: wait` can ask for. Default: 60 s.
    pub longest_wait: Duration,
    /// Answer every long operation with a job, at once. Default: no.
    pub force_jobs: bool,
    /// How long a long operation may take before its job fails with
    /// `SYS.1001`, unless `X-API-Timeout` says otherwise. What has begun goes
    /// on: half an operation is worse than a late one. Default: 30 minutes.
    pub api_timeout: Duration,
    /// The same for an operation that is answered at once. Default: 5 minutes.
    pub sync_timeout: Duration,
    /// The path where jobs are polled, with a slash at both ends. The official clients
    /// look for the default in a location: `/zstack/v1/api-jobs/`.
    pub job_path: String,
    /// The beginning of a location, such as `https://api.example.com`.
    /// Default: `http://` and the host that the request named.
    pub location_base: Option<String>,
    /// How long the result of a job is kept, from the job's creation; at least
    /// an hour from its end. Default: 3 hours.
    pub job_expiry: Duration,
    /// The largest number of jobs on record: running, or with a result that has
    /// not expired. When it is reached, a caller that wants a job is
    /// refused with `SYS.1010` and `Retry-After`, and any other waits for its
    /// answer; no job and no result is dropped to make room. Default: 100,000,
    /// which is about 300 MB of results.
    pub max_jobs: usize,
    /// The store of jobs. Default: [`MemoryJobs`](super::MemoryJobs).
    pub job_store: Option<Arc<dyn JobStore>>,
    /// The largest number of running operations, jobs included; more are
    /// refused with `SYS.1010` and `Retry-After`. Default: 10,000.
    pub in_flight: usize,
    /// The addresses to which results may be posted, of those that requests name
    /// in `X-Web-Hook`. Others are refused. Default: loopback.
    pub webhook_allow: WebhookAllow,
    /// How webhooks are posted. Default: [`HttpWebhooks`](super::HttpWebhooks).
    pub webhook_transport: Option<Arc<dyn WebhookTransport>>,
    /// Believe `X-Forwarded-For` and `X-Real-IP`: for servers behind a proxy
    /// that sets them. Default: no.
    pub trust_forwarded: bool,
}

/// The treatment of a parameter that came after the emulated release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewerParameters {
    /// It is refused, with a text that names it, its release and the server's: a
    /// program that has to work with that release needs this.
    #[default]
    Refuse,
    /// It is ignored, as the platform ignores unknown parameters.
    Ignore,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version: Version::NEWEST,
            newer_parameters: NewerParameters::Refuse,
            body_limit: 8 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            settle: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
            force_jobs: false,
            api_timeout: Duration::from_secs(30 * 60),
            sync_timeout: Duration::from_secs(5 * 60),
            job_path: "/zstack/v1/api-jobs/".to_owned(),
            location_base: None,
            job_expiry: Duration::from_secs(10_800),
            max_jobs: 100_000,
            job_store: None,
            in_flight: 10_000,
            webhook_allow: WebhookAllow::default(),
            webhook_transport: None,
            trust_forwarded: false,
        }
    }
}

/// Writes the setters, and `Debug`, of options that are plain values.
macro_rules! plain_options {
    ($($name:ident: $kind:ty),+ $(,)?) => {
        impl Options {
            $(
                #[doc = concat!("Sets [`", stringify!($name), "`](field@Self::", stringify!($name), ").")]
                #[must_use]
                pub fn $name(mut self, value: $kind) -> Self {
                    self.$name = value.into();
                    self
                }
            )+
        }

        impl fmt::Debug for Options {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut debug = f.debug_struct("Options");
                $(debug.field(stringify!($name), &self.$name);)+
                debug.finish_non_exhaustive()
            }
        }
    };
}

plain_options! {
    version: Version,
    newer_parameters: NewerParameters,
    body_limit: usize,
    body_timeout: Duration,
    settle: Duration,
    longest_wait: Duration,
    force_jobs: bool,
    api_timeout: Duration,
    sync_timeout: Duration,
    job_path: impl Into<String>,
    location_base: impl Into<Option<String>>,
    job_expiry: Duration,
    max_jobs: usize,
    in_flight: usize,
    webhook_allow: WebhookAllow,
    trust_forwarded: bool,
}

impl Options {
    /// Sets [`job_store`](field@Self::job_store).
    #[must_use]
    pub fn job_store(mut self, store: Arc<dyn JobStore>) -> Self {
        self.job_store = Some(store);
        self
    }

    /// Sets [`webhook_transport`](field@Self::webhook_transport).
    #[must_use]
    pub fn webhook_transport(mut self, transport: impl WebhookTransport) -> Self {
        self.webhook_transport = Some(Arc::new(transport));
        self
    }
}
