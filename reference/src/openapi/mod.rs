//! Exports the API of any release as an OpenAPI 3.1 document, and lists what such a
//! document cannot express.

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
mod responses;
mod routes;
mod schema;
mod security;
mod text;
mod types;
mod writer;

pub use losses::{LossKind, Losses};

use writer::Writer;
use zstack_model::examples::examples;
use zstack_model::{Model, Type, Version, query_parameters};

/// The layout of the JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Indented lines, for people.
    #[default]
    Indented,
    /// One line, for programs.
    Compact,
}

/// An OpenAPI document and its losses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// JSON, with a line feed at its end.
    pub text: String,
    /// The facts that OpenAPI cannot express.
    pub losses: Losses,
}

/// Writes the OpenAPI document of a release; without one, of all elements,
/// including removed ones, like the generated crates.
///
/// The version does not have to be a declared release.
#[must_use]
pub fn export(model: &Model, at: Option<&Version>, layout: Layout) -> Export {
    let slice = at.map(|at| model.at(at));
    let mut standard = query_parameters();
    standard.retain(|parameter| at.is_none_or(|at| parameter.since <= *at));
    // Servers refuse a negative `limit` or `start`.
    for amount in standard.iter_mut().filter(|parameter| parameter.ty == Type::Integer) {
        amount.constraints.range = Some((0, i32::MAX.into()));
    }
    let slice = slice.as_ref().unwrap_or(model);
    let examples =
        slice.operations.iter().map(|operation| (&*operation.name, examples(slice, operation))).collect();
    let writer = Writer::new(slice, model, at, &standard, &examples, types::types_read_by_clients(slice));
    let (document, losses) = writer.write();
    let text = match layout {
        Layout::Indented => serde_json::to_string_pretty(&document),
        Layout::Compact => serde_json::to_string(&document),
    };
    // All keys are strings, so serialization cannot fail.
    let mut text = text.unwrap_or_default();
    text.push('\n');
    Export { text, losses }
}
