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
    fn from(ty: &'a DataType) -> Self {
        Self {
            name: &ty.name,
            former: ty.renamed_from.as_deref(),
            since: &ty.since,
            retirement: &ty.retirement,
        }
    }
}

impl<'a> From<&'a Field> for Owner<'a> {
    fn from(field: &'a Field) -> Self {
        Self {
            name: &field.name,
            former: field.renamed_from.as_deref(),
            since: &field.since,
            retirement: &field.retirement,
        }
    }
}

impl<'a> From<&'a Operation> for Owner<'a> {
    fn from(operation: &'a Operation) -> Self {
        Self {
            name: &operation.name,
            former: operation.renamed_from.as_deref(),
            since: &operation.since,
            retirement: &operation.retirement,
        }
    }
}
