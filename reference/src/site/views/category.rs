//! Lists of operations: of a category, and of a release.

use serde::Serialize;
use zstack_model::{Category, Execution, Model, Operation};

use super::Life;
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
    /// The page, without a suffix, from the root of the site.
    pub(crate) page: String,
    pub(crate) method: &'static str,
    /// Below the base path.
    pub(crate) path: Name<'a>,
    pub(crate) is_job: bool,
    #[serde(flatten)]
    pub(crate) life: Life<'a>,
    pub(crate) summary: Prose<'a>,
}

impl<'a> CategoryView<'a> {
    /// A category of a model; `page` names the page of an operation.
    pub(crate) fn new(model: &'a Model, it: &'a Category, page: impl Fn(&'a str) -> String) -> Self {
        let row = |it: &'a Operation| OperationRow {
            page: page(&it.name),
            name: Name(&it.name),
            method: it.method.as_str(),
            path: Name(&it.path),
            is_job: it.execution == Execution::Async,
            life: Life::of(&it.since, &it.retirement),
            summary: Prose::new(it.summary.trim()),
        };
        Self {
            name: &it.name,
            title: &it.title,
            description: it.description.as_deref().map(Prose::paragraphs).unwrap_or_default(),
            operations: model.operations_of(&it.name).map(row).collect(),
        }
    }
}
