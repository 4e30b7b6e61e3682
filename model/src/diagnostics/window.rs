//! A line of a file as a terminal can show it: no wider than a screen, and
//! every character in the column where it seems to be.

use unicode_width::UnicodeWidthChar;

/// The most columns of a line that are shown.
const WIDTH: usize = 160;
/// How many columns before the place are shown of a line that is wider.
const BEFORE: usize = 60;
const TAB: &str = "    ";

/// An excerpt of a line, and where in it the marked characters stand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) text: String,
    /// Columns before the mark.
    pub(super) indent: usize,
    /// Columns of the mark.
    pub(super) marked: usize,
}

/// Cuts the window around `length` characters from `column` (from 1) on.
pub(super) fn window(line: &str, column: usize, length: usize) -> Window {
    let start = column.saturating_sub(1);
    let before: usize = line.chars().take(start).map(width).sum();
    let total: usize = before + line.chars().skip(start).take(WIDTH).map(width).sum::<usize>();
    let hidden = if total > WIDTH { before.saturating_sub(BEFORE) } else { 0 };

    let mut text = String::new();
    let (mut at, mut shown, mut indent, mut marked) = (0, 0, 0, 0);
    if hidden > 0 {
        text.push('…');
        shown = 1;
        indent = 1;
    }
    for (nth, it) in line.chars().enumerate() {
        let wide = width(it);
        at += wide;
        if at <= hidden {
            continue;
        }
        if shown + wide > WIDTH {
            text.push('…');
            break;
        }
        push(&mut text, it);
        shown += wide;
        if nth < start {
            indent += wide;
        } else if nth < start + length {
            marked += wide;
        }
    }
    Window { text, indent, marked: marked.max(1) }
}

/// The lines of a text, which end as in YAML.
pub fn lines(text: &str) -> Vec<&str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line_feeds = text.split('\n').map(|it| it.strip_suffix('\r').unwrap_or(it));
    line_feeds.flat_map(|it| it.split('\r')).collect()
}

/// Text of a spec in a message: on one line, no longer than a few lines of a
/// terminal, and without what would control that terminal.
pub fn tame(text: &str) -> String {
    const LONGEST: usize = 400;
    let mut tamed = String::new();
    for it in text.chars().take(LONGEST) {
        push(&mut tamed, it);
    }
    if text.chars().nth(LONGEST).is_some() {
        tamed.push('…');
    }
    tamed
}

fn push(text: &mut String, it: char) {
    match it {
        '\t' => text.push_str(TAB),
        it if is_invisible(it) => text.push('\u{fffd}'),
        it => text.push(it),
    }
}

fn width(it: char) -> usize {
    match it {
        '\t' => TAB.len(),
        it if is_invisible(it) => 1,
        it => it.width().unwrap_or(1),
    }
}

/// Text without what would control a terminal.
pub fn visible(text: &str) -> String {
    text.chars().map(|it| if is_invisible(it) { '\u{fffd}' } else { it }).collect()
}

/// Returns whether a character controls a terminal, ends a line, or reorders the
/// text around it: control characters, separators of lines and paragraphs, marks
/// and overrides of the direction of text, and the byte order mark.
pub fn is_invisible(it: char) -> bool {
    it.is_control()
        || matches!(
            it,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(line: &str, column: usize, length: usize) -> String {
        let Window { text, indent, marked } = window(line, column, length);
        format!("{text}\n{}{}", " ".repeat(indent), "^".repeat(marked))
    }

    #[test]
    fn the_caret_stands_below_its_characters() {
        assert_eq!(show("name: value", 7, 5), "name: value\n      ^^^^^");
        assert_eq!(show("\tkey: v", 7, 1), "    key: v\n         ^");
        assert_eq!(show("说明: v", 5, 1), "说明: v\n      ^");
        assert_eq!(show("é: ü", 4, 1), "é: ü\n   ^");
        assert_eq!(show("key:", 5, 0), "key:\n    ^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let line = "x".repeat(500_000) + "HERE" + &"y".repeat(500_000);
        let Window { text, indent, marked } = window(&line, 500_001, 4);
        assert!(text.chars().count() <= WIDTH + 1, "{}", text.chars().count());
        assert_eq!(text.chars().skip(indent).take(marked).collect::<String>(), "HERE");
        assert!(text.starts_with('…') && text.ends_with('…'));
    }

    #[test]
    fn a_long_mark_ends_with_the_window() {
        let Window { text, marked, .. } = window(&"x".repeat(10_000), 1, 10_000);
        assert_eq!((text.chars().count(), marked), (WIDTH + 1, WIDTH));
    }

    #[test]
    fn nothing_controls_the_terminal() {
        assert_eq!(window("a\u{1b}[31mb", 1, 1).text, "a\u{fffd}[31mb");
        assert_eq!(tame("a\nb\u{202e}"), "a\u{fffd}b\u{fffd}");
        assert_eq!(tame(&"x".repeat(1_000_000)).chars().count(), 401);
    }

    #[test]
    fn lines_end_as_in_yaml() {
        let text = "\u{feff}one\r\ntwo\rthree\nfour";
        assert_eq!(lines(text), ["one", "two", "three", "four"]);
    }
}
