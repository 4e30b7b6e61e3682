//! Fields and parameters as rows.

use std::collections::HashSet;

use serde_json::Value;

use super::corpus::{Field, Location, Method, Operation, Parameter};
use super::report::{Compromise, Report};
use super::types::is_textual;
use super::versions::UNKNOWN;
use super::yaml::Row;

/// A field of a response or of a data type.
pub(super) fn row(owner: &str, it: &Field, report: &mut Report) -> Row {
    let place = format!("{owner}.{}", it.name);
    let facts = [
        (it.inferred, Compromise::FactInferred),
        (it.primitive, Compromise::FactPrimitive),
        (it.doc_only, Compromise::FactDocument),
        (it.unique, Compromise::FactUnique),
    ];
    note(&facts, &place, report);
    let mut row = Row::default();
    row.text("name", &it.name);
    row.text("type", &it.r#type);
    row.version("since", it.since.as_deref().unwrap_or(UNKNOWN));
    row
}

fn note(facts: &[(bool, Compromise)], place: &str, report: &mut Report) {
    for (_, what) in facts.iter().filter(|(is, _)| *is) {
        report.note(*what, place);
    }
}

/// A parameter; nothing for one that has no place in the spec.
pub(super) fn parameter(
    operation: &Operation,
    it: &Parameter,
    enums: &HashSet<String>,
    report: &mut Report,
) -> Option<Row> {
    let place = format!("{}.{}", operation.name, it.name);
    if it.shared.is_some() {
        report.note(Compromise::StandardQuery, place);
        return None;
    }
    let travels = it.wire.unwrap_or(it.location);
    let has_body = matches!(operation.method, Method::Post | Method::Put);
    let word = match travels {
        Location::Url => "path",
        Location::Body if has_body => "body",
        Location::Body | Location::Query => "query",
        Location::Header => {
            report.note(Compromise::HeaderParameter, place);
            return None;
        }
    };
    let facts = [
        (it.inferred, Compromise::FactInferred),
        (it.primitive, Compromise::FactPrimitive),
        (it.doc_only, Compromise::FactDocument),
        (it.synthetic, Compromise::FactSynthetic),
        (it.null_elements, Compromise::FactNullElements),
    ];
    note(&facts, &place, report);
    let mut ty = it.r#type.as_str();
    if word == "query" && !is_textual(ty, enums) {
        report.note(Compromise::TypeStructured, format!("{place}: {ty}"));
        ty = "Any";
    }
    let mut row = Row::default();
    row.text("name", &it.name);
    row.text("in", word);
    row.text("type", ty);
    row.json("required", &it.required.into());
    row.version("since", it.since.as_deref().unwrap_or(UNKNOWN));
    if word == "body" && it.enclosed_in.is_none() {
        row.json("enclosed", &false.into());
    }
    if it.location == Location::Body && word != "body" {
        let mut documented = Row::default();
        documented.text("in", "body");
        row.row("documented", documented);
    }
    limits(it, ty, enums, &place, &mut row, report);
    if let Some(default) = default(it) {
        row.json("default", &default);
    }
    if it.deprecated {
        report.note(Compromise::DeprecatedUnknown, &place);
        row.version("deprecated", UNKNOWN);
    }
    Some(row)
}

fn default(it: &Parameter) -> Option<Value> {
    let zero = match it.r#type.as_str() {
        "Boolean" => Value::from(false),
        _ => Value::from(0),
    };
    it.default.clone().or_else(|| it.zero_default.then_some(zero))
}

/// What a value must satisfy, where the platform checks it.
fn limits(
    it: &Parameter,
    ty: &str,
    enums: &HashSet<String>,
    place: &str,
    row: &mut Row,
    report: &mut Report,
) {
    let is_text = ty == "String";
    let is_list = ty.starts_with("List<") || ty.starts_with("Map<");
    for (key, length) in [("maxLength", it.max_length), ("minLength", it.min_length)] {
        match length {
            Some(length) if is_text => row.json(key, &length.into()),
            Some(length) => report.note(Compromise::LengthOfList, format!("{place}: {key} {length} of {ty}")),
            None => {}
        }
    }
    if let Some([low, high]) = it.number_range {
        row.json("range", &Value::from(vec![low, high]));
    }
    if let Some(unit) = it.number_range_unit.last() {
        if it.number_range_unit.len() > 1 {
            report.note(Compromise::UnitNames, format!("{place}: {}", it.number_range_unit.join(", ")));
        }
        row.text("unit", unit);
    }
    if let Some(pattern) = &it.valid_regex {
        row.text("javaPattern", pattern);
    }
    if !it.valid_values.is_empty() {
        if enums.contains(ty) {
            report.note(Compromise::ValuesOfEnum, format!("{place}: {}", it.valid_values.join(", ")));
        } else {
            row.texts("values", &it.valid_values);
        }
    }
    if it.nonempty && !is_list {
        report.note(Compromise::EmptyText, place);
    }
    let no_empty_text = it.empty_string == Some(false);
    if no_empty_text && is_list {
        report.note(Compromise::EmptyElements, place);
    }
    if (it.nonempty && is_list) || (no_empty_text && is_text) {
        row.flag("nonEmpty");
    }
    if it.no_trim {
        row.flag("noTrim");
    }
}
