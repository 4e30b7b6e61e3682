//! Texts of others, as an error shows them: short, and on one line.

/// How many bytes of a body are shown.
const SHOWN: usize = 200;

/// The beginning of a body.
pub(super) fn excerpt(body: &[u8]) -> String {
    let start = &body[..body.len().min(SHOWN)];
    let text = String::from_utf8_lossy(start);
    // A character that the cut went through is not worth a replacement mark.
    let text = if start.len() < body.len() { text.trim_end_matches('\u{fffd}') } else { &text };
    let text = text.trim();
    if start.len() < body.len() { format!("{text}… ({} bytes)", body.len()) } else { text.to_owned() }
}

/// The text with blanks for control characters, which includes line breaks.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_is_cut_between_characters() {
        let shown = excerpt("é".repeat(150).as_bytes());
        assert_eq!(shown, format!("{}… (300 bytes)", "é".repeat(100)));
        let shown = excerpt(format!("x{}", "é".repeat(150)).as_bytes());
        assert_eq!(shown, format!("x{}… (301 bytes)", "é".repeat(99)));
        assert_eq!(excerpt(b"  \xff no such path\n"), "\u{fffd} no such path");
    }

    #[test]
    fn one_line_stays_one() {
        assert_eq!(one_line("a\r\nb\tc"), "a  b c");
    }
}
