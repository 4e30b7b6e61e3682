//! Finds the fields in a query that came after a release.

use super::sort::sort_field;
use super::{Condition, FieldNames, Query};
use crate::record::{AnyRecord, Kind, Shape, View};
use crate::{Operation, Version};

/// The largest number of fields that are listed; a hostile request may name millions.
const MAX_FIELDS: usize = 256;

/// A field in a query that came after a release.
pub(crate) struct Later {
    /// The parameter with the field: `q`, `sort` or `fields`.
    pub(crate) parameter: &'static str,
    /// The path of the field, such as `vmNics.ipVersion`.
    pub(crate) field: String,
    /// The release that added it.
    pub(crate) since: Version,
}

/// Returns the fields in a query that came after a release. Unknown fields are ignored; the
/// server's handler knows more about them.
pub(crate) fn later_fields(operation: &Operation, request: &dyn AnyRecord, at: Version) -> Vec<Later> {
    let mut found = Vec::new();
    if at == Version::NEWEST || !operation.is_query() {
        return found;
    }
    let Some(listed) = operation.listed_record() else { return found };
    let mut check = |parameter: &'static str, path: &str| {
        if found.len() < MAX_FIELDS
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
                        check(Query::Q.name, condition.field());
                    }
                }
            }
            (name, View::Text(text)) if name == Query::SORT.name => {
                check(Query::SORT.name, sort_field(text));
            }
            (name, View::Text(text)) if name == Query::FIELDS.name => {
                FieldNames::new([text]).iter().for_each(|name| check(Query::FIELDS.name, name));
            }
            _ => {}
        }
    }
    found
}

/// Returns the release that added the last field of a path: `vmNics.ipVersion` is as new as the
/// newer of the two.
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
