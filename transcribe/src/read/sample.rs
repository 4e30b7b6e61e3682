//! JSON samples of requests and responses.

use crate::json::{self, Found};
use crate::line::Line;
use crate::page::Page;
use crate::report::{NoteKind, PageNotes};

/// Reads the sample that begins with the first line. One that is broken is reported, and if that is
/// where the page ends, after `last_line`, the page is cut off.
pub(super) fn read(
    lines: &[Line],
    last_line: usize,
    page: &mut Page,
    notes: &mut PageNotes,
) -> Option<Found> {
    match json::read(lines) {
        Ok(found) => Some(found),
        // One with a closing brace at its end has a flaw elsewhere.
        Err(end) if end >= last_line && lines.last().is_some_and(|line| !line.text.ends_with('}')) => {
            page.cut_at = lines.first().map(|line| line.number);
            None
        }
        Err(end) => {
            let message = format!(
                "the sample that begins here is not JSON, or is cut off; it was left out (it stops at line {end})"
            );
            notes.add(NoteKind::Unreadable, lines.first().map_or(1, |line| line.number), message);
            None
        }
    }
}
