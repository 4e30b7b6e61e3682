//! A module for Node.js, which has `fetch` since 18.

use super::json::Notation;
use super::message::Message;
use super::{quoted, utf16_escape};
use zstack_model::names;

pub(super) const JAVASCRIPT: Notation =
    Notation { null: "null", yes: "true", no: "false", text, key, step: "  ", gap: " ", last_comma: true };

fn text(text: &str) -> String {
    quoted(text, utf16_escape)
}

fn key(name: &str) -> String {
    match name {
        // Without brackets, it would be the object's prototype.
        "__proto__" => "[\"__proto__\"]".to_owned(),
        name if names::is_ident(name) => name.to_owned(),
        name => text(name),
    }
}

pub(super) fn write(message: &Message<'_>) -> String {
    let (import, wait) = if message.is_job() {
        (
            "import { setTimeout as sleep } from \"node:timers/promises\";\n\n",
            r#"if (answer.status === 202) {
  // A job, which is asked until it is done.
  const { location } = await answer.json();
  while ((answer = await send(location)).status === 202) await sleep(1000);
}
"#,
        )
    } else {
        ("", "")
    };
    let (mut address, mut query) = (text(&message.path_before_query()), String::new());
    if !message.query.is_empty() {
        address.push_str(" + query");
        let pairs = message.query.iter().map(|(key, it)| format!("  [{}, {}],\n", text(key), text(it)));
        query = format!("const query = new URLSearchParams([\n{}]);\n", pairs.collect::<String>());
    }
    let declaration = if message.is_job() { "let" } else { "const" };
    let mut options = Vec::new();
    if !message.is_get() {
        options.push(format!("method: \"{}\"", message.method()));
    }
    let mut headers = Vec::new();
    if message.needs_session() {
        headers.push("Authorization: `OAuth ${process.env.ZSTACK_SESSION}`");
    }
    if message.body.is_some() {
        headers.push("\"Content-Type\": \"application/json\"");
    }
    match headers[..] {
        [] => {}
        [one] => options.push(format!("headers: {{ {one} }}")),
        _ => options.push(format!("headers: {{\n    {},\n  }}", headers.join(",\n    "))),
    }
    if let Some(body) = &message.body {
        let before = "  body: JSON.stringify(";
        options.push(format!("body: JSON.stringify({})", JAVASCRIPT.write(body, 1, before.len() + 2)));
    }
    let options = match options[..] {
        [] => String::new(),
        _ => format!(", {{\n  {},\n}}", options.join(",\n  ")),
    };
    format!(
        r#"{import}async function send(url, options) {{
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${{answer.status}}: ${{await answer.text()}}`);
  return answer;
}}

{query}{declaration} answer = await send(process.env.ZSTACK_URL + {address}{options});
{wait}console.log(JSON.stringify(await answer.json(), null, 2));
"#
    )
}
