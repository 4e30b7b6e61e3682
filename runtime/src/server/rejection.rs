use std::fmt;

use axum::response::Response;
use http::header::{ALLOW, CONNECTION};
use http::{HeaderValue, StatusCode};

use super::respond;

/// The refusal of a request before it becomes a call: a status, and a text that lists everything
/// that the caller has to correct.
#[derive(Debug)]
pub struct Rejection {
    status: StatusCode,
    text: String,
    allow: Option<HeaderValue>,
    close: bool,
    /// A response that replaces that of the refusal.
    response: Option<Box<Response>>,
}

impl Rejection {
    /// Creates a refusal with status 400.
    #[must_use]
    pub fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), allow: None, close: false, response: None }
    }

    /// Creates a refusal with the response of a hook.
    pub(crate) fn of_hook(response: Response) -> Self {
        let text = format!("a hook of the server answered with status {}", response.status());
        let status = response.status();
        Self { response: Some(Box::new(response)), ..Self::new(status, text) }
    }

    pub(crate) fn forbidden(text: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, text)
    }

    /// Creates a refusal that closes the connection, since the rest of the body is not read.
    fn closing(status: StatusCode, text: impl Into<String>) -> Self {
        Self { close: true, ..Self::new(status, text) }
    }

    pub(crate) fn cross_origin() -> Self {
        const TEXT: &str = "the request comes from a page of another origin, and its body may be a form; \
                            send `Content-Type: application/json`";
        Self::closing(StatusCode::FORBIDDEN, TEXT)
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no {path}"))
    }

    /// Creates a refusal with status 404 for a path of the platform that this API does not
    /// describe.
    pub(crate) fn not_described(path: &str, operations: &[&str]) -> Self {
        let operations = operations.join(", ");
        Self::new(
            StatusCode::NOT_FOUND,
            format!("{path} is the path of {operations}, which this server does not serve"),
        )
    }

    pub(crate) fn job_uuid_in_use(uuid: &str) -> Self {
        Self::bad_request(format!("the job UUID {uuid} is in use; choose another"))
    }

    /// Creates a refusal with status 200, as the legacy channel refuses messages.
    pub(crate) fn unreadable_message(problem: String) -> Self {
        Self::new(StatusCode::OK, problem)
    }

    pub(crate) fn no_such_job(uuid: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no job {uuid}; it may have expired"))
    }

    /// Creates a refusal with status 500; 503 would mean that the job has failed.
    pub(crate) fn jobs_unreadable() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "jobs cannot be read now; try again later")
    }

    pub(crate) fn method_not_allowed(method: &http::Method, allowed: &str) -> Self {
        let text = format!("{method} is not allowed on this path; allowed: {allowed}");
        // Method names are valid header values.
        let allow = HeaderValue::from_str(allowed).ok();
        Self { allow, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, text) }
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        Self::closing(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {limit} bytes"))
    }

    pub(crate) fn malformed_body() -> Self {
        Self::closing(StatusCode::BAD_REQUEST, "the body is incomplete, or its chunks are malformed")
    }

    pub(crate) fn body_too_slow(seconds: f64) -> Self {
        let text = format!("the body did not arrive within {seconds} seconds");
        Self::closing(StatusCode::REQUEST_TIMEOUT, text)
    }

    /// Returns the status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn into_response(self) -> Response {
        if let Some(response) = self.response {
            return *response;
        }
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

/// Writes the text of the response.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Rejection {}
