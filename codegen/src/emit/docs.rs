//! The text of documentation comments.

use super::comment::{Line, WIDTH};
use zstack_model::prose::{self, code};
use zstack_model::words;
use zstack_model::{
    Auth, Body, DataType, Documented, EnumValue, Execution, Field, Model, Operation, Place, Retirement,
    Source, Type, Version,
};

/// Paragraphs that people wrote; a blank line before each.
pub(super) fn paragraphs(text: &str, to: &mut Vec<Line>) {
    let mut blank = true;
    for line in prose::lines(text) {
        if line.trim().is_empty() {
            blank = true;
            continue;
        }
        if blank {
            to.push(Line::Blank);
            blank = false;
        }
        to.push(Line::text(line));
    }
}

/// What a field, a parameter or a value of an enum belongs to. What is true of
/// the owner is not repeated.
pub(super) struct Owner<'a> {
    pub(super) name: &'a str,
    pub(super) since: &'a Version,
    source: Source,
}

impl<'a> Owner<'a> {
    pub(super) fn data_type(ty: &'a DataType) -> Self {
        Self { name: &ty.name, since: &ty.since, source: ty.source }
    }

    /// The request or the response of an operation.
    pub(super) fn operation(operation: &'a Operation, name: &'a str) -> Self {
        Self { name, since: &operation.since, source: operation.source }
    }

    /// The release of an element that is newer than its owner.
    fn later(&self, version: &Version) -> Option<String> {
        if version > self.since { since(version) } else { None }
    }

    /// Where an element comes from, if its owner comes from elsewhere.
    fn other_source(&self, other: Source) -> Option<String> {
        if other == self.source { None } else { source(other) }
    }
}

/// A field of a struct, or a parameter.
pub(super) fn field(field: &Field, place: Option<Place>, owner: &Owner<'_>) -> Vec<Line> {
    // What the document leaves out is not invented.
    let name = format!("{}.", code(&field.name));
    let description = field.description.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let mut text: Vec<&str> = prose::lines(description.unwrap_or(&name)).collect();
    let mut facts = Vec::new();
    match place {
        Some(Place::Path) => facts.push("In the path.".to_owned()),
        Some(Place::Query) => facts.push("In the query string.".to_owned()),
        Some(Place::Body | Place::BesideBody) | None => {}
    }
    facts.extend(owner.later(&field.since));
    facts.extend(retirement(&field.retirement));
    facts.extend(words::constraints(&field.constraints));
    if let Some(default) = &field.default {
        facts.push(format!("By default {}.", code(&default.to_string())));
    }
    if matches!(field.ty, Type::Uuid) {
        facts.push("32 lower-case hexadecimal digits.".to_owned());
    }
    if field.sensitive {
        facts.push("Kept out of logs.".to_owned());
    }
    facts.extend(owner.other_source(field.source));
    facts.extend(field.documented.as_ref().and_then(differences));
    let facts = facts.join(" ");
    let fits = |line: &str| line.chars().count() + facts.chars().count() < WIDTH;
    match text[..] {
        _ if facts.is_empty() => {}
        // Short ones share a line, and a name is no paragraph.
        [line] if description.is_none() || fits(&prose::line(line)) => {
            return vec![Line::Text(format!("{line} {facts}"))];
        }
        _ => {
            let text = text.drain(..).map(Line::text);
            return text.chain([Line::Blank, Line::Text(facts)]).collect();
        }
    }
    text.into_iter().map(Line::text).collect()
}

/// The tags of a request, and the meanings that some have.
pub(super) fn tags(operation: &Operation) -> Vec<Line> {
    let mut text = vec![Line::text("System and user tags.")];
    for tag in &operation.tags {
        let since =
            if tag.since > operation.since { format!(", since {}", tag.since) } else { String::new() };
        let head = format!("The system tag {}{since}:", code(&tag.pattern));
        let mut lines = prose::lines(tag.description.trim());
        text.extend([Line::Blank, Line::Text(format!("{head} {}", lines.next().unwrap_or_default()))]);
        text.extend(lines.filter(|line| !line.trim().is_empty()).map(Line::text));
    }
    text
}

