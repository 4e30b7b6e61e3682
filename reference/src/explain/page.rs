//! A page for a terminal: what stands on it, and how it looks.

use anstyle::{AnsiColor, Style};

use zstack_model::diagnostics::visible;
use zstack_model::prose::wrap;

/// How the parts of a page look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    /// What the page is about.
    pub title: Style,
    /// The headings of its sections.
    pub heading: Style,
    /// Names: of parameters, fields and values.
    pub name: Style,
    /// Labels and the heads of tables.
    pub label: Style,
}

impl Styles {
    /// No colours at all.
    pub const fn plain() -> Self {
        let plain = Style::new();
        Self { title: plain, heading: plain, name: plain, label: plain }
    }

    /// Colours like those of the diagnostics.
    pub const fn colored() -> Self {
        Self {
            title: Style::new().bold(),
            heading: AnsiColor::BrightBlue.on_default().bold(),
            name: Style::new().bold(),
            label: Style::new().dimmed(),
        }
    }
}

/// Columns that a section stands to the right of what it belongs to.
const STEP: usize = 2;
/// Narrower than this, a page is not worth wrapping.
const NARROWEST: usize = 40;

/// A page as it is written.
pub(super) struct Page<'a> {
    text: String,
    pub(super) styles: &'a Styles,
    width: usize,
    /// Where lines begin.
    indent: usize,
}

impl<'a> Page<'a> {
    pub(super) fn new(styles: &'a Styles, width: usize) -> Self {
        Self { text: String::new(), styles, width: width.max(NARROWEST), indent: 0 }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// The first line; what follows is a step to the right.
    pub(super) fn title(&mut self, title: &str, rest: &str) {
        self.entry(title, rest, self.styles.title);
        self.indent += STEP;
    }

    /// A name and what a line has room for.
    pub(super) fn name(&mut self, name: &str, rest: &str) {
        self.entry(name, rest, self.styles.name);
    }

    fn entry(&mut self, name: &str, rest: &str, style: Style) {
        self.line(&format!("{style}{}{style:#}{}", visible(name), visible(rest)));
    }

    /// A section: its heading, and below it what `write` writes. A section of
    /// nothing is left out.
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

    /// What `write` writes, a step to the right.
    pub(super) fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        self.indent += STEP;
        write(self);
        self.indent -= STEP;
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Text in lines that fit, after a blank line unless a heading stands before.
    pub(super) fn paragraph(&mut self, text: &str) {
        if !self.is_below_heading() {
            self.blank();
        }
        self.lines(text);
    }

    /// Text in lines that fit.
    pub(super) fn lines(&mut self, text: &str) {
        for line in wrap(text, self.room()) {
            self.line(&line);
        }
    }

    /// Text as it stands, such as JSON.
    pub(super) fn verbatim(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&visible(line));
        }
    }

    pub(super) fn label(&mut self, text: &str) {
        let style = self.styles.label;
        self.line(&format!("{style}{}{style:#}", visible(text)));
    }

    /// A line whose text is visible already; without the blanks at its end.
    pub(super) fn line(&mut self, text: &str) {
        self.text.extend(std::iter::repeat_n(' ', self.indent));
        self.text.push_str(text);
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    /// How wide a line may be.
    pub(super) fn room(&self) -> usize {
        self.width.saturating_sub(self.indent)
    }

    /// Whether the last line is further to the left.
    fn is_below_heading(&self) -> bool {
        let last = self.text.lines().last().unwrap_or_default();
        !last.is_empty() && last.len() - last.trim_start().len() < self.indent
    }
}
