//! The texts of documentation comments.

use super::comment::{Line, WIDTH};
use zstack_model::prose::{self, code};
use zstack_model::words;
use zstack_model::{
    Auth, Body, DataType, Documented, EnumValue, Execution, Field, Model, Operation, Place, Retirement,
    Source, Type, Version,
};

/// Appends the paragraphs of a text, with a blank line before each.
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

/// The owner of a field, a parameter or an enum value, whose facts the documentation of the member does not repeat.
pub(super) struct Owner<'a> {
    pub(super) name: &'a str,
    pub(super) since: &'a Version,
    source: Source,
}

impl<'a> Owner<'a> {
    /// The owner for a data type.
    pub(super) fn data_type(ty: &'a DataType) -> Self {
        Self { name: &ty.name, since: &ty.since, source: ty.source }
    }

    /// The owner for the request or the response of an operation.
    pub(super) fn operation(operation: &'a Operation, name: &'a str) -> Self {
        Self { name, since: &operation.since, source: operation.source }
    }

    /// The release of a member, if it is newer than that of the owner.
    fn newer_since(&self, version: &Version) -> Option<String> {
        if version > self.since { since(version) } else { None }
    }

    /// The source of a member, if it differs from that of the owner.
    fn other_source(&self, other: Source) -> Option<String> {
        if other == self.source { None } else { source(other) }
    }
}

/// Documents a field or a parameter. The result is empty if nothing is known. `reference` is the sentence about the
/// resource that it refers to, in Markdown.
pub(super) fn field(
    field: &Field,
    place: Option<Place>,
    owner: &Owner<'_>,
    reference: Option<String>,
) -> Vec<Line> {
    let description = field.description.as_deref().unwrap_or_default().trim();
    let mut facts = Vec::new();
    match place {
        Some(Place::Path) => facts.push("In the path.".to_owned()),
        Some(Place::Query) => facts.push("In the query string.".to_owned()),
        Some(Place::Body | Place::BesideBody) | None => {}
    }
    facts.extend(owner.newer_since(&field.since));
    facts.extend(retirement(&field.retirement));
    facts.extend(words::constraints(&field.constraints));
    if let Some(default) = &field.default {
        facts.push(format!("Default: {}.", code(&default.to_string())));
    }
    if matches!(field.ty, Type::Uuid) {
        facts.push("32 lowercase hexadecimal digits.".to_owned());
    }
    if field.sensitive {
        facts.push("Kept out of logs.".to_owned());
    }
    facts.extend(owner.other_source(field.source));
    facts.extend(field.documented.as_ref().and_then(|documented| official_docs(documented, Some(&field.ty))));
    let facts = (!facts.is_empty()).then(|| prose::line(&facts.join(" ")));
    let facts = reference.into_iter().chain(facts).collect::<Vec<_>>().join(" ");
    if description.is_empty() {
        return if facts.is_empty() { Vec::new() } else { vec![Line::Markdown(facts)] };
    }
    let mut lines: Vec<_> = prose::lines(description).map(Line::text).collect();
    let first = prose::line(description);
    let fits = first.chars().count() + facts.chars().count() < WIDTH;
    match facts.is_empty() {
        true => {}
        // A short description shares its line with the facts.
        false if lines.len() == 1 && fits => lines = vec![Line::Markdown(format!("{first} {facts}"))],
        false => lines.extend([Line::Blank, Line::Markdown(facts)]),
    }
    lines
}

/// Documents the tags of a request, with the system tags that the operation recognizes.
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

/// The release of an element, if it is known.
fn since(version: &Version) -> Option<String> {
    (!version.is_unknown()).then(|| format!("Since {version}."))
}

/// The source of an element; `None` if the official documents describe it.
fn source(source: Source) -> Option<String> {
    match source {
        Source::Document => None,
        Source::Platform => Some("Undocumented; observed on the platform.".to_owned()),
    }
}

/// The deprecation and removal of an element, if any.
fn retirement(retirement: &Retirement) -> Option<String> {
    words::retirement(retirement, str::to_owned)
}

/// The differences of the official documents from the wire. `ty` is the type on the wire; a documented type that only
/// leaves out the elements of a list or map is not a difference.
fn official_docs(documented: &Documented, ty: Option<&Type>) -> Option<String> {
    let Documented { place, ty: documented_type, since, required, execution } = documented;
    let is_same =
        |name: &str| matches!((name, ty), ("List", Some(Type::List(_))) | ("Map", Some(Type::Map(_))));
    let differences = [
        documented_type.as_deref().filter(|name| !is_same(name)).map(code),
        place.as_ref().map(|place| format!("in the {place}")),
        since.as_ref().map(|since| format!("since {since}")),
        required.map(|required| if required { "required" } else { "optional" }.to_owned()),
        execution.map(|execution| words::execution(execution).to_owned()),
    ];
    let differences: Vec<_> = differences.into_iter().flatten().collect();
    (!differences.is_empty()).then(|| format!("Official docs: {}.", differences.join(", ")))
}

/// Documents a data type.
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

/// Documents a value of an enum. The result is empty if nothing is known.
pub(super) fn value(value: &EnumValue, owner: &Owner<'_>) -> Vec<Line> {
    let description = value.description.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let facts =
        [description.map(str::to_owned), owner.newer_since(&value.since), retirement(&value.retirement)];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    if facts.is_empty() { Vec::new() } else { vec![Line::Text(facts.join(" "))] }
}

/// The line about the HTTP request of an operation, such as "`POST …`. Since 0.6. Synchronous; requires a session."
fn http_line(model: &Model, operation: &Operation) -> String {
    let base = &model.service.base_path;
    let mut text = code(&format!("{} {base}{}", operation.method.as_str(), operation.path));
    match &operation.body {
        Body::None => {}
        Body::Key(key) => text.push_str(&format!(", body key {}", code(key))),
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
        Auth::Session => "; requires a session.",
        Auth::None => "; requires no session.",
    });
    text
}

/// Documents an operation: summary, HTTP request, description, notes, example and errors.
pub(super) fn operation(model: &Model, operation: &Operation, example: Vec<Line>) -> Vec<Line> {
    let mut text =
        vec![Line::text(&*operation.summary), Line::Blank, Line::Text(http_line(model, operation))];
    text.extend(retirement(&operation.retirement).map(Line::Text));
    text.extend(
        operation.documented.as_ref().and_then(|documented| official_docs(documented, None)).map(Line::Text),
    );
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
