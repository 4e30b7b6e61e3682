//! Access keys, and the signing of requests.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{AUTHORIZATION, DATE};
use jiff::tz::TimeZone;

use super::url::BaseUrl;
use crate::signature::{signature, signed_path};

/// Adds the header `Authorization`, which `Debug` hides. The error is a message.
pub(super) fn insert_secret(
    request: &mut http::Request<Bytes>,
    value: String,
    what: &str,
) -> Result<(), String> {
    let mut value =
        HeaderValue::try_from(value).map_err(|_| format!("not sent: a header must not contain {what}"))?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}

/// An access key and its secret.
#[derive(Clone)]
pub(super) struct AccessKey {
    pub(super) id: String,
    pub(super) secret: Arc<str>,
    /// The time zone of the signed `Date`.
    pub(super) zone: TimeZone,
}

impl AccessKey {
    /// Signs a request with the current time.
    pub(super) fn sign(&self, base: &BaseUrl, request: &mut http::Request<Bytes>) -> Result<(), String> {
        let date = date(jiff::Timestamp::now(), &self.zone);
        let path = signed_path(strip_prefix(base.prefix(), request.uri().path()));
        let signed = signature(&self.secret, request.method().as_str(), &date, &path);
        insert_secret(request, format!("ZStack {}:{signed}", self.id), "the id of the access key")?;
        let date = HeaderValue::try_from(date)
            .map_err(|_| "not sent: a header must not contain the name of the time zone")?;
        request.headers_mut().insert(DATE, date);
        Ok(())
    }

    /// Replaces the secret and signatures in a text by `***`.
    pub(super) fn hide(&self, text: String) -> String {
        let text = if self.secret.is_empty() { text } else { text.replace(&*self.secret, "***") };
        let before = format!("{}:", self.id);
        let mut parts = text.split(before.as_str());
        let mut hidden = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|byte: char| {
                byte.is_ascii_alphanumeric() || matches!(byte, '+' | '/' | '=')
            });
            hidden.push_str(&before);
            hidden.push_str(if rest.len() < part.len() { "***" } else { "" });
            hidden.push_str(rest);
        }
        hidden
    }
}

/// Formats a date as in HTTP, such as `Sat, 21 Nov 2026 00:03:23 GMT`; other zones than UTC have
/// their own name in place of `GMT`.
fn date(now: jiff::Timestamp, zone: &TimeZone) -> String {
    let local = now.to_zoned(zone.clone());
    let name = match zone.iana_name() {
        Some("UTC") => Cow::Borrowed("GMT"),
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(zone.to_offset_info(now).abbreviation().to_owned()),
    };
    format!("{} {name}", local.strftime("%a, %d %b %Y %H:%M:%S"))
}

/// Returns a path without the prefix of the server's URL.
fn strip_prefix<'a>(prefix: &str, path: &'a str) -> &'a str {
    path.strip_prefix(prefix).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::client::url::push_segment;

    fn key(id: &str, secret: &str) -> AccessKey {
        AccessKey { id: id.into(), secret: secret.into(), zone: TimeZone::UTC }
    }

    #[test]
    fn formats_dates_as_in_http() {
        let now: jiff::Timestamp = "2026-11-01T00:03:23Z".parse().unwrap();
        assert_eq!(date(now, &TimeZone::UTC), "Sun, 01 Nov 2026 00:03:23 GMT");
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        assert_eq!(date(now, &shanghai), "Sun, 01 Nov 2026 08:03:23 Asia/Shanghai");
        let fixed = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(date(now, &fixed), "Sun, 01 Nov 2026 08:03:23 +08");
    }

    #[test]
    fn signs_paths_from_v1_on() {
        for (prefix, path, signed) in [
            ("", "/zstack/v1/images", "/v1/images"),
            ("/cloud", "/cloud/zstack/v1/images/v1/x", "/v1/images/v1/x"),
            ("/v1/tenants", "/v1/tenants/zstack/v1/images", "/v1/images"),
            ("", "/zstack/v1/images/a%20b%2Fc%C3%A9", "/v1/images/a b/cé"),
            ("", "/elsewhere", "/elsewhere"),
        ] {
            assert_eq!(signed_path(strip_prefix(prefix, path)), signed, "{path}");
        }
    }

    #[test]
    fn hides_secrets_and_signatures() {
        let key = key("abcde", "topsecret");
        for (text, hidden) in [
            ("bad: ZStack abcde:tsP/B/t+Bw= of topsecret", "bad: ZStack abcde:*** of ***"),
            ("ZStack abcde: no signature", "ZStack abcde: no signature"),
            ("abcde:x,abcde:y", "abcde:***,abcde:***"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(key.hide(text.to_owned()), hidden);
        }
    }

    proptest! {
        /// A server that decodes the received path computes the same signature.
        #[test]
        fn signs_the_path_that_is_sent(
            values in prop::collection::vec(".+", 1..4),
            prefix in prop::sample::select(vec!["", "/proxy", "/v1/of%20mine"]),
            secret in ".*",
        ) {
            let base = BaseUrl::read(&format!("http://host:8080{prefix}")).unwrap();
            let mut path = "/zstack/v1/things".to_owned();
            let mut plain = "/v1/things".to_owned();
            for value in values.iter().filter(|value| !matches!(value.as_str(), "." | "..")) {
                path.push('/');
                push_segment(value, &mut path).unwrap();
                plain.push_str(&format!("/{value}"));
            }
            let mut request = http::Request::new(Bytes::new());
            *request.uri_mut() = base.join(&format!("{path}?q=not%20signed")).unwrap();
            key("id", &secret).sign(&base, &mut request).unwrap();
            let date = request.headers()[DATE].to_str().unwrap();
            let expected = format!("ZStack id:{}", signature(&secret, "GET", date, &plain));
            prop_assert_eq!(request.headers()[AUTHORIZATION].to_str().unwrap(), expected);
        }
    }
}
