//! The error type of the client.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;

use super::excerpt::{excerpt, one_line};
use super::subject::Subject;
use super::transport::{BoxError, TransportError};
use crate::ErrorCode;
use crate::error_chain::ErrorChain;
use crate::operation::{Auth, Operation};

/// The error of a failed call.
///
/// [`kind`](Self::kind) is the kind of failure, and [`has_code`](Self::has_code) checks for a code
/// of the platform: one `match` is enough for every operation.
///
/// ```
/// use zstack_runtime::client::{Error, ErrorKind};
///
/// fn what_to_do(error: &Error) -> &'static str {
///     match error.kind() {
///         _ if error.is_session_expired() => "log in again",
///         ErrorKind::Refused if error.has_code("VM.1010") => "stop the VM first",
///         ErrorKind::Refused => "read the details",
///         ErrorKind::Deadline => "resume the job later",
///         ErrorKind::Transport => "look at the network",
///         _ => "report a bug",
///     }
/// }
/// # let error = zstack_runtime::client::Client::new("ftp://example.com").unwrap_err();
/// # assert_eq!(what_to_do(&error), "report a bug");
/// ```
///
/// Its text has all details in one line: operation, HTTP request line, status, code, description,
/// details, and the underlying errors. So [`source`](std::error::Error::source) returns `None`, and
/// programs that print chains of errors print nothing twice; [`underlying`](Self::underlying)
/// returns the underlying error.
///
/// Neither `Display` nor `Debug` shows the session or a password of the call; [`body`](Self::body),
/// [`error_code`](Self::error_code) and `underlying` may contain them.
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    /// The failure, as the rest of a sentence.
    problem: String,
    subject: Subject,
    status: Option<StatusCode>,
    body: Bytes,
    code: Option<ErrorCode>,
    job: Option<String>,
    timed_out: bool,
    may_be_sent_again: bool,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// The platform's code for a session that is invalid or has expired.
const SESSION_EXPIRED: &str = "ID.1001";

