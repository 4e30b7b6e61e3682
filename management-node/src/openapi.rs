//! The OpenAPI documents of the API.
//!
//! | request | response |
//! |---|---|
//! | `GET /openapi.json` | the OpenAPI document of the release that the node emulates |
//! | `GET /openapi.json?at=3.1.0` | that of another release |
//!
//! Each document is generated from the spec by its first request.

use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::response::Response;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, StatusCode};
use sha2::{Digest as _, Sha256};
use zstack_model::Model;
use zstack_runtime::Version;
use zstack_vocabulary::find_release;

use crate::{negotiate, reference};

const PATH: &str = "/openapi.json";

/// The OpenAPI document of a release.
#[derive(Debug)]
struct Document {
    at: Version,
    /// The index of the release.
    release: usize,
    content: OnceLock<Content>,
}

#[derive(Debug)]
struct Content {
    /// The value of the `ETag` header.
    tag: String,
    text: Bytes,
}

/// The documents of a spec.
#[derive(Debug)]
pub(crate) struct Documents {
    model: &'static Model,
    /// The declared releases, the oldest first.
    releases: Vec<Version>,
    /// The documents of all releases, the oldest first, and last that of the whole API.
    documents: Vec<Document>,
}

impl Documents {
    pub(crate) fn new(model: &'static Model) -> Self {
        let releases: Vec<_> = model.service.releases.iter().map(|release| release.version).collect();
        let versions = releases.iter().copied().chain([Version::NEWEST]);
        let document = |(release, at)| Document { at, release, content: OnceLock::new() };
        let documents = versions.enumerate().map(document).collect();
        Self { model, releases, documents }
    }
}

/// Answers `/openapi.json`.
#[derive(Clone, Debug)]
pub(crate) struct OpenApi {
    /// The release that the node emulates.
    pub(crate) version: Version,
    pub(crate) documents: &'static Documents,
}

impl OpenApi {
    /// Returns true for the path of the document.
    pub(crate) fn is_for(path: &str) -> bool {
        path == PATH
    }

    /// Responds to a request for the document. The first request generates it,
    /// so the thread must be one that may block.
    pub(crate) fn answer(&self, request: &Parts) -> Response {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            let text_ = format!("{} is not allowed on {PATH}; use GET", request.method);
            let mut response = text(StatusCode::METHOD_NOT_ALLOWED, text_);
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let query = request.uri.query().unwrap_or_default();
        let Documents { model, releases, documents } = self.documents;
        let at = query.split('&').find_map(|part| part.strip_prefix("at="));
        let at = match at.map(|text| find_release(text, releases)) {
            Some(Ok(found)) => found.version,
            Some(Err(problem)) => return text(StatusCode::BAD_REQUEST, format!("`at`: {problem}")),
            None => self.version,
        };
        // A version between two releases means the older one.
        match documents.iter().rev().find(|document| document.at <= at) {
            Some(document) => document.content(model).answer(&request.headers),
            None => text(StatusCode::NOT_FOUND, format!("{at} is older than the first release")),
        }
    }
}

impl Document {
    fn content(&self, model: &Model) -> &Content {
        self.content.get_or_init(|| {
            let text = reference::openapi(model, self.release);
            let hash = Sha256::digest(&text);
            let hash = hash.iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
            Content { tag: format!("\"{hash}\""), text: text.into() }
        })
    }
}

impl Content {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let mut tags = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
        let is_unchanged = tags.any(|tags| negotiate::matches_etag(tags, &self.tag));
        let mut response = Response::new(if is_unchanged { Body::empty() } else { self.text.clone().into() });
        if is_unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(ETAG, tag);
        }
        // A newer node at this address has another document.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if !is_unchanged {
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
    use std::sync::LazyLock;

    use hyper::Request;

    use super::*;

    static DOCUMENTS: LazyLock<Documents> = LazyLock::new(|| Documents::new(reference::model().unwrap()));

    fn get(version: Version, target: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::get(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        OpenApi { version, documents: &DOCUMENTS }.answer(&request.body(()).unwrap().into_parts().0)
    }

    async fn document(response: Response) -> serde_json::Value {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn serves_the_document_of_the_emulated_release() {
        const CD_ROMS: &str = "/vm-instances/cdroms";
        for (version, target, release, has_cd_roms) in [
            ("5.2.0", "/openapi.json", "5.2.0", true),
            ("3.3.0", "/openapi.json", "3.3.0", true),
            ("3.2.9", "/openapi.json", "3.2.0", false),
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

    /// Compares with the routes of the server: see `routing` in the runtime.
    #[tokio::test]
    async fn documents_the_other_method_that_servers_accept() {
        let newest = document(get(Version::NEWEST, PATH, &[])).await;
        for (path, method, other) in [
            ("/accounts/login", "put", Some("POST")),
            ("/vm-instances/{vmInstanceUuid}/iso/{isoUuid}", "post", Some("PUT")),
            // Queries also have this path.
            ("/vm-instances/cdroms", "post", None),
            // Actions, by the key of the body. The variable has the name that the first of them gives it.
            ("/vm-instances/{vmInstanceUuid}/actions", "put", None),
        ] {
            let operation = &newest["paths"][path][method];
            assert!(operation.is_object(), "{method} {path}");
            let text = operation["description"].as_str().unwrap_or_default();
            let other_method =
                text.rsplit("Servers accept ").next().and_then(|part| part.strip_suffix(" as well."));
            assert_eq!(other_method, other, "{method} {path}: {text}");
        }
    }

    #[test]
    fn responds_not_modified_to_a_known_tag() {
        let tag = |response: &Response| response.headers()[ETAG].to_str().unwrap().to_owned();
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
    fn rejects_invalid_versions_and_methods() {
        for at in ["", "x", "1.2.3.4.5", "-1"] {
            let response = get(Version::NEWEST, &format!("{PATH}?at={at}"), &[]);
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{at}");
        }
        let request = Request::post(PATH).body(()).unwrap().into_parts().0;
        let response = OpenApi { version: Version::NEWEST, documents: &DOCUMENTS }.answer(&request);
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[ALLOW], "GET, HEAD");
    }
}
