//! Facts in words: the same in documentation and on a terminal.

use crate::model::{Constraints, Documented, Execution, Place, Retirement};

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
        facts.push(format!("Matches `{pattern}`."));
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
        Some(name) if !name.contains([' ', '`']) => format!("; use `{name}`."),
        Some(sentence) => format!(". {}", prose(sentence)),
        None => ".".to_owned(),
    });
    Some(text)
}

/// Text that people wrote, as Markdown that means nothing else: brackets are
/// no links, angle brackets no HTML, addresses are links. What stands in
/// backticks stays.
pub(crate) fn prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut parts = text.trim().split('`').enumerate().peekable();
    while let Some((index, part)) = parts.next() {
        let is_last = parts.peek().is_none();
        if index > 0 {
            // One that nothing closes is a letter like any other.
            prose.push_str(if index % 2 == 1 && is_last { "\\`" } else { "`" });
        }
        if index % 2 == 1 && !is_last {
            prose.push_str(part);
            continue;
        }
        for (index, word) in part.split(' ').enumerate() {
            if index > 0 {
                prose.push(' ');
            }
            if word.contains("://") && !word.contains(['<', '>']) {
                prose.push_str(&format!("<{word}>"));
            } else {
                for letter in word.chars() {
                    if matches!(letter, '[' | ']' | '<' | '>' | '*') {
                        prose.push('\\');
                    }
                    prose.push(letter);
                }
            }
        }
    }
    prose
}

/// Names, as they stand, between commas.
pub fn list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}

/// Text as it stands, backticks in it or not.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// What a document prints where the wire differs: `type List, in the body`.
pub fn documented(documented: &Documented) -> Option<String> {
    let Documented { place, ty, since, required, execution: as_long } = documented;
    let parts = [
        ty.as_ref().map(|it| format!("type {it}")),
        place.as_ref().map(|it| format!("in the {it}")),
        since.as_ref().map(|it| format!("since {it}")),
        required.map(|it| if it { "required" } else { "optional" }.to_owned()),
        as_long.map(|it| execution(it).to_owned()),
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
