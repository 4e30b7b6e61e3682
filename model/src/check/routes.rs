//! Checks that every operation has a route of its own.

use std::collections::HashMap;

use super::paths::{paths, shape};
use super::spec::Spec;
use crate::diagnostics::RouteProblem;
use crate::findings::{At, FileId, Finding, Findings};
use crate::model::{Body, Operation};
use crate::positions::Path;

/// The operations of a route, with the positions of their paths.
type RouteUsers<'a> = Vec<(FileId, Path, &'a Operation)>;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let mut routes: HashMap<(&str, String), RouteUsers<'_>> = HashMap::new();
    for (file, it) in spec.operations() {
        for (path, at) in paths(it) {
            let others = routes.entry((it.method.as_str(), shape(path))).or_default();
            let taken = others.iter().find(|(_, _, other)| collide(it, other));
            if let Some((other_file, other_at, other)) = taken {
                let problem = RouteProblem::RouteTaken {
                    route: format!("{} {path}", it.method.as_str()),
                    other: other.name.clone(),
                    key: action(it).filter(|key| action(other) == Some(key)).map(str::to_owned),
                };
                let finding = Finding::new(file, At::value(at.clone()), problem);
                findings.push(finding.with(*other_file, At::value(other_at.clone()), "the first one"));
            }
            others.push((file, at, it));
        }
    }
}

/// Returns whether a server cannot distinguish two operations on the same route: each needs its own action.
fn collide(one: &Operation, other: &Operation) -> bool {
    match (action(one), action(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn action(operation: &Operation) -> Option<&str> {
    match &operation.body {
        Body::Action(key) => Some(key),
        Body::Key(_) | Body::None => None,
    }
}
