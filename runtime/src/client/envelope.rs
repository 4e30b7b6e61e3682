//! The outcome of an operation according to the body of an answer, whatever its
//! status.
//!
//! The platform sends failures with status 503. Proxies and other servers of
//! the API change the status and keep the body: an answer whose `error` is not
//! null is a failure, as the API promises.

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
    /// `success` is false, and there is no error that explains it.
    NoSuccess,
}

impl Outcome {
    /// Reads `error` and `success` of a body.
    pub(super) fn of(body: &[u8]) -> Self {
        if !may_report_failure(body) {
            return Self::NoFailure;
        }
        // What is not a JSON object is reported where its result is read.
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

/// Whether the body may have the fields. Most bodies have not, and searching
/// for a text costs a small part of parsing.
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
    fn a_failure_is_found_whatever_is_around_it() {
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
            // Cut off: the result cannot be read either.
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
