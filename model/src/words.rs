//! Facts in words: the same in documentation and on a terminal.

use crate::model::{Constraints, Documented, Execution, Place, Retirement};
use crate::prose::code;

/// Where a parameter goes.
#[must_use]
pub const fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => "body",
        Place::BesideBody => "top level",
    }
}

/// What a value must satisfy, a sentence each.
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
        facts.push("Blanks at both ends belong to it.".to_owned());
    }
    if !values.is_empty() {
        facts.push(format!("One of {}.", list(values.iter().map(String::as_str))));
    }
    facts
}

/// What to know of what goes; nothing of what stays. A sentence of the spec is
/// told as `prose` tells it.
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
        // One word is a name.
        Some(name) if !name.contains(|it: char| it.is_whitespace() || it == '`') => {
            format!("; use {}.", code(name))
        }
        Some(sentence) => format!(". {}", prose(sentence)),
        None => ".".to_owned(),
    });
    Some(text)
}

/// Lists names as code, separated by commas.
pub fn list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let name = |it: &str| if it.is_empty() { "an empty text".to_owned() } else { code(it) };
    values.map(name).collect::<Vec<_>>().join(", ")
}

/// What a document prints where the wire differs: `type List, in the body`.
pub fn documented(documented: &Documented) -> Option<String> {
    let Documented { place, ty, since, required, execution: as_long } = documented;
    let parts = [
        ty.as_ref().map(|it| format!("type {it}")),
        place.as_ref().map(|place| format!("in the {place}")),
        since.as_ref().map(|since| format!("since {since}")),
        required.map(|it| if it { "required" } else { "optional" }.to_owned()),
        as_long.map(|long| execution(long).to_owned()),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// How long an operation takes.
pub fn execution(execution: Execution) -> &'static str {
    match execution {
        Execution::Sync => "synchronous",
        Execution::Async => "asynchronous",
    }
}
