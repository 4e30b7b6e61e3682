//! The categories of operations.

use std::collections::HashSet;

use heck::{ToKebabCase as _, ToTitleCase as _};
use zstack_model::check::is_category_name;

use super::corpus::Operation;
use super::report::{Approximation, Report};

/// Segments at the beginning of a path that do not name a resource.
const VERBS: [&str; 10] =
    ["add", "check", "create", "delete", "get", "list", "query", "start", "update", "validate"];

/// Returns the category of every operation.
pub(super) fn categories(operations: &[(usize, Operation)], report: &mut Report) -> Vec<String> {
    let stated: Vec<Option<String>> =
        operations.iter().map(|(_, operation)| stated_category(operation)).collect();
    let known: HashSet<&str> = stated.iter().flatten().map(String::as_str).collect();
    let category = |(stated, (_, operation)): (&Option<String>, &(usize, Operation))| {
        let category = stated.clone().unwrap_or_else(|| path_category(&operation.path, &known));
        if operation.category.is_none() {
            let kind = match stated {
                Some(_) => Approximation::CategoryOfPackage,
                None => Approximation::CategoryOfPath,
            };
            report.note(kind, format!("{}: {category}", operation.name));
        }
        category
    };
    stated.iter().zip(operations).map(category).collect()
}

fn stated_category(operation: &Operation) -> Option<String> {
    let category = operation.category.as_ref().map(|category| category.to_kebab_case());
    let package = || operation.package.as_deref().map(package_category);
    category.or_else(package).filter(|category| is_category_name(category))
}

/// Converts a package, such as `sdk.zwatch.alarm`, to a category, such as `zwatch-alarm`.
fn package_category(package: &str) -> String {
    let parts: Vec<_> =
        package.split('.').filter(|part| !matches!(*part, "sdk" | "header" | "api")).collect();
    parts.join("-").to_kebab_case()
}

/// Returns the category of a path: for `/vm-instances/{uuid}`, `vm-instance` if there is such a
/// category, and `vm-instances` otherwise.
fn path_category(path: &str, known: &HashSet<&str>) -> String {
    let mut segments = path.split('/').filter(|part| !part.is_empty() && !part.contains('{'));
    let noun = segments.find(|segment| !VERBS.contains(segment));
    let segment = noun.unwrap_or("other").to_kebab_case();
    let singular = segment.strip_suffix('s').filter(|singular| known.contains(singular));
    let category = singular.map_or(segment.clone(), str::to_owned);
    if is_category_name(&category) { category } else { "other".to_owned() }
}

/// Returns the title of a category, such as `Vm Instance Operations`.
pub(super) fn title(category: &str) -> String {
    format!("{} Operations", category.to_title_case())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_packages_and_paths() {
        assert_eq!(package_category("sdk.zwatch.alarm"), "zwatch-alarm");
        assert_eq!(package_category("sdk.iam2.api"), "iam2");
        assert_eq!(package_category("header.network.l3"), "network-l3");
        let known = HashSet::from(["vm-instance"]);
        assert_eq!(path_category("/vm-instances/{uuid}", &known), "vm-instance");
        assert_eq!(path_category("/hosts", &known), "hosts");
        assert_eq!(path_category("/create/sso/redirect", &known), "sso");
        assert_eq!(path_category("/{uuid}", &known), "other");
    }

    #[test]
    fn capitalizes_titles() {
        assert_eq!(title("vm-instance"), "Vm Instance Operations");
    }
}
