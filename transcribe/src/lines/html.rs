//! A saved HTML page as the lines that a browser shows: a table becomes rows of cells between
//! bars, a list becomes bullets.

use std::convert::Infallible;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use super::clean;

/// Returns whether a text is HTML: it begins as a page does, or has the elements of one.
pub(super) fn is_html(text: &str) -> bool {
    let start = text.trim_start().get(..512).unwrap_or(text.trim_start()).to_ascii_lowercase();
    let begins =
        ["<!doctype html", "<html", "<head", "<body", "<div", "<article", "<section", "<main", "<table"];
    begins.iter().any(|tag| start.starts_with(tag))
        || (start.starts_with("<!--") || start.starts_with("<?xml")) && start.contains("<html")
        || start.starts_with("<h1")
}

/// Returns the lines of a page, with their numbers in the file.
pub(super) fn lines(text: &str) -> Vec<(usize, String)> {
    // The parser counts a line end as one byte.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // Scripts and styles are not markup.
    emitter.naively_switch_states(true);
    let mut screen = Screen::default();
    let mut position = Position { text: &text, offset: 0, line: 1 };
    for token in Tokenizer::new_with_emitter(text.as_str(), emitter) {
        let token = token.unwrap_or_else(|error: Infallible| match error {});
        match token {
            Token::StartTag(tag) => {
                let line = position.advance(tag.span.start);
                screen.start(&String::from_utf8_lossy(&tag.name), tag.self_closing, line);
            }
            Token::EndTag(tag) => screen.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => {
                let line = position.advance(text.span.start);
                screen.text(&String::from_utf8_lossy(&text.value), line);
            }
            _ => {}
        }
    }
    screen.finish()
}

/// A position in a text that only moves forward.
struct Position<'t> {
    text: &'t str,
    offset: usize,
    line: usize,
}

impl Position<'_> {
    /// Moves to a byte and returns its line.
    fn advance(&mut self, offset: usize) -> usize {
        if let Some(passed) = self.text.as_bytes().get(self.offset..offset) {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count();
            self.offset = offset;
        }
        self.line
    }
}

/// The text of the elements read so far.
#[derive(Default)]
struct Screen {
    lines: Vec<(usize, String)>,
    current: String,
    number: usize,
    /// The depth in lists, which is the indent of bullets.
    lists: usize,
    /// The depth in `pre` elements, whose line breaks are kept.
    preformatted: usize,
    /// The depth in elements that are not shown.
    hidden: usize,
    /// The depth in tables; a table in a cell is text of the cell.
    tables: usize,
    /// The cells of the row, if there is one.
    row: Option<Vec<String>>,
}

impl Screen {
    fn start(&mut self, tag: &str, is_empty: bool, line: usize) {
        match tag {
            "script" | "style" | "template" | "noscript" | "svg" | "head" if !is_empty => self.hidden += 1,
            // A page whose head is not closed has a body nonetheless.
            "body" => self.hidden = 0,
            "pre" => {
                self.break_line();
                self.preformatted += 1;
            }
            "table" => {
                self.end_row();
                self.tables += 1;
            }
            "tr" => {
                self.end_row();
                self.row = Some(Vec::new());
                self.number = line;
            }
            "thead" | "tbody" => self.end_row(),
            "td" | "th" => self.begin_cell(line),
            "li" => self.begin_bullet(line),
            "ul" | "ol" => {
                self.break_line();
                self.lists += 1;
            }
            tag => self.block(tag),
        }
    }

