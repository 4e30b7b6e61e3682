//! Names that may be longer than a line.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use serde::Serialize;

use super::Escaped;

/// A name of the API. In HTML, a line may end before each of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Name<'a>(pub(crate) &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = hump(rest) {
            write!(f, "{}<wbr>", Escaped(&rest[..at]))?;
            rest = &rest[at..];
        }
        write!(f, "{}", Escaped(rest))
    }
}

impl HtmlSafe for Name<'_> {}

/// Where the second word begins, in `vmInstanceUuid` and in `a.b`.
fn hump(name: &str) -> Option<usize> {
    let bytes = name.as_bytes();
    let is_hump = |pair: &[u8]| {
        (pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            || matches!(pair[0], b'.' | b'/' | b'_')
    };
    // A line of two letters is not worth it.
    bytes
        .windows(2)
        .skip(2)
        .position(is_hump)
        .map(|position| position + 3)
        .filter(|it| name.is_char_boundary(*it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_end_between_words() {
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
