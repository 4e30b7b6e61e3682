//! Tables whose last column is wrapped text.

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use super::page::Page;
use zstack_model::diagnostics::visible;
use zstack_model::prose::wrap;

/// The columns between two cells.
const GAP: usize = 2;
/// The least width of the text column; with less room, the text is below its row.
const MIN_TEXT_WIDTH: usize = 30;

/// Rows of cells, of which the last is text.
pub(super) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// The widths of columns. Columns that are empty in all rows are left out. The widest column is narrowed if a row is
/// wider than the page; the cells after a cell that does not fit are on the next line.
struct ColumnLayout {
    /// The indexes and widths of the columns before the text.
    cells: Vec<(usize, usize)>,
    /// The index of the text column.
    text: Option<usize>,
    /// The width of all columns before the text.
    before: usize,
    /// The width of the text; `None` if it is below its row.
    room: Option<usize>,
}

impl Page<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        table.write(self);
    }
}

impl Table {
    /// Returns a table with these column heads.
    pub(super) fn new(head: impl Into<Vec<&'static str>>) -> Self {
        Self { head: head.into(), rows: Vec::new() }
    }

    /// Returns a table of labels and their texts, without heads.
    pub(super) fn of_labels() -> Self {
        Self::new(Vec::new())
    }

    pub(super) fn row(&mut self, cells: impl Into<Vec<String>>) {
        self.rows.push(cells.into());
    }

    /// Adds a label and its text, unless the text is empty.
    pub(super) fn label(&mut self, label: &str, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.row([label.to_owned(), text]);
        }
    }

    /// Writes the table, unless it has no rows.
    fn write(&self, page: &mut Page<'_>) {
        let Some(first) = self.rows.first() else { return };
        let layout = self.layout(first.len(), page);
        if !self.head.is_empty() {
            let text = layout.text.filter(|_| layout.room.is_some()).map(|index| (index, 0));
            let cells = layout.cells.iter().copied().chain(text);
            let line: String =
                cells.map(|(index, width)| pad(self.head[index], width, Style::new())).collect();
            page.label(line.trim_end());
        }
        for row in &self.rows {
            self.write_row(row, &layout, page);
        }
    }

    fn layout(&self, columns: usize, page: &Page<'_>) -> ColumnLayout {
        let is_used = |index: usize| self.rows.iter().any(|row| !row[index].is_empty());
        let width = |index: usize| {
            let cells = self.rows.iter().map(|row| row[index].as_str()).chain(self.head.get(index).copied());
            cells.map(|cell| visible(cell).width()).max().unwrap_or_default()
        };
        let mut cells: Vec<_> =
            (0..columns - 1).filter(|&index| is_used(index)).map(|index| (index, width(index))).collect();
        let total = cells.iter().map(|(_, width)| width + GAP).sum::<usize>().saturating_sub(GAP);
        let excess = total.saturating_sub(page.room());
        if let Some((index, width)) = cells.iter_mut().max_by_key(|(_, width)| *width) {
            let head = self.head.get(*index).map_or(0, |head| head.width());
            *width = width.saturating_sub(excess).max(head);
        }
        let before = cells.iter().map(|(_, width)| width + GAP).sum();
        let room = page.room().saturating_sub(before);
        ColumnLayout {
            cells,
            text: Some(columns - 1).filter(|&index| is_used(index)),
            before,
            room: (room >= MIN_TEXT_WIDTH).then_some(room),
        }
    }

    fn write_row(&self, row: &[String], layout: &ColumnLayout, page: &mut Page<'_>) {
        let mut line = String::new();
        let (mut before, mut overflows) = (0, false);
        for (index, width) in &layout.cells {
            if overflows && !row[*index].is_empty() {
                page.line(&line);
                line = " ".repeat(before);
                overflows = false;
            }
            before += width + GAP;
            overflows |= visible(&row[*index]).width() > *width;
            let style = match (index, self.head.is_empty()) {
                (0, true) => page.styles.label,
                (0, false) => page.styles.name,
                _ => Style::new(),
            };
            line.push_str(&pad(&row[*index], *width, style));
        }
        let text = layout.text.map_or("", |index| row[index].as_str());
        match layout.room {
            Some(room) if !text.is_empty() => {
                for text in wrap(text, room) {
                    page.line(&(line + &text));
                    line = " ".repeat(layout.before);
                }
            }
            _ => {
                page.line(&line);
                page.indent(|page| page.indent(|page| page.lines(text)));
            }
        }
    }
}

/// Pads a cell, including the gap after it.
fn pad(cell: &str, width: usize, style: Style) -> String {
    let cell = visible(cell);
    let rest = (width + GAP).saturating_sub(cell.width());
    format!("{style}{cell}{style:#}{:rest$}", "")
}
