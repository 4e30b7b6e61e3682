//! A saved HTML page as the lines that a browser shows: a table becomes rows of cells between
//! bars, a list becomes bullets.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::clean;

/// Whether a text is HTML: it begins as a page does, or has the elements of one.
pub(super) fn is_html(text: &str) -> bool {
    let start = text.trim_start().get(..512).unwrap_or(text.trim_start()).to_ascii_lowercase();
    let begins =
        ["<!doctype html", "<html", "<head", "<body", "<div", "<article", "<section", "<main", "<table"];
    begins.iter().any(|tag| start.starts_with(tag))
        || (start.starts_with("<!--") || start.starts_with("<?xml")) && start.contains("<html")
        || start.starts_with("<h1")
}

/// The lines of a page, with the numbers of the lines in the file.
pub(super) fn lines(text: &str) -> Vec<(usize, String)> {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    // A script stops the tokenizer, which goes on when it is fed again.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

#[derive(Default)]
struct Sink(RefCell<Screen>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        let mut screen = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return screen.tag(&tag, line),
            Token::CharacterTokens(text) => screen.text(&text, line),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What is shown so far.
#[derive(Default)]
struct Screen {
    lines: Vec<(usize, String)>,
    current: String,
    number: usize,
    /// How deep in lists, for the indent of bullets.
    lists: usize,
    /// How deep in preformatted text, whose line ends count.
    preformatted: usize,
    /// How deep in elements that are not shown.
    hidden: usize,
    /// How deep in tables; a table in a cell is text of the cell.
    tables: usize,
    /// The cells of the row, if there is one.
    row: Option<Vec<String>>,
}

impl Screen {
    fn tag(&mut self, tag: &Tag, line: usize) -> TokenSinkResult<()> {
        let is_start = tag.kind == TagKind::StartTag;
        match (&*tag.name, is_start) {
            ("script" | "style" | "template" | "noscript" | "svg" | "head", true) if !tag.self_closing => {
                self.hidden += 1;
                match &*tag.name {
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" => return TokenSinkResult::RawData(RawKind::Rawtext),
                    _ => {}
                }
            }
            ("script" | "style" | "template" | "noscript" | "svg" | "head", false) => {
                self.hidden = self.hidden.saturating_sub(1);
            }
            // A page whose head is not closed has a body nonetheless.
            ("body", true) => self.hidden = 0,
            ("pre", true) => {
                self.break_line();
                self.preformatted += 1;
            }
            ("pre", false) => {
                self.break_line();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            ("table", true) => {
                self.end_row();
                self.tables += 1;
            }
            ("table", false) => {
                self.end_row();
                self.tables = self.tables.saturating_sub(1);
            }
            ("tr", true) => {
                self.end_row();
                self.row = Some(Vec::new());
                self.number = line;
            }
            ("tr" | "thead" | "tbody", _) => self.end_row(),
            ("td" | "th", true) => self.begin_cell(line),
            ("li", true) => self.begin_bullet(line),
            ("ul" | "ol", true) => {
                self.break_line();
                self.lists += 1;
            }
            ("ul" | "ol", false) => {
                self.break_line();
                self.lists = self.lists.saturating_sub(1);
            }
            (
                "p" | "div" | "br" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "section" | "article"
                | "header" | "footer" | "nav" | "dl" | "dt" | "dd" | "hr" | "main" | "blockquote" | "title",
                _,
            ) => self.break_line(),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn text(&mut self, text: &str, line: usize) {
        if self.hidden > 0 {
            return;
        }
        if self.preformatted > 0 && self.row.is_none() {
            let first = line.saturating_sub(text.matches('\n').count());
            for (nth, part) in text.split('\n').enumerate() {
                if nth > 0 {
                    self.break_line();
                }
                self.append(part, first + nth);
            }
        } else {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let starts = text.starts_with(char::is_whitespace);
            let ends = text.ends_with(char::is_whitespace);
            if starts && !self.current.is_empty() && !self.current.ends_with(' ') {
                self.current.push(' ');
            }
            if !words.is_empty() {
                self.append(&words, line.saturating_sub(text.matches('\n').count()));
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

    fn shown(text: &str) -> Vec<(usize, String)> {
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
        assert_eq!(shown(page), [line(2, "CreateZone"), line(3, "| Name | Type |"), line(4, "| a |  |")]);
    }

    #[test]
    fn scripts_are_not_shown() {
        let page = "<html><script>if (a < b) { \"<p>\" }</script><style>p {}</style><p>a &amp;&nbsp;b</p>";
        assert_eq!(shown(page), [line(1, "a & b")]);
    }

    #[test]
    fn preformatted_text_keeps_its_lines() {
        assert_eq!(
            shown("<div><pre>{\n\"a\": 1\n}</pre></div>"),
            [line(1, "{"), line(2, "\"a\": 1"), line(3, "}")]
        );
    }

    #[test]
    fn lists_become_bullets() {
        let page = "<div><ul><li>a<ul><li>b</li></ul></li></ul></div>";
        assert_eq!(shown(page), [line(1, "  • a"), line(1, "      • b")]);
    }
}
