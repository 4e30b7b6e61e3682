//! Formats fields and parameters.

use std::collections::HashSet;

use serde_json::Value;

use super::corpus::{Field, Location, Method, Operation, Parameter};
use super::report::{Approximation, Report};
use super::types::is_possible_in_query;
use super::versions::UNKNOWN;
use zstack_model::yaml::write::Yaml;

/// The keys of an element, in order.
type Entries = Vec<(&'static str, Yaml)>;

/// Formats a field of a response or of a data type.
pub(super) fn row(owner: &str, field: &Field, report: &mut Report) -> Yaml {
    let place = format!("{owner}.{}", field.name);
    let facts = [
        (field.inferred, Approximation::FactInferred),
        (field.primitive, Approximation::FactPrimitive),
        (field.doc_only, Approximation::FactDocument),
        (field.unique, Approximation::FactUnique),
    ];
    note_facts(&facts, &place, report);
    Yaml::mapping([
        ("name", Yaml::text(&field.name)),
        ("type", Yaml::text(&field.r#type)),
        ("since", Yaml::version(field.since.as_deref().unwrap_or(UNKNOWN))),
    ])
}

fn note_facts(facts: &[(bool, Approximation)], place: &str, report: &mut Report) {
    for (_, kind) in facts.iter().filter(|(is_true, _)| *is_true) {
        report.note(*kind, place);
    }
}

/// Formats a parameter; `None` if the spec does not contain it.
pub(super) fn parameter(
    operation: &Operation,
    parameter: &Parameter,
    enums: &HashSet<String>,
    report: &mut Report,
) -> Option<Yaml> {
    let place = format!("{}.{}", operation.name, parameter.name);
    if parameter.shared.is_some() {
        report.note(Approximation::StandardQuery, place);
        return None;
    }
    let location = parameter.wire.unwrap_or(parameter.location);
    let has_body = matches!(operation.method, Method::Post | Method::Put);
    let place_name = match location {
        Location::Url => "path",
        Location::Body if has_body => "body",
        Location::Body | Location::Query => "query",
        Location::Header => {
            report.note(Approximation::HeaderParameter, place);
            return None;
        }
    };
    let facts = [
        (parameter.inferred, Approximation::FactInferred),
        (parameter.primitive, Approximation::FactPrimitive),
        (parameter.doc_only, Approximation::FactDocument),
        (parameter.synthetic, Approximation::FactSynthetic),
        (parameter.null_elements, Approximation::FactNullElements),
    ];
    note_facts(&facts, &place, report);
    let mut ty = parameter.r#type.as_str();
    if place_name == "query" && !is_possible_in_query(ty, enums) {
        report.note(Approximation::TypeStructured, format!("{place}: {ty}"));
        ty = "Any";
    }
    let mut entries = vec![
        ("name", Yaml::text(&parameter.name)),
        ("in", Yaml::word(place_name)),
        ("type", Yaml::text(ty)),
        ("required", Yaml::word(parameter.required)),
        ("since", Yaml::version(parameter.since.as_deref().unwrap_or(UNKNOWN))),
    ];
    if place_name == "body" && parameter.enclosed_in.is_none() {
        entries.push(("enclosed", Yaml::word(false)));
    }
    if parameter.location == Location::Body && place_name != "body" {
        entries.push(("documented", Yaml::mapping([("in", Yaml::word("body"))])));
    }
    add_constraints(parameter, ty, enums, &place, &mut entries, report);
    if let Some(default) = default_value(parameter) {
        entries.push(("default", Yaml::from(&default)));
    }
    if parameter.deprecated {
        report.note(Approximation::DeprecatedUnknown, &place);
        entries.push(("deprecated", Yaml::version(UNKNOWN)));
    }
    Some(Yaml::mapping(entries))
}

fn default_value(parameter: &Parameter) -> Option<Value> {
    let zero = match parameter.r#type.as_str() {
        "Boolean" => Value::from(false),
        _ => Value::from(0),
    };
    parameter.default.clone().or_else(|| parameter.zero_default.then_some(zero))
}

/// Adds the constraints that the platform checks.
fn add_constraints(
    parameter: &Parameter,
    ty: &str,
    enums: &HashSet<String>,
    place: &str,
    entries: &mut Entries,
    report: &mut Report,
) {
    let is_text = ty == "String";
    let is_list = ty.starts_with("List<") || ty.starts_with("Map<");
    for (key, length) in [("maxLength", parameter.max_length), ("minLength", parameter.min_length)] {
        match length {
            Some(length) if is_text => entries.push((key, Yaml::word(length))),
            Some(length) => {
                report.note(Approximation::LengthOfList, format!("{place}: {key} {length} of {ty}"))
            }
            None => {}
        }
    }
    if let Some([low, high]) = parameter.number_range {
        entries.push(("range", Yaml::List(vec![Yaml::word(low), Yaml::word(high)])));
    }
    if let Some(unit) = parameter.number_range_unit.last() {
        if parameter.number_range_unit.len() > 1 {
            let units = parameter.number_range_unit.join(", ");
            report.note(Approximation::UnitNames, format!("{place}: {units}"));
        }
        entries.push(("unit", Yaml::text(unit)));
    }
    if let Some(pattern) = &parameter.valid_regex {
        entries.push(("javaPattern", Yaml::text(pattern)));
    }
    if !parameter.valid_values.is_empty() {
        if enums.contains(ty) {
            let values = parameter.valid_values.join(", ");
            report.note(Approximation::ValuesOfEnum, format!("{place}: {values}"));
        } else {
            entries.push(("values", Yaml::texts(&parameter.valid_values)));
        }
    }
    if parameter.nonempty && !is_list {
        report.note(Approximation::EmptyText, place);
    }
    let no_empty_text = parameter.empty_string == Some(false);
    if no_empty_text && is_list {
        report.note(Approximation::EmptyElements, place);
    }
    if (parameter.nonempty && is_list) || (no_empty_text && is_text) {
        entries.push(("nonEmpty", Yaml::word(true)));
    }
    if parameter.no_trim {
        entries.push(("noTrim", Yaml::word(true)));
    }
}
