//! Operations that a server could not tell apart.

use std::collections::HashMap;

use super::paths::variable;
use super::spec::Spec;
use crate::diagnostics::RouteProblem;
use crate::load::{At, FileId, Finding, Findings};
use crate::model::{Body, Method, Operation};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let mut routes: HashMap<(&str, String), Vec<(FileId, &Operation)>> = HashMap::new();
    for (file, it) in spec.operations() {
        let others = routes.entry((method(it.method), normalise(&it.path))).or_default();
        if let Some((other_file, other)) = others.iter().find(|(_, other)| collide(it, other)) {
            let problem = RouteProblem::Taken {
                route: format!("{} {}", method(it.method), it.path),
                other: other.name.clone(),
                key: action(it).filter(|key| action(other) == Some(key)).map(str::to_owned),
            };
            let at = || At::value(Path::root().key("path"));
            let finding = Finding::new(file, at(), problem);
            findings.push(finding.with(*other_file, at(), "the first one"));
        }
        others.push((file, it));
    }
}

/// Of operations on one route each needs an action of its own.
fn collide(one: &Operation, other: &Operation) -> bool {
    match (action(one), action(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn action(it: &Operation) -> Option<&str> {
    match &it.body {
        Body::Action(key) => Some(key),
        Body::Key(_) | Body::None => None,
    }
}

/// The path without the names of its variables, which no request carries.
fn normalise(path: &str) -> String {
    let segments: Vec<_> = path.split('/').map(|it| if variable(it).is_some() { "{}" } else { it }).collect();
    segments.join("/")
}

/// The method as a request writes it.
pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    }
}
