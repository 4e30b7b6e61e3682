//! Names with line breaks between their words.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use serde::Serialize;

use super::EscapedHtml;

/// A name of the API. In HTML, a line may end before each of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Name<'a>(pub(crate) &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = second_word(rest) {
            write!(f, "{}<wbr>", EscapedHtml(&rest[..at]))?;
            rest = &rest[at..];
        }
        write!(f, "{}", EscapedHtml(rest))
    }
}

impl HtmlSafe for Name<'_> {}

/// The index of the second word, as in `vmInstanceUuid` and `a.b`.
fn second_word(name: &str) -> Option<usize> {
    let bytes = name.as_bytes();
    let is_boundary = |pair: &[u8]| {
        (pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            || matches!(pair[0], b'.' | b'/' | b'_')
    };
    // The first line has at least three letters.
    bytes
        .windows(2)
        .skip(2)
        .position(is_boundary)
        .map(|position| position + 3)
        .filter(|index| name.is_char_boundary(*index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_break_between_words() {
        for (name, html) in [
            ("uuid", "uuid"),
            ("vmInstanceUuid", "vmInstance<wbr>Uuid"),
            ("GetVMHostNames", "Get<wbr>VMHost<wbr>Names"),
            ("/vm-instances/{uuid}", "/vm-instances/<wbr>{uuid}"),
            ("a<b", "a&lt;b"),
            ("", ""),
        ] {
            assert_eq!(Name(name).to_string(), html);
        }
    }
}
