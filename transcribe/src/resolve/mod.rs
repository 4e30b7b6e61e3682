//! What pages do not say: the types, names and keys that follow from what they print.

pub(crate) mod body;
pub(crate) mod naming;
pub(crate) mod types;
