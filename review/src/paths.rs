//! The paths of operations: the one that comes first, and the others that lead
//! to the same.

use super::change::Changes;
use super::element::Element;
use zstack_model::changes::ChangeKind;
use zstack_model::{Operation, variables};

/// Compares all paths of an operation. Gives back the variables of its first
/// path that have other names, old and new.
pub(super) fn compare<'a>(
    it: &Element,
    (old, new): (&'a Operation, &'a Operation),
    changes: &mut Changes,
) -> Vec<(&'a str, &'a str)> {
    if (&old.path, &old.paths) == (&new.path, &new.paths) {
        return Vec::new();
    }
    let had = |path: &str| old.all_paths().any(|it| shape(it) == shape(path));
    let has = |path: &str| new.all_paths().any(|it| shape(it) == shape(path));
    let paths = (Some(old.path.clone()), Some(new.path.clone()));
    // The path that takes the place of one that is gone is no path of its own.
    let is_moved = !has(&old.path) && !had(&new.path);
    if is_moved {
        changes.push(ChangeKind::OpPathChanged, it, "path", paths.0, paths.1);
    } else if shape(&old.path) != shape(&new.path) && has(&old.path) && had(&new.path) {
        // Both are there still, in another order.
        changes.push(ChangeKind::DocChanged, it, "path", paths.0, paths.1);
    }
    for path in old.all_paths().filter(|path| !(has(path) || is_moved && *path == old.path)) {
        changes.push(ChangeKind::OpPathAliasRemoved, it, "paths", Some(path.to_owned()), None);
    }
    for path in new.all_paths().filter(|path| !(had(path) || is_moved && *path == new.path)) {
        changes.push(ChangeKind::OpPathAliasAdded, it, "paths", None, Some(path.to_owned()));
    }
    others(it, (&old.paths, &new.paths), changes);
    if shape(&old.path) != shape(&new.path) || old.path == new.path {
        return Vec::new();
    }
    changes.push(ChangeKind::OpPathVarRenamed, it, "path", Some(old.path.clone()), Some(new.path.clone()));
    let pairs = variables(&old.path).zip(variables(&new.path));
    pairs.filter(|(old, new)| old != new).collect()
}

/// The same other paths, with other variables or in another order.
fn others(it: &Element, (old, new): (&[String], &[String]), changes: &mut Changes) {
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
    changes.push(kind, it, "paths", Some(old.join(", ")), Some(new.join(", ")));
}

/// A path without the names of its variables, which are not on the wire.
pub(super) fn shape(path: &str) -> Vec<&str> {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect()
}
