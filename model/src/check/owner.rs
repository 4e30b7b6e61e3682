//! What elements are part of.

use crate::model::{DataType, Field, Operation, Retirement, Version};

/// What an element is part of.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) name: &'a str,
    pub(super) since: &'a Version,
    pub(super) retirement: &'a Retirement,
}

impl<'a> From<&'a DataType> for Owner<'a> {
    fn from(it: &'a DataType) -> Self {
        Self { name: &it.name, since: &it.since, retirement: &it.retirement }
    }
}

impl<'a> From<&'a Field> for Owner<'a> {
    fn from(it: &'a Field) -> Self {
        Self { name: &it.name, since: &it.since, retirement: &it.retirement }
    }
}

impl<'a> From<&'a Operation> for Owner<'a> {
    fn from(it: &'a Operation) -> Self {
        Self { name: &it.name, since: &it.since, retirement: &it.retirement }
    }
}
