//! Makes paths valid and unique.

use std::collections::{HashMap, HashSet};

use super::OPERATIONS;
use super::corpus::{Location, Method, Operation, Parameter};
use super::report::{Approximation, Report};
use zstack_model::variables;

/// Method, path without the names of its variables, and action.
type Route = (Method, String, Option<String>);

pub(super) fn convert(operations: &mut Vec<(usize, Operation)>, report: &mut Report) {
    for (_, operation) in operations.iter_mut() {
        let Operation { name, path, alt_paths, .. } = operation;
        for path in std::iter::once(path).chain(alt_paths) {
            *path = normalize(path, name, report);
        }
    }
    remove_collisions(operations, report);
    for (_, operation) in operations {
        match_variables(operation, report);
    }
}

/// Removes the version, `/v1`, from a path, and puts each variable into a separate segment.
fn normalize(path: &str, operation: &str, report: &mut Report) -> String {
    let below = path.strip_prefix("/v1").unwrap_or(path);
    let normalized = below.replace('{', "/{").replace("//{", "/{").replace('}', "}/").replace("}//", "}/");
    // Remove a slash that was added after the last variable.
    let normalized = match normalized.strip_suffix('/') {
        Some(stripped) if !below.ends_with('/') => stripped.to_owned(),
        _ => normalized,
    };
    if normalized != below {
        report.note(Approximation::PathNormalized, format!("{operation}: {path}"));
    }
    normalized
}

fn remove_collisions(operations: &mut Vec<(usize, Operation)>, report: &mut Report) {
    let mut owners: HashMap<Route, String> = HashMap::new();
    operations.retain(|(line, operation)| {
        let Operation { name, method, path, .. } = operation;
        let problem = owners
            .get(&route(operation, path))
            .map(|other| format!("`{name}` omitted: `{other}` already has {} {path}", method.as_str()));
        owners.entry(route(operation, path)).or_insert_with(|| name.clone());
        report.check(OPERATIONS, *line, problem)
    });
    // The main paths of all operations take precedence over additional paths.
    for (_, operation) in operations {
        let mut paths = std::mem::take(&mut operation.alt_paths);
        paths.retain(|path| {
            if let Some(other) = owners.get(&route(operation, path)) {
                report.note(Approximation::PathCollision, format!("{}: {path} is {other}", operation.name));
                return false;
            }
            owners.insert(route(operation, path), operation.name.clone());
            true
        });
        operation.alt_paths = paths;
    }
}

/// Returns the key by which a server distinguishes operations. Only actions share a path.
fn route(operation: &Operation, path: &str) -> Route {
    let segments = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    let action = operation.body_wrapper.clone().filter(|_| operation.is_action);
    (operation.method, segments.collect::<Vec<_>>().join("/"), action)
}

/// Adds parameters for path variables that have none, and moves parameters without a variable to the
/// query string.
fn match_variables(operation: &mut Operation, report: &mut Report) {
    let Operation { name: owner, path, alt_paths, params, .. } = operation;
    let paths: Vec<&str> =
        std::iter::once(path.as_str()).chain(alt_paths.iter().map(String::as_str)).collect();
    let mut added: Vec<Parameter> = Vec::new();
    for name in paths.iter().flat_map(|path| variables(path)) {
        let in_all = paths.iter().all(|path| variables(path).any(|variable| variable == name));
        let place = format!("{owner}.{name}");
        if let Some(parameter) = params.iter_mut().find(|parameter| parameter.name == name) {
            if in_all {
                if !parameter.required {
                    parameter.required = true;
                    report.note(Approximation::VariableRequired, place);
                }
                parameter.location = Location::Url;
                parameter.wire = None;
            }
        } else if added.iter().all(|parameter| parameter.name != name) {
            report.note(Approximation::VariableAdded, place);
            added.push(variable(name, in_all));
        }
    }
    added.sort_by(|a, b| a.name.cmp(&b.name));
    // Other parameters can only be meant for the query string.
    let in_paths: HashSet<&str> = paths.iter().flat_map(|path| variables(path)).collect();
    for parameter in params.iter_mut().filter(|parameter| parameter.location == Location::Url) {
        if !in_paths.contains(parameter.name.as_str()) {
            parameter.location = Location::Query;
        }
    }
    params.extend(added);
}

fn variable(name: &str, required: bool) -> Parameter {
    let (name, r#type) = (name.to_owned(), "String".to_owned());
    Parameter { name, r#type, required, location: Location::Url, ..Parameter::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_paths() {
        let normalize = |path| normalize(path, "Get", &mut Report::default());
        assert_eq!(normalize("/v1/vms/{uuid}/iso/{iso}"), "/vms/{uuid}/iso/{iso}");
        assert_eq!(normalize("/v1/check/data/"), "/check/data/");
        assert_eq!(normalize("/v1/points{uuid}/remote"), "/points/{uuid}/remote");
    }
}
