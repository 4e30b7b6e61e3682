//! The text of documentation comments.

use proc_macro2::TokenStream;
use quote::quote;

use super::example;
use crate::model::{
    Auth, Body, DataType, Documented, EnumValue, Execution, Field, Model, Operation, Place, Retirement,
    Source, Type, TypeShape, Version,
};
use crate::words::{self, prose};

/// Documentation of these lines, as comments.
pub(super) fn comment(text: &[String], indent: &str) -> String {
    let mut comment = String::new();
    each(text, |line| {
        comment.push_str(indent);
        comment.push_str(if line.is_empty() { "///" } else { "/// " });
        comment.push_str(line);
        comment.push('\n');
    });
    comment
}

/// Calls `put` with each line. Lines of prose are wrapped; code and tables
/// stay.
fn each(text: &[String], mut put: impl FnMut(&str)) {
    let mut code = false;
    for text in text {
        let fence = text.starts_with("```");
        if code || fence || text.starts_with('|') {
            put(text);
        } else {
            wrap(text).for_each(&mut put);
        }
        code ^= fence;
    }
}

/// How long a line of prose is, at most, in characters.
const WIDTH: usize = 90;

/// A paragraph in lines.
fn wrap(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some((limit, _)) = text.char_indices().nth(WIDTH) else {
            rest = None;
            return Some(text);
        };
        // A line that begins with one of these would be something else.
        let breaks = text.char_indices().filter(|&(at, letter)| {
            letter == ' ' && !text[at + 1..].starts_with(['#', '-', '+', '>', '|', '*', '`', '1'])
        });
        let (within, beyond): (Vec<_>, Vec<_>) = breaks.map(|(at, _)| at).partition(|&at| at <= limit);
        match within.last().or(beyond.first()) {
            Some(&at) if at > 0 => {
                rest = Some(&text[at + 1..]);
                Some(&text[..at])
            }
            _ => {
                rest = None;
                Some(text)
            }
        }
    })
}

