//! The stage that finds the operation of a request by path, method and body keys.

mod normalize;
mod select;
mod shapes;
mod table;
mod template;
mod tree;

pub(crate) use self::normalize::normalize;
pub(crate) use self::select::select;
pub(crate) use self::table::{Route, Table};
