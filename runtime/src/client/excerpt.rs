//! Shortens texts of the server for errors.

/// The number of bytes of a body that are shown.
const SHOWN: usize = 200;

/// Returns the beginning of a body.
pub(super) fn excerpt(body: &[u8]) -> String {
    let start = &body[..body.len().min(SHOWN)];
    let text = String::from_utf8_lossy(start);
    // Drops the rest of a character that was cut.
    let text = if start.len() < body.len() { text.trim_end_matches('\u{fffd}') } else { &text };
    let text = text.trim();
    if start.len() < body.len() { format!("{text}… ({} bytes)", body.len()) } else { text.to_owned() }
}

/// Replaces control characters, including line breaks, by spaces.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_long_bodies_between_characters() {
        let shown = excerpt("é".repeat(150).as_bytes());
        assert_eq!(shown, format!("{}… (300 bytes)", "é".repeat(100)));
        let shown = excerpt(format!("x{}", "é".repeat(150)).as_bytes());
        assert_eq!(shown, format!("x{}… (301 bytes)", "é".repeat(99)));
        assert_eq!(excerpt(b"  \xff no such path\n"), "\u{fffd} no such path");
    }

    #[test]
    fn replaces_line_breaks() {
        assert_eq!(one_line("a\r\nb\tc"), "a  b c");
    }
}
