//! Emits the reserved paths of a server: those that the spec does not describe, and those of categories that a server
//! may be compiled without.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use zstack_model::{Model, ReservedPath};

/// Emits the table of reserved paths, if there are any.
pub(super) fn table(model: &Model) -> Option<TokenStream> {
    let paths = paths(model);
    let base = &model.service.base_path;
    let rows = paths.iter().map(|(path, operations)| {
        let path = format!("{base}{path}");
        quote!(ReservedPath::new(#path, &[#(#operations),*]))
    });
    (!paths.is_empty()).then(|| {
        quote! {
            /// Paths that a variable in the path of another operation could match.
            ///
            /// A server that does not serve them answers requests with 404 and the names of their
            /// operations. The routes of each category include them.
            pub const RESERVED_PATHS: &[ReservedPath] = &[#(#rows),*];
        }
    })
}

/// Returns whether a server has reserved paths.
pub(super) fn are_any(model: &Model) -> bool {
    !paths(model).is_empty()
}

/// The reserved paths, and the operations that the platform serves there.
fn paths(model: &Model) -> BTreeMap<&str, Vec<&str>> {
    let mut paths = BTreeMap::new();
    for ReservedPath { path, operations } in &model.service.reserved {
        paths.insert(path.as_str(), operations.iter().map(String::as_str).collect());
    }
    let mut described: Vec<(Vec<&str>, &str, &str, &str)> = Vec::new();
    for operation in &model.operations {
        for path in operation.all_paths() {
            described.push((path.split('/').collect(), path, &operation.category, &operation.name));
        }
    }
    for (segments, path, category, name) in &described {
        let is_matched = described
            .iter()
            .any(|(other, _, other_category, _)| other_category != category && matches(other, segments));
        if is_matched {
            let operations: &mut Vec<&str> = paths.entry(path).or_default();
            if !operations.contains(name) {
                operations.push(name);
            }
        }
    }
    paths
}

/// Reports whether a template matches the literals of a more specific one with variables.
fn matches(template: &[&str], specific: &[&str]) -> bool {
    let is_variable = |segment: &str| segment.starts_with('{');
    template.len() == specific.len()
        && template.iter().zip(specific).all(|(one, other)| is_variable(one) || one == other)
        && template.iter().zip(specific).any(|(one, other)| is_variable(one) && !is_variable(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_matches_literals() {
        let segments = |path: &'static str| path.split('/').collect::<Vec<_>>();
        for (template, specific, expected) in [
            ("/vms/{uuid}", "/vms/nics", true),
            ("/vms/{uuid}", "/vms/{name}", false),
            ("/vms/{uuid}/{action}", "/vms/{uuid}/iso", true),
            ("/vms/{uuid}", "/vms/nics/{uuid}", false),
            ("/vms/nics", "/vms/{uuid}", false),
            ("/vms/{uuid}/nics", "/vms/{uuid}/nics", false),
        ] {
            assert_eq!(matches(&segments(template), &segments(specific)), expected, "{template} {specific}");
        }
    }
}
