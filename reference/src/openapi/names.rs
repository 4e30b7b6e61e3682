//! Names of components and ids of operations: each once, and the same in the
//! documents of all releases.

use std::collections::{HashMap, HashSet};

use heck::ToUpperCamelCase as _;

use zstack_model::{Method, Model};

pub(super) const ERROR: &str = "ErrorResponse";
pub(super) const JOB: &str = "JobAccepted";
pub(super) const JOB_RESULT: &str = "JobResult";
pub(super) const CLASSES: &str = "JavaClasses";
/// No data type has the name of a built-in type.
pub(super) const TIMESTAMP: &str = "Timestamp";
pub(super) const UUID: &str = "Uuid";

/// Names that are made here, where the spec may have taken them.
pub(super) struct Names {
    /// By what it would be called if nobody else were.
    made: HashMap<String, String>,
    taken: HashSet<String>,
}

impl Names {
    /// Of the whole spec, so that no release has other names.
    pub(super) fn new(model: &Model) -> Self {
        let operations = model.operations.iter();
        let own = operations.flat_map(|operation| [operation.name.clone(), response(&operation.name)]);
        let taken = model.types.iter().map(|it| it.name.clone()).chain(own).collect();
        Self { made: HashMap::new(), taken }
    }

    /// The name that is wanted, or one that is like it and free. Whoever wants
    /// it again gets the same.
    pub(super) fn made(&mut self, wanted: &str) -> String {
        if let Some(name) = self.made.get(wanted) {
            return name.clone();
        }
        let mut name = wanted.to_owned();
        // Names of the spec have letters and digits alone, so one is enough.
        while self.taken.contains(&name) {
            name.push('_');
        }
        self.taken.insert(name.clone());
        self.made.insert(wanted.to_owned(), name.clone());
        name
    }
}

/// The answer of an operation; nothing else in the spec has this name.
pub(super) fn response(operation: &str) -> String {
    format!("{operation}Response")
}

/// What an operation is called on one of its paths: on others than the first,
/// with the number of the path.
pub(super) fn on_path(operation: &str, nth: usize) -> String {
    if nth == 0 { operation.to_owned() } else { format!("{operation}_{}", nth + 1) }
}

/// What several operations on a route are called: `PutVmInstancesItemActions`.
/// The names of variables, which no request carries, are no part of it.
pub(super) fn of_route(method: Method, shape: &str) -> String {
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
    fn routes() {
        let name = |shape| of_route(Method::Put, shape);
        assert_eq!(name("/vm-instances/{}/actions"), "PutVmInstancesItemActions");
        assert_eq!(name("/nas/aliyun/mount/"), "PutNasAliyunMount");
    }
}
