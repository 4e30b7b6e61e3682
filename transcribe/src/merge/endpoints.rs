//! The name, the method and the paths of an operation.

use zstack_model::names::is_wire_name;
use zstack_model::{Method, variables};

use crate::page::{Page, Printed};
use crate::titles::title;

/// The name of the operation of a page, by its title, its code samples, or the name of its file.
pub(super) fn name(page: &Page, file: &str) -> Option<Printed<String>> {
    let of_file = || {
        let stem = camino::Utf8Path::new(file).file_stem()?;
        Some(Printed::new(title(stem)?, page.first_line))
    };
    page.name.clone().or_else(|| page.class.clone()).or_else(of_file)
}

/// The method and the paths of a page, the first one first.
pub(super) struct Route {
    pub(super) method: Printed<Method>,
    pub(super) paths: Vec<String>,
    /// Lines with other paths, each with its error.
    pub(super) rejected: Vec<(usize, String)>,
}

/// The route of a page.
///
/// # Errors
///
/// The line and the error.
pub(super) fn route(page: &Page, name: &str) -> Result<Route, (usize, String)> {
    let Some(first) = page.endpoints.first() else {
        let message = format!(
            "the page of `{name}` has no method and path, such as `POST zstack/v1/zones`; it may be cut off, and was left out"
        );
        return Err((page.first_line, message));
    };
    let mut paths: Vec<String> = Vec::new();
    let mut rejected = Vec::new();
    for Printed { value: endpoint, line } in &page.endpoints {
        if endpoint.method != first.value.method {
            let message = format!(
                "`{name}` has {} here, and {} in line {}; an operation has one method, and this one was left out",
                endpoint.method, first.value.method, first.line
            );
            return Err((*line, message));
        }
        if let Some(fault) = fault(&endpoint.path) {
            if !paths.is_empty() {
                let message = format!(
                    "the second path `{}` of `{name}` is invalid: {fault}; it was left out",
                    endpoint.path
                );
                rejected.push((*line, message));
                continue;
            }
            let message = format!(
                "the path `{}` of `{name}` is invalid: {fault}; the operation was left out",
                endpoint.path
            );
            return Err((*line, message));
        }
        if !paths.contains(&endpoint.path) {
            paths.push(endpoint.path.clone());
        }
    }
    Ok(Route { method: Printed::new(first.value.method, first.line), paths, rejected })
}

/// Returns the syntax error of a path, if it has one.
fn fault(path: &str) -> Option<&'static str> {
    let inner = path.strip_prefix('/')?;
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    for segment in inner.split('/') {
        let variable = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
        match variable {
            Some(name) if !is_wire_name(name) || name.contains(['.', '-']) => {
                return Some("a variable is not a name");
            }
            Some(_) => {}
            None if segment.is_empty() => return Some("a segment is empty"),
            None if segment.contains(['{', '}']) => return Some("a variable must fill its segment"),
            None if !segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) => {
                return Some("a segment may have letters, digits, `-`, `.`, `_` and `~`");
            }
            None => {}
        }
    }
    let names: Vec<_> = variables(path).collect();
    let is_repeated = names.iter().enumerate().any(|(nth, name)| names[..nth].contains(name));
    is_repeated.then_some("a variable is repeated")
}

/// Returns whether the page is that of a query: by its paragraph, or by its name and paths.
pub(super) fn is_query(page: &Page, name: &str, route: &Route) -> bool {
    let has_both = matches!(&route.paths[..], [list, one, ..] if *one == format!("{list}/{{uuid}}"));
    route.method.value == Method::Get && (page.is_query || has_both || name.starts_with("Query"))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn forms_of_paths() {
        for path in ["/zones", "/zones/{uuid}/actions", "/cas/login/"] {
            assert_eq!(fault(path), None, "{path}");
        }
        for path in ["/zones//{uuid}", "/zones/{uu id}", "/zones/a{uuid}", "/{a}/{a}", "/z ones", "/区域"] {
            assert!(fault(path).is_some(), "{path}");
        }
    }
}
