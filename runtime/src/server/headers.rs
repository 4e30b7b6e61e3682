//! Request headers that concern the job, the log and the answer.

use std::net::IpAddr;
use std::time::Duration;

use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderName};

use super::rejection::Rejection;
use crate::new_uuid;

pub(crate) const JOB_UUID: HeaderName = HeaderName::from_static("x-job-uuid");
pub(crate) const JOB_SUCCESS: HeaderName = HeaderName::from_static("x-job-success");
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const API_TIMEOUT: HeaderName = HeaderName::from_static("x-api-timeout");
const JSON_SCHEMA: HeaderName = HeaderName::from_static("x-json-schema");
const WEB_HOOK: HeaderName = HeaderName::from_static("x-web-hook");

/// The address of the client. The code that accepts connections adds it to the
/// [extensions](http::Request::extensions) of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteAddress(pub IpAddr);

/// The headers that request a job.
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
            Some(Err(_)) => Err(Rejection::bad_request(format!("the header {name} must be ASCII text"))),
        };
        let uuid = text(JOB_UUID)?;
        if uuid.is_some_and(|uuid| uuid.len() != 32) {
            return Err(Rejection::bad_request("the header X-Job-UUID must have exactly 32 characters"));
        }
        let timeout = match text(API_TIMEOUT)?.map(str::parse::<u32>) {
            // Some clients send zero for no preference.
            None | Some(Ok(0)) => None,
            Some(Ok(seconds)) => Some(Duration::from_secs(seconds.into())),
            Some(Err(_)) => {
                return Err(Rejection::bad_request(
                    "the header X-API-Timeout must be a whole number of seconds from 0 to 4294967295",
                ));
            }
        };
        // Some clients send an empty one for no preference.
        let webhook = text(WEB_HOOK)?.filter(|url| !url.is_empty());
        Ok(Self { uuid: uuid.map(str::to_owned), timeout, webhook: webhook.map(str::to_owned) })
    }

    /// Returns whether the caller requests a job.
    pub(crate) fn want_job(&self) -> bool {
        self.uuid.is_some() || self.webhook.is_some()
    }
}

/// Returns whether the caller requests the classes of the records in the answer.
pub(crate) fn wants_schema(headers: &HeaderMap) -> bool {
    headers.contains_key(JSON_SCHEMA)
}

/// Returns the caller's identifier of the request if it is printable, else a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_printable =
        |id: &&str| (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    given.filter(is_printable).map_or_else(new_uuid, str::to_owned)
}

/// Returns the host in the header or the target of a request.
pub(crate) fn host(request: &Parts) -> Option<&str> {
    let header = request.headers.get(HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| request.uri.authority().map(Authority::as_str))
}

/// Returns the address of the client.
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

    /// The OpenAPI document has the same limits; see `reference/src/openapi/headers.rs`.
    #[test]
    fn job_headers_have_limits() {
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
    fn replaces_unprintable_request_ids() {
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
