//! What parameters must satisfy once they could be read.

use super::errors;
use super::parameters::Given;
use super::routes::Outcome;
use crate::record::AnyRecord;
use crate::{Operation, Version, constraints, query};

/// Every missing parameter and every violation at once, in one `SYS.1007`. A
/// query names fields; those that came later are no fields.
pub(crate) fn check(
    operation: &Operation,
    request: &dyn AnyRecord,
    given: &Given,
    at: Version,
) -> Outcome<()> {
    let fields = request.shape().fields;
    let missing = fields
        .iter()
        .enumerate()
        .filter(|(index, field)| field.required && field.since <= at && !given.contains(*index))
        .map(|(_, field)| format!("[{}] is required, and missing", field.name));
    let mut problems: Vec<String> = missing.collect();
    for violation in constraints::check(request, at) {
        let name = violation.field.split(['.', '[']).next().unwrap_or_default();
        // A required parameter that is missing is empty in the record, which
        // may break further rules that say nothing new.
        if request.shape().index_of(name).is_some_and(|index| given.contains(index)) {
            problems.push(violation.to_string());
        }
    }
    for it in query::later(operation, request, at) {
        let (parameter, field, since) = (it.parameter, &it.field, it.since);
        problems.push(format!("[{parameter}] `{field}` came with release {since}; this server plays {at}"));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(Box::new(errors::invalid_arguments(problems.join("; "))))
}
