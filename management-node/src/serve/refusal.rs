//! Responses to requests that are not valid HTTP/1.1.

use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;

use crate::uuids;

/// The maximum size of a request line with its headers, in bytes.
pub(super) const MAX_HEAD_BYTES: usize = 128 * 1024;

/// The response to a request that is invalid or incomplete.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) text: String,
    pub(super) request_id: String,
}

impl Refusal {
    fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), request_id: uuids::random() }
    }

    /// The response to a request whose headers took too long.
    pub(super) fn header_timeout(limit: Duration) -> Self {
        let text =
            format!("the headers of the request did not arrive within {} seconds", limit.as_secs_f64());
        Self::new(StatusCode::REQUEST_TIMEOUT, text)
    }

    /// The response to a request that hyper cannot parse. `status` is the status of
    /// hyper's own response; `received` are the bytes that it has not parsed.
    pub(super) fn invalid_http(error: &hyper::Error, status: Option<StatusCode>, received: &Bytes) -> Self {
        if error.is_parse_version_h2() {
            return Self::new(
                StatusCode::HTTP_VERSION_NOT_SUPPORTED,
                "the request begins an HTTP/2 connection, but this server speaks HTTP/1.1",
            );
        }
        let status = status.unwrap_or(StatusCode::BAD_REQUEST);
        Self::new(status, problem(status, &error.to_string(), received))
    }

    /// Writes the HTTP response.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let reason = self.status.canonical_reason().unwrap_or_default();
        let date = jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&jiff::Timestamp::now())
            .map_or_else(|_| String::new(), |date| format!("date: {date}\r\n"));
        format!(
            "HTTP/1.1 {} {reason}\r\ncontent-type: text/plain;charset=UTF-8\r\nx-content-type-options: nosniff\r\n\
             x-request-id: {}\r\nconnection: close\r\ncontent-length: {}\r\n{date}\r\n{}",
            self.status.as_str(),
            self.request_id,
            self.text.len(),
            self.text
        )
        .into_bytes()
    }
}

/// Describes the problem, which is derived from the text of hyper's error.
fn problem(status: StatusCode, error: &str, received: &[u8]) -> String {
    match (status, error) {
        (StatusCode::URI_TOO_LONG, _) => "the target of the request line is longer than 65,534 bytes".into(),
        (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, _) => format!(
            "the request line and the headers are larger than {MAX_HEAD_BYTES} bytes, or there are more than 100 headers"
        ),
        (_, "invalid URI") if ends_early(received) => NO_VERSION.into(),
        (_, "invalid URI") => {
            "the target of the request line is not a valid URI; percent-encode spaces, control characters and any of \
             `\"<>\\^`{|}`, such as %20 for a space"
                .into()
        }
        (_, "invalid HTTP method parsed") if received.starts_with(b"\x16\x03") => {
            "the request begins a TLS handshake, but this server speaks plain HTTP; use an http:// URL".into()
        }
        (_, "invalid HTTP method parsed") => {
            "the method in the request line contains an invalid character, or the request is not HTTP".into()
        }
        (_, "invalid HTTP version parsed") => version_problem(received).into(),
        (_, "invalid content-length parsed") => {
            "the Content-Length header must be a single number of bytes".into()
        }
        (_, "invalid transfer-encoding parsed" | "unexpected transfer-encoding parsed") => {
            "the Transfer-Encoding header must be `chunked`, and the version HTTP/1.1".into()
        }
        (_, "invalid HTTP header parsed") => {
            "a header is malformed; each header must be a line `Name: value` without control characters".into()
        }
        (_, other) => format!("the request is not HTTP/1.1: {other}"),
    }
}

const NO_VERSION: &str = "the request line has no version; it must be a method, a target and `HTTP/1.1`";

/// Describes a request line with an invalid version.
fn version_problem(received: &[u8]) -> &'static str {
    match words(received).count() {
        0..=2 => NO_VERSION,
        3 => "the version of the request line must be `HTTP/1.1` or `HTTP/1.0`",
        _ => "the target of the request line contains a space; write %20, or + in a query string",
    }
}

/// Returns true if the request line ends after its target.
fn ends_early(received: &[u8]) -> bool {
    let mut words = words(received).skip(1);
    words.next().is_some_and(|target| target.starts_with(b"/")) && words.next().is_none()
}

/// The words of the request line.
fn words(received: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line = received.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.trim_ascii_end().split(|byte| *byte == b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_request_lines_with_an_invalid_version() {
        for (received, part) in [
            (&b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"[..], "contains a space"),
            (b"GET /a?q=name = x HTTP/1.1\r\n\r\n", "contains a space"),
            (b"\r\nGET /a HTTP/2.0\r\n\r\n", "must be `HTTP/1.1`"),
            (b"GET /a\r\nHost: x\r\n\r\n", "has no version"),
            (b"", "has no version"),
        ] {
            assert!(version_problem(received).contains(part), "{}", received.escape_ascii());
        }
    }
}
