//! Converts all types of a corpus to types of the spec language.

use std::collections::HashSet;

use super::corpus::{DataType, Operation};
use super::report::{Approximation, Report};
use super::types::convert;
use super::{OPERATIONS, TYPES};

/// Converts all types in place, and returns the names of the enums.
pub(super) fn translate_types(
    operations: &mut [(usize, Operation)],
    types: &mut [(usize, DataType)],
    report: &mut Report,
) -> HashSet<String> {
    let known: HashSet<String> = types.iter().map(|(_, ty)| ty.name.clone()).collect();
    let enums = types.iter().filter(|(_, ty)| ty.values.is_some()).map(|(_, ty)| ty.name.clone()).collect();
    let mut translate = |ty: &mut String, unresolved: bool, file, line, place: String| {
        let converted = convert(ty, &known);
        for approximation in converted.approximations {
            report.note(approximation, format!("{place}: {ty}"));
        }
        if let Some(unknown) = converted.unknown {
            report.problem(file, line, format!("{place}: unknown type `{unknown}`, replaced by Any"));
        }
        if unresolved {
            report.note(Approximation::TypeUnresolved, format!("{place}: {ty}"));
        }
        *ty = converted.text;
    };
    for (line, ty) in types {
        for field in ty.fields.iter_mut().flatten() {
            let place = format!("{}.{}", ty.name, field.name);
            translate(&mut field.r#type, field.unresolved, TYPES, *line, place);
        }
    }
    for (line, operation) in operations {
        for parameter in &mut operation.params {
            let place = format!("{}.{}", operation.name, parameter.name);
            translate(&mut parameter.r#type, parameter.unresolved, OPERATIONS, *line, place);
        }
        for field in operation.response.iter_mut().filter(|field| !field.envelope) {
            let place = format!("{}.{}", operation.name, field.name);
            translate(&mut field.r#type, field.unresolved, OPERATIONS, *line, place);
        }
    }
    enums
}
