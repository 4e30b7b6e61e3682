//! Names of components and ids of operations: unique, and the same in the documents
//! of all releases.

use std::collections::{HashMap, HashSet};

use heck::ToUpperCamelCase as _;

use zstack_model::{Method, Model};

pub(super) const ERROR: &str = "ErrorResponse";
pub(super) const JOB_ACCEPTED: &str = "JobAccepted";
pub(super) const JOB_RESULT: &str = "JobResult";
pub(super) const CLASSES: &str = "JavaClasses";
/// Names of built-in types, which no data type can have.
pub(super) const TIMESTAMP: &str = "Timestamp";
pub(super) const UUID: &str = "Uuid";

/// Names of components that must not collide with names of the spec.
pub(super) struct Names {
    /// The assigned names, by the requested ones.
    assigned: HashMap<String, String>,
    used: HashSet<String>,
}

impl Names {
    /// Reserves the names of all releases, so that names do not depend on the release.
    pub(super) fn new(model: &Model) -> Self {
        let operations = model.operations.iter();
        let own = operations.flat_map(|operation| [operation.name.clone(), response(&operation.name)]);
        let used = model.types.iter().map(|ty| ty.name.clone()).chain(own).collect();
        Self { assigned: HashMap::new(), used }
    }

    /// The requested name, or a similar one if the spec uses it. The same request
    /// always gets the same name.
    pub(super) fn unique(&mut self, requested: &str) -> String {
        if let Some(name) = self.assigned.get(requested) {
            return name.clone();
        }
        let mut name = requested.to_owned();
        // Names of the spec do not contain `_`.
        while self.used.contains(&name) {
            name.push('_');
        }
        self.used.insert(name.clone());
        self.assigned.insert(requested.to_owned(), name.clone());
        name
    }
}

/// The component for the response of an operation; no data type has this name.
pub(super) fn response(operation: &str) -> String {
    format!("{operation}Response")
}

/// The id of an operation on one of its paths: with the number of the path, except
/// on the first.
pub(super) fn path_id(operation: &str, path_index: usize) -> String {
    if path_index == 0 { operation.to_owned() } else { format!("{operation}_{}", path_index + 1) }
}

/// The id of several operations on a route: `PutVmInstancesItemActions`. It does not
/// contain the names of variables.
pub(super) fn route_id(method: Method, shape: &str) -> String {
    let segments = shape
        .split('/')
        .map(|part| if part == "{}" { "Item".to_owned() } else { part.to_upper_camel_case() });
    let method = method.as_str().to_upper_camel_case();
    std::iter::once(method).chain(segments).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_routes() {
        let name = |shape| route_id(Method::Put, shape);
        assert_eq!(name("/vm-instances/{}/actions"), "PutVmInstancesItemActions");
        assert_eq!(name("/nas/aliyun/mount/"), "PutNasAliyunMount");
    }
}
