use std::fmt;

use axum::response::Response;
use http::header::{ALLOW, CONNECTION};
use http::{HeaderValue, StatusCode};

use super::respond;

/// The refusal of a request before it becomes a call: a status, and a text that
/// lists everything that the caller has to correct.
#[derive(Debug)]
pub struct Rejection {
    status: StatusCode,
    text: String,
    allow: Option<HeaderValue>,
    close: bool,
}

impl Rejection {
    /// Status 400.
    #[must_use]
    pub fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), allow: None, close: false }
    }

    pub(crate) fn forbidden(text: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, text)
    }

    /// The connection cannot be used again: the rest of the body is not read.
    fn closing(status: StatusCode, text: impl Into<String>) -> Self {
        Self { close: true, ..Self::new(status, text) }
    }

    pub(crate) fn cross_origin() -> Self {
        const TEXT: &str = "the request comes from a page of another origin, and its body may be that of a form; \
                            send `Content-Type: application/json`";
        Self::closing(StatusCode::FORBIDDEN, TEXT)
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no {path}"))
    }

    /// Status 404, for a path of the platform that this API does not describe.
    pub(crate) fn not_described(path: &str, operations: &[&str]) -> Self {
        let operations = operations.join(", ");
        Self::new(
            StatusCode::NOT_FOUND,
            format!("{path} is the path of {operations}, which this server does not have"),
        )
    }

    pub(crate) fn job_uuid_in_use(uuid: &str) -> Self {
        Self::bad_request(format!("the job UUID {uuid} is in use; take another"))
    }

    /// Status 200, with which the legacy channel refuses a message.
    pub(crate) fn unreadable_message(problem: String) -> Self {
        Self::new(StatusCode::OK, problem)
    }

    pub(crate) fn no_such_job(uuid: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no job {uuid}, or no longer"))
    }

    /// Status 500: 503 would mean that the job has failed.
    pub(crate) fn jobs_unreadable() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the jobs cannot be read now; try again later")
    }

    pub(crate) fn method_not_allowed(method: &http::Method, allowed: &str) -> Self {
        let text = format!("{method} is not for this path; it takes {allowed}");
        // Names of methods are valid header values.
        let allow = HeaderValue::from_str(allowed).ok();
        Self { allow, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, text) }
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        Self::closing(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {limit} bytes"))
    }

    pub(crate) fn body_broke_off() -> Self {
        Self::closing(StatusCode::BAD_REQUEST, "the body is incomplete, or its chunks are malformed")
    }

    pub(crate) fn body_too_slow(seconds: f64) -> Self {
        let text = format!("the body did not arrive within {seconds} seconds");
        Self::closing(StatusCode::REQUEST_TIMEOUT, text)
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = respond::text(self.status, self.text);
        if let Some(allow) = self.allow {
            response.headers_mut().insert(ALLOW, allow);
        }
        if self.close {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// The text of the answer.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Rejection {}
