//! Python 3, its standard library alone.

use super::json::Notation;
use super::message::Message;
use super::quoted;

pub(super) const PYTHON: Notation = Notation {
    null: "None",
    yes: "True",
    no: "False",
    text,
    key: text,
    step: "    ",
    gap: "",
    last_comma: true,
};

fn text(text: &str) -> String {
    quoted(text, |it| match u32::from(it) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    })
}

pub(super) fn value(json: &super::json::Json) -> String {
    PYTHON.line(json)
}

pub(super) fn write(message: &Message<'_>) -> String {
    let time = if message.is_job() { "import time\n" } else { "" };
    let mut options = vec![format!("os.environ[\"ZSTACK_URL\"] + {}", text(&message.path_before_query()))];
    let (mut parse, mut query) = ("", String::new());
    if !message.query.is_empty() {
        options[0].push_str(" + query");
        parse = "from urllib.parse import urlencode\n";
        let pairs = message.query.iter().map(|(key, it)| format!("    ({}, {}),\n", text(key), text(it)));
        query = format!("query = urlencode([\n{}])\n", pairs.collect::<String>());
    }
    if !message.is_get() {
        options.push(format!("method=\"{}\"", message.method()));
    }
    let mut headers = Vec::new();
    if message.needs_session() {
        headers.push("\"Authorization\": \"OAuth \" + os.environ[\"ZSTACK_SESSION\"]");
    }
    if message.body.is_some() {
        headers.push("\"Content-Type\": \"application/json\"");
    }
    match headers[..] {
        [] => {}
        [one] => options.push(format!("headers={{{one}}}")),
        _ => options.push(format!("headers={{\n        {},\n    }}", headers.join(",\n        "))),
    }
    if let Some(body) = &message.body {
        let before = "    data=json.dumps(";
        options.push(format!("data=json.dumps({}).encode()", PYTHON.write(body, 1, before.len() + 11)));
    }
    let wait = if message.is_job() {
        r#"if answer.status == 202:  # a job, which is asked until it is done
    job = json.load(answer)["location"]
    while (answer := send(Request(job))).status == 202:
        time.sleep(1)
"#
    } else {
        ""
    };
    format!(
        r#"import json
import os
import sys
{time}from urllib.error import HTTPError
{parse}from urllib.request import Request, urlopen


def send(request):
    try:
        return urlopen(request)
    except HTTPError as error:
        sys.exit(f"{{error.code}}: {{error.read().decode()}}")


{query}request = Request(
    {},
)
answer = send(request)
{wait}print(json.dumps(json.load(answer), indent=2))
"#,
        options.join(",\n    ")
    )
}
