//! Methods and paths, each with the operations on it.
//!
//! The platform tells many operations of one path apart by a key of the body,
//! and one operation may have several paths. In OpenAPI a method of a path is
//! one operation, and the name of a variable belongs to the path.

use std::collections::HashMap;

use super::losses::{LossKind, Losses};
use super::names::{Names, of_route, on_path};
use zstack_model::{Body, Execution, Method, Model, Operation, variables};

/// Where jobs are, below the base path.
pub(super) const JOBS: &str = "/api-jobs/{uuid}";

/// An operation on one of its paths.
#[derive(Clone, Copy)]
pub(super) struct Stop<'a> {
    pub(super) operation: &'a Operation,
    pub(super) path: &'a str,
    /// The number of the path among those of the operation, from 0.
    pub(super) nth: usize,
}

/// A method of a path, and the operations on it: at least one.
pub(super) struct Route<'a> {
    pub(super) method: Method,
    /// The path, with the variables' names of the first operation there.
    pub(super) template: &'a str,
    pub(super) id: String,
    pub(super) stops: Vec<Stop<'a>>,
    /// The method that servers take as well.
    pub(super) alike: Option<Method>,
}

impl<'a> Route<'a> {
    /// The one operation on it.
    pub(super) fn lone(&self) -> Option<Stop<'a>> {
        if let [one] = self.stops[..] { Some(one) } else { None }
    }

    /// The other one of POST and PUT, which servers take alike where one
    /// operation owns the path; an action that its key selects never does.
    fn method_alike(&self, is_owner: bool) -> Option<Method> {
        let selected = self.operations().any(|operation| matches!(operation.body, Body::Action(_)));
        match self.method {
            Method::Post if is_owner && !selected => Some(Method::Put),
            Method::Put if is_owner && !selected => Some(Method::Post),
            _ => None,
        }
    }

    pub(super) fn operations(&self) -> impl Iterator<Item = &'a Operation> {
        self.stops.iter().map(|it| it.operation)
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

/// The routes of a release, in the order of the operations. `whole` is the spec
/// that the release is of.
pub(super) fn routes<'a>(
    model: &'a Model,
    whole: &Model,
    names: &mut Names,
    losses: &mut Losses,
) -> Vec<Route<'a>> {
    let in_all = count(whole);
    let numbers = numbers(whole);
    let has_jobs = model.operations.iter().any(|operation| operation.execution == Execution::Async);
    let hidden = has_jobs.then(|| shape(JOBS));
    let mut templates: HashMap<String, &str> = HashMap::new();
    let mut places: HashMap<(Method, String), usize> = HashMap::new();
    let mut routes: Vec<Route<'a>> = Vec::new();
    for operation in &model.operations {
        if !operation.paths.is_empty() {
            losses.add(
                LossKind::SeveralPaths,
                told(operation, &operation.all_paths().collect::<Vec<_>>().join(", ")),
            );
        }
        for path in operation.all_paths() {
            let shape = shape(path);
            if hidden.as_ref() == Some(&shape) {
                losses.add(LossKind::HiddenByJobs, told(operation, path));
                continue;
            }
            let template = *templates.entry(shape.clone()).or_insert(path);
            for (own, name) in variables(path).zip(variables(template)).filter(|(own, name)| own != name) {
                losses.add(
                    LossKind::VariableName,
                    format!("{}: {{{own}}} of {path} is {{{name}}}", operation.name),
                );
            }
            let nth = numbers.get(&(operation.name.as_str(), shape.clone())).copied().unwrap_or_default();
            let stop = Stop { operation, path, nth };
            let key = (operation.method, shape);
            if let Some(place) = places.get(&key) {
                routes[*place].stops.push(stop);
                continue;
            }
            let is_shared = in_all.get(&key).is_some_and(|in_all| *in_all > 1);
            let id =
                if is_shared { names.made(&of_route(key.0, &key.1)) } else { on_path(&operation.name, nth) };
            routes.push(Route { method: key.0, template, id, stops: vec![stop], alike: None });
            places.insert(key, routes.len() - 1);
        }
    }
    let mut owners: HashMap<String, usize> = HashMap::new();
    for it in &routes {
        *owners.entry(shape(it.template)).or_default() += it.stops.len();
    }
    for it in &mut routes {
        it.alike = it.method_alike(owners.get(&shape(it.template)) == Some(&1));
    }
    for it in routes.iter().filter(|route| route.lone().is_none()) {
        let names: Vec<_> = it.operations().map(|operation| operation.name.as_str()).collect();
        let route = format!("{} {}", it.method.as_str(), it.template);
        losses.add(LossKind::SharedRoute, format!("{route}: {}", names.join(", ")));
    }
    routes
}

fn told(operation: &Operation, path: &str) -> String {
    format!("{}: {} {path}", operation.name, operation.method.as_str())
}

/// How many operations there are on each route.
fn count(model: &Model) -> HashMap<(Method, String), usize> {
    let mut count = HashMap::new();
    for it in &model.operations {
        for path in it.all_paths() {
            *count.entry((it.method, shape(path))).or_default() += 1;
        }
    }
    count
}

/// The numbers of an operation's paths, which do not change when a release has
/// fewer of them.
fn numbers(model: &Model) -> HashMap<(&str, String), usize> {
    let numbers = model.operations.iter().flat_map(|operation| {
        operation.all_paths().enumerate().map(|(nth, path)| ((operation.name.as_str(), shape(path)), nth))
    });
    numbers.collect()
}
