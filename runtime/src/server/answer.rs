//! Encoded answers of operations.

use bytes::Bytes;
use http::StatusCode;

use super::outcome::Outcome;
use super::schema;
use crate::record::{AnyRecord, Record as _};
use crate::{ErrorCode, Version, encode};

/// The encoded answer of an operation: a result or an error.
///
/// It is cheap to clone, since a job can be polled many times. The schema is separate because each
/// poll says whether it wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 200, or 503 if the body is an error.
    pub status: StatusCode,
    /// A JSON object.
    pub body: Bytes,
    /// The value of the key `schema` in the body, for callers that request it; `None` for errors.
    pub schema: Option<Bytes>,
}

impl Answer {
    /// Encodes an outcome, with its schema if `with_schema` is set: a caller may request it.
    pub(crate) fn of(outcome: Outcome<EncodedResult>, at: Version, with_schema: bool) -> Self {
        match outcome {
            Ok(EncodedResult { mut body, schema }) => {
                let schema = if with_schema { schema.encode(at) } else { None };
                if schema.is_some() {
                    // A job may keep it for hours.
                    body.shrink_to_fit();
                }
                Self { status: StatusCode::OK, body: body.into(), schema: schema.map(Bytes::from) }
            }
            Err(error) => Self::error(&error, at),
        }
    }

    /// Encodes a result with its schema, for callers that poll.
    pub(crate) fn success(answer: &dyn AnyRecord, at: Version) -> Self {
        let (mut body, schema) = (encode_body(answer, None, at), schema::of(answer, None, at));
        body.shrink_to_fit();
        Self { status: StatusCode::OK, body: body.into(), schema: Some(schema.into()) }
    }

    pub(crate) fn error(error: &ErrorCode, at: Version) -> Self {
        let mut body = Vec::with_capacity(256);
        body.extend_from_slice(br#"{"error":"#);
        // Every release has errors, also a release before the first documented one.
        encode::record(error, at.max(ErrorCode::SHAPE.since), &mut body);
        body.push(b'}');
        Self { status: StatusCode::SERVICE_UNAVAILABLE, body: body.into(), schema: None }
    }

    /// Returns whether it is a result, not an error.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == StatusCode::OK
    }

    /// Returns the body, with the schema as its last key if `with_schema` is set and there is one.
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
}

/// The encoded result of an operation.
pub struct EncodedResult {
    pub(crate) body: Vec<u8>,
    pub(crate) schema: Schema,
}

impl EncodedResult {
    /// The result of a dry run.
    pub(crate) fn empty() -> Self {
        Self { body: b"{}".to_vec(), schema: Schema::Empty }
    }
}

/// The `schema` of an answer. It is encoded only if a caller may request it, since that takes
/// longer than encoding the answer, and few callers do.
pub(crate) enum Schema {
    /// No caller will ask.
    None,
    /// The schema of an answer without fields.
    Empty,
    Of {
        answer: Box<dyn AnyRecord + Send>,
        /// The fields of each record that a query requests.
        names: Option<Box<[String]>>,
    },
}

impl Schema {
    pub(crate) fn encode(self, at: Version) -> Option<Vec<u8>> {
        match self {
            Self::None => None,
            Self::Empty => Some(b"{}".to_vec()),
            Self::Of { answer, names } => Some(schema::of(&*answer, names.as_deref(), at)),
        }
    }
}

/// Encodes an answer; of a query, only the fields of these names. Not generic,
/// so that it is compiled once.
pub(crate) fn encode_body(answer: &dyn AnyRecord, names: Option<&[String]>, at: Version) -> Vec<u8> {
    // Enough for an inventory with its lists: growing costs a copy.
    let mut body = Vec::with_capacity(3 * 1024);
    match names {
        Some(names) => encode::projection(answer, names, at, &mut body),
        None => encode::record(answer, at, &mut body),
    }
    body
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
