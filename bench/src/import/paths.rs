//! Paths that hold, and that belong to one operation each.

use std::collections::{HashMap, HashSet};

use super::OPERATIONS;
use super::corpus::{Location, Method, Operation, Parameter};
use super::report::{Compromise, Report};
use zstack_model::variables;

/// Method, path without the names of its variables, and action.
type Route = (Method, String, Option<String>);

pub(super) fn sort_out(operations: &mut Vec<(usize, Operation)>, report: &mut Report) {
    for (_, it) in operations.iter_mut() {
        let name = it.name.clone();
        it.path = mended(&it.path, &name, report);
        it.alt_paths = it.alt_paths.iter().map(|path| mended(path, &name, report)).collect();
    }
    collisions(operations, report);
    for (_, it) in operations {
        variables_have_parameters(it, report);
    }
}

/// The path below the version, `/v1`, each variable in a segment of its own.
fn mended(path: &str, operation: &str, report: &mut Report) -> String {
    let below = path.strip_prefix("/v1").unwrap_or(path);
    let mended = below.replace('{', "/{").replace("//{", "/{").replace('}', "}/").replace("}//", "}/");
    // What was put behind the last variable is no slash of the path's own.
    let mended = match mended.strip_suffix('/') {
        Some(stripped) if !below.ends_with('/') => stripped.to_owned(),
        _ => mended,
    };
    if mended != below {
        report.note(Compromise::PathMended, format!("{operation}: {path}"));
    }
    mended
}

fn collisions(operations: &mut Vec<(usize, Operation)>, report: &mut Report) {
    let mut taken: HashMap<Route, String> = HashMap::new();
    operations.retain(|(line, it)| match taken.get(&route(it, &it.path)) {
        Some(other) => {
            let path = format!("{} {}", it.method.as_str(), it.path);
            let message = format!("`{}` left out: `{other}` has {path} already", it.name);
            report.problem(OPERATIONS, *line, message);
            false
        }
        None => {
            taken.insert(route(it, &it.path), it.name.clone());
            true
        }
    });
    // What is one operation's only path is not another one's second.
    for (_, it) in operations {
        let mut kept = Vec::new();
        for path in std::mem::take(&mut it.alt_paths) {
            match taken.get(&route(it, &path)) {
                Some(other) => report.note(Compromise::PathTaken, format!("{}: {path} is {other}", it.name)),
                None => {
                    taken.insert(route(it, &path), it.name.clone());
                    kept.push(path);
                }
            }
        }
        it.alt_paths = kept;
    }
}

/// What a server tells operations apart by. Only actions share a path.
fn route(it: &Operation, path: &str) -> Route {
    let segments = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    let action = it.body_wrapper.clone().filter(|_| it.is_action);
    (it.method, segments.collect::<Vec<_>>().join("/"), action)
}

fn variables_have_parameters(it: &mut Operation, report: &mut Report) {
    let paths: Vec<&str> =
        std::iter::once(it.path.as_str()).chain(it.alt_paths.iter().map(String::as_str)).collect();
    let mut added: Vec<Parameter> = Vec::new();
    for name in paths.iter().flat_map(|path| variables(path)) {
        let in_all = paths.iter().all(|path| variables(path).any(|variable| variable == name));
        let place = format!("{}.{name}", it.name);
        if let Some(parameter) = it.params.iter_mut().find(|parameter| parameter.name == name) {
            if in_all {
                if !parameter.required {
                    parameter.required = true;
                    report.note(Compromise::VariableRequired, place);
                }
                parameter.location = Location::Url;
                parameter.wire = None;
            }
        } else if added.iter().all(|it| it.name != name) {
            report.note(Compromise::VariableAdded, place);
            added.push(variable(name, in_all));
        }
    }
    // A set has no order.
    added.sort_by(|a, b| a.name.cmp(&b.name));
    // The others can only be meant for a query string.
    let in_paths: HashSet<String> =
        paths.iter().flat_map(|path| variables(path)).map(str::to_owned).collect();
    for parameter in it.params.iter_mut().filter(|parameter| parameter.location == Location::Url) {
        if !in_paths.contains(&parameter.name) {
            parameter.location = Location::Query;
        }
    }
    it.params.extend(added);
}

fn variable(name: &str, required: bool) -> Parameter {
    Parameter {
        name: name.to_owned(),
        location: Location::Url,
        wire: None,
        enclosed_in: None,
        r#type: "String".to_owned(),
        required,
        since: None,
        valid_values: Vec::new(),
        valid_regex: None,
        max_length: None,
        min_length: None,
        number_range: None,
        number_range_unit: Vec::new(),
        nonempty: false,
        null_elements: false,
        empty_string: None,
        no_trim: false,
        default: None,
        zero_default: false,
        primitive: false,
        inferred: false,
        unresolved: false,
        doc_only: false,
        synthetic: false,
        deprecated: false,
        shared: None,
        _wire_name: None,
        _wire_style: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_their_version_and_variables_get_segments() {
        let mended = |path| mended(path, "Get", &mut Report::default());
        assert_eq!(mended("/v1/vms/{uuid}/iso/{iso}"), "/vms/{uuid}/iso/{iso}");
        assert_eq!(mended("/v1/check/data/"), "/check/data/");
        assert_eq!(mended("/v1/points{uuid}/remote"), "/points/{uuid}/remote");
    }
}
