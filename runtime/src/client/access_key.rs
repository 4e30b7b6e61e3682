//! Access keys, which sign requests.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{AUTHORIZATION, DATE};
use jiff::tz::TimeZone;

use super::url::BaseUrl;
use crate::signature::{signature, signed_path};

/// Adds the header `Authorization`, hidden in `Debug`. The error is a text.
pub(super) fn insert_secret(
    request: &mut http::Request<Bytes>,
    value: String,
    what: &str,
) -> Result<(), String> {
    let mut value =
        HeaderValue::try_from(value).map_err(|_| format!("not sent: a header cannot carry {what}"))?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}

/// An access key and its secret.
#[derive(Clone)]
pub(super) struct AccessKey {
    pub(super) id: String,
    pub(super) secret: Arc<str>,
    /// The time zone of the `Date` that is signed.
    pub(super) zone: TimeZone,
}

impl AccessKey {
    /// Signs a request as of now.
    pub(super) fn sign(&self, base: &BaseUrl, request: &mut http::Request<Bytes>) -> Result<(), String> {
        let date = date(jiff::Timestamp::now(), &self.zone);
        let path = signed_path(below(base.prefix(), request.uri().path()));
        let signed = signature(&self.secret, request.method().as_str(), &date, &path);
        insert_secret(request, format!("ZStack {}:{signed}", self.id), "the id of the access key")?;
        let date = HeaderValue::try_from(date)
            .map_err(|_| "not sent: a header cannot carry the name of the time zone")?;
        request.headers_mut().insert(DATE, date);
        Ok(())
    }

    /// Hides the secret and signatures in a text.
    pub(super) fn hide(&self, text: String) -> String {
        let text = if self.secret.is_empty() { text } else { text.replace(&*self.secret, "***") };
        let before = format!("{}:", self.id);
        let mut parts = text.split(before.as_str());
        let mut hidden = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part
                .trim_start_matches(|it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '/' | '='));
            hidden.push_str(&before);
            hidden.push_str(if rest.len() < part.len() { "***" } else { "" });
            hidden.push_str(rest);
        }
        hidden
    }
}

/// `Sat, 21 Nov 2026 00:03:23 GMT`: the form of HTTP, with the zone's own name
/// in place of `GMT` elsewhere.
fn date(now: jiff::Timestamp, zone: &TimeZone) -> String {
    let local = now.to_zoned(zone.clone());
    let name = match zone.iana_name() {
        Some("UTC") => Cow::Borrowed("GMT"),
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(zone.to_offset_info(now).abbreviation().to_owned()),
    };
    format!("{} {name}", local.strftime("%a, %d %b %Y %H:%M:%S"))
}

/// The path without the prefix of the URL of the server.
fn below<'a>(prefix: &str, path: &'a str) -> &'a str {
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
    fn dates_are_those_of_http() {
        let now: jiff::Timestamp = "2026-11-01T00:03:23Z".parse().unwrap();
        assert_eq!(date(now, &TimeZone::UTC), "Sun, 01 Nov 2026 00:03:23 GMT");
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        assert_eq!(date(now, &shanghai), "Sun, 01 Nov 2026 08:03:23 Asia/Shanghai");
        let fixed = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(date(now, &fixed), "Sun, 01 Nov 2026 08:03:23 +08");
    }

    #[test]
    fn paths_are_signed_from_v1_on() {
        for (prefix, path, signed) in [
            ("", "/zstack/v1/images", "/v1/images"),
            ("/cloud", "/cloud/zstack/v1/images/v1/x", "/v1/images/v1/x"),
            ("/v1/tenants", "/v1/tenants/zstack/v1/images", "/v1/images"),
            ("", "/zstack/v1/images/a%20b%2Fc%C3%A9", "/v1/images/a b/cé"),
            ("", "/elsewhere", "/elsewhere"),
        ] {
            assert_eq!(signed_path(below(prefix, path)), signed, "{path}");
        }
    }

    #[test]
    fn what_is_secret_is_hidden() {
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
        /// A server that decodes the path of what arrived finds the signature
        /// that was sent.
        #[test]
        fn what_is_signed_is_what_arrives(
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
