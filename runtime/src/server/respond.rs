//! The last stage: builds the HTTP response.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

use super::answer::Answer;

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The reply to a call: a JSON object.
pub(crate) struct Reply {
    /// 202 if the caller gets a job.
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    pub(crate) retry_after: Option<Duration>,
    /// The value of `Preference-Applied`.
    pub(crate) preference_applied: Option<HeaderValue>,
}

impl Reply {
    pub(crate) fn answer(answer: Answer, with_schema: bool) -> Self {
        let status = answer.status;
        Self { status, body: answer.into_body(with_schema), retry_after: None, preference_applied: None }
    }

    /// Creates the reply with a job to poll; the body has its location.
    pub(crate) fn job(body: impl Into<Bytes>) -> Self {
        let status = StatusCode::ACCEPTED;
        Self { status, body: body.into(), retry_after: None, preference_applied: None }
    }
}

/// Builds the response of a reply.
pub(crate) fn respond(reply: Reply) -> Response {
    let mut response = json(reply.status, reply.body);
    if let Some(pause) = reply.retry_after {
        response.headers_mut().insert(RETRY_AFTER, pause.as_secs().into());
    }
    if let Some(preference) = reply.preference_applied {
        response.headers_mut().insert(PREFERENCE_APPLIED, preference);
    }
    response
}

/// Builds a JSON response.
pub(crate) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response
}

/// Builds a plain text response. The text may repeat input of the caller, so browsers must not
/// guess its type.
pub(crate) fn text(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
