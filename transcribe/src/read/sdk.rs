//! Code samples: the class of the action, and the values of its fields.

use zstack_model::names::{is_upper_camel, is_wire_name};

use crate::json::{Sample, read_text};
use crate::line::Line;
use crate::page::{Page, Printed};

/// Reads a line of a code sample, and returns whether it is one.
pub(super) fn read(line: &Line, page: &mut Page) -> bool {
    let text = line.text.as_str();
    if let Some((name, value)) = text.strip_prefix("action.").and_then(|text| text.split_once('=')) {
        let (name, value) = (name.trim(), value.trim().trim_end_matches(';').trim());
        if is_wire_name(name) && name != "sessionId" {
            page.assignments.push(Printed::new((name.to_owned(), sample_of(value)), line.number));
        }
        return true;
    }
    if let Some(class) = text.split("Action action").next().filter(|class| class.len() < text.len()) {
        if is_upper_camel(class) && page.class.is_none() {
            page.class = Some(Printed::new(class.to_owned(), line.number));
        }
        return true;
    }
    text.contains("action.call()") || text.contains("Action.Result")
}

fn sample_of(value: &str) -> Sample {
    let list = value.strip_prefix("asList(").or_else(|| value.strip_prefix("Arrays.asList("));
    let value =
        list.and_then(|items| items.strip_suffix(')')).map_or(value.to_owned(), |items| format!("[{items}]"));
    read_text(&value).unwrap_or(Sample::Null)
}
