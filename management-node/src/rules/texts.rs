//! The characters of texts that callers choose.
//!
//! The platform takes any character; NUL and other control characters never
//! come from a person, and break the logs, terminals and programs that read
//! them later.

use super::errors::{self, Verdict};

/// The text has no control characters.
pub(super) fn check_line(parameter: &str, text: Option<&str>) -> Verdict<()> {
    match text.and_then(|text| text.chars().find(|character| character.is_control())) {
        Some(found) => Err(errors::invalid_argument(format!(
            "[{parameter}] has the control character {found:?}; leave it out."
        ))),
        None => Ok(()),
    }
}

/// The text has no control characters but tabs and line ends.
pub(super) fn check_paragraph(parameter: &str, text: Option<&str>) -> Verdict<()> {
    let is_refused = |it: &char| it.is_control() && !matches!(it, '\t' | '\n' | '\r');
    match text.and_then(|text| text.chars().find(is_refused)) {
        Some(found) => Err(errors::invalid_argument(format!(
            "[{parameter}] has the control character {found:?}; tabs and line ends are allowed, leave others out."
        ))),
        None => Ok(()),
    }
}

/// The ID of an access key can be sent in the header Authorization, where a
/// colon ends it.
pub(super) fn check_access_key_id(id: &str) -> Verdict<()> {
    match id.chars().find(|character| !character.is_ascii_graphic() || *character == ':') {
        Some(found) => Err(errors::invalid_argument(format!(
            "[AccessKeyID] has the character {found:?}; allowed are letters, digits and the other printable \
             characters of ASCII, but no `:` and no blanks."
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_characters_a_text_may_have() {
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
    fn the_text_names_the_character_and_what_is_allowed() {
        let text = check_access_key_id("my:access:key").unwrap_err().details.unwrap();
        assert!(text.contains("[AccessKeyID]") && text.contains("':'") && text.contains("letters"), "{text}");
        let text = check_line("name", Some("a\0b")).unwrap_err().details.unwrap();
        assert!(text.contains("[name]") && text.contains(r"'\0'"), "{text}");
    }
}
