//! Samples for curl in a POSIX shell.

use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::json::PLAIN;
use super::message::Message;
use super::shell;

#[derive(Template)]
#[template(path = "samples/curl.txt", escape = "none")]
struct Script<'a> {
    message: &'a Message<'a>,
    /// Escaped for double quotes.
    path: String,
    /// `key=value`, quoted.
    query: Vec<String>,
    body: Option<String>,
}

pub(super) fn write(message: &Message<'_>) -> String {
    let pair = |(key, value): &(String, String)| {
        // Curl encodes the value, but sends the key as it is.
        let key = utf8_percent_encode(key, NON_ALPHANUMERIC).to_string().replace("%2E", ".");
        shell::single_quoted(&format!("{key}={value}"))
    };
    let column = "  -d ''".len();
    let script = Script {
        message,
        path: shell::in_double_quotes(&message.path),
        query: message.query.iter().map(pair).collect(),
        body: message.body.as_ref().map(|body| shell::single_quoted(&PLAIN.write(body, 0, column))),
    };
    super::file(script)
}
