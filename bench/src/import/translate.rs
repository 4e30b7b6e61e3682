//! Puts every type into the spec's words.

use std::collections::HashSet;

use super::corpus::{DataType, Operation};
use super::report::{Compromise, Report};
use super::types::convert;
use super::{OPERATIONS, TYPES};

/// Translates all types in place; gives back the names of the enums.
pub(super) fn translate(
    operations: &mut [(usize, Operation)],
    types: &mut [(usize, DataType)],
    report: &mut Report,
) -> HashSet<String> {
    let known: HashSet<String> = types.iter().map(|(_, it)| it.name.clone()).collect();
    let enums = types.iter().filter(|(_, it)| it.values.is_some()).map(|(_, it)| it.name.clone()).collect();
    let mut one = |ty: &mut String, unresolved: bool, (file, line): (&'static str, usize), place: String| {
        let converted = convert(ty, &known);
        for compromise in converted.compromises {
            report.note(compromise, format!("{place}: {ty}"));
        }
        if let Some(unknown) = converted.unknown {
            report.problem(file, line, format!("{place}: unknown type `{unknown}`, taken for Any"));
        }
        if unresolved {
            report.note(Compromise::TypeUnresolved, format!("{place}: {ty}"));
        }
        *ty = converted.text;
    };
    for (line, it) in types {
        for field in it.fields.iter_mut().flatten() {
            let place = format!("{}.{}", it.name, field.name);
            one(&mut field.r#type, field.unresolved, (TYPES, *line), place);
        }
    }
    for (line, it) in operations {
        for parameter in &mut it.params {
            let place = format!("{}.{}", it.name, parameter.name);
            one(&mut parameter.r#type, parameter.unresolved, (OPERATIONS, *line), place);
        }
        for field in it.response.iter_mut().filter(|response| !response.envelope) {
            let place = format!("{}.{}", it.name, field.name);
            one(&mut field.r#type, field.unresolved, (OPERATIONS, *line), place);
        }
    }
    enums
}