/// Documentation of a module or a crate, as inner attributes.
pub(super) fn inner(text: &[&str]) -> TokenStream {
    text.iter()
        .map(|text| {
            let text = if text.is_empty() { String::new() } else { format!(" {text}") };
            quote!(#![doc = #text])
        })
        .collect()
}

/// Paragraphs that people wrote; a blank line before each.
fn paragraphs(text: &str, to: &mut Vec<String>) {
    let mut blank = true;
    for line in text.trim().lines() {
        if line.trim().is_empty() {
            blank = true;
            continue;
        }
        if blank {
            to.push(String::new());
            blank = false;
        }
        to.push(prose(line));
    }
}

/// A field of a struct, or a parameter.
pub(super) fn field(model: &Model, field: &Field, place: Option<Place>) -> Vec<String> {
    let mut text = Vec::new();
    match &field.description {
        Some(description) => text.extend(description.trim().lines().map(prose)),
        // What the document leaves out is not invented.
        None => text.push(format!("`{}`.", field.name)),
    }
    let mut facts = Vec::new();
    match place {
        Some(Place::Path) => facts.push("In the path.".to_owned()),
        Some(Place::Query) => facts.push("In the query string.".to_owned()),
        Some(Place::Body | Place::BesideBody) | None => {}
    }
    facts.extend(since(&field.since));
    facts.extend(retirement(&field.retirement));
    facts.extend(words::constraints(&field.constraints));
    if let Some(default) = &field.default {
        facts.push(format!("By default `{default}`."));
    }
    if let Some(DataType { shape: TypeShape::Enum { values }, .. }) =
        field.ty.named().and_then(|it| model.data_type(it))
        && place.is_some()
    {
        facts.push(format!("One of {}.", words::list(values.iter().map(|it| it.name.as_str()))));
    }
    if matches!(field.ty, Type::Uuid) {
        facts.push("32 lower-case hexadecimal digits.".to_owned());
    }
    if field.sensitive {
        facts.push("Kept out of logs.".to_owned());
    }
    if field.source == Source::Platform {
        facts.push("Seen on the platform; in no document.".to_owned());
    }
    facts.extend(field.documented.as_ref().and_then(differences));
    let facts = facts.join(" ");
    match &mut text[..] {
        _ if facts.is_empty() => {}
        // Short ones share a line, and a name is no paragraph.
        [line] if field.description.is_none() || line.chars().count() + facts.chars().count() < WIDTH => {
            line.push(' ');
            line.push_str(&facts);
        }
        _ => text.extend([String::new(), facts]),
    }
    text
}

/// Since when; nothing for what is not known.
fn since(version: &Version) -> Option<String> {
    (!version.is_unknown()).then(|| format!("Since {version}."))
}

/// What to know of what goes; nothing of what stays.
fn retirement(retirement: &Retirement) -> Option<String> {
    words::retirement(retirement, prose)
}

fn differences(documented: &Documented) -> Option<String> {
    words::documented(documented).map(|it| format!("The document prints: {}.", prose(&it)))
}

/// A data type.
pub(super) fn data_type(ty: &DataType) -> Vec<String> {
    let mut text = vec![prose(&ty.summary)];
    if let Some(description) = &ty.description {
        paragraphs(description, &mut text);
    }
    let mut facts = Vec::from_iter(since(&ty.since));
    facts.extend(retirement(&ty.retirement));
    if let Some(base) = &ty.extends {
        facts.push(format!("Extends `{base}`."));
    }
    if ty.source == Source::Platform {
        facts.push("Seen on the platform; in no document.".to_owned());
    }
    if !facts.is_empty() {
        text.extend([String::new(), facts.join(" ")]);
    }
    text
}

/// A value of an enum.
pub(super) fn value(value: &EnumValue) -> Vec<String> {
    let text = value.description.as_deref().map_or_else(|| format!("`{}`.", value.name), prose);
    let facts = [Some(text), since(&value.since), retirement(&value.retirement)];
    vec![facts.into_iter().flatten().collect::<Vec<_>>().join(" ")]
}

/// What one line says of an operation: `POST …`, since, and so on.
pub(super) fn http_line(model: &Model, operation: &Operation) -> String {
    let mut text = format!("`{} {}{}`", operation.method.word(), model.service.base_path, operation.path);
    match &operation.body {
        Body::None => {}
        Body::Key(key) => text.push_str(&format!(", parameters below `{key}`")),
        Body::Action(key) => text.push_str(&format!(", action `{key}`")),
    }
    for path in &operation.paths {
        text.push_str(&format!(", or `{}{path}`", model.service.base_path));
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

/// An operation: what it does, its HTTP line, its errors and notes.
pub(super) fn operation(model: &Model, operation: &Operation) -> Vec<String> {
    let mut text = vec![prose(&operation.summary), String::new(), http_line(model, operation)];
    text.extend(retirement(&operation.retirement));
    text.extend(operation.documented.as_ref().and_then(differences));
    if operation.source == Source::Platform {
        text.push("Seen on the platform; in no document.".to_owned());
    }
    if let Some(description) = &operation.description {
        paragraphs(description, &mut text);
    }
    for note in &operation.notes {
        paragraphs(note, &mut text);
    }
    if !operation.examples.is_empty() {
        text.extend(example::lines(model, operation));
    }
    if !operation.errors.is_empty() {
        text.extend(["", "# Errors", "", "| code | when |", "|---|---|"].map(str::to_owned));
    }
    for error in &operation.errors {
        let cause = error.cause.as_ref().map(|it| format!(", caused by `{it}`")).unwrap_or_default();
        let when = prose(&error.when.replace('\n', " ")).replace('|', "\\|");
        text.push(format!("| `{}`{cause} | {when} |", error.code));
    }
    text
}
