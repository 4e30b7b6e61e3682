//! Routes: methods of paths, with their operations.
//!
//! Several operations of the platform can share a path, selected by a key of the
//! body, and an operation can have several paths. In OpenAPI, a method of a path is
//! one operation, and variables belong to the path.

use std::collections::HashMap;

use super::losses::{LossKind, Losses};
use super::names::{Names, path_id, route_id};
use zstack_model::{Body, Execution, Method, Model, Operation, variables};

/// The path of jobs, below the base path.
pub(super) const JOBS: &str = "/api-jobs/{uuid}";

/// An operation on one of its paths.
#[derive(Clone, Copy)]
pub(super) struct Endpoint<'a> {
    pub(super) operation: &'a Operation,
    pub(super) path: &'a str,
    /// The index of the path in the operation.
    pub(super) path_index: usize,
}

/// A method of a path, with at least one operation.
pub(super) struct Route<'a> {
    pub(super) method: Method,
    /// The path, with the variable names of its first operation.
    pub(super) template: &'a str,
    pub(super) id: String,
    pub(super) endpoints: Vec<Endpoint<'a>>,
    /// The other method that servers accept.
    pub(super) other_method: Option<Method>,
}

impl<'a> Route<'a> {
    /// The endpoint, if there is only one.
    pub(super) fn single(&self) -> Option<Endpoint<'a>> {
        if let [endpoint] = self.endpoints[..] { Some(endpoint) } else { None }
    }

    /// PUT for POST and vice versa: servers accept both if one operation owns the
    /// path and no key selects it.
    fn find_other_method(&self, is_owner: bool) -> Option<Method> {
        let selected = self.operations().any(|operation| matches!(operation.body, Body::Action(_)));
        match self.method {
            Method::Post if is_owner && !selected => Some(Method::Put),
            Method::Put if is_owner && !selected => Some(Method::Post),
            _ => None,
        }
    }

    pub(super) fn operations(&self) -> impl Iterator<Item = &'a Operation> {
        self.endpoints.iter().map(|endpoint| endpoint.operation)
    }

    pub(super) fn has_job(&self) -> bool {
        self.operations().any(|operation| operation.execution == Execution::Async)
    }
}

/// The path without the names of its variables.
fn shape(path: &str) -> String {
    let segments = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    segments.collect::<Vec<_>>().join("/")
}

/// The routes of a release, in the order of the operations. `full_model` has all
/// releases.
pub(super) fn routes<'a>(
    model: &'a Model,
    full_model: &Model,
    names: &mut Names,
    losses: &mut Losses,
) -> Vec<Route<'a>> {
    let counts = operation_counts(full_model);
    let path_indexes = path_indexes(full_model);
    let has_jobs = model.operations.iter().any(|operation| operation.execution == Execution::Async);
    let hidden = has_jobs.then(|| shape(JOBS));
    let mut templates: HashMap<String, &str> = HashMap::new();
    let mut indexes: HashMap<(Method, String), usize> = HashMap::new();
    let mut routes: Vec<Route<'a>> = Vec::new();
    for operation in &model.operations {
        if !operation.paths.is_empty() {
            let paths = operation.all_paths().collect::<Vec<_>>().join(", ");
            losses.add(LossKind::MultiplePaths, place(operation, &paths));
        }
        for path in operation.all_paths() {
            let shape = shape(path);
            if hidden.as_ref() == Some(&shape) {
                losses.add(LossKind::HiddenByJobs, place(operation, path));
                continue;
            }
            let template = *templates.entry(shape.clone()).or_insert(path);
            for (own, name) in variables(path).zip(variables(template)).filter(|(own, name)| own != name) {
                losses.add(
                    LossKind::VariableName,
                    format!("{}: {{{own}}} of {path} is {{{name}}}", operation.name),
                );
            }
            let path_index =
                path_indexes.get(&(operation.name.as_str(), shape.clone())).copied().unwrap_or_default();
            let endpoint = Endpoint { operation, path, path_index };
            let key = (operation.method, shape);
            if let Some(index) = indexes.get(&key) {
                routes[*index].endpoints.push(endpoint);
                continue;
            }
            let is_shared = counts.get(&key).is_some_and(|count| *count > 1);
            let id = if is_shared {
                names.unique(&route_id(key.0, &key.1))
            } else {
                path_id(&operation.name, path_index)
            };
            routes.push(Route { method: key.0, template, id, endpoints: vec![endpoint], other_method: None });
            indexes.insert(key, routes.len() - 1);
        }
    }
    let mut owners: HashMap<String, usize> = HashMap::new();
    for route in &routes {
        *owners.entry(shape(route.template)).or_default() += route.endpoints.len();
    }
    for route in &mut routes {
        route.other_method = route.find_other_method(owners.get(&shape(route.template)) == Some(&1));
    }
    for route in routes.iter().filter(|route| route.single().is_none()) {
        let names: Vec<_> = route.operations().map(|operation| operation.name.as_str()).collect();
        let place = format!("{} {}: {}", route.method.as_str(), route.template, names.join(", "));
        losses.add(LossKind::SharedRoute, place);
    }
    routes
}

/// The place of a loss.
fn place(operation: &Operation, path: &str) -> String {
    format!("{}: {} {path}", operation.name, operation.method.as_str())
}

/// The number of operations on each route.
fn operation_counts(model: &Model) -> HashMap<(Method, String), usize> {
    let mut counts = HashMap::new();
    for operation in &model.operations {
        for path in operation.all_paths() {
            *counts.entry((operation.method, shape(path))).or_default() += 1;
        }
    }
    counts
}

/// The indexes of the paths of each operation, which are the same for all releases.
fn path_indexes(model: &Model) -> HashMap<(&str, String), usize> {
    let indexes = model.operations.iter().flat_map(|operation| {
        let paths = operation.all_paths().enumerate();
        paths.map(|(index, path)| ((operation.name.as_str(), shape(path)), index))
    });
    indexes.collect()
}
