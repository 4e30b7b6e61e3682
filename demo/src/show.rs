//! What a person sees: colour on a terminal, plain text in a pipe.

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use serde_json::{Map, Value};

use crate::recording::Exchange;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const SENT: Style = AnsiColor::Cyan.on_default();
const GOOD: Style = AnsiColor::Green.on_default();
const REFUSED: Style = AnsiColor::Yellow.on_default();

pub(crate) fn title(url: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out)?;
    writeln!(out, "{BOLD}The ZStack API, end to end{BOLD:#}")?;
    writeln!(out, "{DIM}A management node listens on {url}.{DIM:#}")?;
    writeln!(out, "{DIM}→ is what the generated client sent, ← what the node answered.{DIM:#}")
}

/// The heading of a step.
pub(crate) fn step(number: usize, operation: &str, what: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out)?;
    writeln!(out, "{BOLD}{number}. {operation}{BOLD:#}  {what}")
}

/// What was sent and what came back: of the answer, the fields in `keys`.
pub(crate) fn exchange(exchange: &Exchange, keys: &[&str]) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "   {SENT}→ {} {}{SENT:#}", exchange.method, exchange.path)?;
    if let Some(sent) = &exchange.sent {
        lines(&mut out, &excerpt(sent, &[]), SENT)?;
    }
    let style = if exchange.status.is_success() { GOOD } else { REFUSED };
    writeln!(out, "   {style}← {}{style:#}", exchange.status)?;
    lines(&mut out, &excerpt(&exchange.answer, keys), style)
}

/// What a check found to be as it should be.
pub(crate) fn fine(what: &str) -> io::Result<()> {
    writeln!(anstream::stdout(), "   {GOOD}✓{GOOD:#} {what}")
}

pub(crate) fn closing(steps: usize) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out)?;
    writeln!(out, "{GOOD}All {steps} answers were what they should be.{GOOD:#} Try it yourself:")?;
    writeln!(out)?;
    writeln!(out, "   cargo run --bin zstack-node -- serve --sample")
}

fn lines(out: &mut impl io::Write, text: &str, style: Style) -> io::Result<()> {
    for line in text.lines() {
        writeln!(out, "     {style}{line}{style:#}")?;
    }
    Ok(())
}

/// The longest line of JSON, in characters.
const WIDTH: usize = 96;

/// JSON on as few lines as are readable. Of an inventory, only the fields in
/// `keys` (all of them, if there are none), and how many were left out.
fn excerpt(value: &Value, keys: &[&str]) -> String {
    let mut text = String::new();
    write(value, keys, 0, &mut text);
    text
}

fn write(value: &Value, keys: &[&str], indent: usize, text: &mut String) {
    let flat = flat(value, keys);
    if indent + flat.chars().count() <= WIDTH {
        text.push_str(&flat);
        return;
    }
    let (open, close, parts) = match value {
        Value::Object(object) => ('{', '}', fields(object, keys)),
        Value::Array(items) => ('[', ']', items.iter().map(|item| (String::new(), Some(item))).collect()),
        // A long text stays whole: it may be copied.
        _ => return text.push_str(&flat),
    };
    text.push(open);
    for (index, (label, value)) in parts.iter().enumerate() {
        text.push_str(if index > 0 { ",\n" } else { "\n" });
        text.push_str(&" ".repeat(indent + 2));
        text.push_str(label);
        if let Some(value) = value {
            write(value, keys, indent + 2, text);
        }
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}

fn flat(value: &Value, keys: &[&str]) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Object(object) => {
            let part = |(label, value): (String, Option<&Value>)| {
                label + &value.map_or_else(String::new, |value| flat(value, keys))
            };
            format!("{{{}}}", joined(fields(object, keys).into_iter().map(part).collect()))
        }
        Value::Array(items) => format!("[{}]", joined(items.iter().map(|item| flat(item, keys)).collect())),
        Value::String(text) if is_digest(text) => format!("\"{}…\"", &text[..12]),
        other => other.to_string(),
    }
}

/// Whether nobody reads, or copies, a text: it is longer than any uuid, and
/// has nothing but digits.
fn is_digest(text: &str) -> bool {
    text.len() > 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What is shown of an object: labels and values; of an inventory the fields
/// in `keys`, in that order, and how many there are besides.
fn fields<'a>(object: &'a Map<String, Value>, keys: &[&str]) -> Vec<(String, Option<&'a Value>)> {
    let label = |key: &str| format!("{key:?}: ");
    // An inventory is what has a uuid.
    if keys.is_empty() || !object.contains_key("uuid") {
        return object.iter().map(|(key, value)| (label(key), Some(value))).collect();
    }
    let shown = keys.iter().filter_map(|key| object.get(*key).map(|value| (label(key), Some(value))));
    let mut fields: Vec<_> = shown.collect();
    let left_out = object.len() - fields.len();
    if left_out > 0 {
        fields.push((format!("… {left_out} more"), None));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn inventories_are_abridged_and_nothing_else() {
        let value = json!({"inventory": {"uuid": "1", "name": "a", "size": 3}, "error": {"code": "x"}});
        assert_eq!(
            excerpt(&value, &["name"]),
            r#"{"error": {"code": "x"}, "inventory": {"name": "a", … 2 more}}"#
        );
        assert_eq!(excerpt(&json!({}), &["name"]), "{}");
    }

    #[test]
    fn long_lines_are_broken_at_fields() {
        let long = "x".repeat(60);
        let value = json!({"a": long, "b": [1, 2], "c": long});
        assert_eq!(
            excerpt(&value, &[]),
            format!("{{\n  \"a\": \"{long}\",\n  \"b\": [1, 2],\n  \"c\": \"{long}\"\n}}")
        );
    }
}
