//! Responses of `/_node`, and their errors.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::StatusCode;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use serde::Deserialize;
use serde_json::{Value, json};
use zstack_server::read_body;

use crate::inventory::LoadError;

/// An error response: a status, and a text for each problem.
pub(super) struct ControlError {
    pub(super) status: StatusCode,
    pub(super) errors: Vec<String>,
    /// The methods of the path, if the method of the request is not one of them.
    pub(super) allow: Option<&'static str>,
}

impl ControlError {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, errors: vec![text.into()], allow: None }
    }

    pub(super) fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    pub(super) fn not_found(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, text)
    }

    /// The error for several problems of a request.
    pub(super) fn problems(errors: Vec<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, errors, allow: None }
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = respond(self.status, &json!({ "errors": self.errors }));
        if let Some(allow) = self.allow {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

pub(super) async fn read_text(
    body: Body,
    max_bytes: usize,
    timeout: Duration,
) -> Result<String, ControlError> {
    let bytes = read_body(body, max_bytes, timeout).await;
    let bytes = bytes.map_err(|refusal| ControlError::new(refusal.status(), refusal.to_string()))?;
    String::from_utf8(bytes.into())
        .map_err(|error| ControlError::bad_request(format!("the body is not UTF-8: {error}")))
}

pub(super) fn parse_json<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, ControlError> {
    serde_json::from_str(body)
        .map_err(|error| ControlError::bad_request(format!("the body is invalid: {error}")))
}

pub(super) fn load_failure(error: &LoadError) -> ControlError {
    match error {
        LoadError::Problems { name, problems } => {
            ControlError::problems(problems.iter().map(|problem| format!("{name}:{problem}")).collect())
        }
        _ => unavailable(error),
    }
}

/// The error for a failure of the node.
pub(super) fn unavailable(error: &impl std::error::Error) -> ControlError {
    ControlError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
}

pub(super) fn respond(status: StatusCode, json: &Value) -> Response {
    respond_with(status, "application/json", Body::from(json.to_string()))
}

pub(super) fn respond_with(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
