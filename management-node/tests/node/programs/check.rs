//! Checks of answers.

use serde_json::Value;

use super::file::Request;
use super::variables::Variables;
use crate::interop::wire::at;

/// Verifies that an answer has what the program reads, and returns the number of a list for a
/// path that ends with `[#]`.
fn find(body: &Value, path: &str) -> Option<Value> {
    if path.is_empty() {
        return Some(body.clone());
    }
    match path.strip_suffix("[#]") {
        Some(list) => Some(at(body, list)?.as_array()?.len().into()),
        None => at(body, path).cloned(),
    }
}

/// Compares numbers by value and everything else as it is.
fn equal(found: &Value, expected: &Value) -> bool {
    found == expected
        || found.as_f64().zip(expected.as_f64()).is_some_and(|(found, expected)| found == expected)
}

/// Verifies the fields of an answer.
pub(super) fn check(request: &Request, body: &Value, variables: &Variables, context: &str) {
    for path in &request.reads {
        assert!(find(body, path).is_some(), "{context}: no {path} in {body}");
    }
    for (path, expected) in &request.is {
        let expected = variables.value(expected);
        let found = find(body, path);
        assert!(
            found.as_ref().is_some_and(|found| equal(found, &expected)),
            "{context}: {path} is {found:?}, not {expected}, in {body}"
        );
    }
    for path in &request.lacks {
        assert_eq!(find(body, path), None, "{context}: {path} in {body}");
    }
}

/// Returns the values that later requests need.
pub(super) fn take(request: &Request, body: &Value, variables: &mut Variables, context: &str) {
    for (name, path) in &request.take {
        let value = find(body, path).unwrap_or_else(|| panic!("{context}: no {path} in {body}"));
        variables.set(name, value);
    }
}
