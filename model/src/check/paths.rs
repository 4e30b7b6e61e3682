//! Checks of paths and path parameters.

use std::collections::HashSet;

use super::spec::Spec;
use crate::diagnostics::{RouteProblem, nearest};
use crate::findings::{At, FileId, Findings};
use crate::model::{Operation, Parameter, Place, variables};
use crate::names::is_ident;
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    if let Some((file, service, _)) = &spec.draft.api {
        let fault = form_fault(&service.base_path).or_else(|| {
            let has_variable = service.base_path.contains('{');
            has_variable.then_some("the base path must not have variables")
        });
        report_form(*file, Path::root().key("basePath"), &service.base_path, fault, findings);
    }
    for (file, it) in spec.operations() {
        let mut all_valid = true;
        for (path, at) in paths(it) {
            let fault = form_fault(path);
            report_form(file, at.clone(), path, fault, findings);
            if fault.is_none() {
                variables_are_parameters(file, it, path, &at, findings);
            }
            all_valid &= fault.is_none();
        }
        parameters_are_variables(file, it, all_valid, findings);
    }
}

/// Returns the paths of an operation with their positions in the file.
pub(super) fn paths(operation: &Operation) -> impl Iterator<Item = (&str, Path)> {
    let others = operation.paths.iter().enumerate();
    let others = others.map(|(nth, path)| (path.as_str(), Path::root().key("paths").index(nth)));
    std::iter::once((operation.path.as_str(), Path::root().key("path"))).chain(others)
}

pub(super) fn report_form(
    file: FileId,
    at: Path,
    path: &str,
    fault: Option<&'static str>,
    findings: &mut Findings,
) {
    if let Some(why) = fault {
        let problem = RouteProblem::PathForm { path: path.to_owned(), why };
        findings.report(file, At::value(at), problem);
    }
}

/// Returns the fault in the form of a path.
pub(super) fn form_fault(path: &str) -> Option<&'static str> {
    let Some(inner) = path.strip_prefix('/') else { return Some("it must begin with `/`") };
    // Some paths of the platform end with a slash, and get 404 without it.
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let mut seen = HashSet::new();
    for segment in inner.split('/') {
        match variable(segment) {
            _ if segment.is_empty() => return Some("a segment is empty"),
            Some(name) if !is_ident(name) => return Some("a variable is not a name"),
            Some(name) if !seen.insert(name) => return Some("a variable is used twice"),
            None if segment.contains(['{', '}']) => return Some("a variable must fill its segment"),
            None if !segment.bytes().all(is_unreserved) => {
                return Some("a segment may contain letters, digits, `-`, `.`, `_` and `~`");
            }
            Some(_) | None => {}
        }
    }
    None
}

/// Returns the name of a variable, if the segment is one.
pub(super) fn variable(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.contains(['{', '}']))
}

/// Returns a path without the names of its variables, which requests do not contain.
pub(super) fn shape(path: &str) -> String {
    let segments = path.split('/').map(|segment| if variable(segment).is_some() { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn is_unreserved(it: u8) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.' | b'_' | b'~')
}

fn variables_are_parameters(
    file: FileId,
    operation: &Operation,
    path: &str,
    at: &Path,
    findings: &mut Findings,
) {
    for name in variables(path) {
        if operation.parameters.iter().any(|parameter| parameter.field.name == name) {
            continue;
        }
        let in_path = operation.parameters.iter().filter(|parameter| parameter.place == Place::Path);
        let suggestion = nearest(name, in_path.map(|in_path| in_path.field.name.as_str()));
        let problem = RouteProblem::VariableUndeclared { name: name.to_owned(), suggestion };
        let at = At::word(at.clone(), format!("{{{name}}}"));
        findings.report(file, at, problem);
    }
}

/// Checks the parameters. A variable of every path must be a required parameter `in: path`. A variable
/// of only some paths may be in another place when the others are used.
fn parameters_are_variables(
    file: FileId,
    operation: &Operation,
    paths_are_valid: bool,
    findings: &mut Findings,
) {
    let list = Path::root().key("parameters");
    let variables: Vec<HashSet<_>> = paths(operation).map(|(path, _)| variables(path).collect()).collect();
    for (nth, parameter) in operation.parameters.iter().enumerate() {
        let at = |key: &'static str| At::value(list.index(nth).key(key));
        let name = parameter.field.name.clone();
        let in_some = variables.iter().any(|variable| variable.contains(&*name));
        let in_all = variables.iter().all(|variable| variable.contains(&*name));
        match (parameter.place, in_some) {
            (Place::Path, false) if paths_are_valid => {
                let path = operation.path.clone();
                findings.report(file, at("name"), RouteProblem::NotInPath { name, path });
            }
            (Place::Path, true) if in_all && !parameter.field.required => {
                findings.report(
                    file,
                    at("required"),
                    RouteProblem::OptionalInPath { name, is_removed: false },
                );
            }
            (Place::Path, true) if in_all && is_removed_first(operation, parameter) => {
                findings.report(file, at("removed"), RouteProblem::OptionalInPath { name, is_removed: true });
            }
            (Place::Query | Place::Body | Place::BesideBody, true) if in_all => {
                findings.report(file, at("in"), RouteProblem::PlaceMismatch { name });
            }
            _ => {}
        }
    }
}

/// Returns whether a parameter is removed before its operation.
fn is_removed_first(operation: &Operation, parameter: &Parameter) -> bool {
    let end = operation.retirement.removed.as_ref();
    let removed = parameter.field.retirement.removed.as_ref();
    removed.is_some_and(|removed| end.is_none_or(|end| removed < end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_valid_paths_only() {
        for path in ["/a", "/a/b-c", "/{a}", "/a/{b}/c/{d}", "/v1.0/~x_y", "/a/"] {
            assert_eq!(form_fault(path), None, "{path}");
        }
        for path in [
            "", "/", "a", "a/b", "/a//", "//a", "/a//b", "/a b", "/a?x={y}", "/{a}{b}", "/x{a}", "/{a}/{a}",
            "/{}", "/{1}", "/{a", "/a}", "/{{a}}", "/ü", "/a%20b",
        ] {
            assert!(form_fault(path).is_some(), "{path}");
        }
    }
}
