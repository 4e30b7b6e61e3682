//! Samples in Go with its standard library: the function names of the SDK cannot
//! be derived from the spec.

use askama::Template;

use super::json::PLAIN;
use super::message::Message;
use super::quoted;

#[derive(Template)]
#[template(path = "samples/go.txt", escape = "none")]
struct Program<'a> {
    message: &'a Message<'a>,
    path: String,
    query: Vec<(String, String)>,
    body: Option<String>,
}

pub(super) fn write(message: &Message<'_>) -> String {
    let column = "    body := strings.NewReader(``)".len();
    let program = Program {
        message,
        path: literal(&message.path_before_query()),
        query: message.query_literals(literal),
        body: message.body.as_ref().map(|body| raw(&PLAIN.write(body, 0, column))),
    };
    super::file(program)
}

/// A JSON document as a raw string literal, which cannot contain backticks. In
/// JSON they occur only within strings, where they can be escaped.
pub(super) fn raw(json: &str) -> String {
    format!("`{}`", json.replace('`', "\\u0060"))
}

/// A string literal.
pub(super) fn literal(text: &str) -> String {
    quoted(text, |character| match u32::from(character) {
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    })
}
