//! The bodies of answers: JSON of results and errors, texts of refusals.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

use super::routes::{Outcome, Served};
use crate::record::Record as _;
use crate::{ErrorCode, Version, encode};

/// What came of an operation, encoded: cheap to clone, so that a job can be
/// polled many times. The schema is kept apart since each poll says whether
/// it wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 200, or 503 where the body holds an error.
    pub status: StatusCode,
    /// A JSON object.
    pub body: Bytes,
    /// What the body gets as `schema` where that is asked for; none on errors.
    pub schema: Option<Bytes>,
}

impl Answer {
    /// `with_schema` says whether anybody can ask for the schema.
    pub(crate) fn of(outcome: Outcome<Served>, at: Version, with_schema: bool) -> Self {
        match outcome {
            Ok(Served { mut body, schema }) => {
                let schema = if with_schema { schema.written(at) } else { None };
                if schema.is_some() {
                    // It may be kept for hours.
                    body.shrink_to_fit();
                }
                Self { status: StatusCode::OK, body: body.into(), schema: schema.map(Bytes::from) }
            }
            Err(error) => Self::error(&error, at),
        }
    }

    pub(crate) fn error(error: &ErrorCode, at: Version) -> Self {
        let mut body = Vec::with_capacity(256);
        body.extend_from_slice(br#"{"error":"#);
        // An error says why whatever the release, also one before all others.
        encode::record(error, at.max(ErrorCode::SHAPE.since), &mut body);
        body.push(b'}');
        Self { status: StatusCode::SERVICE_UNAVAILABLE, body: body.into(), schema: None }
    }

    /// Whether it is a result and no error.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == StatusCode::OK
    }

    /// The body, with the schema as its last key if there is one and it is
    /// wanted.
    pub(crate) fn into_body(self, with_schema: bool) -> Bytes {
        let (Some(schema), true) = (&self.schema, with_schema) else {
            return self.body;
        };
        let Some(object) = self.body.strip_suffix(b"}") else {
            return self.body;
        };
        const KEY: &[u8] = br#""schema":"#;
        let mut body = Vec::with_capacity(self.body.len() + KEY.len() + schema.len() + 1);
        body.extend_from_slice(object);
        if object != b"{" {
            body.push(b',');
        }
        body.extend_from_slice(KEY);
        body.extend_from_slice(schema);
        body.push(b'}');
        body.into()
    }

    pub(crate) fn respond(self, with_schema: bool) -> Response {
        json(self.status, self.into_body(with_schema))
    }
}

/// An answer of JSON.
pub(crate) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response
}

/// An answer of text. It may repeat what the caller sent, so nobody is to
/// guess at its type.
pub(crate) fn text(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_why_whatever_the_release() {
        let error = ErrorCode { code: "SYS.1000".to_owned(), ..ErrorCode::default() };
        for at in [Version::new("0"), Version::new("0.6"), Version::NEWEST] {
            assert_eq!(&*Answer::error(&error, at).body, br#"{"error":{"code":"SYS.1000"}}"#);
        }
    }
}
