//! Categories with their operations.

use serde::Serialize;
use zstack_model::{Category, Execution, Model, Operation};

use super::Lifecycle;
use crate::site::text::{Name, Prose};

/// A category with its operations.
#[derive(Debug, Serialize)]
pub(crate) struct CategoryView<'a> {
    pub(crate) name: &'a str,
    pub(crate) title: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) description: Vec<Prose<'a>>,
    pub(crate) operations: Vec<OperationRow<'a>>,
}

/// An operation in a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperationRow<'a> {
    pub(crate) name: Name<'a>,
    /// The path of the page from the root of the site, without a suffix.
    pub(crate) page: String,
    pub(crate) method: &'static str,
    /// Below the base path.
    pub(crate) path: Name<'a>,
    pub(crate) is_job: bool,
    #[serde(flatten)]
    pub(crate) lifecycle: Lifecycle<'a>,
    pub(crate) summary: Prose<'a>,
}

impl<'a> CategoryView<'a> {
    /// Returns the view of a category; `page` returns the path of an operation's page.
    pub(crate) fn new(model: &'a Model, category: &'a Category, page: impl Fn(&'a str) -> String) -> Self {
        let row = |operation: &'a Operation| OperationRow {
            page: page(&operation.name),
            name: Name(&operation.name),
            method: operation.method.as_str(),
            path: Name(&operation.path),
            is_job: operation.execution == Execution::Async,
            lifecycle: Lifecycle::of(&operation.since, &operation.retirement),
            summary: Prose::new(operation.summary.trim()),
        };
        Self {
            name: &category.name,
            title: &category.title,
            description: category.description.as_deref().map(Prose::paragraphs).unwrap_or_default(),
            operations: model.operations_of(&category.name).map(row).collect(),
        }
    }
}