/// The kind of failure of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The platform refused the call; [`Error::error_code`] has the reason.
    Refused,
    /// The server did not accept the request: a plain text response, mostly with status 4xx or 500.
    Rejected,
    /// The response does not conform to the API. The operation may have been performed.
    Unreadable,
    /// There is no response. The operation may have been performed.
    Transport,
    /// The deadline has passed. The job continues: resume it with
    /// [`Client::job`](super::Client::job) and [`Error::job_uuid`].
    Deadline,
    /// The server does not know the job: it has expired, or never existed.
    JobLost,
    /// Nothing was sent: the request, an option or the client itself is invalid.
    Invalid,
    /// Nothing was sent: the server's release
    /// ([`Client::api_version`](super::Client::api_version)) lacks something
    /// that the request needs, since it came later.
    TooNew,
    /// Nothing was sent: the server's release
    /// ([`Client::api_version`](super::Client::api_version)) no longer has
    /// something in the request; the text names the alternative.
    Removed,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, problem: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            problem: problem.into(),
            subject: Subject::default(),
            status: None,
            body: Bytes::new(),
            code: None,
            job: None,
            timed_out: false,
            may_be_sent_again: false,
            source: None,
        }))
    }

    pub(super) fn invalid(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, problem)
    }

    /// Returns a copy, for another call that fails for the same reason.
    pub(super) fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// Sets the subject, unless there is one: a call may fail because its log-in failed.
    pub(super) fn about(mut self, subject: &Subject) -> Self {
        if self.operation().is_some() {
            return self;
        }
        // Callers can inspect the underlying error, too, which must hide the same secrets.
        let source = self.0.source.as_mut().and_then(Arc::get_mut);
        if let Some(source) = source.and_then(|source| source.downcast_mut::<Self>()) {
            source.0.subject = subject.without_operation();
        }
        self.0.subject = subject.clone();
        self
    }

    pub(super) fn with_response(mut self, status: StatusCode, body: Bytes) -> Self {
        self.0.status = Some(status);
        self.0.body = body;
        self
    }

    pub(super) fn with_code(mut self, code: Option<ErrorCode>) -> Self {
        self.0.code = code;
        self
    }

    pub(super) fn with_job(mut self, uuid: Option<&str>) -> Self {
        if let Some(uuid) = uuid {
            self.0.job = Some(uuid.to_owned());
        }
        self
    }

    pub(super) fn with_timeout(mut self) -> Self {
        self.0.timed_out = true;
        self
    }

    pub(super) fn with_cause(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Creates the error of an exchange without a response.
    pub(super) fn no_response(error: TransportError) -> Self {
        let began = error.began();
        let mut it = Self::new(ErrorKind::Transport, "no response").with_cause(error.into_inner());
        it.0.may_be_sent_again = !began;
        it
    }

    /// Returns whether the connection failed before a response arrived. A time-out does not count:
    /// the server may still be working.
    pub(super) fn is_connection_lost(&self) -> bool {
        self.0.may_be_sent_again
    }

    /// Returns whether the session was refused, which means that nothing was done.
    pub(super) fn is_session_refused(&self) -> bool {
        self.code() == Some(SESSION_EXPIRED)
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the operation called; `None` for errors in building a client.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.subject.operation
    }

    /// Returns the HTTP status of the response; `None` without a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the error as the platform reported it.
    #[must_use]
    pub fn error_code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// Returns the outermost code, such as `SYS.1006`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.error_code().map(|error_code| error_code.code.as_str())
    }

    /// Returns whether the platform reported this code, as the error itself or as one of its
    /// causes.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        fn names(error: &ErrorCode, code: &str) -> bool {
            error.chain().any(|error| {
                error.code == code || error.causes.iter().flatten().any(|cause| names(cause, code))
            })
        }
        self.error_code().is_some_and(|error| names(error, code))
    }

    /// Returns the underlying error of the transport or of the JSON decoder.
    ///
    /// Its text is already part of the text of this error. Unlike that one, it may show secrets of
    /// the call.
    ///
    /// ```
    /// use std::io;
    /// use zstack_runtime::client::Error;
    ///
    /// fn is_connection_refused(error: &Error) -> bool {
    ///     let mut chain = std::iter::successors(error.underlying(), |error| error.source());
    ///     chain.any(|error| {
    ///         error.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused)
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn underlying(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|error| error as _)
    }

    /// Returns the unchanged body of the response; empty without a response.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// Returns the UUID of the job that the call became, if it is known.
    #[must_use]
    pub fn job_uuid(&self) -> Option<&str> {
        self.0.job.as_deref()
    }

    /// Returns whether the session is invalid or has expired, so that a log-in is needed.
    #[must_use]
    pub fn is_session_expired(&self) -> bool {
        self.has_code(SESSION_EXPIRED)
    }

    /// Returns whether the account name or the password is wrong.
    #[must_use]
    pub fn is_authentication_failed(&self) -> bool {
        self.has_code("ID.1000")
    }

    /// Returns whether the account lacks the permission.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.has_code("ID.1002")
    }

    /// Returns whether a resource in the request does not exist, or the operation itself does not.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has_code("SYS.1003")
            || (self.kind() == ErrorKind::Rejected && self.status() == Some(StatusCode::NOT_FOUND))
    }

    /// Returns whether a parameter is invalid.
    #[must_use]
    pub fn is_invalid_argument(&self) -> bool {
        self.has_code("SYS.1007")
    }

    /// Returns whether the state of the VM does not allow the operation.
    #[must_use]
    pub fn is_wrong_state(&self) -> bool {
        self.has_code("VM.1010")
    }

    /// Returns whether a time limit was exceeded: the client's deadline, the limit of one exchange,
    /// or the platform's.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Deadline || self.0.timed_out || self.has_code("SYS.1001")
    }

    fn to_text(&self) -> String {
        let it = &*self.0;
        let mut text = String::new();
        if let Some(operation) = it.subject.operation {
            text = format!("{} ({operation}): ", operation.name);
        }
        text.push_str(&it.problem);
        if let Some(status) = it.status {
            text.push_str(&format!(" [{status}]"));
        }
        if let Some(code) = &it.code {
            text.push_str(&format!(": {code}"));
        }
        if let Some(source) = &it.source {
            text.push_str(&format!(": {}", ErrorChain(&**source)));
        }
        // The body of a readable error has no further details.
        if !it.body.is_empty() && it.kind != ErrorKind::Refused {
            let joint = if it.kind == ErrorKind::Unreadable { "; the body: " } else { ": " };
            text.push_str(joint);
            text.push_str(&self.body_text());
        }
        if let Some(job) = &it.job {
            text.push_str(&format!("; job {job}"));
        }
        it.subject.hide(one_line(&text))
    }

    /// Returns the beginning of the body. The result of an operation without a session may itself
    /// contain a session.
    fn body_text(&self) -> String {
        let it = &*self.0;
        let may_contain_session = it.status.is_some_and(|status| status.is_success())
            && it.subject.operation.is_some_and(|operation| operation.auth == Auth::None);
        if may_contain_session {
            format!("{} bytes, hidden because they may contain a session", it.body.len())
        } else {
            excerpt(&it.body)
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// Writes the kind and the text of [`fmt::Display`], since `unwrap` prints this form.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({:?})", self.kind(), self.to_text())
    }
}

/// Has no source: its text includes all of them.
impl std::error::Error for Error {}
