//! Documentation comments, the only place where text is written into generated code.
//!
//! Any text becomes a comment and nothing else: each line is marked as a comment, and characters that end a line,
//! control a terminal or change the direction of text are replaced. Texts of the spec are escaped for Markdown, so that
//! they add no HTML and no code block, which would be run as a test.

use proc_macro2::TokenStream;
use quote::quote;

use zstack_model::diagnostics::is_invisible;
use zstack_model::prose;

/// A line or paragraph of a documentation comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A blank line between paragraphs.
    Blank,
    /// Text of the spec, with code in backticks. Long lines are wrapped.
    Text(String),
    /// Markdown of the emitters, which may contain identifiers of the spec.
    Markdown(String),
    /// A row of a table.
    Row(Vec<String>),
    /// A line of an example.
    Code(String),
}

impl Line {
    /// Creates text of the spec.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Creates Markdown of the emitters; an empty text becomes a blank line.
    pub(super) fn markdown(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Blank } else { Self::Markdown(text) }
    }
}

/// Documentation of the following item.
pub(super) fn outer(lines: &[Line]) -> TokenStream {
    render(lines).into_iter().map(|line| quote!(#[doc = #line])).collect()
}

/// Documentation of the following member, or an attribute for a member without documentation.
pub(super) fn outer_or_undocumented(lines: &[Line]) -> TokenStream {
    if lines.is_empty() { quote!(#[expect(missing_docs)]) } else { outer(lines) }
}

/// Documentation of the enclosing module or crate.
pub(super) fn inner(lines: &[Line]) -> TokenStream {
    render(lines).into_iter().map(|line| quote!(#![doc = #line])).collect()
}

/// The lines of a comment after the comment mark: empty, or beginning with a space.
fn render(lines: &[Line]) -> Vec<String> {
    let mut comment = Vec::new();
    let mut put = |line: &str| {
        let space = if line.is_empty() { "" } else { " " };
        // An invisible character might end the line, or the compiler might reject it.
        let visible = |letter| if is_invisible(letter) { char::REPLACEMENT_CHARACTER } else { letter };
        comment.push(space.chars().chain(line.chars().map(visible)).collect());
    };
    for line in lines {
        match line {
            Line::Blank => put(""),
            Line::Text(text) => wrap(&prose::line(text)).for_each(&mut put),
            Line::Markdown(text) => wrap(text).for_each(&mut put),
            Line::Row(cells) => {
                let cells: Vec<_> = cells.iter().map(|cell| prose::cell(cell)).collect();
                put(&format!("| {} |", cells.join(" | ")));
            }
            Line::Code(code) => put(code),
        }
    }
    comment
}

/// The maximum length of a line of text, in characters.
pub(super) const WIDTH: usize = 90;

/// Wraps a paragraph.
fn wrap(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some((limit, _)) = text.char_indices().nth(WIDTH) else {
            rest = None;
            return Some(text);
        };
        // At the beginning of a line, these characters would have a meaning in Markdown.
        let starts = ['#', '-', '+', '>', '|', '*', '`', '1', '=', ':', '~', '<', '_', ' '];
        let breaks =
            text.char_indices().filter(|&(at, letter)| letter == ' ' && !text[at + 1..].starts_with(starts));
        let (within, beyond): (Vec<_>, Vec<_>) = breaks.map(|(at, _)| at).partition(|&at| at <= limit);
        match within.last().or(beyond.first()) {
            Some(&at) if at > 0 => {
                rest = Some(&text[at + 1..]);
                Some(&text[..at])
            }
            _ => {
                rest = None;
                Some(text)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::print;

    fn text(comment: TokenStream) -> String {
        print::file(quote!(#comment mod item;)).replace("mod item;\n", "")
    }

    #[test]
    fn any_text_becomes_a_comment() {
        let lines = [
            Line::text("Words\nfn injected() {}\r\n\u{2028}*/ x"),
            Line::Blank,
            Line::markdown("[`Own`]\n}"),
            Line::Code("let a = 1;\rb\u{202e}".to_owned()),
            Line::Row(vec!["a|b".to_owned(), "c\nd".to_owned()]),
        ];
        let expected = "/// Words fn injected() {}  \\*/ x\n///\n/// [`Own`]\u{fffd}}\n\
                        /// let a = 1;\u{fffd}b\u{fffd}\n/// | a\\|b | c d |\n";
        assert_eq!(text(outer(&lines)).replace("{}  ", "{} "), expected.replace("{}  ", "{} "));
        assert_eq!(text(inner(&[Line::markdown("")])), "//!\n\n");
    }

    #[test]
    fn wraps_long_lines_where_no_markup_begins() {
        let text = format!("{} - b > c ` d 1. e", "word ".repeat(17).trim_end());
        let found = render(&[Line::Text(text)]);
        assert!(found.len() > 1, "{found:?}");
        for line in &found {
            assert!(line.starts_with(' '), "{found:?}");
            assert!(!line[1..].starts_with(['-', '>', '`', '1']), "{found:?}");
        }
    }
}
