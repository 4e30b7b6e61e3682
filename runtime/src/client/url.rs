//! URLs of the server, of operations and of jobs.

use std::fmt::Display;
use std::net::IpAddr;

use http::Uri;
use http::uri::PathAndQuery;

/// The URL of the server: scheme, host, port, and the path prefix of a proxy, without a trailing
/// slash.
#[derive(Clone, Debug)]
pub(super) struct BaseUrl {
    text: String,
    /// Scheme, host and port.
    origin: Uri,
    /// The path, without a trailing slash.
    prefix: String,
    https: bool,
    this_machine: bool,
}

impl BaseUrl {
    /// Parses a URL; the error is a message.
    pub(super) fn read(url: &str) -> Result<Self, String> {
        let text = url.trim().trim_end_matches('/');
        // A URL with a password is a secret, and is not shown.
        if text.contains('@') {
            return Err(
                "the server's URL must not contain a user name or password; use `ClientBuilder::login`"
                    .to_owned(),
            );
        }
        let invalid = |why: &str| format!("`{text}` is not the URL of a server: {why}");
        if text.contains(['?', '#']) {
            return Err(invalid("it must not have a query string or fragment"));
        }
        let uri: Uri = text.parse().map_err(|error: http::uri::InvalidUri| invalid(&error.to_string()))?;
        let https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(_) => return Err(invalid("the scheme must be http or https")),
            None => return Err(invalid("the scheme is missing, as in http://127.0.0.1:8080")),
        };
        let host = uri.host().unwrap_or_default();
        if host.is_empty() {
            return Err(invalid("the host is missing"));
        }
        if uri.path().ends_with("/zstack/v1") {
            return Err(invalid("leave out /zstack/v1, which is part of the path of each operation"));
        }
        let prefix = uri.path().trim_end_matches('/').to_owned();
        let this_machine = is_this_machine(host);
        Ok(Self { text: text.to_owned(), origin: uri, prefix, https, this_machine })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the path prefix of a proxy; empty if there is none.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn is_https(&self) -> bool {
        self.https
    }

    pub(super) fn is_this_machine(&self) -> bool {
        self.this_machine
    }

    /// Returns the URI of a path with its query string, `/zstack/v1/…`. The path is
    /// percent-encoded, so only its length can be invalid.
    pub(super) fn join(&self, path: &str) -> Result<Uri, String> {
        let unsendable = |error: &dyn Display| format!("the URL cannot be sent: {error}");
        let target = [&self.prefix, path].concat();
        let mut parts = self.origin.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(target).map_err(|error| unsendable(&error))?);
        Uri::from_parts(parts).map_err(|error| unsendable(&error))
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The part of `location` before the UUID of a job. Official clients split here, too: the host
/// before it is the one that the server knows, which clients often cannot reach.
const JOBS: &str = "/zstack/v1/api-jobs/";

/// Returns the path to poll a job.
pub(super) fn job_path(uuid: &str) -> Result<String, &'static str> {
    let mut path = JOBS.to_owned();
    push_segment(uuid, &mut path)?;
    Ok(path)
}

/// Returns the UUID of the job at a `location`.
pub(super) fn job_at(location: &str) -> Option<&str> {
    let (_, rest) = location.rsplit_once(JOBS)?;
    let uuid = rest.split(['/', '?', '#']).next()?;
    let plain = uuid.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (plain && (1..=64).contains(&uuid.len())).then_some(uuid)
}

/// Appends a percent-encoded text.
pub(super) fn push_encoded(text: &str, to: &mut String) {
    // Most texts are UUIDs and names.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if text.bytes().all(plain) {
        to.push_str(text);
    } else {
        to.extend(zstack_vocabulary::encode(text));
    }
}

/// Appends a value to a path as one segment. Empty values and dots would change the path.
pub(super) fn push_segment(value: &str, path: &mut String) -> Result<(), &'static str> {
    match value {
        "" => Err("is empty"),
        "." | ".." => Err("has a special meaning in a path"),
        _ => {
            push_encoded(value, path);
            Ok(())
        }
    }
}

/// A piece of an operation's path: literal text, or the name of a variable.
pub(super) enum Piece {
    Literal(&'static str),
    Variable(&'static str),
}

/// Splits the path of an operation into pieces.
pub(super) fn pieces(path: &'static str) -> impl Iterator<Item = Piece> {
    let mut rest = path;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(after) = rest.strip_prefix('{')
            && let Some((name, after)) = after.split_once('}')
        {
            rest = after;
            return Some(Piece::Variable(name));
        }
        // An unclosed brace is literal text.
        let end = rest.get(1..).and_then(|rest| rest.find('{')).map_or(rest.len(), |at| at + 1);
        let (literal, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Literal(literal))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_urls_with_and_without_a_prefix() {
        for (given, read) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            (" https://cloud.example.com/a/b// ", "https://cloud.example.com/a/b"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(BaseUrl::read(given).unwrap().as_str(), read);
        }
    }

    #[test]
    fn explains_invalid_urls() {
        for (url, why) in [
            ("", "empty"),
            ("127.0.0.1:8080", "scheme"),
            ("localhost", "scheme"),
            ("ftp://example.com", "must be http or https"),
            ("http://", ""),
            ("http://example.com/?a=b", "query string"),
            ("http://example.com/#a", "fragment"),
            ("http://host:8080/zstack/v1", "leave out /zstack/v1"),
            ("http://exa mple.com", "invalid"),
        ] {
            let error = BaseUrl::read(url).unwrap_err().to_string();
            assert!(error.contains(why), "{url}: {error}");
        }
        let error = BaseUrl::read("http://admin:topsecret@host").unwrap_err().to_string();
        assert!(!error.contains("topsecret"), "{error}");
    }

    #[test]
    fn recognizes_this_machine() {
        for (host, is) in [
            ("localhost", true),
            ("127.0.0.9", true),
            ("[::1]", true),
            ("10.0.0.1", false),
            ("localhost.com", false),
        ] {
            assert_eq!(is_this_machine(host), is, "{host}");
        }
    }

    #[test]
    fn extracts_the_job_from_a_location() {
        let uuid = "36c27e8ff05c4780bf6d2fa65700f22e";
        for location in [
            format!("http://10.0.0.1:8080/zstack/v1/api-jobs/{uuid}"),
            format!("/zstack/v1/api-jobs/{uuid}"),
            format!("https://proxy/prefix/zstack/v1/api-jobs/{uuid}?a=b"),
            format!("http://h/zstack/v1/api-jobs/zstack/v1/api-jobs/{uuid}/"),
        ] {
            assert_eq!(job_at(&location), Some(uuid), "{location}");
        }
        for location in
            ["", "http://h/", "/zstack/v1/api-jobs/", "/zstack/v1/api-jobs/?x", "/zstack/v1/api-jobs/a%2fb"]
        {
            assert_eq!(job_at(location), None, "{location}");
        }
    }
}
