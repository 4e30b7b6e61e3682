//! Finds the fields in a query that a release does not have.

use super::sort::sort_field;
use super::{Condition, FieldNames, Query};
use crate::record::{AnyRecord, Kind, Shape, View};
use crate::removal::Absence;
use crate::{Operation, Version};

/// The largest number of fields that are listed; a hostile request may name millions.
const MAX_FIELDS: usize = 256;

/// A field in a query that a release does not have.
pub(crate) struct AbsentColumn {
    /// The parameter with the field: `q`, `sort` or `fields`.
    pub(crate) parameter: &'static str,
    /// The path of the field, such as `vmNics.ipVersion`.
    pub(crate) field: String,
    /// The reason.
    pub(crate) absence: Absence,
}

/// Returns the fields in a query that a release does not have. Unknown fields are ignored; the
/// server's handler knows more about them.
pub(crate) fn absent_columns(
    operation: &Operation,
    request: &dyn AnyRecord,
    at: Version,
) -> Vec<AbsentColumn> {
    let mut found = Vec::new();
    if at == Version::NEWEST || !operation.is_query_in(at) {
        return found;
    }
    let Some(listed) = operation.listed_record() else { return found };
    let mut check = |parameter: &'static str, path: &str| {
        if found.len() < MAX_FIELDS
            && let Some(absence) = absence(listed, path, at)
        {
            found.push(AbsentColumn { parameter, field: path.to_owned(), absence });
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

/// Returns why a release lacks the last field of a path such as `vmNics.ipVersion`: it has neither
/// a field that is newer, nor one below it. `None` if the release has the field, or none has it.
fn absence(listed: &'static Shape, path: &str, at: Version) -> Option<Absence> {
    let mut shape = Some(listed);
    let mut newest = None;
    let mut removal = None;
    for name in path.split('.') {
        let here = shape?;
        let field = &here.fields[here.index_of(name)?];
        newest = newest.max(Some(field.since()));
        removal = removal.or(field.removal().filter(|removal| removal.release <= at));
        shape = match field.at(at).kind {
            Kind::Record(shape) | Kind::List(&Kind::Record(shape)) => Some(shape()),
            _ => None,
        };
    }
    Absence::of(newest?, removal, at)
}