/// Since when; nothing for what is not known.
fn since(version: &Version) -> Option<String> {
    (!version.is_unknown()).then(|| format!("Since {version}."))
}

/// Who says that an element exists; nothing for what documents describe.
fn source(source: Source) -> Option<String> {
    match source {
        Source::Document => None,
        Source::Platform => Some("Undocumented; observed on the platform.".to_owned()),
    }
}

/// The deprecation and the removal of an element; nothing of one that stays.
fn retirement(retirement: &Retirement) -> Option<String> {
    words::retirement(retirement, str::to_owned)
}

fn differences(documented: &Documented) -> Option<String> {
    words::documented(documented).map(|it| format!("The document prints: {it}."))
}

/// A data type.
pub(super) fn data_type(ty: &DataType) -> Vec<Line> {
    let mut text = vec![Line::text(&*ty.summary)];
    if let Some(description) = &ty.description {
        paragraphs(description, &mut text);
    }
    let mut facts = Vec::from_iter(since(&ty.since));
    facts.extend(retirement(&ty.retirement));
    if let Some(base) = &ty.extends {
        facts.push(format!("Extends {}.", code(base)));
    }
    facts.extend(source(ty.source));
    if !facts.is_empty() {
        text.extend([Line::Blank, Line::Text(facts.join(" "))]);
    }
    text
}

/// A value of an enum.
pub(super) fn value(value: &EnumValue, owner: &Owner<'_>) -> Vec<Line> {
    let description = value.description.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let text = description.map_or_else(|| format!("{}.", code(&value.name)), str::to_owned);
    let facts = [Some(text), owner.later(&value.since), retirement(&value.retirement)];
    vec![Line::Text(facts.into_iter().flatten().collect::<Vec<_>>().join(" "))]
}

/// What one line says of an operation: `POST …`, since, and so on.
fn http_line(model: &Model, operation: &Operation) -> String {
    let base = &model.service.base_path;
    let mut text = code(&format!("{} {base}{}", operation.method.as_str(), operation.path));
    match &operation.body {
        Body::None => {}
        Body::Key(key) => text.push_str(&format!(", parameters below {}", code(key))),
        Body::Action(key) => text.push_str(&format!(", action {}", code(key))),
    }
    for path in &operation.paths {
        text.push_str(&format!(", or {}", code(&format!("{base}{path}"))));
    }
    text.push_str(". ");
    if let Some(since) = since(&operation.since) {
        text.push_str(&since);
        text.push(' ');
    }
    text.push_str(match operation.execution {
        Execution::Sync => "Synchronous",
        Execution::Async => "Asynchronous",
    });
    text.push_str(match operation.auth {
        Auth::Session => "; needs a session.",
        Auth::None => "; needs no session.",
    });
    text
}

/// An operation: its summary, its HTTP line, its notes, an example and its errors.
pub(super) fn operation(model: &Model, operation: &Operation, example: Vec<Line>) -> Vec<Line> {
    let mut text =
        vec![Line::text(&*operation.summary), Line::Blank, Line::Text(http_line(model, operation))];
    text.extend(retirement(&operation.retirement).map(Line::Text));
    text.extend(operation.documented.as_ref().and_then(differences).map(Line::Text));
    text.extend(source(operation.source).map(Line::Text));
    if let Some(description) = &operation.description {
        paragraphs(description, &mut text);
    }
    for note in &operation.notes {
        paragraphs(note, &mut text);
    }
    text.extend(example);
    if !operation.errors.is_empty() {
        text.extend(["", "# Errors", "", "| code | when |", "|---|---|"].map(Line::markdown));
    }
    for error in &operation.errors {
        let cause =
            error.cause.as_ref().map(|cause| format!(", caused by {}", code(cause))).unwrap_or_default();
        text.push(Line::Row(vec![format!("{}{cause}", code(&error.code)), error.when.clone()]));
    }
    text
}
