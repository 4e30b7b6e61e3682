//! Changes of the paths of operations: the first one and its aliases.

use super::change::Changes;
use super::element::SpecElement;
use zstack_model::changes::ChangeKind;
use zstack_model::{Operation, variables};

/// Compares all paths of an operation. Returns the old and new names of renamed variables of the first path.
pub(super) fn compare<'a>(
    element: &SpecElement,
    (old, new): (&'a Operation, &'a Operation),
    changes: &mut Changes,
) -> Vec<(&'a str, &'a str)> {
    if (&old.path, &old.paths) == (&new.path, &new.paths) {
        return Vec::new();
    }
    let had = |path: &str| old.all_paths().any(|other| shape(other) == shape(path));
    let has = |path: &str| new.all_paths().any(|other| shape(other) == shape(path));
    let paths = (Some(old.path.clone()), Some(new.path.clone()));
    // A first path that replaces a removed one is not an additional path.
    let is_moved = !has(&old.path) && !had(&new.path);
    if is_moved {
        changes.push(ChangeKind::OpPathChanged, element, "path", paths.0, paths.1);
    } else if shape(&old.path) != shape(&new.path) && has(&old.path) && had(&new.path) {
        // Both paths exist on both sides, in another order.
        changes.push(ChangeKind::DocChanged, element, "path", paths.0, paths.1);
    }
    for path in old.all_paths().filter(|path| !(has(path) || is_moved && *path == old.path)) {
        changes.push(ChangeKind::OpPathAliasRemoved, element, "paths", Some(path.to_owned()), None);
    }
    for path in new.all_paths().filter(|path| !(had(path) || is_moved && *path == new.path)) {
        changes.push(ChangeKind::OpPathAliasAdded, element, "paths", None, Some(path.to_owned()));
    }
    compare_aliases(element, (&old.paths, &new.paths), changes);
    if shape(&old.path) != shape(&new.path) || old.path == new.path {
        return Vec::new();
    }
    let paths = (Some(old.path.clone()), Some(new.path.clone()));
    changes.push(ChangeKind::OpPathVarRenamed, element, "path", paths.0, paths.1);
    let pairs = variables(&old.path).zip(variables(&new.path));
    pairs.filter(|(old, new)| old != new).collect()
}

/// Compares aliases that differ only in variables or order.
fn compare_aliases(element: &SpecElement, (old, new): (&[String], &[String]), changes: &mut Changes) {
    let shapes = |paths: &[String]| paths.iter().map(|path| shape(path).join("/")).collect::<Vec<_>>();
    let (old_shapes, new_shapes) = (shapes(old), shapes(new));
    let sorted = |mut shapes: Vec<String>| {
        shapes.sort();
        shapes
    };
    if old == new || sorted(old_shapes.clone()) != sorted(new_shapes.clone()) {
        return;
    }
    let kind = if old_shapes == new_shapes { ChangeKind::OpPathVarRenamed } else { ChangeKind::DocChanged };
    changes.push(kind, element, "paths", Some(old.join(", ")), Some(new.join(", ")));
}

/// The segments of a path without the names of its variables, which are not on the wire.
pub(super) fn shape(path: &str) -> Vec<&str> {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect()
}
