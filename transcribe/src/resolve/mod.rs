//! Facts that pages do not print: types, names and keys that follow from other facts.

pub(crate) mod body;
pub(crate) mod naming;
pub(crate) mod types;
