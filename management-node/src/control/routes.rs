//! The paths below `/_node` and their methods, for errors.

use hyper::{Method, StatusCode};

use super::problem::ControlError;

/// The paths with their methods. A segment in angle brackets is a variable.
const PATHS: &[(&str, &str)] = &[
    ("", "GET"),
    ("reset", "POST"),
    ("inventory", "GET, POST"),
    ("clock", "GET, POST"),
    ("faults", "GET, POST, DELETE"),
    ("faults/<id>", "GET, DELETE"),
    ("faults/<id>/release", "POST"),
    ("requests", "GET, DELETE"),
    ("requests/count", "GET"),
    ("requests.har", "GET"),
    ("worlds", "GET, POST"),
    ("worlds/<name>", "GET, DELETE"),
    ("worlds/<name>/reset", "POST"),
    ("worlds/<name>/snapshots", "GET, POST"),
    ("worlds/<name>/snapshots/<snapshot>", "DELETE"),
    ("worlds/<name>/snapshots/<snapshot>/restore", "POST"),
];

/// The error for a path or method that is not supported.
pub(super) fn unknown_request(method: &Method, path: &str) -> ControlError {
    let known = PATHS.iter().find(|(pattern, _)| matches(pattern, path));
    let Some((_, allow)) = known else {
        let text = format!("/_node/{path} does not exist; supported requests: {}", requests());
        return ControlError::new(StatusCode::NOT_FOUND, text);
    };
    let text = format!(
        "{method} is not allowed on this path; allowed methods: {allow}; supported requests: {}",
        requests()
    );
    ControlError { allow: Some(allow), ..ControlError::new(StatusCode::METHOD_NOT_ALLOWED, text) }
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return true,
            (Some(pattern), Some(segment)) if pattern == segment => {}
            (Some(pattern), Some(segment)) if pattern.starts_with('<') && !segment.is_empty() => {}
            _ => return false,
        }
    }
}

/// All requests, such as `POST /_node/reset`.
fn requests() -> String {
    let requests = PATHS.iter().flat_map(|(path, methods)| {
        let slash = if path.is_empty() { "" } else { "/" };
        methods.split(", ").map(move |method| format!("{method} /_node{slash}{path}"))
    });
    requests.collect::<Vec<_>>().join(", ")
}
