//! Documentation comments: the one place that writes text into generated code.
//!
//! Whatever a text holds, what is written is a comment: every line has the mark
//! of one, and no character that ends a line, controls a terminal or changes
//! the direction of text gets into it. Words of the spec mean nothing else as
//! Markdown either, so that they add no link, no HTML and no code block, whose
//! content would be run as a test.

use proc_macro2::TokenStream;
use quote::quote;

use zstack_model::diagnostics::is_invisible;
use zstack_model::prose;

/// A part of a documentation comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// What separates paragraphs.
    Blank,
    /// Words of the spec, in which backticks stand around code. A line that is
    /// too long is wrapped.
    Text(String),
    /// Markdown of our own, in which the spec has identifiers alone.
    Markdown(String),
    /// A row of a table.
    Row(Vec<String>),
    /// A line of an example.
    Code(String),
}

impl Line {
    /// Words of the spec.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Markdown of our own; nothing makes a blank line.
    pub(super) fn markdown(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Blank } else { Self::Markdown(text) }
    }
}

/// Documentation of the item that follows.
pub(super) fn outer(lines: &[Line]) -> TokenStream {
    rendered(lines).into_iter().map(|line| quote!(#[doc = #line])).collect()
}

/// Documentation of the module or the crate that begins here.
pub(super) fn inner(lines: &[Line]) -> TokenStream {
    rendered(lines).into_iter().map(|line| quote!(#![doc = #line])).collect()
}

/// The lines of a comment, as they follow its mark: after a space, or empty.
fn rendered(lines: &[Line]) -> Vec<String> {
    let mut comment = Vec::new();
    let mut put = |line: &str| {
        let space = if line.is_empty() { "" } else { " " };
        // Such a character would end the line, or be refused by the compiler.
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

/// How long a line of prose is, at most, in characters.
pub(super) const WIDTH: usize = 90;

/// A paragraph in lines.
fn wrap(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some((limit, _)) = text.char_indices().nth(WIDTH) else {
            rest = None;
            return Some(text);
        };
        // A line that begins with one of these would be something else.
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
    fn a_comment_is_a_comment() {
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
    fn long_lines_are_wrapped_where_nothing_begins() {
        let text = format!("{} - b > c ` d 1. e", "word ".repeat(17).trim_end());
        let found = rendered(&[Line::Text(text)]);
        assert!(found.len() > 1, "{found:?}");
        for line in &found {
            assert!(line.starts_with(' '), "{found:?}");
            assert!(!line[1..].starts_with(['-', '>', '`', '1']), "{found:?}");
        }
    }
}
