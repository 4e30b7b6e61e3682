//! Text of the spec, and the Markdown that shows it and means nothing else.
//!
//! The text itself has one mark: backticks stand around code. A run of them
//! begins code, a run of as many ends it, and a run without its like is text.

use textwrap::{Options, WordSplitter};

use crate::diagnostics::{is_invisible, visible};

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span<'a> {
    /// Words.
    Text(&'a str),
    /// What stands between backticks, without them.
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
                (Span::Code(trimmed(&text[inside..end])), &text[end + run..])
            });
        }
        from = inside;
    }
    Some((Span::Text(text), ""))
}

/// How many backticks a text begins with.
fn run(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// Where the first run of exactly so many backticks is.
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

/// A blank inside of both marks is not part of the code.
fn trimmed(code: &str) -> &str {
    match code.strip_prefix(' ').and_then(|it| it.strip_suffix(' ')) {
        Some(inner) if !inner.trim().is_empty() => inner,
        _ => code,
    }
}

/// The lines of a text, whichever character ends them: line feed, carriage
/// return or both, vertical tab, form feed, next line, and the separators of
/// lines and paragraphs.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    // Of both, which are one end, the carriage return is not one.
    text.split("\r\n").flat_map(move |part| part.split(ends))
}

/// A text on one line: each end of a line is a blank, and the replacement
/// character shows where a character was that cannot be seen.
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

/// A text as code in a text, between as many backticks as it needs.
pub fn code(text: &str) -> String {
    let text = on_one_line(text);
    let length = (1..).find(|length| !has_run(&text, *length)).unwrap_or(1);
    fenced(&text, length)
}

/// Whether a text has a run of exactly so many backticks.
fn has_run(text: &str, length: usize) -> bool {
    text.split(|text| text != '`').any(|run| run.len() == length)
}

fn fenced(text: &str, length: usize) -> String {
    let fence = "`".repeat(length);
    let is_blank = text.trim().is_empty();
    let needs_blanks = text.is_empty()
        || text.starts_with('`')
        || text.ends_with('`')
        || !is_blank && text.starts_with(' ') && text.ends_with(' ');
    let blank = if needs_blanks { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// Escapes a text for any place in a line of Markdown: nothing in it has a
/// meaning, not even backticks or addresses of the web.
///
/// As it does not see the text around it, it escapes more than [`line()`].
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

/// A text as Markdown: its code is code, its addresses of the web are links,
/// and nothing else has a meaning. Blank lines stay, for paragraphs.
pub fn prose(text: &str) -> String {
    lines(text.trim()).map(line).collect::<Vec<_>>().join("\n")
}

/// A text as one line of such Markdown, without blanks at its ends. It never
/// begins a heading, a list, a table, a quotation or a block of code, and has
/// no run of three backticks.
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

/// A text as a cell of a table in Markdown.
pub fn cell(text: &str) -> String {
    // In a table a backslash before a bar is for the bar, whatever stands before both.
    line(text).replace("\\\\\\|", "&#92;\\|").replace("\\|", "|").replace('|', "\\|")
}

struct Markdown {
    out: String,
}

impl Markdown {
    fn code(&mut self, code: &str) {
        match (1..=2).find(|length| !has_run(code, *length)) {
            Some(length) => self.out.push_str(&fenced(code, length)),
            // Between three backticks, at the start of a line, it would be a block.
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
                // Within a word it stands for itself.
                '_' if !(is_word(previous) && is_word(next)) => self.out.push('\\'),
                // What begins an entity.
                '&' if next.is_some_and(|it| it == '#' || it.is_ascii_alphanumeric()) => self.out.push('\\'),
                '#' | '+' | '-' | '=' | ':' if previous.is_none() => self.out.push('\\'),
                // What ends the number of a list.
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

/// The first address of the web in a text, and what stands before and after it.
fn address(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(start) = text[from..].find("http").map(|at| at + from) {
        let scheme = ["https://", "http://"].into_iter().find(|it| text[start..].starts_with(it));
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

/// Breaks a text into lines of at most `width` columns. A word that is wider has a line of its own.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width).break_words(false).word_splitter(WordSplitter::NoHyphenation);
    let wrapped = |line: &str| {
        let line = visible(line.trim());
        textwrap::wrap(&line, &options).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    text.trim().lines().flat_map(wrapped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_in_backticks() {
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
    fn every_end_of_a_line_ends_a_line() {
        let text = "a\nb\r\nc\rd\u{b}e\u{c}f\u{85}g\u{2028}h\u{2029}i\n\rj";
        let expected = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "", "j"];
        assert_eq!(lines(text).collect::<Vec<_>>(), expected);
        assert_eq!(on_one_line("a\r\nb\tc\0d\u{202e}e"), "a b c\u{fffd}d\u{fffd}e");
    }

    #[test]
    fn text_has_no_other_meaning() {
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
    fn escaped_text_is_no_markup() {
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
    fn cells_have_no_bars() {
        for (text, markdown) in [("a|b", "a\\|b"), ("`a|b`", "`a\\|b`"), ("a\\|b", "a&#92;\\|b")] {
            assert_eq!(cell(text), markdown, "{text}");
        }
    }

    #[test]
    fn code_is_read_back() {
        for text in ["uuid", "a`b", "`", "``a", "a``b`c", " ", " a ", "`a`", "a ` b `` c ``` d"] {
            let text_with_code = format!("x {} y", code(text));
            assert_eq!(spans(&text_with_code).nth(1), Some(Span::Code(text)), "{text_with_code}");
        }
        assert_eq!(code("a\r\nb"), "`a b`");
    }
}
