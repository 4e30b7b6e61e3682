//! The outcome of an operation according to the body of a response, whatever its status.
//!
//! The platform reports failures with status 503. Proxies and other servers of the API may change
//! the status and keep the body: the API promises that a response with a non-null `error` is a
//! failure.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::{memchr, memmem};
use serde_json::value::RawValue;

/// The outcome of an operation according to a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The body reports no failure. It need not be JSON.
    NoFailure,
    /// `error` is not null.
    Error,
    /// `success` is false, without an error.
    NoSuccess,
}

impl Outcome {
    /// Reads `error` and `success` in a body.
    pub(super) fn of(body: &[u8]) -> Self {
        if !may_report_failure(body) {
            return Self::NoFailure;
        }
        // A body that is not a JSON object is reported when its result is decoded.
        let Ok(fields) = serde_json::from_slice::<HashMap<Cow<'_, str>, &RawValue>>(body) else {
            return Self::NoFailure;
        };
        let text = |name: &str| fields.get(name).map_or("null", |value| value.get());
        if text("error") != "null" {
            Self::Error
        } else if text("success").trim_matches('"').eq_ignore_ascii_case("false") {
            Self::NoSuccess
        } else {
            Self::NoFailure
        }
    }
}

/// Returns whether the body may have these fields. Most bodies have neither, and a text search
/// costs a small part of parsing.
fn may_report_failure(body: &[u8]) -> bool {
    let has = |text: &[u8]| memmem::find(body, text).is_some();
    // Letters of a key may be escaped, as in `\u0065rror`.
    let has_escaped_letter = || memchr(b'\\', body).is_some() && (has(b"\\u006") || has(b"\\u007"));
    has(b"\"error\"") || has(b"\"success\"") || has_escaped_letter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects_failures_in_any_body() {
        use Outcome::{Error, NoFailure, NoSuccess};
        for (body, outcome) in [
            ("", NoFailure),
            ("{}", NoFailure),
            ("<html>\"error\"</html>", NoFailure),
            (r#"{"error":null}"#, NoFailure),
            (r#"{"error" : null , "success":true}"#, NoFailure),
            (r#"{"success":"True"}"#, NoFailure),
            (r#"{"success":null}"#, NoFailure),
            (r#"{"success":["a"]}"#, NoFailure),
            (r#"{"inventory":{"error":{"code":"X.1"},"success":false}}"#, NoFailure),
            (r#"{"name":"\"error\":1 \u0065rror"}"#, NoFailure),
            (r#"["error"]"#, NoFailure),
            // Cut off: decoding the result will fail, too.
            (r#"{"error":{"code":"X.1"#, NoFailure),
            (r#"{"error":{"code":"X.1"}}"#, Error),
            (r#" {"inventory":{"uuid":"u"}, "error":{"code":"X.1"}} "#, Error),
            (r#"{"error":{},"success":true}"#, Error),
            (r#"{"error":"text"}"#, Error),
            (r#"{"error":false}"#, Error),
            (r#"{"\u0065\u0072\u0072\u006f\u0072":{"code":"X.1"}}"#, Error),
            (r#"{"err\u006Fr":{"code":"X.1"}}"#, Error),
            (r#"{"error":{"code":"X.1"},"success":false}"#, Error),
            (r#"{"success":false}"#, NoSuccess),
            (r#"{"version":"5.2.1","success":"False","error":null}"#, NoSuccess),
        ] {
            assert_eq!(Outcome::of(body.as_bytes()), outcome, "{body}");
        }
    }
}
