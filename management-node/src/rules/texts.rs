//! Checks of the characters in texts from callers.
//!
//! The platform accepts any character. But people never enter control characters
//! such as NUL, which break the logs, terminals and programs that read them later.

use super::errors::{self, Verdict};

/// Refuses control characters.
pub(crate) fn check_line(parameter: &str, text: Option<&str>) -> Verdict<()> {
    match text.and_then(|text| text.chars().find(|character| character.is_control())) {
        Some(found) => Err(errors::invalid_argument(format!(
            "[{parameter}] contains the control character {found:?}; remove it."
        ))),
        None => Ok(()),
    }
}

/// Refuses control characters except tabs and line breaks.
pub(crate) fn check_paragraph(parameter: &str, text: Option<&str>) -> Verdict<()> {
    let is_refused = |character: &char| character.is_control() && !matches!(character, '\t' | '\n' | '\r');
    match text.and_then(|text| text.chars().find(is_refused)) {
        Some(found) => Err(errors::invalid_argument(format!(
            "[{parameter}] contains the control character {found:?}; only tabs and line breaks are allowed."
        ))),
        None => Ok(()),
    }
}

/// Refuses an access key ID that cannot be sent in an Authorization header, where a
/// colon ends it.
pub(crate) fn check_access_key_id(id: &str) -> Verdict<()> {
    match id.chars().find(|character| !character.is_ascii_graphic() || *character == ':') {
        Some(found) => Err(errors::invalid_argument(format!(
            "[AccessKeyID] contains the character {found:?}; allowed are letters, digits and other printable ASCII \
             characters except `:` and the space."
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_the_characters_of_texts() {
        for (text, line, paragraph, id) in [
            ("web-1", true, true, true),
            ("0123456789abcdefABCD", true, true, true),
            ("!\"#$%&'()*+,-./;<=>?", true, true, true),
            ("Büro 3 · 機器", true, true, false),
            ("a b", true, true, false),
            ("a:b", true, true, false),
            ("a\tb", false, true, false),
            ("a\nb\r\nc", false, true, false),
            ("a\0b", false, false, false),
            ("a\u{1b}[31mb", false, false, false),
            ("a\u{7f}b", false, false, false),
            ("a\u{85}b", false, false, false),
        ] {
            let results = [
                (check_line("name", Some(text)), line),
                (check_paragraph("description", Some(text)), paragraph),
                (check_access_key_id(text), id),
            ];
            for (result, expected) in results {
                assert_eq!(result.is_ok(), expected, "{text:?} {result:?}");
            }
        }
        assert_eq!((check_line("name", None), check_paragraph("name", None)), (Ok(()), Ok(())));
    }

    #[test]
    fn reports_the_character_and_the_allowed_ones() {
        let text = check_access_key_id("my:access:key").unwrap_err().details.unwrap();
        assert!(text.contains("[AccessKeyID]") && text.contains("':'") && text.contains("letters"), "{text}");
        let text = check_line("name", Some("a\0b")).unwrap_err().details.unwrap();
        assert!(text.contains("[name]") && text.contains(r"'\0'"), "{text}");
    }
}
