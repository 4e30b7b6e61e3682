//! Samples in Python 3 with its standard library.

use askama::Template;

use super::json::Notation;
use super::quote;
use super::sample_request::SampleRequest;

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
    request: &'a SampleRequest<'a>,
    path: String,
    query: Vec<(String, String)>,
    body: Option<String>,
}

pub(super) fn write(request: &SampleRequest<'_>) -> String {
    let column = "    data=json.dumps().encode(),".len();
    let program = Program {
        request,
        path: literal(&request.path_before_query()),
        query: request.query_literals(literal),
        body: request.body.as_ref().map(|body| PYTHON.write(body, 1, column)),
    };
    super::file(program)
}

/// A string literal.
fn literal(text: &str) -> String {
    quote(text, |character| match u32::from(character) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    })
}
