//! What the node tells about its API, beside the API.
//!
//! | | |
//! |---|---|
//! | `GET /openapi.json` | the OpenAPI document of the release that the node plays |
//! | `GET /openapi.json?at=3.1.0` | that of another release |
//!
//! Written from the spec while the node is compiled, so it is not what is
//! generated but how it came about that can be out of date: `build/openapi.rs`.

use axum::body::Body;
use axum::response::Response;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use hyper::{HeaderMap, Method, Request, StatusCode};
use zstack_runtime::Version;

use crate::{negotiate, releases};

const PATH: &str = "/openapi.json";

/// The OpenAPI document of a release.
struct Document {
    at: Version,
    /// As the header `ETag` has it.
    tag: &'static str,
    text: &'static str,
}

/// The oldest first; at the end that of all there is.
const DOCUMENTS: &[Document] = include!(concat!(env!("OUT_DIR"), "/openapi.rs"));

/// Answers `/openapi.json`.
#[derive(Clone, Debug)]
pub(crate) struct OpenApi {
    /// The release that the node plays.
    pub(crate) version: Version,
}

impl OpenApi {
    /// Whether a path is the document's.
    pub(crate) fn is_for(path: &str) -> bool {
        path == PATH
    }

    pub(crate) fn answer(&self, request: &Request<Body>) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response = text(StatusCode::METHOD_NOT_ALLOWED, format!("{PATH} takes GET"));
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let query = request.uri().query().unwrap_or_default();
        let at = match query.split('&').find_map(|it| it.strip_prefix("at=")).map(releases::find) {
            Some(Ok(found)) => found.version,
            Some(Err(problem)) => return text(StatusCode::BAD_REQUEST, format!("`at`: {problem}")),
            None => self.version,
        };
        // The node may be told to play a version between two releases, which has what the older one has.
        match DOCUMENTS.iter().rev().find(|it| it.at <= at) {
            Some(document) => document.answer(request.headers()),
            None => text(StatusCode::NOT_FOUND, format!("{at} is older than every release")),
        }
    }
}

/// The declared releases, the oldest first.
pub(crate) fn releases() -> impl Iterator<Item = Version> {
    DOCUMENTS.iter().map(|it| it.at).filter(|it| *it != Version::NEWEST)
}

impl Document {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let mut known = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|it| it.to_str().ok());
        let is_known = known.any(|it| negotiate::is_known(it, self.tag));
        let mut response = Response::new(Body::from(if is_known { "" } else { self.text }));
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(ETAG, HeaderValue::from_static(self.tag));
        // It may be another tomorrow, when a newer node is at this address.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if !is_known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        response
    }
}

fn text(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static("text/plain;charset=UTF-8");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(version: Version, target: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::get(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        OpenApi { version }.answer(&request.body(Body::empty()).unwrap())
    }

    async fn document(response: Response) -> serde_json::Value {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_node_tells_of_the_release_that_it_plays() {
        const CD_ROMS: &str = "/vm-instances/cdroms";
        for (version, target, release, has_cd_roms) in [
            ("5.2.0", "/openapi.json", "5.2.0", true),
            ("3.3.0", "/openapi.json", "3.3.0", true),
            ("3.2.9", "/openapi.json", "3.1.0", false),
            ("5.2.0", "/openapi.json?x=1&at=2.3.1", "2.3.1", false),
            ("2.3", "/openapi.json?at=4.0", "4.0", true),
        ] {
            let found = document(get(version.parse().unwrap(), target, &[])).await;
            assert_eq!(found["info"]["version"], release, "{version} {target}");
            assert_eq!(found["paths"][CD_ROMS].is_object(), has_cd_roms, "{version} {target}");
        }
        let newest = document(get(Version::NEWEST, "/openapi.json", &[])).await;
        assert_eq!(newest["openapi"], "3.1.1");
        assert!(newest["paths"][CD_ROMS].is_object());
    }

    /// As the server routes: see the runtime's `routing`.
    #[tokio::test]
    async fn where_post_and_put_are_alike_the_document_says_so() {
        let newest = document(get(Version::NEWEST, PATH, &[])).await;
        for (path, method, other) in [
            ("/accounts/login", "put", Some("POST")),
            ("/vm-instances/{vmInstanceUuid}/iso/{isoUuid}", "post", Some("PUT")),
            // Queries have this path, too.
            ("/vm-instances/cdroms", "post", None),
            // Actions, by the key of the body.
            ("/vm-instances/{uuid}/actions", "put", None),
        ] {
            let operation = &newest["paths"][path][method];
            assert!(operation.is_object(), "{method} {path}");
            let text = operation["description"].as_str().unwrap_or_default();
            let named = text.rsplit("Servers accept ").next().and_then(|it| it.strip_suffix(" as well."));
            assert_eq!(named, other, "{method} {path}: {text}");
        }
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let tag = |it: &Response| it.headers()[ETAG].to_str().unwrap().to_owned();
        let newest = tag(&get(Version::NEWEST, PATH, &[]));
        assert_ne!(newest, tag(&get(Version::NEWEST, "/openapi.json?at=3.1.0", &[])));
        for known in [newest.clone(), format!("W/{newest}"), format!("\"x\", {newest}"), "*".to_owned()] {
            let response = get(Version::NEWEST, PATH, &[("if-none-match", &known)]);
            assert_eq!(
                (response.status(), tag(&response)),
                (StatusCode::NOT_MODIFIED, newest.clone()),
                "{known}"
            );
        }
        assert_eq!(get(Version::NEWEST, PATH, &[("if-none-match", "\"x\"")]).status(), StatusCode::OK);
    }

    #[test]
    fn other_requests_are_refused() {
        for at in ["", "x", "1.2.3.4.5", "-1"] {
            let response = get(Version::NEWEST, &format!("{PATH}?at={at}"), &[]);
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{at}");
        }
        let request = Request::post(PATH).body(Body::empty()).unwrap();
        let response = OpenApi { version: Version::NEWEST }.answer(&request);
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[ALLOW], "GET, HEAD");
    }
}
