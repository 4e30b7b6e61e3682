//! Reads the lines of one operation into a [`Page`], in whichever form it is.

mod cells;
mod command;
mod expectations;
mod glued_field;
mod manual;
mod nested_tables;
mod nesting;
mod notes;
mod placement;
mod portal;
mod row;
mod sdk;
mod table_head;
mod tables;

use crate::line::Line;
use crate::page::Page;
use crate::report::PageNotes;
use crate::titles::is_portal;

pub(crate) use expectations::list_key;

/// Reads the page of one operation. `data_types` returns the fields of a data type of the spec.
pub(crate) fn read(lines: &[Line], data_types: expectations::FieldNames<'_>, notes: &mut PageNotes) -> Page {
    let mut page =
        if is_portal(lines) { portal::read(lines, data_types, notes) } else { manual::read(lines, notes) };
    page.first_line = lines.first().map_or(1, |line| line.number);
    page.last_line = lines.last().map_or(1, |line| line.number);
    page
}

/// Returns whether a text is a version: one to four numbers.
fn is_version(text: &str) -> bool {
    text.contains('.') && zstack_model::numbers(text).is_some()
        || text.len() == 1 && text.starts_with(|digit: char| digit.is_ascii_digit())
}
