//! Colors of reports.

use annotate_snippets::Renderer;
use anstyle::{AnsiColor, Style};

use super::excerpt::WIDTH;
use crate::rules::Severity;

/// The styles of the parts of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    /// `error[code]`, and the mark and label below the position.
    pub error: Style,
    /// `warning[code]`, and the mark and label below the position.
    pub warning: Style,
    /// The message.
    pub message: Style,
    /// Line numbers and vertical bars.
    pub gutter: Style,
    /// The mark and label below a related position.
    pub related: Style,
    /// `note` and `help`.
    pub keyword: Style,
}

impl Styles {
    /// Returns styles without colors.
    pub const fn plain() -> Self {
        let plain = Style::new();
        Self { error: plain, warning: plain, message: plain, gutter: plain, related: plain, keyword: plain }
    }

    /// Returns the colors of the Rust compiler.
    pub const fn colored() -> Self {
        let bold = Style::new().bold();
        let blue = AnsiColor::BrightBlue.on_default().bold();
        Self {
            error: AnsiColor::BrightRed.on_default().bold(),
            warning: AnsiColor::BrightYellow.on_default().bold(),
            message: bold,
            gutter: blue,
            related: blue,
            keyword: bold,
        }
    }

    /// The style of problems of a severity.
    pub(crate) const fn of(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
        }
    }

    /// Returns a renderer with these styles. The library draws keywords like messages.
    pub const fn renderer(&self) -> Renderer {
        Renderer::plain()
            .error(self.error)
            .warning(self.warning)
            .info(self.related)
            .emphasis(self.message)
            .line_num(self.gutter)
            .context(self.related)
            .term_width(WIDTH)
    }
}
