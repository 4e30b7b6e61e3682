//! HTTP by hand.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::json::PLAIN;
use super::message::Message;
use super::shell;

pub(super) fn write(message: &Message<'_>) -> String {
    if !message.is_job() {
        return format!("curl -sS --fail-with-body {}\n", arguments(message));
    }
    format!(
        r#"# The answer has the location of a job, which is asked until it is done.
job=$(curl -sS {} |
  tee /dev/stderr | sed -n 's/.*"location" *: *"\([^"]*\)".*/\1/p')
while [ "$(curl -sS -o /dev/null -w '%{{http_code}}' "$job")" = 202 ]; do
  sleep 1
done
curl -sS --fail-with-body "$job"
"#,
        arguments(message)
    )
}

/// The address, and an option a line.
fn arguments(message: &Message<'_>) -> String {
    let method = if message.is_get() { String::new() } else { format!("-X {} ", message.method()) };
    let get = if message.query.is_empty() { "" } else { "-G " };
    let mut lines = vec![format!("{method}{get}\"$ZSTACK_URL{}\"", shell::in_double_quotes(&message.path))];
    if message.needs_session() {
        lines.push("-H \"Authorization: OAuth $ZSTACK_SESSION\"".to_owned());
    }
    if message.is_job() {
        // The platform answers with a job in any case; other servers do if they are asked to.
        lines.push("-H 'Prefer: respond-async'".to_owned());
    }
    for (key, value) in &message.query {
        // Curl encodes the value, and takes the key as it is.
        let key = utf8_percent_encode(key, NON_ALPHANUMERIC).to_string().replace("%2E", ".");
        lines.push(format!("--data-urlencode {}", shell::single_quoted(&format!("{key}={value}"))));
    }
    if let Some(body) = &message.body {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        let body = PLAIN.write(body, 0, "  -d ''".len());
        lines.push(format!("-d {}", shell::single_quoted(&body)));
    }
    lines.join(" \\\n  ")
}