    fn end(&mut self, tag: &str) {
        match tag {
            "script" | "style" | "template" | "noscript" | "svg" | "head" => {
                self.hidden = self.hidden.saturating_sub(1);
            }
            "pre" => {
                self.break_line();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            "table" => {
                self.end_row();
                self.tables = self.tables.saturating_sub(1);
            }
            "tr" | "thead" | "tbody" => self.end_row(),
            "ul" | "ol" => {
                self.break_line();
                self.lists = self.lists.saturating_sub(1);
            }
            tag => self.block(tag),
        }
    }

    /// Ends the line at the start or end of a block.
    fn block(&mut self, tag: &str) {
        const BLOCKS: [&str; 24] = [
            "article",
            "blockquote",
            "br",
            "dd",
            "div",
            "dl",
            "dt",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "li",
            "main",
            "nav",
            "p",
            "section",
            "title",
            "figure",
            "aside",
        ];
        if BLOCKS.contains(&tag) {
            self.break_line();
        }
    }

    fn text(&mut self, text: &str, line: usize) {
        if self.hidden > 0 {
            return;
        }
        if self.preformatted > 0 && self.row.is_none() {
            for (nth, part) in text.split('\n').enumerate() {
                if nth > 0 {
                    self.break_line();
                }
                self.append(part, line + nth);
            }
        } else {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let starts = text.starts_with(char::is_whitespace);
            let ends = text.ends_with(char::is_whitespace);
            if starts && !self.current.is_empty() && !self.current.ends_with(' ') {
                self.current.push(' ');
            }
            if !words.is_empty() {
                let start = text.len() - text.trim_start().len();
                let skipped = text.get(..start).unwrap_or_default().matches('\n').count();
                self.append(&words, line + skipped);
                if ends {
                    self.current.push(' ');
                }
            }
        }
    }

    fn append(&mut self, text: &str, line: usize) {
        if self.current.trim().is_empty() && self.row.is_none() {
            self.number = line;
        }
        self.current.push_str(&clean(text));
    }

    fn begin_bullet(&mut self, line: usize) {
        self.break_line();
        if self.row.is_some() {
            self.current.push_str(" • ");
        } else if self.hidden == 0 {
            self.number = line;
            self.current = format!("{}• ", " ".repeat(self.lists.saturating_sub(1).min(64) * 4 + 2));
        }
    }

    fn begin_cell(&mut self, line: usize) {
        let text = std::mem::take(&mut self.current);
        match &mut self.row {
            // Text between a row and its first cell belongs to none.
            Some(cells) if cells.is_empty() => cells.push(String::new()),
            Some(cells) => {
                if let Some(last) = cells.last_mut() {
                    *last = text.trim().to_owned();
                }
                cells.push(String::new());
            }
            None => {
                self.row = Some(vec![String::new()]);
                self.number = line;
            }
        }
    }

    fn end_row(&mut self) {
        let text = std::mem::take(&mut self.current);
        match self.row.take() {
            Some(mut cells) if !cells.is_empty() => {
                if let Some(last) = cells.last_mut() {
                    *last = text.trim().to_owned();
                }
                self.lines.push((self.number, format!("| {} |", cells.join(" | "))));
            }
            _ => {
                self.current = text;
                self.break_line();
            }
        }
    }

    /// Ends the line; in a cell, where a row is one line, a blank does.
    fn break_line(&mut self) {
        if self.row.is_some() {
            if !self.current.is_empty() && !self.current.ends_with(' ') {
                self.current.push(' ');
            }
            return;
        }
        let text = std::mem::take(&mut self.current);
        if !text.trim().is_empty() {
            self.lines.push((self.number.max(1), text.trim_end().to_owned()));
        }
    }

    fn finish(mut self) -> Vec<(usize, String)> {
        self.end_row();
        self.break_line();
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible_lines(text: &str) -> Vec<(usize, String)> {
        assert!(is_html(text));
        lines(text)
    }

    fn line(number: usize, text: &str) -> (usize, String) {
        (number, text.to_owned())
    }

    #[test]
    fn tables_become_rows_and_keep_empty_cells() {
        let page = "<html><body>\n<h1>CreateZone</h1>\n<table><tr><th>Name<th>Type</tr>\n\
                    <tr><td>a</td><td></td></tr></table>";
        assert_eq!(
            visible_lines(page),
            [line(2, "CreateZone"), line(3, "| Name | Type |"), line(4, "| a |  |")]
        );
    }

    #[test]
    fn scripts_are_not_shown() {
        let page = "<html><script>if (a < b) { \"<p>\" }</script><style>p {}</style><p>a &amp;&nbsp;b</p>";
        assert_eq!(visible_lines(page), [line(1, "a & b")]);
    }

    #[test]
    fn preformatted_text_keeps_its_lines() {
        assert_eq!(
            visible_lines("<div><pre>{\n\"a\": 1\n}</pre></div>"),
            [line(1, "{"), line(2, "\"a\": 1"), line(3, "}")]
        );
    }

    #[test]
    fn lists_become_bullets() {
        let page = "<div><ul><li>a<ul><li>b</li></ul></li></ul></div>";
        assert_eq!(visible_lines(page), [line(1, "  • a"), line(1, "      • b")]);
    }
}
