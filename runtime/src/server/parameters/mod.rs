//! Reads parameters from path, query string and body into a record.

pub(crate) mod json_object;
mod query;
mod read;
mod source;

pub(crate) use self::query::pairs;
pub(crate) use self::read::{Input, Release, read};
