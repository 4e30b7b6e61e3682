//! Calls from pages of other origins (CORS): the origins that the operator allows.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::header::{HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::{Method, Request, Uri};
use tower::ServiceExt as _;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// The time for which a browser need not repeat a preflight request.
const MAX_AGE: Duration = Duration::from_secs(600);

/// The headers of responses that pages may read: the location of a job, and those that describe the
/// response.
const EXPOSED: [HeaderName; 5] = [
    LOCATION,
    RETRY_AFTER,
    HeaderName::from_static("preference-applied"),
    HeaderName::from_static("x-job-uuid"),
    HeaderName::from_static("x-request-id"),
];

/// An origin whose pages may call the node from a browser, or `*` for all of them.
///
/// ```
/// use zstack_node::cors::AllowedOrigin;
///
/// assert_eq!("https://Console.example:8443".parse::<AllowedOrigin>()?.to_string(), "https://console.example:8443");
/// assert!("https://console.example/".parse::<AllowedOrigin>().is_err());
/// # Ok::<(), zstack_node::cors::ParseAllowedOriginError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin(
    /// As browsers write it; `None` for all origins.
    Option<HeaderValue>,
);

/// A text that is not an [`AllowedOrigin`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an origin; write a scheme, a host and a port unless it is the default one, such as \
     http://localhost:3000, or * for all origins"
)]
pub struct ParseAllowedOriginError(String);

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_ref().and_then(|origin| origin.to_str().ok()).unwrap_or("*"))
    }
}

impl FromStr for AllowedOrigin {
    type Err = ParseAllowedOriginError;

    fn from_str(text: &str) -> Result<Self, ParseAllowedOriginError> {
        if text == "*" {
            return Ok(Self(None));
        }
        let error = || ParseAllowedOriginError(text.to_owned());
        let lower = text.to_ascii_lowercase();
        let uri: Uri = lower.parse().map_err(|_| error())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(error());
        };
        // Neither a path nor a user nor the default port is part of an origin.
        let default = match scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        let is_exact = lower == format!("{scheme}://{authority}") && !authority.as_str().contains(['@', '*']);
        let is_default = authority.port().is_some_and(|port| Some(port.as_u16()) == default);
        if !is_exact || is_default || authority.as_str().ends_with(':') {
            return Err(error());
        }
        HeaderValue::from_str(&lower).map(|value| Self(Some(value))).map_err(|_| error())
    }
}

/// The responses to calls of pages of other origins.
#[derive(Clone, Debug)]
pub(crate) struct Cors(CorsLayer);

impl Cors {
    /// Allows calls from these origins; returns `None` without any.
    pub(crate) fn new(origins: Vec<AllowedOrigin>) -> Option<Self> {
        if origins.is_empty() {
            return None;
        }
        let origins: Option<Vec<_>> = origins.into_iter().map(|origin| origin.0).collect();
        let origins = origins.map_or_else(AllowOrigin::any, AllowOrigin::list);
        let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE];
        let layer = CorsLayer::new()
            .allow_origin(origins)
            .allow_methods(methods)
            // A literal `*` would not include `Authorization`.
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers(EXPOSED)
            .max_age(MAX_AGE)
            .allow_private_network(true);
        Some(Self(layer))
    }

    /// Answers a preflight request, or adds the headers that let the page read the response.
    pub(crate) async fn answer<F: Future<Output = Response>>(
        &self,
        request: Request<Body>,
        mut answer: impl FnMut(Request<Body>) -> F,
    ) -> Response {
        let service = tower::service_fn(move |request| {
            let answer = answer(request);
            async { Ok::<_, Infallible>(answer.await) }
        });
        let answered = tower::Layer::layer(&self.0, service).oneshot(request).await;
        answered.unwrap_or_else(|never| match never {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_origins() {
        for (text, expected) in [
            ("*", "*"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("HTTPS://Console.Example", "https://console.example"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("chrome-extension://abcdef", "chrome-extension://abcdef"),
        ] {
            assert_eq!(text.parse::<AllowedOrigin>().unwrap().to_string(), expected, "{text}");
        }
        for text in [
            "",
            "null",
            "localhost",
            "localhost:3000",
            "http://",
            "http://a/",
            "http://a/b",
            "http://a?b",
            "http://a:",
            "http://user@a",
            "http://*.example",
            "http://a:80",
            "https://a:443",
            "http://a b",
        ] {
            let error = text.parse::<AllowedOrigin>().unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
    }
}
