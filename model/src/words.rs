//! Descriptions of facts, for documentation and terminals.

use crate::model::{Constraints, Documented, Execution, Place, Retirement};
use crate::prose::code;

/// Names the place of a parameter.
#[must_use]
pub const fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => "body",
        Place::BesideBody => "top level",
    }
}

/// Describes constraints, with a sentence for each.
pub fn constraints(constraints: &Constraints) -> Vec<String> {
    let Constraints {
        max_length,
        min_length,
        range,
        pattern,
        java_pattern,
        values,
        non_empty,
        no_trim,
        unit,
    } = constraints;
    let mut facts = Vec::new();
    if *non_empty {
        facts.push("Not empty.".to_owned());
    }
    if let Some(units) = min_length {
        facts.push(format!("At least {units} characters."));
    }
    if let Some(units) = max_length {
        facts.push(format!("At most {units} characters."));
    }
    match (range, unit) {
        (Some((low, high)), Some(unit)) => facts.push(format!("From {low} to {high}, in {unit}.")),
        (Some((low, high)), None) => facts.push(format!("From {low} to {high}.")),
        (None, Some(unit)) => facts.push(format!("In {unit}.")),
        (None, None) => {}
    }
    if let Some(pattern) = pattern {
        facts.push(format!("Matches {}.", code(pattern)));
    }
    if let Some(pattern) = java_pattern {
        facts.push(format!("Matches, in Java, {}.", code(pattern)));
    }
    if *no_trim {
        facts.push("Surrounding whitespace is significant.".to_owned());
    }
    if !values.is_empty() {
        facts.push(format!("One of {}.", list(values.iter().map(String::as_str))));
    }
    facts
}

/// Describes the deprecation and the removal of an element, if there are any. `prose` formats sentences
/// of the spec.
pub fn retirement(retirement: &Retirement, prose: impl Fn(&str) -> String) -> Option<String> {
    let Retirement { deprecated, removed, replacement } = retirement;
    let deprecated = deprecated.as_ref()?;
    let mut text = "Deprecated".to_owned();
    if !deprecated.is_unknown() {
        text.push_str(&format!(" since {deprecated}"));
    }
    if let Some(removed) = removed {
        text.push_str(&format!(", removed in {removed}"));
    }
    text.push_str(&match replacement {
        // A single word is a name.
        Some(name) if !name.contains(|character: char| character.is_whitespace() || character == '`') => {
            format!("; use {}.", code(name))
        }
        Some(sentence) => format!(". {}", prose(sentence)),
        None => ".".to_owned(),
    });
    Some(text)
}

/// Lists names as code, separated by commas.
pub fn list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let name = |value: &str| if value.is_empty() { "an empty text".to_owned() } else { code(value) };
    values.map(name).collect::<Vec<_>>().join(", ")
}

/// Describes the values of the official document that differ from the wire, such as `type List, in the body`.
pub fn describe_documented(documented: &Documented) -> Option<String> {
    let Documented { place, ty, since, required, execution: documented_execution } = documented;
    let parts = [
        ty.as_ref().map(|ty| format!("type {ty}")),
        place.as_ref().map(|place| format!("in the {place}")),
        since.as_ref().map(|since| format!("since {since}")),
        required.map(|required| if required { "required" } else { "optional" }.to_owned()),
        documented_execution.map(|value| execution(value).to_owned()),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Names the execution of an operation.
pub fn execution(execution: Execution) -> &'static str {
    match execution {
        Execution::Sync => "synchronous",
        Execution::Async => "asynchronous",
    }
}
