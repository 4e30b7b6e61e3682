//! Samples in JavaScript: a module for Node.js, which has `fetch` since 18.

use askama::Template;

use super::json::Notation;
use super::sample_request::SampleRequest;
use super::{quote, utf16_escape};
use zstack_model::names;

pub(super) const JAVASCRIPT: Notation = Notation {
    null: "null",
    yes: "true",
    no: "false",
    text: literal,
    key,
    step: "  ",
    gap: " ",
    last_comma: true,
};

#[derive(Template)]
#[template(path = "samples/javascript.txt", escape = "none")]
struct Program<'a> {
    request: &'a SampleRequest<'a>,
    path: String,
    query: Vec<(String, String)>,
    body: Option<String>,
}

pub(super) fn write(request: &SampleRequest<'_>) -> String {
    let column = "  body: JSON.stringify(),".len();
    let program = Program {
        request,
        path: literal(&request.path_before_query()),
        query: request.query_literals(literal),
        body: request.body.as_ref().map(|body| JAVASCRIPT.write(body, 1, column)),
    };
    super::file(program)
}

/// A string literal.
fn literal(text: &str) -> String {
    quote(text, utf16_escape)
}

/// The name of a member in an object literal.
fn key(name: &str) -> String {
    match name {
        // Without brackets, it would be the object's prototype.
        "__proto__" => "[\"__proto__\"]".to_owned(),
        name if names::is_ident(name) => name.to_owned(),
        name => literal(name),
    }
}
