//! Samples in Go with its standard library: the function names of the SDK cannot
//! be derived from the spec.

use askama::Template;

use super::json::PLAIN;
use super::quote;
use super::sample_request::SampleRequest;

#[derive(Template)]
#[template(path = "samples/go.txt", escape = "none")]
struct Program<'a> {
    request: &'a SampleRequest<'a>,
    path: String,
    query: Vec<(String, String)>,
    body: Option<String>,
}

pub(super) fn write(request: &SampleRequest<'_>) -> String {
    let column = "    body := strings.NewReader(``)".len();
    let program = Program {
        request,
        path: literal(&request.path_before_query()),
        query: request.query_literals(literal),
        body: request.body.as_ref().map(|body| raw(&PLAIN.write(body, 0, column))),
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
    quote(text, |character| match u32::from(character) {
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    })
}
