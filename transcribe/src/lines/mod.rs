//! A page as a list of lines, whatever it was saved as.

mod html;
mod markdown;
mod unglue;

use html::is_html;

use crate::line::Line;

/// The lines of a page: of HTML what a browser shows, of Markdown without its marks.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let raw = if is_html(text) { html::lines(text) } else { plain(text) };
    let lines = raw.into_iter().map(|(number, text)| Line::new(number, &text));
    unglue::unglue(markdown::without_marks(lines.collect()))
}

fn plain(text: &str) -> Vec<(usize, String)> {
    text.lines().enumerate().map(|(nth, line)| (nth + 1, clean(line))).collect()
}

/// Replaces whitespace of all kinds by spaces, and removes characters that cannot be seen.
fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => cleaned.push_str("    "),
            '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => cleaned.push(' '),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {}
            character if character.is_control() => {}
            character => cleaned.push(character),
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_numbers_and_indents() {
        let found = lines("CreateZone\r\n\u{a0}\u{a0}• uuid\u{200b}String\n");
        assert_eq!(found[0], Line { number: 1, indent: 0, text: "CreateZone".to_owned() });
        assert_eq!(found[1], Line { number: 2, indent: 2, text: "• uuidString".to_owned() });
    }
}
