//! The API as an OpenAPI 3.1 document, as of any release, for tools that do not
//! know the spec; and what such a document cannot say.

mod answers;
mod assemble;
mod bodies;
mod defaults;
mod document;
mod headers;
mod jobs;
mod losses;
mod names;
mod operations;
mod parameters;
mod parts;
mod pattern;
mod routes;
mod schema;
mod security;
mod text;
mod types;
mod writer;

pub use losses::{LossKind, Losses};

use writer::Writer;
use zstack_model::{Model, Type, Version, query_parameters};

/// How the JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// For people: lines, indented.
    #[default]
    Indented,
    /// For programs: one line.
    Compact,
}

/// A document, and what it does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// JSON, with a line feed at its end.
    pub text: String,
    /// What OpenAPI has no words for.
    pub losses: Losses,
}

/// Writes the document of a release; without one, of all there is, what is
/// removed by now included: as the generated crates have it.
///
/// The version need not be a declared release: what counts is what the platform
/// had then.
#[must_use]
pub fn export(model: &Model, at: Option<&Version>, layout: Layout) -> Export {
    let slice = at.map(|at| model.at(at));
    let mut standard = query_parameters();
    standard.retain(|it| at.is_none_or(|at| it.since <= *at));
    // `limit` and `start`, which servers refuse below zero.
    for amount in standard.iter_mut().filter(|it| it.ty == Type::Integer) {
        amount.constraints.range = Some((0, i32::MAX.into()));
    }
    let slice = slice.as_ref().unwrap_or(model);
    let writer = Writer::new(slice, model, at, &standard, types::told(slice));
    let (document, losses) = writer.write();
    let text = match layout {
        Layout::Indented => serde_json::to_string_pretty(&document),
        Layout::Compact => serde_json::to_string(&document),
    };
    // Texts, numbers and lists below keys that are texts: nothing that JSON
    // could not hold.
    let mut text = text.unwrap_or_default();
    text.push('\n');
    Export { text, losses }
}
