//! Samples for curl in a POSIX shell.

use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::json::PLAIN;
use super::sample_request::SampleRequest;
use super::shell;

#[derive(Template)]
#[template(path = "samples/curl.txt", escape = "none")]
struct Script<'a> {
    request: &'a SampleRequest<'a>,
    /// Escaped for double quotes.
    path: String,
    /// `key=value`, quote.
    query: Vec<String>,
    body: Option<String>,
}

pub(super) fn write(request: &SampleRequest<'_>) -> String {
    let pair = |(key, value): &(String, String)| {
        // Curl encodes the value, but sends the key as it is.
        let key = utf8_percent_encode(key, NON_ALPHANUMERIC).to_string().replace("%2E", ".");
        shell::single_quote(&format!("{key}={value}"))
    };
    let column = "  -d ''".len();
    let script = Script {
        request,
        path: shell::escape_for_double_quotes(&request.path),
        query: request.query.iter().map(pair).collect(),
        body: request.body.as_ref().map(|body| shell::single_quote(&PLAIN.write(body, 0, column))),
    };
    super::file(script)
}
