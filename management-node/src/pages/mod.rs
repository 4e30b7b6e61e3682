//! Pages for browsers: the dashboard at `/`, what it is made of below
//! `/_dashboard/`, and the reference below `/docs/`.
//!
//! None of it is read from a disk: a path is looked up in a table, and nowhere
//! else. Clients that accept gzip are sent that.

mod table;

use axum::body::{Body, Bytes};
use axum::response::Response;
use hyper::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode, Uri};
use percent_encoding::percent_decode_str;

use self::table::Page;
use crate::negotiate;
use crate::reference::ReferenceError;

/// What every page may do: load what is here, and call the API that is here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Whether a path is one of these.
pub(crate) fn is_for(path: &str) -> bool {
    path == "/" || path == "/docs" || path.starts_with("/docs/") || path.starts_with("/_dashboard/")
}

/// Answers a request for a page, on a thread that may block: what is asked for
/// first is made first.
pub(crate) fn answer(request: &Parts) -> Response {
    let mut response = if !matches!(request.method, Method::GET | Method::HEAD) {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "pages are only read: GET, HEAD\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        response
    } else {
        match find(&request.uri) {
            Ok(Found::Page(page)) => show(page, StatusCode::OK, request),
            Ok(Found::Elsewhere(location)) => moved(&location),
            Ok(Found::Nothing) => match table::find("404.html") {
                Ok(Some(page)) => show(page, StatusCode::NOT_FOUND, request),
                _ => text(StatusCode::NOT_FOUND, "there is no such page\n"),
            },
            Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Another release of the node has other pages at the same addresses.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if request.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// What is at an address.
enum Found {
    Page(&'static Page),
    /// At another one, with or without a slash at its end.
    Elsewhere(String),
    Nothing,
}

fn find(uri: &Uri) -> Result<Found, ReferenceError> {
    let Ok(path) = percent_decode_str(uri.path()).decode_utf8() else { return Ok(Found::Nothing) };
    let path = path.strip_prefix('/').unwrap_or(&path);
    let folder = path.is_empty() || path.ends_with('/');
    let page = if folder { table::find(&format!("{path}index.html")) } else { table::find(path) };
    if let Some(page) = page? {
        return Ok(Found::Page(page));
    }
    // What is redirected to is in the table, so it leads to no other host.
    let bare = path.trim_end_matches('/');
    let other = if folder && table::find(bare)?.is_some() {
        bare.to_owned()
    } else if table::find(&format!("{bare}/index.html"))?.is_some() {
        format!("{bare}/")
    } else {
        return Ok(Found::Nothing);
    };
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    Ok(Found::Elsewhere(format!("/{other}{query}")))
}

fn moved(location: &str) -> Response {
    let mut response = text(StatusCode::PERMANENT_REDIRECT, "");
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn show(page: &'static Page, status: StatusCode, request: &Parts) -> Response {
    let header = |name: HeaderName| request.headers.get(name).and_then(|header| header.to_str().ok());
    let known = status == StatusCode::OK
        && header(IF_NONE_MATCH).is_some_and(|tags| negotiate::is_known(tags, &page.etag));
    let takes_gzip = header(ACCEPT_ENCODING).is_some_and(negotiate::takes_gzip);
    let mut response = if known {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else if let Some(compressed) = takes_gzip.then(|| page.compressed()).flatten() {
        let mut response = sized(compressed);
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        sized(page.bytes.clone())
    };
    if !known {
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(page.content_type));
    }
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if status == StatusCode::OK
        && let Ok(etag) = HeaderValue::from_str(&page.etag)
    {
        headers.insert(ETAG, etag);
    }
    response
}

/// With the length of what it holds, also where that is not sent in the end.
fn sized(bytes: impl Into<Bytes>) -> Response {
    let bytes = bytes.into();
    let length = bytes.len();
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}

fn text(status: StatusCode, text: impl Into<Bytes>) -> Response {
    let mut response = sized(text);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}
