//! From method, path and the keys of a body to an operation.

mod normalize;
mod shapes;
mod table;
mod template;
mod tree;

pub(crate) use self::normalize::normal;
pub(crate) use self::table::{Endpoint, Route, Table, Verb};
