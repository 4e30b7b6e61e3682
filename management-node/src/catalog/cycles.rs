//! Finds cycles of resources that are deleted with each other. In a cycle, the order of a deletion is
//! not defined, and every document of it is a part of every other one.

use std::collections::{BTreeMap, BTreeSet};

use super::file::ResourceFile;
use super::problem::list;
use super::resource::{OnDelete, Resource};

/// Reports each cycle of two or more resources once, at a reference of it. A resource may refer to
/// itself: its documents are trees.
pub(super) fn check(resources: &BTreeMap<String, Resource>, files: &BTreeMap<&str, &ResourceFile<'_>>) {
    let mut reported: BTreeSet<BTreeSet<&str>> = BTreeSet::new();
    for file in files.values() {
        for form in &file.references {
            let (name, field) = (&*file.name.value, &form.field.value);
            let reference = resources.get(name).and_then(|resource| resource.reference(field));
            let Some(reference) = reference.filter(|reference| reference.on_delete == OnDelete::Delete)
            else {
                continue;
            };
            let Some(path) = path(&reference.resource, name, resources) else { continue };
            if path.len() < 2 || !reported.insert(path.iter().copied().collect()) {
                continue;
            }
            let message = format!("the resources {} are deleted with each other", list(path));
            let help = "write `clear`, `forbid` or `keep` for one of the references".to_owned();
            file.reporter.add("deletion-cycle", form.field.span, message, help);
        }
    }
}

/// Finds the shortest path of resources, each of which is deleted with the next one.
fn path<'a>(from: &'a str, to: &'a str, resources: &'a BTreeMap<String, Resource>) -> Option<Vec<&'a str>> {
    let mut previous: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(name) = queue.pop_front() {
        if name == to {
            let line = std::iter::successors(Some(to), |name| previous.get(name).copied());
            let mut line: Vec<_> = line.collect();
            line.reverse();
            return Some(line);
        }
        let references = resources.get(name).into_iter().flat_map(|resource| &resource.references);
        let parents = references.filter(|reference| reference.on_delete == OnDelete::Delete);
        for parent in parents.map(|reference| &*reference.resource) {
            if parent != from && !previous.contains_key(parent) {
                previous.insert(parent, name);
                queue.push_back(parent);
            }
        }
    }
    None
}
