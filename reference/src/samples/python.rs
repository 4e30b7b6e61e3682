//! Samples in Python 3 with its standard library.

use askama::Template;

use super::json::Notation;
use super::message::Message;
use super::quoted;

pub(super) const PYTHON: Notation = Notation {
    null: "None",
    yes: "True",
    no: "False",
    text: literal,
    key: literal,
    step: "    ",
    gap: "",
    last_comma: true,
};

#[derive(Template)]
#[template(path = "samples/python.txt", escape = "none")]
struct Program<'a> {
    message: &'a Message<'a>,
    path: String,
    query: Vec<(String, String)>,
    body: Option<String>,
}

pub(super) fn write(message: &Message<'_>) -> String {
    let column = "    data=json.dumps().encode(),".len();
    let program = Program {
        message,
        path: literal(&message.path_before_query()),
        query: message.query_literals(literal),
        body: message.body.as_ref().map(|body| PYTHON.write(body, 1, column)),
    };
    super::file(program)
}

/// A string literal.
fn literal(text: &str) -> String {
    quoted(text, |character| match u32::from(character) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    })
}
