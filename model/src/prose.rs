//! Conversion of texts of the spec to Markdown in which only code and web addresses are markup.
//!
//! The only markup of the spec itself is code in backticks. A run of backticks begins code, and the
//! next run of the same length ends it; other runs are text.

use textwrap::{Options, WordSplitter};

use crate::diagnostics::{is_invisible, visible};

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span<'a> {
    /// Words.
    Text(&'a str),
    /// Code, without its backticks.
    Code(&'a str),
}

/// Splits a text into words and code.
pub fn spans(text: &str) -> impl Iterator<Item = Span<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (span, after) = next(rest)?;
        rest = after;
        Some(span)
    })
}

fn next(text: &str) -> Option<(Span<'_>, &str)> {
    if text.is_empty() {
        return None;
    }
    let mut from = 0;
    while let Some(at) = text[from..].find('`').map(|at| at + from) {
        let run = run(&text[at..]);
        let inside = at + run;
        if let Some(end) = closing(&text[inside..], run).map(|end| end + inside) {
            return Some(if at > 0 {
                (Span::Text(&text[..at]), &text[at..])
            } else {
                (Span::Code(trim_code(&text[inside..end])), &text[end + run..])
            });
        }
        from = inside;
    }
    Some((Span::Text(text), ""))
}

/// Counts the backticks at the beginning of a text.
fn run(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// Finds the first run of exactly `length` backticks.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find('`').map(|at| at + from) {
        let found = run(&text[at..]);
        if found == length {
            return Some(at);
        }
        from = at + found;
    }
    None
}

/// Removes one space at both ends of code, which separates it from the backticks.
fn trim_code(code: &str) -> &str {
    match code.strip_prefix(' ').and_then(|code| code.strip_suffix(' ')) {
        Some(inner) if !inner.trim().is_empty() => inner,
        _ => code,
    }
}

/// Splits a text into lines at any Unicode line end: line feed, carriage return or both, vertical tab,
/// form feed, next line, line separator and paragraph separator.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    // `\r\n` is one line end.
    text.split("\r\n").flat_map(move |part| part.split(ends))
}

/// Puts a text on one line: line ends become spaces, and other invisible characters become the
/// replacement character.
pub fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for (nth, part) in lines(text).enumerate() {
        if nth > 0 {
            line.push(' ');
        }
        line.extend(part.chars().map(|character| match character {
            '\t' => ' ',
            character if is_invisible(character) => char::REPLACEMENT_CHARACTER,
            character => character,
        }));
    }
    line
}

/// Formats a text as code, in as many backticks as it needs.
pub fn code(text: &str) -> String {
    let text = on_one_line(text);
    let length = (1..).find(|length| !has_run(&text, *length)).unwrap_or(1);
    fence(&text, length)
}

/// Returns whether a text has a run of exactly `length` backticks.
fn has_run(text: &str, length: usize) -> bool {
    text.split(|character| character != '`').any(|run| run.len() == length)
}

fn fence(text: &str, length: usize) -> String {
    let backticks = "`".repeat(length);
    let is_blank = text.trim().is_empty();
    let needs_blanks = text.is_empty()
        || text.starts_with('`')
        || text.ends_with('`')
        || !is_blank && text.starts_with(' ') && text.ends_with(' ');
    let blank = if needs_blanks { " " } else { "" };
    format!("{backticks}{blank}{text}{blank}{backticks}")
}

/// Escapes a text for any position in a line of Markdown, including backticks and web addresses.
///
/// Because it does not know the surrounding text, it escapes more than [`line()`].
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in on_one_line(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '>' | '$' | '@' | '#' => {
                escaped.extend(['\\', letter]);
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Converts a text to Markdown in which only code and web addresses are markup. Blank lines still
/// separate paragraphs.
pub fn prose(text: &str) -> String {
    lines(text.trim()).map(line).collect::<Vec<_>>().join("\n")
}

/// Converts a text to one line of such Markdown, without spaces at its ends. It never begins a heading,
/// a list, a table, a quotation or a code block, and never contains three backticks in a row.
pub fn line(text: &str) -> String {
    let text = on_one_line(text);
    let mut markdown = Markdown { out: String::with_capacity(text.len() + 8) };
    for span in spans(text.trim()) {
        match span {
            Span::Text(text) => markdown.text(text),
            Span::Code(code) => markdown.code(code),
        }
    }
    markdown.out.truncate(markdown.out.trim_end().len());
    markdown.out
}

/// Converts a text to a cell of a Markdown table.
pub fn cell(text: &str) -> String {
    // In a table, a backslash directly before a bar always escapes the bar.
    line(text).replace("\\\\\\|", "&#92;\\|").replace("\\|", "|").replace('|', "\\|")
}

struct Markdown {
    out: String,
}

impl Markdown {
    fn code(&mut self, code: &str) {
        match (1..=2).find(|length| !has_run(code, *length)) {
            Some(length) => self.out.push_str(&fence(code, length)),
            // Three backticks at the start of a line would begin a code block.
            None => self.text(code),
        }
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, address, after)) = address(rest) {
            self.words(before);
            self.out.push('<');
            self.out.push_str(&address.replace('|', "%7C"));
            self.out.push('>');
            rest = after;
        }
        self.words(rest);
    }

    fn words(&mut self, text: &str) {
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let next = letters.peek().copied();
            let previous = self.out.chars().next_back();
            match letter {
                ' ' if matches!(previous, None | Some(' ')) => continue,
                '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' => self.out.push('\\'),
                // Within a word, an underscore is not markup.
                '_' if !(is_word(previous) && is_word(next)) => self.out.push('\\'),
                // The beginning of an entity.
                '&' if next.is_some_and(|next| next == '#' || next.is_ascii_alphanumeric()) => {
                    self.out.push('\\')
                }
                '#' | '+' | '-' | '=' | ':' if previous.is_none() => self.out.push('\\'),
                // The end of a list number.
                '.' | ')' if self.out.bytes().all(|byte| byte.is_ascii_digit()) && !self.out.is_empty() => {
                    self.out.push('\\');
                }
                _ => {}
            }
            self.out.push(letter);
        }
    }
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(char::is_alphanumeric)
}

