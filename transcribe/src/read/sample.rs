//! JSON samples of requests and responses.

use crate::json::{self, Found};
use crate::line::Line;
use crate::report::{NoteKind, PageNotes};

/// Reads the sample that begins with the first line. One that is broken is reported.
pub(super) fn read(lines: &[Line], notes: &mut PageNotes) -> Option<Found> {
    match json::read(lines) {
        Ok(found) => Some(found),
        Err(end) => {
            let message = format!(
                "the sample that begins here is not JSON, or is cut off; it was left out (it stops at line {end})"
            );
            notes.add(NoteKind::Unreadable, lines.first().map_or(1, |line| line.number), message);
            None
        }
    }
}
