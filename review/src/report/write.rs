//! Writes reports.

use std::io;

use super::{Format, Options, Report, github, gitlab, json, markdown, sarif, text};

impl Report<'_> {
    /// Writes the report in a format.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn write(&self, out: &mut impl io::Write, format: Format, options: &Options) -> io::Result<()> {
        match format {
            Format::Text => write!(out, "{}", text::TextReport::new(self, options)),
            Format::Markdown => out.write_all(markdown::markdown(self).as_bytes()),
            Format::Json => out.write_all(json::json(self).as_bytes()),
            Format::Github => out.write_all(github::annotations(self).as_bytes()),
            Format::Gitlab => out.write_all(gitlab::code_quality(self).as_bytes()),
            Format::Sarif => out.write_all(sarif::sarif(self).as_bytes()),
        }
    }
}
