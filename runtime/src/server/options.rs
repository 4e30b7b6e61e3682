use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

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
    /// The release to emulate: operations, parameters, fields and values that came later, or that
    /// were removed by then, do not exist, and values are checked by the constraints of that release.
    /// Default: the newest.
    pub version: Version,
    /// The treatment of parameters, and fields in them, that [`version`](field@Self::version) does
    /// not have. Default: [`NewerParameters::Refuse`].
    pub newer_parameters: NewerParameters,
    /// The largest request body, in bytes; larger ones are refused with 413. Default: 8 MiB.
    pub body_limit: usize,
    /// The time limit for receiving a body; slower ones are refused with 408. Default: 30 s.
    pub body_timeout: Duration,
    /// The time that a caller that did not request a job waits for the answer to a long operation
    /// before it gets a job instead. Default: 1 s.
    pub settle: Duration,
    /// The maximum of `Prefer: wait`. Default: 60 s.
    pub longest_wait: Duration,
    /// Answers every long operation with a job at once. Default: no.
    pub force_jobs: bool,
    /// Lets a message of the older channel name an operation without a class in the spec by any class
    /// with the name of the operation, such as `org.zstack.APICreateVpcMsg`. Default: no.
    pub unlisted_messages: bool,
    /// The time limit of a long operation, unless `X-API-Timeout` sets another; its job then fails
    /// with `SYS.1001`. The operation itself continues, since half an operation is worse than a
    /// late one. Default: 30 minutes.
    pub api_timeout: Duration,
    /// The time limit of an operation that is answered at once. Default: 5 minutes.
    pub sync_timeout: Duration,
    /// The path where jobs are polled, with a slash at both ends. Official clients expect the
    /// default: `/zstack/v1/api-jobs/`.
    pub job_path: String,
    /// The base URL of job locations, such as `https://api.example.com`. Default: `http://` and the
    /// host of the request.
    pub location_base: Option<String>,
    /// The path before that of a job in its location, such as `/cloud-2`, if clients reach the server
    /// below it. Default: none.
    pub location_prefix: String,
    /// The time that the result of a job is kept, measured from the creation of the job, but at
    /// least an hour from its end. Default: 3 hours.
    pub job_expiry: Duration,
    /// The maximum number of stored jobs: running ones, and those with a result that has not
    /// expired. At the limit, callers that request a job are refused with `SYS.1010` and
    /// `Retry-After`, and all others wait for their answer; no job and no result is dropped to make
    /// room. Default: 100,000, which takes about 300 MB for results.
    pub max_jobs: usize,
    /// The store of jobs. Default: [`MemoryJobs`](super::MemoryJobs).
    pub job_store: Option<Arc<dyn JobStore>>,
    /// The maximum number of running operations, including jobs; further calls are refused with
    /// `SYS.1010` and `Retry-After`. Default: 10,000.
    pub in_flight: usize,
    /// The addresses to which results may be posted when a request names them in `X-Web-Hook`;
    /// others are refused. Default: loopback.
    pub webhook_allow: WebhookAllow,
    /// The transport of webhooks. Default: [`HttpWebhooks`](super::HttpWebhooks).
    pub webhook_transport: Option<Arc<dyn WebhookTransport>>,
    /// Trusts `X-Forwarded-For` and `X-Real-IP`, for servers behind a proxy that sets them.
    /// Default: no.
    pub trust_forwarded: bool,
    /// The clock by which jobs begin, end and expire. Default: the clock of the system at the start
    /// of the server, and the time since then.
    pub clock: Option<WallClock>,
}

/// Returns the time of day.
pub type WallClock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The treatment of a parameter that the emulated release does not have: one that came later, or
/// that was removed by then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewerParameters {
    /// The request is refused with a text that names the parameter, its release and the emulated
    /// release. Choose this to test programs that must work with that release.
    #[default]
    Refuse,
    /// The parameter is ignored, as the platform ignores unknown parameters.
    Ignore,
}

/// Generates the setters of plain options, `Debug`, and the defaults.
macro_rules! plain_options {
    ($($name:ident: $kind:ty = $default:expr,)+) => {
        impl Default for Options {
            fn default() -> Self {
                Self { $($name: $default,)+ job_store: None, webhook_transport: None, clock: None }
            }
        }

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
    version: Version = Version::NEWEST,
    newer_parameters: NewerParameters = NewerParameters::Refuse,
    body_limit: usize = 8 * 1024 * 1024,
    body_timeout: Duration = Duration::from_secs(30),
    settle: Duration = Duration::from_secs(1),
    longest_wait: Duration = Duration::from_secs(60),
    force_jobs: bool = false,
    unlisted_messages: bool = false,
    api_timeout: Duration = Duration::from_secs(30 * 60),
    sync_timeout: Duration = Duration::from_secs(5 * 60),
    job_path: impl Into<String> = "/zstack/v1/api-jobs/".to_owned(),
    location_base: impl Into<Option<String>> = None,
    location_prefix: impl Into<String> = String::new(),
    job_expiry: Duration = Duration::from_secs(10_800),
    max_jobs: usize = 100_000,
    in_flight: usize = 10_000,
    webhook_allow: WebhookAllow = WebhookAllow::default(),
    trust_forwarded: bool = false,
}

impl Options {
    /// Sets [`job_store`](field@Self::job_store).
    #[must_use]
    pub fn job_store(mut self, store: Arc<dyn JobStore>) -> Self {
        self.job_store = Some(store);
        self
    }

    /// Sets [`clock`](field@Self::clock).
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Sets [`webhook_transport`](field@Self::webhook_transport).
    #[must_use]
    pub fn webhook_transport(mut self, transport: impl WebhookTransport) -> Self {
        self.webhook_transport = Some(Arc::new(transport));
        self
    }
}
