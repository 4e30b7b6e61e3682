//! Tables whose last column is text.

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use super::page::Page;
use zstack_model::diagnostics::visible;
use zstack_model::prose::wrap;

/// Columns between two cells.
const GAP: usize = 2;
/// With less room than this, text stands below its row.
const LEAST_ROOM: usize = 30;

/// Rows of cells; the last cell of each is text, and wrapped.
pub(super) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// Where cells stand. Columns that are empty in all rows stand nowhere.
struct Layout {
    /// The cells before the text, and how wide they are.
    cells: Vec<(usize, usize)>,
    /// The cell that is text.
    text: Option<usize>,
    /// What all cells before it take.
    before: usize,
    /// How wide the text is, if it stands beside them.
    room: Option<usize>,
}

impl Page<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        table.write(self);
    }
}

impl Table {
    /// A table with these heads.
    pub(super) fn new(head: impl Into<Vec<&'static str>>) -> Self {
        Self { head: head.into(), rows: Vec::new() }
    }

    /// Labels, and what they label.
    pub(super) fn of_labels() -> Self {
        Self::new(Vec::new())
    }

    pub(super) fn row(&mut self, cells: impl Into<Vec<String>>) {
        self.rows.push(cells.into());
    }

    /// Writes the table; nothing where it has no rows.
    fn write(&self, page: &mut Page<'_>) {
        let Some(first) = self.rows.first() else { return };
        let layout = self.layout(first.len(), page);
        if !self.head.is_empty() {
            let text = layout.text.filter(|_| layout.room.is_some()).map(|nth| (nth, 0));
            let cells = layout.cells.iter().copied().chain(text);
            let line: String =
                cells.map(|(nth, width)| padded(self.head[nth], width, Style::new())).collect();
            page.label(line.trim_end());
        }
        for row in &self.rows {
            self.write_row(row, &layout, page);
        }
    }

    fn layout(&self, columns: usize, page: &Page<'_>) -> Layout {
        let is_used = |nth: usize| self.rows.iter().any(|row| !row[nth].is_empty());
        let width = |nth: usize| {
            let cells = self.rows.iter().map(|row| row[nth].as_str()).chain(self.head.get(nth).copied());
            cells.map(|cell| visible(cell).width()).max().unwrap_or_default()
        };
        let cells: Vec<_> =
            (0..columns - 1).filter(|&nth| is_used(nth)).map(|nth| (nth, width(nth))).collect();
        let before = cells.iter().map(|(_, width)| width + GAP).sum();
        let room = page.room().saturating_sub(before);
        Layout {
            cells,
            text: Some(columns - 1).filter(|&nth| is_used(nth)),
            before,
            room: (room >= LEAST_ROOM).then_some(room),
        }
    }

    fn write_row(&self, row: &[String], layout: &Layout, page: &mut Page<'_>) {
        let mut line = String::new();
        for (nth, width) in &layout.cells {
            let style = match (nth, self.head.is_empty()) {
                (0, true) => page.styles.label,
                (0, false) => page.styles.name,
                _ => Style::new(),
            };
            line.push_str(&padded(&row[*nth], *width, style));
        }
        let text = layout.text.map_or("", |nth| row[nth].as_str());
        match layout.room {
            Some(room) if !text.is_empty() => {
                for text in wrap(text, room) {
                    page.line(&(line + &text));
                    line = " ".repeat(layout.before);
                }
            }
            _ => {
                page.line(&line);
                page.indented(|page| page.indented(|page| page.lines(text)));
            }
        }
    }
}

/// A cell and the gap behind it.
fn padded(cell: &str, width: usize, style: Style) -> String {
    let cell = visible(cell);
    let rest = (width + GAP).saturating_sub(cell.width());
    format!("{style}{cell}{style:#}{:rest$}", "")
}
