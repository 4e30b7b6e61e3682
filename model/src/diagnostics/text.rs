//! Texts in reports: counts, and texts of a spec without characters that control the terminal.

const TAB: &str = "    ";

/// Splits a text into lines at the line ends of YAML.
pub fn lines(text: &str) -> Vec<&str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line_feeds = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    line_feeds.flat_map(|line| line.split('\r')).collect()
}

/// Prepares a text of a spec for a message: on one line, shortened to a few lines of a terminal, and
/// without characters that control the terminal.
pub fn tame(text: &str) -> String {
    const LONGEST: usize = 400;
    let mut tamed = String::new();
    for character in text.chars().take(LONGEST) {
        match character {
            '\t' => tamed.push_str(TAB),
            _ if is_invisible(character) => tamed.push(char::REPLACEMENT_CHARACTER),
            _ => tamed.push(character),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        tamed.push('…');
    }
    tamed
}

/// Replaces the characters of a text that control a terminal.
pub fn visible(text: &str) -> String {
    text.replace(is_invisible, "\u{fffd}")
}

/// Returns whether a character controls a terminal, ends a line, or reorders the text around it:
/// control characters, line and paragraph separators, direction marks and overrides, and the byte
/// order mark.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// Formats a count with its noun: `1 file`, `2 files`.
pub fn format_count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_terminal_controls_and_shortens_long_text() {
        assert_eq!(tame("a\nb\u{202e}"), "a\u{fffd}b\u{fffd}");
        assert_eq!(tame(&"x".repeat(1_000_000)).chars().count(), 401);
    }

    #[test]
    fn splits_lines_at_yaml_line_ends() {
        let text = "\u{feff}one\r\ntwo\rthree\nfour";
        assert_eq!(lines(text), ["one", "two", "three", "four"]);
    }
}
