//! The connection to a management node: its URL, the credentials, and single exchanges.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, timeout};

use super::atomic_version::AtomicVersion;
use super::credentials::Credentials;
use super::error::{Error, ErrorKind};
use super::options::{CallOptions, PollPolicy};
use super::request::add_headers;
use super::subject::Subject;
use super::timer::{in_runtime, show_duration};
use super::transport::Transport;
use super::url::BaseUrl;
use super::webhook::Webhook;
use crate::Version;

/// The default limit of one exchange: the platform's own limit for operations that it answers at
/// once.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The default limit of a job if neither the caller nor the server sets one.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// The additional time after the server's limit: its own error has more details.
const GRACE: Duration = Duration::from_secs(60);

/// The state of a client. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connection {
    pub(super) shared: Arc<Shared>,
    pub(super) credentials: Credentials,
    pub(super) options: CallOptions,
}

/// The state that all clones of a client share.
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

impl Connection {
    /// Returns the known release of the server.
    pub(super) fn version(&self) -> Version {
        self.shared.version.get()
    }

    pub(super) fn request_timeout(&self) -> Duration {
        self.options.request_timeout.or(self.shared.request_timeout).unwrap_or(REQUEST_TIMEOUT)
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.options.deadline.or(self.shared.deadline)
    }

    /// Returns how long to wait for a job; `api_timeout` is the server's limit.
    pub(super) fn patience(&self, api_timeout: Option<Duration>) -> Duration {
        self.deadline().unwrap_or_else(|| api_timeout.map_or(PATIENCE, |limit| limit.saturating_add(GRACE)))
    }

    /// Adds a session or a signature to a request.
    pub(super) fn authorize(
        &self,
        session: Option<&str>,
        request: &mut http::Request<Bytes>,
    ) -> Result<(), Error> {
        self.credentials.authorize(&self.shared.base, session, request).map_err(Error::invalid)
    }

    /// Discards the session of an account if the server refused it.
    pub(super) fn note_refusal(&self, error: &Error, subject: &Subject) {
        if let Credentials::Account(account) = &self.credentials
            && error.is_session_refused()
            && let Some(session) = subject.session()
        {
            account.discard(session);
        }
    }

    /// Sends a request and receives its response, within `limit` and before
    /// `until`.
    pub(super) fn send(
        &self,
        mut request: http::Request<Bytes>,
        limit: Duration,
        until: Option<Instant>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, Error>> + Send {
        add_headers(&mut request);
        // Outside of the future, which then does not store the request.
        let sent = in_runtime().map(|()| self.shared.transport.send(request));
        async move {
            let remaining = until.map_or(limit, |until| until.saturating_duration_since(Instant::now()));
            match timeout(limit.min(remaining), sent?).await {
                Ok(Ok(response)) => Ok(response),
                Ok(Err(error)) => Err(Error::no_response(error)),
                Err(_) if remaining < limit => {
                    Err(Error::new(ErrorKind::Deadline, "not completed within the deadline"))
                }
                Err(_) => {
                    let problem = format!("no response within {}", show_duration(limit));
                    Err(Error::new(ErrorKind::Transport, problem).with_timeout())
                }
            }
        }
    }
}
