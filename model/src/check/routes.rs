//! Operations that a server could not tell apart.

use std::collections::HashMap;

use super::paths::{paths, shape};
use super::spec::Spec;
use crate::diagnostics::RouteProblem;
use crate::findings::{At, FileId, Finding, Findings};
use crate::model::{Body, Operation};
use crate::positions::Path;

/// The operations of a method and a path, and where their paths stand.
type Sharing<'a> = Vec<(FileId, Path, &'a Operation)>;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let mut routes: HashMap<(&str, String), Sharing<'_>> = HashMap::new();
    for (file, it) in spec.operations() {
        for (path, at) in paths(it) {
            let others = routes.entry((it.method.as_str(), shape(path))).or_default();
            let taken = others.iter().find(|(_, _, other)| collide(it, other));
            if let Some((other_file, other_at, other)) = taken {
                let problem = RouteProblem::Taken {
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
