//! The layout and the styles of a page for a terminal.

use anstyle::{AnsiColor, Style};

use zstack_model::diagnostics::visible;
use zstack_model::prose::wrap;

/// The styles of the parts of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    /// The name of the subject.
    pub title: Style,
    /// The headings of sections.
    pub heading: Style,
    /// The names of parameters, fields and values.
    pub name: Style,
    /// Labels and table heads.
    pub label: Style,
}

impl Styles {
    /// Returns styles without colors.
    pub const fn plain() -> Self {
        let plain = Style::new();
        Self { title: plain, heading: plain, name: plain, label: plain }
    }

    /// Returns colors like those of the diagnostics.
    pub const fn colored() -> Self {
        Self {
            title: Style::new().bold(),
            heading: AnsiColor::BrightBlue.on_default().bold(),
            name: Style::new().bold(),
            label: Style::new().dimmed(),
        }
    }
}

/// The indentation of a level, in columns.
const STEP: usize = 2;
/// The least width that pages are wrapped to.
const NARROWEST: usize = 40;

/// The text of a page, as far as it is written.
pub(super) struct Page<'a> {
    text: String,
    pub(super) styles: &'a Styles,
    width: usize,
    /// The columns before each line.
    indent: usize,
}

impl<'a> Page<'a> {
    pub(super) fn new(styles: &'a Styles, width: usize) -> Self {
        Self { text: String::new(), styles, width: width.max(NARROWEST), indent: 0 }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Writes the first line; the rest of the page is indented.
    pub(super) fn title(&mut self, title: &str, rest: &str) {
        self.styled_line(title, rest, self.styles.title);
        self.indent += STEP;
    }

    /// Writes a name with remarks.
    pub(super) fn name(&mut self, name: &str, rest: &str) {
        self.styled_line(name, rest, self.styles.name);
    }

    fn styled_line(&mut self, name: &str, rest: &str, style: Style) {
        self.line(&format!("{style}{}{style:#}{}", visible(name), visible(rest)));
    }

    /// Writes a heading and the content of a section; nothing if there is no
    /// content.
    pub(super) fn section(&mut self, heading: &str, write: impl FnOnce(&mut Self)) {
        let before = self.text.len();
        let style = self.styles.heading;
        self.blank();
        self.text.push_str(&format!("{style}{heading}{style:#}\n"));
        let empty = self.text.len();
        write(self);
        if self.text.len() == empty {
            self.text.truncate(before);
        }
    }

    /// Writes indented content.
    pub(super) fn indent(&mut self, write: impl FnOnce(&mut Self)) {
        self.indent += STEP;
        write(self);
        self.indent -= STEP;
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Writes wrapped text, after a blank line unless a heading comes before it.
    pub(super) fn paragraph(&mut self, text: &str) {
        if !self.is_below_heading() {
            self.blank();
        }
        self.lines(text);
    }

    /// Writes wrapped text.
    pub(super) fn lines(&mut self, text: &str) {
        for line in wrap(text, self.room()) {
            self.line(&line);
        }
    }

    /// Writes text without wrapping, such as JSON.
    pub(super) fn verbatim(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&visible(line));
        }
    }

    pub(super) fn label(&mut self, text: &str) {
        let style = self.styles.label;
        self.line(&format!("{style}{}{style:#}", visible(text)));
    }

    /// Writes a line without trailing spaces; all its characters must be visible.
    pub(super) fn line(&mut self, text: &str) {
        self.text.extend(std::iter::repeat_n(' ', self.indent));
        self.text.push_str(text);
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    /// The columns that a line has.
    pub(super) fn room(&self) -> usize {
        self.width.saturating_sub(self.indent)
    }

    /// Returns whether the last line is indented less.
    fn is_below_heading(&self) -> bool {
        let last = self.text.lines().last().unwrap_or_default();
        !last.is_empty() && last.len() - last.trim_start().len() < self.indent
    }
}
