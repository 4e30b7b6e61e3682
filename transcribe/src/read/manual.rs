//! Pages of the manual: headings, a table of parameters, and a table for each type of the response.

use super::nested_tables::{Table, attach};
use super::table_head::{self, Head};
use super::tables::{self, shorten};
use super::{command, notes as remarks, sample, sdk};
use crate::endpoint;
use crate::line::Line;
use crate::page::{Form, Page, Printed};
use crate::report::{NoteKind, PageNotes};
use crate::titles::title;
use crate::words::{NOTE_STARTS, Section, is_boilerplate, section};

/// Reads the page of one operation.
pub(super) fn read(lines: &[Line], notes: &mut PageNotes) -> Page {
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        at += reader.take(rest, notes);
    }
    reader.finish(notes)
}

#[derive(Default)]
struct Reader {
    page: Page,
    section: Option<Section>,
    tables: Vec<Table>,
    anchor: Option<Printed<String>>,
    has_text_rows: bool,
    /// Text that may be glued to the end of a sample, read before the next line.
    pending: Option<Line>,
}

impl Reader {
    /// Takes what begins at the first line, and returns how many lines that is.
    fn take(&mut self, lines: &[Line], notes: &mut PageNotes) -> usize {
        let line = self.pending.take().unwrap_or_else(|| lines[0].clone());
        let text = line.text.as_str();
        if text.is_empty() {
            return 1;
        }
        if let Some(section) = section(text) {
            if section != Section::Half {
                self.section = Some(section);
            }
            self.page.is_query |= section == Section::QueryableFields;
            return 1;
        }
        if let Some(endpoint) = endpoint::read(text) {
            self.page.endpoints.push(Printed::new(endpoint, line.number));
            self.section = Some(Section::Urls);
            return 1;
        }
        if let Some(head) = table_head::head(text) {
            return 1 + self.table(&lines[1..], &head, line.number, notes);
        }
        if let Some(anchor) = text.strip_prefix('#') {
            self.anchor = Some(Printed::new(anchor.trim().to_owned(), line.number));
            return 1;
        }
        if text.starts_with("curl ") {
            let (command, used) = command::read(lines);
            self.page.commands.push(command);
            return used;
        }
        if text.starts_with('{') {
            return self.sample(&line, lines, notes);
        }
        if sdk::read(&line, &mut self.page) {
            return 1;
        }
        if let Some(start) = NOTE_STARTS.iter().find(|start| text.starts_with(**start)) {
            let (found, used) = remarks::read(lines, start);
            self.page.notes.extend(found);
            return used;
        }
        self.other(&line, notes);
        1
    }

    fn table(&mut self, lines: &[Line], head: &Head, line: usize, notes: &mut PageNotes) -> usize {
        let (rows, used) = tables::read(lines, head, notes);
        self.has_text_rows |= !head.has_bars();
        if head.has_places() {
            self.page.parameters.extend(rows);
        } else {
            let fields = rows.into_iter().map(|row| row.field.without_requirement()).collect();
            self.tables.push(Table { anchor: self.anchor.take(), fields, line });
        }
        used
    }

    fn sample(&mut self, first: &Line, lines: &[Line], notes: &mut PageNotes) -> usize {
        let mut sample_lines = vec![first.clone()];
        let stop = |line: &&Line| section(&line.text).is_none() && table_head::head(&line.text).is_none();
        sample_lines.extend(lines[1..].iter().take_while(stop).cloned());
        let last_line = lines.last().map_or(first.number, |line| line.number);
        let Some(found) = sample::read(&sample_lines, last_line, &mut self.page, notes) else {
            // Lines of a sample are not lines of a page.
            let broken = |line: &&Line| {
                line.number <= first.number
                    || line.text.is_empty()
                    || line.text.starts_with(['"', '{', '}', '[', ']'])
            };
            return 1 + lines[1..].iter().take_while(broken).take_while(stop).count();
        };
        let sample = Printed::new(found.sample, first.number);
        let is_response = matches!(self.section, Some(Section::Response | Section::ResponseSample));
        let is_error = sample.value.field("error").is_some() && sample.value.fields().len() == 1;
        if is_response || self.has_tables_of_response() {
            if self.page.response_sample.is_none() && !is_error {
                self.page.response_sample = Some(sample);
            }
        } else if self.page.body.is_none() && self.page.parameters.is_empty() {
            self.page.body = Some(sample);
        } else if self.page.response_sample.is_none() && !is_error {
            self.page.response_sample = Some(sample);
        }
        if found.rest.is_empty() {
            return found.lines;
        }
        self.pending = Some(sample_lines[found.lines - 1].with_text(&found.rest));
        // The last line is read again, for what follows the sample.
        found.lines - 1
    }

    fn has_tables_of_response(&self) -> bool {
        !self.tables.is_empty()
    }

    /// A line that is none of the parts of a page.
    fn other(&mut self, line: &Line, notes: &mut PageNotes) {
        let text = line.text.as_str();
        let is_before = self.page.endpoints.is_empty();
        if is_boilerplate(text) {
            return;
        }
        match title(text) {
            Some(name) if is_before && self.section != Some(Section::QueryableFields) => {
                self.page.name = Some(Printed::new(name, line.number));
                self.page.summary = None;
            }
            _ if self.section == Some(Section::QueryableFields) => {}
            // Text between the name and the paths describes the operation.
            _ if is_before && self.page.name.is_some() && self.page.summary.is_none() => {
                self.page.summary = Some(Printed::new(text.to_owned(), line.number));
            }
            _ if is_before && self.page.name.is_none() => {}
            _ if text.starts_with(['}', ']', '"', '|', '\'']) || text == "\\" => {
                notes.add(
                    NoteKind::Unreadable,
                    line.number,
                    format!("this line was not understood: {}", shorten(text)),
                );
            }
            _ => notes.add(
                NoteKind::Ignored,
                line.number,
                format!("nothing was made of this line: {}", shorten(text)),
            ),
        }
    }

    fn finish(mut self, notes: &mut PageNotes) -> Page {
        self.page.form = if self.has_text_rows { Form::Text } else { Form::Table };
        let sample = self.page.response_sample.as_ref().map(|sample| &sample.value);
        self.page.response = attach(self.tables, sample, notes);
        self.page
    }
}
