//! Prose of the spec, with code in backticks.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use serde::Serialize;
use zstack_model::prose::{Span, code, escape, spans};

use super::EscapedHtml;

/// A paragraph. It displays as HTML, and serializes as the original text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Prose<'a>(Cow<'a, str>);

impl<'a> Prose<'a> {
    pub(crate) fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self(text.into())
    }

    /// Returns the description of a parameter or a field, without the word "Optional",
    /// which the page shows differently.
    pub(crate) fn description(text: &'a str) -> Self {
        let text = text.trim();
        let rest = text.strip_prefix("Optional.").map_or(text, str::trim_start);
        Self(Cow::Borrowed(rest))
    }

    /// Splits a text at blank lines into paragraphs.
    pub(crate) fn paragraphs(text: &'a str) -> Vec<Self> {
        let mut paragraphs: Vec<String> = vec![String::new()];
        for line in text.lines().map(str::trim) {
            match paragraphs.last_mut() {
                _ if line.is_empty() => paragraphs.push(String::new()),
                Some(last) => {
                    if !last.is_empty() {
                        last.push(' ');
                    }
                    last.push_str(line);
                }
                None => {}
            }
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs.into_iter().map(Self::new).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the original text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text as Markdown, escaped.
    pub(crate) fn md(&self) -> String {
        let markdown = |span| match span {
            Span::Text(text) => escape(text),
            Span::Code(text) => code(text),
        };
        spans(&self.0).map(markdown).collect()
    }
}

impl Display for Prose<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        spans(&self.0).try_for_each(|span| match span {
            Span::Text(text) => write!(f, "{}", EscapedHtml(text)),
            Span::Code(text) => write!(f, "<code>{}</code>", EscapedHtml(text)),
        })
    }
}

impl HtmlSafe for Prose<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_become_code() {
        for (text, html) in [
            ("plain", "plain"),
            ("the tag `cdromUuid` names it", "the tag <code>cdromUuid</code> names it"),
            ("`a``b`", "<code>a``b</code>"),
            ("matches `` a`b ``.", "matches <code>a`b</code>."),
            ("one ` alone", "one ` alone"),
            ("`` two ` `three`", "`` two <code> </code>three`"),
            ("`<script>` & \"more\"", "<code>&lt;script&gt;</code> &amp; &quot;more&quot;"),
            ("", ""),
        ] {
            assert_eq!(Prose::new(text).to_string(), html, "{text}");
        }
    }

    #[test]
    fn description_omits_the_word_optional() {
        for (text, shown) in [
            ("Optional. The system tags.", "The system tags."),
            ("Optional parts of it.", "Optional parts of it."),
            (" The UUID.\n", "The UUID."),
        ] {
            assert_eq!(Prose::description(text).as_str(), shown);
        }
    }

    #[test]
    fn blank_lines_separate_paragraphs() {
        let paragraphs = Prose::paragraphs("one\n  line\n\n\nanother\n");
        assert_eq!(paragraphs.iter().map(Prose::as_str).collect::<Vec<_>>(), ["one line", "another"]);
    }
}