/// Finds the first web address in a text, and returns it with the text before and after it.
fn address(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(start) = text[from..].find("http").map(|at| at + from) {
        let scheme = ["https://", "http://"].into_iter().find(|scheme| text[start..].starts_with(scheme));
        let Some(scheme) = scheme else {
            from = start + "http".len();
            continue;
        };
        let length = text[start..].find([' ', '<', '>', '`', '"']).unwrap_or(text.len() - start);
        let address = text[start..start + length]
            .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')', ']', '}', '*']);
        if address.len() > scheme.len() {
            let end = start + address.len();
            return Some((&text[..start], address, &text[end..]));
        }
        from = start + scheme.len();
    }
    None
}

/// Wraps a text at `width` columns. A wider word gets a line of its own.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width).break_words(false).word_splitter(WordSplitter::NoHyphenation);
    let wrap_line = |line: &str| {
        let line = visible(line.trim());
        textwrap::wrap(&line, &options).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    text.trim().lines().flat_map(wrap_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_text_and_code() {
        use Span::{Code, Text};
        for (text, expected) in [
            ("plain", &[Text("plain")][..]),
            ("the tag `a` names it", &[Text("the tag "), Code("a"), Text(" names it")]),
            ("`a``b`", &[Code("a``b")]),
            ("matches `` a`b ``.", &[Text("matches "), Code("a`b"), Text(".")]),
            ("one ` alone", &[Text("one ` alone")]),
            ("", &[]),
        ] {
            assert_eq!(spans(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn splits_at_every_line_end() {
        let text = "a\nb\r\nc\rd\u{b}e\u{c}f\u{85}g\u{2028}h\u{2029}i\n\rj";
        let expected = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "", "j"];
        assert_eq!(lines(text).collect::<Vec<_>>(), expected);
        assert_eq!(on_one_line("a\r\nb\tc\0d\u{202e}e"), "a b c\u{fffd}d\u{fffd}e");
    }

    #[test]
    fn escapes_markup_in_lines() {
        for (text, markdown) in [
            ("plain, with a-b (c) and snake_case: 1.5", "plain, with a-b (c) and snake_case: 1.5"),
            ("`code` stays, `[x]` too", "`code` stays, `[x]` too"),
            ("[link](to) <b>", "\\[link\\](to) \\<b\\>"),
            ("_a_ __b__ *c* ~~d~~", "\\_a\\_ \\_\\_b\\_\\_ \\*c\\* \\~\\~d\\~\\~"),
            ("a \\ b \\* c", "a \\\\ b \\\\\\* c"),
            ("a & b &amp; &#60;", "a & b \\&amp; \\&#60;"),
            ("a | b", "a \\| b"),
            ("# a # b", "\\# a # b"),
            ("- a - b", "\\- a - b"),
            ("12. a 13. b", "12\\. a 13. b"),
            ("1) a", "1\\) a"),
            ("===", "\\==="),
            ("    indented   wide ", "indented wide"),
            ("``` fence", "\\`\\`\\` fence"),
            ("```a```", "`a`"),
            ("```` a` b`` c ````", "a\\` b\\`\\` c"),
            ("one ` alone", "one \\` alone"),
            (
                "see https://example.org/a_b?c=d&e, or (http://x.y).",
                "see <https://example.org/a_b?c=d&e>, or (<http://x.y>).",
            ),
            ("<https://example.org>", "\\<<https://example.org>\\>"),
            ("https:// http:/x httpd", "https:// http:/x httpd"),
            ("javascript://x", "javascript://x"),
            ("a\u{0}b\u{202e}c", "a\u{fffd}b\u{fffd}c"),
        ] {
            assert_eq!(line(text), markdown, "{text}");
        }
        assert_eq!(prose("a\r\n\n- b\rc\n"), "a\n\n\\- b\nc");
    }

    #[test]
    fn escapes_all_markup() {
        for (text, markdown) in [
            ("CreateVm", "CreateVm"),
            ("a|b_c*d", "a\\|b\\_c\\*d"),
            ("<b> & &amp;", "&lt;b\\> &amp; &amp;amp;"),
            ("![a](b) ~c~ `d` {e}", "!\\[a\\](b) \\~c\\~ \\`d\\` \\{e\\}"),
            (" @a #1 $x$\n\u{202e}", " \\@a \\#1 \\$x\\$ \u{fffd}"),
        ] {
            assert_eq!(escape(text), markdown, "{text}");
        }
    }

    #[test]
    fn escapes_bars_in_cells() {
        for (text, markdown) in [("a|b", "a\\|b"), ("`a|b`", "`a\\|b`"), ("a\\|b", "a&#92;\\|b")] {
            assert_eq!(cell(text), markdown, "{text}");
        }
    }

    #[test]
    fn parses_formatted_code() {
        for text in ["uuid", "a`b", "`", "``a", "a``b`c", " ", " a ", "`a`", "a ` b `` c ``` d"] {
            let text_with_code = format!("x {} y", code(text));
            assert_eq!(spans(&text_with_code).nth(1), Some(Span::Code(text)), "{text_with_code}");
        }
        assert_eq!(code("a\r\nb"), "`a b`");
    }
}
