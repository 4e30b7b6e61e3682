//! The files of a part of the committed spec, for tests that change files or run programs: the whole spec would take
//! them twenty times as long.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::load::load;

use crate::sample::{NAMED, part_of};

/// An operation of the category to which CONTRIBUTING adds one, and one whose records are older than those that contain
/// them elsewhere.
const MORE: [&str; 2] = ["GetVmBootOrder", "QueryIpAddress"];

/// Returns the files of the operations that tests name, and of the data types that they use, by their paths in the folder
/// of the spec. Lines keep their numbers; references to other resources are left out. The changelog and the lock, which
/// depend on the rest, are not included. `SAMPLES` adds other operations.
pub(crate) fn files_of_part(spec: &Utf8Path) -> BTreeMap<Utf8PathBuf, String> {
    let model = load(spec).unwrap_or_else(|problems| panic!("{problems}"));
    let part = part_of(model, 0, &[&NAMED[..], &MORE].concat());
    let resources: BTreeSet<_> = part.types.iter().filter_map(|ty| ty.resource.as_deref()).collect();
    let categories: BTreeSet<_> = part.categories.iter().map(|category| &*category.name).collect();

    let operations = part
        .operations
        .iter()
        .map(|operation| format!("operations/{}/{}.yaml", operation.category, operation.name).into());
    let types = part.types.iter().map(|ty| format!("types/{}.yaml", ty.name).into());
    let api = Utf8PathBuf::from("api.yaml");
    let read = |path: Utf8PathBuf| {
        let text = fs::read_to_string(spec.join(&path)).unwrap().replace("\r\n", "\n");
        let text = without_references(&text, &resources);
        (path, text)
    };
    let mut files: BTreeMap<_, _> = operations.chain(types).chain([api.clone()]).map(read).collect();
    let service = with_categories(&files[&api], &categories);
    files.insert(api, service);
    files
}

/// Leaves out the references to other resources than these.
fn without_references(text: &str, resources: &BTreeSet<&str>) -> String {
    let line = |line: &str| {
        let reference = line.split_once("refers: ").map(|(_, rest)| rest.split([',', '}']).next().unwrap());
        match reference {
            Some(resource) if !resources.contains(resource) => {
                let key = format!("refers: {resource}");
                let rest = line.replace(&format!("{key}, "), "").replace(&format!(", {key}"), "");
                if rest.trim() == key { "\n".to_owned() } else { rest + "\n" }
            }
            _ => format!("{line}\n"),
        }
    };
    text.lines().map(line).collect()
}

/// Leaves out the other categories of `api.yaml`.
fn with_categories(api: &str, categories: &BTreeSet<&str>) -> String {
    let (before, rest) = api.split_once("categories:\n").unwrap();
    let (list, after) = rest.split_once("\n\n").unwrap();
    let entries = list.split("\n  - ").map(|entry| entry.trim_start_matches("  - "));
    let is_used = |entry: &&str| {
        let name = entry.split_once("name: ").unwrap().1;
        categories.contains(name.split([',', '\n']).next().unwrap())
    };
    let list: String = entries.filter(is_used).map(|entry| format!("  - {entry}\n")).collect();
    format!("{before}categories:\n{list}\n{after}")
}
