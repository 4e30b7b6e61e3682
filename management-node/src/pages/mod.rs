//! Pages for browsers: the dashboard at `/`, its files below `/_dashboard/`, and
//! the reference below `/docs/`.
//!
//! Pages are looked up in a table in memory, never on a disk. Clients that accept
//! gzip receive them compressed.

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
pub(crate) use self::table::Pages;
use crate::negotiate;
use crate::reference::ReferenceError;

/// The content security policy: pages may load files from the node and call its
/// API.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Returns true for the paths of pages.
pub(crate) fn is_for(path: &str) -> bool {
    path == "/" || path == "/docs" || path.starts_with("/docs/") || path.starts_with("/_dashboard/")
}

/// Responds to a request for a page. The first request generates the reference,
/// so the thread must be one that may block.
pub(crate) fn answer(request: &Parts, pages: &Pages) -> Response {
    let mut response = if !matches!(request.method, Method::GET | Method::HEAD) {
        let mut response =
            text(StatusCode::METHOD_NOT_ALLOWED, "this method is not allowed on pages; use GET or HEAD\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        response
    } else {
        match find(&request.uri, pages) {
            Ok(Route::Page(page)) => serve_page(page, StatusCode::OK, request),
            Ok(Route::Redirect(location)) => redirect(&location),
            Ok(Route::NotFound) => match pages.find("404.html") {
                Ok(Some(page)) => serve_page(page, StatusCode::NOT_FOUND, request),
                _ => text(StatusCode::NOT_FOUND, "this page does not exist\n"),
            },
            Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Another release of the node has other pages at the same URLs.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if request.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// The result of the search for a page.
enum Route<'p> {
    Page(&'p Page),
    /// The page is at another URL, with or without a trailing slash.
    Redirect(String),
    NotFound,
}

fn find<'p>(uri: &Uri, pages: &'p Pages) -> Result<Route<'p>, ReferenceError> {
    let Ok(path) = percent_decode_str(uri.path()).decode_utf8() else { return Ok(Route::NotFound) };
    let path = path.strip_prefix('/').unwrap_or(&path);
    let folder = path.is_empty() || path.ends_with('/');
    let page = if folder { pages.find(&format!("{path}index.html")) } else { pages.find(path) };
    if let Some(page) = page? {
        return Ok(Route::Page(page));
    }
    // The target is in the table, so the redirect cannot lead to another host.
    let bare = path.trim_end_matches('/');
    let other = if folder && pages.find(bare)?.is_some() {
        bare.to_owned()
    } else if pages.find(&format!("{bare}/index.html"))?.is_some() {
        format!("{bare}/")
    } else {
        return Ok(Route::NotFound);
    };
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    Ok(Route::Redirect(format!("/{other}{query}")))
}

fn redirect(location: &str) -> Response {
    let mut response = text(StatusCode::PERMANENT_REDIRECT, "");
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn serve_page(page: &Page, status: StatusCode, request: &Parts) -> Response {
    let header = |name: HeaderName| request.headers.get(name).and_then(|header| header.to_str().ok());
    let is_unchanged = status == StatusCode::OK
        && header(IF_NONE_MATCH).is_some_and(|tags| negotiate::matches_etag(tags, &page.etag));
    let accepts_gzip = header(ACCEPT_ENCODING).is_some_and(negotiate::accepts_gzip);
    let mut response = if is_unchanged {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else if let Some(compressed) = accepts_gzip.then(|| page.gzip_bytes()).flatten() {
        let mut response = with_length(compressed);
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        with_length(page.bytes.clone())
    };
    if !is_unchanged {
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

/// Creates a response with the length of its body, which the response to a HEAD
/// request also reports.
fn with_length(bytes: impl Into<Bytes>) -> Response {
    let bytes = bytes.into();
    let length = bytes.len();
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}

fn text(status: StatusCode, text: impl Into<Bytes>) -> Response {
    let mut response = with_length(text);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}
