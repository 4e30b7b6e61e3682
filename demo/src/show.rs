//! Prints the steps of the demo, in color on a terminal.

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
    writeln!(out, "{BOLD}The ZStack Cloud API, step by step{BOLD:#}")?;
    writeln!(out, "{DIM}A management node listens on {url}.{DIM:#}")?;
    writeln!(out, "{DIM}→ is a request of the generated client, ← the response of the node.{DIM:#}")
}

/// Prints the heading of a step.
pub(crate) fn step(number: usize, operation: &str, what: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out)?;
    writeln!(out, "{BOLD}{number}. {operation}{BOLD:#}  {what}")
}

/// Prints a request and its response, of which only the fields in `keys`.
pub(crate) fn exchange(exchange: &Exchange, keys: &[&str]) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "   {SENT}→ {} {}{SENT:#}", exchange.method, exchange.path)?;
    if let Some(sent) = &exchange.sent {
        lines(&mut out, &excerpt(sent, &[]), SENT)?;
    }
    let style = if exchange.status.is_success() { GOOD } else { REFUSED };
    writeln!(out, "   {style}← {}{style:#}", exchange.status)?;
    lines(&mut out, &excerpt(&exchange.response, keys), style)
}

/// Prints a fact that a check confirmed.
pub(crate) fn confirmation(fact: &str) -> io::Result<()> {
    writeln!(anstream::stdout(), "   {GOOD}✓{GOOD:#} {fact}")
}

pub(crate) fn closing(steps: usize) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out)?;
    writeln!(out, "{GOOD}All {steps} responses were as expected.{GOOD:#} To try it yourself:")?;
    writeln!(out)?;
    writeln!(out, "   cargo run --bin zstack-node -- serve --sample")
}

fn lines(out: &mut impl io::Write, text: &str, style: Style) -> io::Result<()> {
    for line in text.lines() {
        writeln!(out, "     {style}{line}{style:#}")?;
    }
    Ok(())
}

/// The maximum length of a line of JSON, in characters.
const WIDTH: usize = 96;

/// Formats JSON on few, but readable lines. An inventory is reduced to the fields in `keys`,
/// unless `keys` is empty, and the number of omitted fields.
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
        // A long text is not broken, so that it can be copied.
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

/// Detects a long hash, which is printed in abbreviated form.
fn is_digest(text: &str) -> bool {
    text.len() > 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the labels and values to print of an object; of an inventory, the fields in `keys`, in
/// that order, and the number of the other fields.
fn fields<'a>(object: &'a Map<String, Value>, keys: &[&str]) -> Vec<(String, Option<&'a Value>)> {
    let label = |key: &str| format!("{key:?}: ");
    // An inventory is an object with a UUID.
    if keys.is_empty() || !object.contains_key("uuid") {
        return object.iter().map(|(key, value)| (label(key), Some(value))).collect();
    }
    let shown = keys.iter().filter_map(|key| object.get(*key).map(|value| (label(key), Some(value))));
    let mut fields: Vec<_> = shown.collect();
    let omitted = object.len() - fields.len();
    if omitted > 0 {
        fields.push((format!("… {omitted} more"), None));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn abridges_only_inventories() {
        let value = json!({"inventory": {"uuid": "1", "name": "a", "size": 3}, "error": {"code": "x"}});
        assert_eq!(
            excerpt(&value, &["name"]),
            r#"{"error": {"code": "x"}, "inventory": {"name": "a", … 2 more}}"#
        );
        assert_eq!(excerpt(&json!({}), &["name"]), "{}");
    }

    #[test]
    fn breaks_long_lines_at_fields() {
        let long = "x".repeat(60);
        let value = json!({"a": long, "b": [1, 2], "c": long});
        assert_eq!(
            excerpt(&value, &[]),
            format!("{{\n  \"a\": \"{long}\",\n  \"b\": [1, 2],\n  \"c\": \"{long}\"\n}}")
        );
    }
}
