//! Owners of elements: the operation or data type that an element belongs to.

use crate::model::{DataType, Field, Operation, Retirement, Version};

/// The operation, data type or field that an element belongs to.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) name: &'a str,
    pub(super) former: Option<&'a str>,
    pub(super) since: &'a Version,
    pub(super) retirement: &'a Retirement,
}

impl<'a> From<&'a DataType> for Owner<'a> {
    fn from(it: &'a DataType) -> Self {
        Self {
            name: &it.name,
            former: it.renamed_from.as_deref(),
            since: &it.since,
            retirement: &it.retirement,
        }
    }
}

impl<'a> From<&'a Field> for Owner<'a> {
    fn from(it: &'a Field) -> Self {
        Self {
            name: &it.name,
            former: it.renamed_from.as_deref(),
            since: &it.since,
            retirement: &it.retirement,
        }
    }
}

impl<'a> From<&'a Operation> for Owner<'a> {
    fn from(it: &'a Operation) -> Self {
        Self {
            name: &it.name,
            former: it.renamed_from.as_deref(),
            since: &it.since,
            retirement: &it.retirement,
        }
    }
}
