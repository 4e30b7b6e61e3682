//! The stage that finds the operation of a request, by its path, its method and
//! the keys of its body.

mod normalize;
mod select;
mod shapes;
mod table;
mod template;
mod tree;

pub(crate) use self::normalize::normalize;
pub(crate) use self::select::select;
pub(crate) use self::table::{Route, Table};
