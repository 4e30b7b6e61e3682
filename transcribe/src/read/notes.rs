//! Remarks for people: what follows `Note:`, a bullet each.

use super::table_head::head;
use crate::endpoint;
use crate::line::Line;
use crate::page::Printed;
use crate::titles::title;
use crate::words::{is_boilerplate, section};

/// The maximum number of lines of a note.
const LINE_LIMIT: usize = 60;

/// Reads the note that begins with the first line, and returns the number of its lines.
pub(super) fn read(lines: &[Line], start: &str) -> (Vec<Printed<String>>, usize) {
    let mut notes: Vec<Printed<String>> = Vec::new();
    let mut used = 0;
    let mut is_standard = false;
    for line in lines.iter().take(LINE_LIMIT) {
        let text = line.text.as_str();
        if used > 0 && (text.is_empty() && !is_listed(lines, used) || ends_note(text)) {
            break;
        }
        is_standard |= is_boilerplate(text);
        let text = if used == 0 { text.strip_prefix(start).unwrap_or(text) } else { text };
        let bullet = text.strip_prefix(['•', '-', '*', '●', '○']);
        match (bullet, notes.last_mut()) {
            (None, Some(last)) if !text.is_empty() => {
                last.value.push(' ');
                last.value.push_str(text.trim());
            }
            (bullet, _) => {
                let text = bullet.unwrap_or(text).trim();
                if !text.is_empty() {
                    notes.push(Printed::new(text.to_owned(), line.number));
                }
            }
        }
        used += 1;
    }
    if is_standard {
        notes.clear();
    }
    (notes, used.max(1))
}

/// Returns whether a bullet follows an empty line.
fn is_listed(lines: &[Line], at: usize) -> bool {
    lines[at..]
        .iter()
        .take(3)
        .find(|line| !line.text.is_empty())
        .is_some_and(|line| line.text.starts_with('•'))
}

fn ends_note(text: &str) -> bool {
    section(text).is_some()
        || text.starts_with(['{', '|', '#'])
        || text.starts_with("curl ")
        || endpoint::read(text).is_some()
        || head(text).is_some()
        || title(text).is_some()
}
