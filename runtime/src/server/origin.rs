//! Cross-origin requests: requests that a page of another origin makes a browser send.
//!
//! Forms, and scripts without permission, can send a POST to any server, but without headers of
//! their own, and only with the three content types of forms. Operations that need no header
//! `Authorization` would serve such requests.

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use super::headers::host;
use super::rejection::Rejection;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Content types that a page may send to any origin without a preflight request.
const FORM_TYPES: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// The schemes of the credentials of this API.
const SCHEMES: [&str; 2] = ["OAuth ", "ZStack "];

/// Returns whether a browser sent this request for a page of another origin.
///
/// Browsers report that in `Sec-Fetch-Site` and `Origin`, which pages cannot
/// change. Other clients send neither.
#[must_use]
pub fn is_cross_origin(request: &Parts) -> bool {
    let headers = &request.headers;
    if headers.contains_key(SEC_FETCH_SITE) {
        return headers.get_all(SEC_FETCH_SITE).iter().any(|value| value != "same-origin" && value != "none");
    }
    let host = host(request);
    headers.get_all(ORIGIN).iter().any(|origin| !is_origin_of(origin, host))
}

/// Refuses a body that a page of another origin may have sent with a form.
///
/// Requests without `Content-Type` count as forms, since scripts can send those. Command line tools
/// may send forms, but no `Origin`. A page can send the credentials of this API only with permission.
pub(crate) fn refuse_foreign_form(request: &Parts) -> Result<(), Rejection> {
    if is_cross_origin(request) && may_be_form(&request.headers) && !has_credentials(&request.headers) {
        return Err(Rejection::cross_origin());
    }
    Ok(())
}

/// Returns whether an origin is that of a host. The scheme is ignored, since a proxy may have
/// terminated https.
fn is_origin_of(origin: &HeaderValue, host: Option<&str>) -> bool {
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    matches!((origin, host), (Some((_, origin)), Some(host)) if origin.eq_ignore_ascii_case(host))
}

fn may_be_form(headers: &HeaderMap) -> bool {
    let is_form = |value: &HeaderValue| {
        let text = value.to_str().unwrap_or_default();
        let essence = text.split([';', ',']).next().unwrap_or_default().trim();
        essence.is_empty() || FORM_TYPES.iter().any(|form| form.eq_ignore_ascii_case(essence))
    };
    !headers.contains_key(CONTENT_TYPE) || headers.get_all(CONTENT_TYPE).iter().any(is_form)
}

/// Returns whether a request has a session or the signature of an access key. Browsers add
/// credentials of other schemes on their own.
fn has_credentials(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(AUTHORIZATION).iter().filter_map(|value| value.to_str().ok());
    values.any(|value| SCHEMES.iter().any(|scheme| value.starts_with(scheme)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post("/zstack/api");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn detects_cross_origin_requests() {
        let host = ("host", "node.example:8080");
        for (headers, expected) in [
            (&[host][..], false),
            (&[host, ("origin", "http://node.example:8080")], false),
            (&[host, ("origin", "http://Node.Example:8080")], false),
            (&[host, ("origin", "https://node.example:8080")], false),
            (&[host, ("origin", "http://node.example")], true),
            (&[host, ("origin", "http://node.example:8081")], true),
            (&[host, ("origin", "http://evil.example")], true),
            (&[host, ("origin", "http://evil.example/://node.example:8080")], true),
            (&[host, ("origin", "node.example:8080")], true),
            (&[host, ("origin", "null")], true),
            (&[host, ("origin", "")], true),
            (&[host, ("origin", "http://node.example:8080"), ("origin", "http://evil.example")], true),
            (&[("origin", "http://node.example:8080")], true),
            (&[host, ("sec-fetch-site", "same-origin")], false),
            (&[host, ("sec-fetch-site", "none")], false),
            (&[host, ("sec-fetch-site", "same-site")], true),
            (&[host, ("sec-fetch-site", "cross-site")], true),
            // A proxy has given the request another host.
            (&[host, ("sec-fetch-site", "same-origin"), ("origin", "https://api.example")], false),
            (&[host, ("sec-fetch-site", "cross-site"), ("origin", "http://node.example:8080")], true),
        ] {
            assert_eq!(is_cross_origin(&parts(headers)), expected, "{headers:?}");
        }
        let absolute = Request::post("http://node.example/x").header("origin", "http://node.example");
        assert!(!is_cross_origin(&absolute.body(()).unwrap().into_parts().0));
    }

    #[test]
    fn refuses_forms_of_other_origins() {
        let elsewhere = ("origin", "http://evil.example");
        for (headers, refused) in [
            (&[elsewhere][..], true),
            (&[elsewhere, ("content-type", "")], true),
            (&[elsewhere, ("content-type", "text/plain")], true),
            (&[elsewhere, ("content-type", "Text/Plain; charset=application/json")], true),
            (&[elsewhere, ("content-type", "text/plain,application/json")], true),
            (&[elsewhere, ("content-type", "application/x-www-form-urlencoded")], true),
            (&[elsewhere, ("content-type", "multipart/form-data; boundary=x")], true),
            (&[elsewhere, ("content-type", "application/json")], false),
            (&[elsewhere, ("content-type", "application/json"), ("content-type", "text/plain")], true),
            // Scripts need permission for these, but browsers add credentials of the scheme Basic.
            (&[elsewhere, ("authorization", "OAuth f4d1c06e87a94c1b9e5207b3a8d6c14f")], false),
            (&[elsewhere, ("authorization", "ZStack id:signature"), ("content-type", "text/plain")], false),
            (&[elsewhere, ("authorization", "Basic YTpi")], true),
            // As curl and scripts send it.
            (&[("content-type", "application/x-www-form-urlencoded")], false),
            (&[("content-type", "text/plain")], false),
            (&[], false),
        ] {
            let checked = refuse_foreign_form(&parts(headers));
            assert_eq!(checked.is_err(), refused, "{headers:?}");
            assert!(checked.err().is_none_or(|error| error.status() == 403));
        }
    }
}
