//! Reads the lines of one operation into a [`Page`], in whichever form it is.

mod cells;
mod command;
mod conventions;
mod expectations;
mod glued_field;
mod manual;
mod nested_tables;
mod nesting;
mod notes;
mod placement;
mod portal;
mod row;
mod sample;
mod sdk;
mod table_head;
mod tables;

use crate::known_types::KnownTypes;
use crate::line::Line;
use crate::page::Page;
use crate::report::PageNotes;
use crate::titles::is_portal;
use zstack_model::Version;

/// The arrangement of the lines of a page, which determines its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Headings and tables of the manual.
    Manual,
    /// Bullets of the portal, nested by indentation.
    Bullets,
    /// Lines of the portal without indentation.
    Glued,
}

impl Layout {
    /// Recognizes the layout of a page.
    pub(crate) fn of(lines: &[Line]) -> Self {
        let has_bullets = || lines.iter().any(|line| line.indent > 0 && line.text.starts_with('•'));
        match is_portal(lines) {
            true if has_bullets() => Self::Bullets,
            true => Self::Glued,
            false => Self::Manual,
        }
    }
}

/// Reads the page of one operation.
pub(crate) fn read(lines: &[Line], layout: Layout, types: &KnownTypes, notes: &mut PageNotes) -> Page {
    let mut page = match layout {
        Layout::Manual => manual::read(lines, notes),
        Layout::Bullets | Layout::Glued => portal::read(lines, types, notes),
    };
    page.first_line = lines.first().map_or(1, |line| line.number);
    page.last_line = lines.last().map_or(1, |line| line.number);
    page
}

/// Returns whether a text is a version: one to four numbers.
fn is_version(text: &str) -> bool {
    text.contains('.') && text.parse::<Version>().is_ok()
        || text.len() == 1 && text.starts_with(|digit: char| digit.is_ascii_digit())
}
