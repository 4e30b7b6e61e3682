//! Checks that constraints apply to their types and can be satisfied.

use std::collections::HashSet;

use super::spec::{DeclaredField, Lookup, Spec};
use crate::diagnostics::ConstraintProblem;
use crate::findings::{At, Findings};
use crate::model::Type;
use zstack_vocabulary::whole_pattern;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.declared_fields() {
        if is_known(spec, &it.field.ty) {
            applies_to_type(&it, findings);
        }
        satisfiable(&it, findings);
        pattern(&it, findings);
        duplicate_values(&it, findings);
    }
}

/// Returns whether a type is known: `Any` also replaces an invalid type.
fn is_known(spec: &Spec<'_>, ty: &Type) -> bool {
    match ty {
        Type::Any => false,
        Type::Named(name) => matches!(spec.lookup(name), Lookup::Found(..)),
        _ => true,
    }
}

fn applies_to_type(declared: &DeclaredField<'_>, findings: &mut Findings) {
    let ty = &declared.field.ty;
    let constraints = &declared.field.constraints;
    let text = is_text(ty);
    // These constraints apply to the elements of a list.
    let element = if let Type::List(element) = ty { element } else { ty };
    let (texts, numbers) = (is_text(element), is_number(element));
    let some_values = texts || numbers || matches!(element, Type::Boolean);
    let several = matches!(ty, Type::List(_) | Type::Map(_));
    let rules = [
        ("maxLength", constraints.max_length.is_some(), text, "texts"),
        ("minLength", constraints.min_length.is_some(), text, "texts"),
        ("pattern", constraints.pattern.is_some(), text, "texts"),
        ("javaPattern", constraints.java_pattern.is_some(), text, "texts"),
        ("noTrim", constraints.no_trim, text, "texts"),
        ("values", !constraints.values.is_empty(), some_values, "texts, numbers, booleans and lists of them"),
        ("range", constraints.range.is_some(), numbers, "numbers and lists of them"),
        ("unit", constraints.unit.is_some(), numbers, "numbers and lists of them"),
        ("nonEmpty", constraints.non_empty, text || several, "texts, lists and maps"),
    ];
    for (constraint, is_set, fits, fit_for) in rules {
        if is_set && !fits {
            let ty = ty.to_string();
            let problem = ConstraintProblem::TypeMismatch { constraint, ty, fits: fit_for };
            findings.report(declared.file, At::key(declared.path(constraint)), problem);
        }
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Uuid)
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Long | Type::Double)
}

fn satisfiable(declared: &DeclaredField<'_>, findings: &mut Findings) {
    let constraints = &declared.field.constraints;
    let mut report = |key, why| {
        findings.report(declared.file, declared.at(key), ConstraintProblem::Unsatisfiable { why });
    };
    if let (Some(least), Some(most)) = (constraints.min_length, constraints.max_length)
        && least > most
    {
        report("minLength", format!("more than `maxLength`, {most}"));
    }
    if let Some((lowest, highest)) = constraints.range
        && lowest > highest
    {
        report("range", format!("{lowest} is greater than {highest}"));
    }
    if constraints.non_empty && constraints.max_length == Some(0) {
        report("maxLength", "`nonEmpty` requires a character".to_owned());
    }
}

fn pattern(declared: &DeclaredField<'_>, findings: &mut Findings) {
    let Some(pattern) = &declared.field.constraints.pattern else { return };
    if let Err(error) = whole_pattern(pattern) {
        let problem = ConstraintProblem::Pattern { why: error.to_string() };
        findings.report(declared.file, declared.at("pattern"), problem);
    }
}

fn duplicate_values(declared: &DeclaredField<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for (nth, value) in declared.field.constraints.values.iter().enumerate() {
        if !seen.insert(value) {
            let problem = ConstraintProblem::DuplicateValue { value: value.clone() };
            findings.report(declared.file, At::value(declared.path("values").index(nth)), problem);
        }
    }
}
