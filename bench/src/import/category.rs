//! Categories, from what the corpus says of where an operation belongs.

use std::collections::HashSet;

use heck::ToKebabCase;

use super::corpus::Operation;
use super::report::{Compromise, Report};

/// What begins a path of the platform without saying what it is about.
const VERBS: [&str; 10] =
    ["add", "check", "create", "delete", "get", "list", "query", "start", "update", "validate"];

/// The category of every operation.
pub(super) fn categories(operations: &[(usize, Operation)], report: &mut Report) -> Vec<String> {
    let said: Vec<Option<String>> = operations.iter().map(|(_, it)| said(it)).collect();
    let known: HashSet<&str> = said.iter().flatten().map(String::as_str).collect();
    let category = |(said, (_, operation)): (&Option<String>, &(usize, Operation))| {
        let category = said.clone().unwrap_or_else(|| of_path(&operation.path, &known));
        if operation.category.is_none() {
            let what =
                if said.is_some() { Compromise::CategoryOfPackage } else { Compromise::CategoryOfPath };
            report.note(what, format!("{}: {category}", operation.name));
        }
        category
    };
    said.iter().zip(operations).map(category).collect()
}

fn said(operation: &Operation) -> Option<String> {
    match (&operation.category, &operation.package) {
        (Some(category), _) => Some(category.to_kebab_case()),
        (None, Some(package)) => Some(of_package(package)),
        (None, None) => None,
    }
    .filter(|it| is_usable(it))
}

/// `sdk.zwatch.alarm` becomes `zwatch-alarm`: the ends say nothing.
fn of_package(package: &str) -> String {
    let parts: Vec<_> =
        package.split('.').filter(|part| !matches!(*part, "sdk" | "header" | "api")).collect();
    parts.join("-").to_kebab_case()
}

/// `/vm-instances/{uuid}` belongs to `vm-instance`, if there is such a
/// category, and to `vm-instances` otherwise.
fn of_path(path: &str, known: &HashSet<&str>) -> String {
    let mut segments = path.split('/').filter(|part| !part.is_empty() && !part.contains('{'));
    let named = segments.find(|segment| !VERBS.contains(segment));
    let segment = named.unwrap_or("other").to_kebab_case();
    let singular = segment.strip_suffix('s').filter(|it| known.contains(it));
    let category = singular.map_or(segment.clone(), str::to_owned);
    if is_usable(&category) { category } else { "other".to_owned() }
}

/// Modules of every generated crate, and crates that generated code names: no category has their names.
const RESERVED: [&str; 5] = ["actions", "alloc", "core", "std", "types"];

/// Whether a text can name a folder and a module.
fn is_usable(category: &str) -> bool {
    zstack_model::names::is_kebab(category) && !RESERVED.contains(&category)
}

/// `vm-instance` becomes `Vm Instance Operations`.
pub(super) fn title(category: &str) -> String {
    let words = category.split('-').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|letter| letter.to_ascii_uppercase())
            .into_iter()
            .chain(letters)
            .collect::<String>()
    });
    format!("{} Operations", words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_paths() {
        assert_eq!(of_package("sdk.zwatch.alarm"), "zwatch-alarm");
        assert_eq!(of_package("sdk.iam2.api"), "iam2");
        assert_eq!(of_package("header.network.l3"), "network-l3");
        let known = HashSet::from(["vm-instance"]);
        assert_eq!(of_path("/vm-instances/{uuid}", &known), "vm-instance");
        assert_eq!(of_path("/hosts", &known), "hosts");
        assert_eq!(of_path("/create/sso/redirect", &known), "sso");
        assert_eq!(of_path("/{uuid}", &known), "other");
    }

    #[test]
    fn titles() {
        assert_eq!(title("vm-instance"), "Vm Instance Operations");
    }
}
