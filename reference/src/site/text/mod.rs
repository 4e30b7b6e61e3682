//! Text of the spec on pages. It never becomes markup.

mod code;
mod json;
pub(crate) mod markdown;
mod name;
mod prose;
mod ty;

use std::fmt::{self, Display, Formatter, Write as _};

pub(crate) use code::Code;
pub(crate) use json::Json;
pub(crate) use name::Name;
pub(crate) use prose::Prose;
pub(crate) use ty::TypeText;

/// Text escaped for HTML elements and attributes.
pub(crate) struct EscapedHtml<'a>(pub(crate) &'a str);

impl Display for EscapedHtml<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

/// Replaces invisible characters: control characters, and marks that reverse the
/// direction of text.
pub(crate) fn visible(text: String) -> String {
    // Most text is printable ASCII, so bytes are checked first.
    let is_hidden_at = |(at, byte): (usize, u8)| match byte {
        b' '..=b'~' | 0x80..=0xbf => false,
        _ => text[at..].starts_with(is_hidden),
    };
    if !text.bytes().enumerate().any(is_hidden_at) {
        return text;
    }
    text.chars().map(|character| if is_hidden(character) { '\u{fffd}' } else { character }).collect()
}

fn is_hidden(character: char) -> bool {
    character != '\n' && character != '\t' && character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The anchor of a name, with characters that a URL does not escape.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' => slug.push(letter),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Unique anchors of names: duplicates get a number.
#[derive(Debug, Default)]
pub(crate) struct Anchors(std::collections::HashSet<String>);

impl Anchors {
    pub(crate) fn of(&mut self, prefix: &str, name: &str) -> String {
        let base = format!("{prefix}{}", slug(name));
        let mut anchor = base.clone();
        let mut number = 1;
        while !self.0.insert(anchor.clone()) {
            number += 1;
            anchor.truncate(base.len());
            // Writing to a string cannot fail.
            let _ = write!(anchor, "-{number}");
        }
        anchor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_unique() {
        for (text, expected) in [
            ("vmInstanceUuid", "vmInstanceUuid"),
            ("cdromUuid::{cdromUuid}", "cdromUuid-cdromUuid"),
            ("SYS.1006 < VM.1010", "SYS.1006-VM.1010"),
            ("名", ""),
        ] {
            assert_eq!(slug(text), expected);
        }
        let mut anchors = Anchors::default();
        let found = ["a", "a", "a-2", "a", "名", "名"].map(|name| anchors.of("x-", name));
        assert_eq!(found, ["x-a", "x-a-2", "x-a-2-2", "x-a-3", "x-", "x--2"]);
    }

    #[test]
    fn replaces_invisible_characters() {
        assert_eq!(visible("a\u{202e}b\u{0}c\td\n".to_owned()), "a\u{fffd}b\u{fffd}c\td\n");
        assert_eq!(visible("été 名".to_owned()), "été 名");
    }
}
