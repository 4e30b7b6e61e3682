//! What the headers of a request say.

use std::net::IpAddr;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, HeaderName};

use super::authenticate::access_key::Signed;
use super::call::{Credentials, RemoteAddress};
use super::ids;
use super::rejection::Rejection;
use crate::Auth;

pub(crate) const JOB_UUID: HeaderName = HeaderName::from_static("x-job-uuid");
pub(crate) const JOB_SUCCESS: HeaderName = HeaderName::from_static("x-job-success");
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const API_TIMEOUT: HeaderName = HeaderName::from_static("x-api-timeout");
const JSON_SCHEMA: HeaderName = HeaderName::from_static("x-json-schema");
const WEB_HOOK: HeaderName = HeaderName::from_static("x-web-hook");

/// Who the caller says to be.
pub(crate) enum Claim {
    /// As good as the operation asks for, or left to the handler.
    Credentials(Credentials),
    /// Somebody with an access key, if that is so.
    Signed(Signed),
}

/// Who the caller says to be, where the operation asks.
pub(crate) fn claim(auth: Auth, headers: &HeaderMap) -> Result<Claim, Rejection> {
    if auth == Auth::None {
        return Ok(Claim::Credentials(Credentials::None));
    }
    let refuse = |problem| {
        Err(Rejection::bad_request(format!("{problem}: send `Authorization: OAuth <session uuid>`")))
    };
    let Some(value) = headers.get(AUTHORIZATION) else {
        return refuse("the header Authorization is missing");
    };
    let Ok(value) = value.to_str() else {
        return refuse("the header Authorization is no ASCII text");
    };
    let value = value.trim();
    if let Some(session) = value.strip_prefix("OAuth") {
        return Ok(Claim::Credentials(Credentials::Session(session.trim().to_owned())));
    }
    if let Some(rest) = value.strip_prefix("ZStack") {
        return Signed::read(rest, headers).map(Claim::Signed);
    }
    refuse("the scheme of the header Authorization is unknown")
}

/// What the caller says about its job.
#[derive(Debug, Default)]
pub(crate) struct JobHeaders {
    pub(crate) uuid: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) webhook: Option<String>,
}

impl JobHeaders {
    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, Rejection> {
        let text = |name: HeaderName| match headers.get(&name).map(|value| value.to_str()) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value.trim())),
            Some(Err(_)) => Err(Rejection::bad_request(format!("the header {name} is no ASCII text"))),
        };
        let uuid = text(JOB_UUID)?;
        if uuid.is_some_and(|uuid| uuid.len() != 32) {
            return Err(Rejection::bad_request("the header X-Job-UUID must have exactly 32 characters"));
        }
        let timeout = match text(API_TIMEOUT)?.map(str::parse::<u32>) {
            // Zero is what clients without an opinion send.
            None | Some(Ok(0)) => None,
            Some(Ok(seconds)) => Some(Duration::from_secs(seconds.into())),
            Some(Err(_)) => {
                return Err(Rejection::bad_request("the header X-API-Timeout must be a number of seconds"));
            }
        };
        // An empty one is what a client without an opinion sends.
        let webhook = text(WEB_HOOK)?.filter(|url| !url.is_empty());
        Ok(Self { uuid: uuid.map(str::to_owned), timeout, webhook: webhook.map(str::to_owned) })
    }

    /// Whether the caller waits for no answer but for a job.
    pub(crate) fn want_job(&self) -> bool {
        self.uuid.is_some() || self.webhook.is_some()
    }
}

/// Whether the answer is to name the classes it holds.
pub(crate) fn wants_schema(headers: &HeaderMap) -> bool {
    headers.contains_key(JSON_SCHEMA)
}

/// The caller's name for the request if it is fit for a log, else a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let sane = |id: &&str| (1..=128).contains(&id.len()) && id.bytes().all(|it| it.is_ascii_graphic());
    given.filter(sane).map_or_else(ids::uuid, str::to_owned)
}

/// Where the request came from.
pub(crate) fn remote_address(parts: &Parts, trust_forwarded: bool) -> Option<IpAddr> {
    let header = |name| parts.headers.get(name)?.to_str().ok()?.split(',').next()?.trim().parse().ok();
    let forwarded = || header("x-forwarded-for").or_else(|| header("x-real-ip"));
    let socket = || parts.extensions.get::<RemoteAddress>().map(|address| address.0);
    trust_forwarded.then(forwarded).flatten().or_else(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn sessions_are_read_as_the_platform_does() {
        let read = |value: &str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
            claim(Auth::Session, &headers).map(|it| match it {
                Claim::Credentials(it) => it.session().unwrap().to_owned(),
                Claim::Signed(it) => panic!("{it:?}"),
            })
        };
        assert_eq!(read("OAuth abc").unwrap(), "abc");
        assert_eq!(read("OAuthabc").unwrap(), "abc");
        assert_eq!(read("  OAuth   abc ").unwrap(), "abc");
        assert_eq!(read("OAuth").unwrap(), "");
        assert_eq!(read("OAuthOAuth").unwrap(), "OAuth");
        for other in ["Bearer abc", "oauth abc", "", "abc OAuth", "ZStack a:b"] {
            assert_eq!(read(other).unwrap_err().status(), 400, "{other}");
        }
        assert!(read("ZStack a:b").unwrap_err().to_string().contains("Date"));
    }

    /// The OpenAPI document has the same limits; see `codegen/src/openapi/headers.rs`.
    #[test]
    fn headers_of_jobs_have_limits() {
        let read = |name: HeaderName, value: &str| {
            JobHeaders::read(&HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())]))
        };
        assert_eq!(
            read(API_TIMEOUT, "4294967295").unwrap().timeout,
            Some(Duration::from_secs(4_294_967_295))
        );
        assert_eq!(read(API_TIMEOUT, "0").unwrap().timeout, None);
        for refused in ["4294967296", "-1", "1.5", "", "soon"] {
            assert!(read(API_TIMEOUT, refused).is_err(), "{refused}");
        }
        assert!(read(JOB_UUID, &"a".repeat(32)).is_ok());
        assert!(read(JOB_UUID, &"a".repeat(31)).is_err());
    }

    #[test]
    fn strange_request_ids_are_replaced() {
        let id = |value: &[u8]| {
            let headers = HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_bytes(value).unwrap())]);
            request_id(&headers)
        };
        assert_eq!(id(b"abc-1"), "abc-1");
        assert_eq!(id(&[b'a'; 128]).len(), 128);
        for strange in [&b""[..], b"a b", b"\xff", &[b'a'; 129]] {
            assert_eq!(id(strange).len(), 32);
        }
    }
}
