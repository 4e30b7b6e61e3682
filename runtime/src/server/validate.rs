//! The stage that checks parameters against their constraints.

use super::errors;
use super::outcome::Outcome;
use crate::record::AnyRecord;
use crate::record::Seen;
use crate::{Operation, Version, constraints, query};

/// Reports all missing parameters and all violations in one `SYS.1007`; also the fields in a query
/// that the release `at` does not have.
pub(crate) fn validate(
    operation: &Operation,
    request: &dyn AnyRecord,
    given: &Seen,
    at: Version,
) -> Outcome<()> {
    let fields = request.shape().fields;
    let missing = fields
        .iter()
        .enumerate()
        .filter(|(index, field)| field.at(at).required && field.is_in(at) && !given.contains(*index))
        .map(|(_, field)| format!("[{}] is required but missing", field.name));
    let mut problems: Vec<String> = missing.collect();
    for violation in constraints::check(request, at) {
        let name = violation.field.split(['.', '[']).next().unwrap_or_default();
        // A missing required parameter is empty in the record, which may violate constraints: these
        // violations would be redundant.
        if request.shape().index_of(name).is_some_and(|index| given.contains(index)) {
            problems.push(violation.to_string());
        }
    }
    for query::AbsentColumn { parameter, field, absence } in query::absent_columns(operation, request, at) {
        problems.push(format!("[{parameter}] `{field}` {absence}; this server emulates {at}"));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(Box::new(errors::invalid_arguments(problems.join("; "))))
}
