//! Which of the fields that a query names an older release does not have.

use super::sort::sorted_by;
use super::{Condition, Names, Query};
use crate::record::{AnyRecord, Kind, Shape, View};
use crate::{Operation, Version};

/// How many fields are listed; a hostile request may name millions.
const MOST: usize = 256;

/// A field that a query names, and that came after a release.
pub(crate) struct Later {
    /// The parameter that names it: `q`, `sort`, `fields`.
    pub(crate) parameter: &'static str,
    /// The field, and what leads to it: `vmNics.ipVersion`.
    pub(crate) field: String,
    /// The release that it came with.
    pub(crate) since: Version,
}

/// The fields that came after a release. What is no field of what the query
/// lists is none here either: others know more of it.
pub(crate) fn later(operation: &Operation, request: &dyn AnyRecord, at: Version) -> Vec<Later> {
    let mut found = Vec::new();
    if at == Version::NEWEST || !operation.is_query() {
        return found;
    }
    let Some(listed) = operation.listed() else { return found };
    let mut look = |parameter: &'static str, path: &str| {
        if found.len() < MOST
            && let Some(since) = since(listed, path).filter(|since| *since > at)
        {
            found.push(Later { parameter, field: path.to_owned(), since });
        }
    };
    for (index, field) in request.shape().fields.iter().enumerate() {
        let value = request.get(index);
        match (field.name, value) {
            (name, View::List(conditions)) if name == Query::Q.name => {
                for index in 0..conditions.count() {
                    if let View::Text(text) = conditions.item(index)
                        && let Ok(condition) = text.parse::<Condition>()
                    {
                        look(Query::Q.name, condition.field());
                    }
                }
            }
            (name, View::Text(text)) if name == Query::SORT.name => {
                look(Query::SORT.name, sorted_by(text));
            }
            (name, View::Text(text)) if name == Query::FIELDS.name => {
                Names::new([text]).iter().for_each(|name| look(Query::FIELDS.name, name));
            }
            _ => {}
        }
    }
    found
}

/// The release since when all of a path is there: `vmNics.ipVersion` is as new
/// as the newest of the two.
fn since(listed: &'static Shape, path: &str) -> Option<Version> {
    let mut shape = Some(listed);
    let mut newest = None;
    for name in path.split('.') {
        let here = shape?;
        let field = &here.fields[here.index_of(name)?];
        newest = newest.max(Some(field.since));
        shape = match field.kind {
            Kind::Record(shape) => Some(shape()),
            Kind::List(Kind::Record(shape)) => Some(shape()),
            _ => None,
        };
    }
    newest
}
