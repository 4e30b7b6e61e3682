//! Normalizes paths to the form of templates.

use std::borrow::Cow;

/// Removes empty segments in the middle of a path, since one client sends them, and escapes of
/// characters that need none. A trailing slash stays: some templates have one.
pub(crate) fn normalize(path: &str) -> Cow<'_, str> {
    if !path.contains('%') && !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let mut normal = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(next) = rest.chars().next() {
        let (take, put) = match unreserved_escape(rest) {
            Some(plain) => (3, plain),
            None => (next.len_utf8(), next),
        };
        if put != '/' || !normal.ends_with('/') {
            normal.push(put);
        }
        rest = rest.get(take..).unwrap_or_default();
    }
    Cow::Owned(normal)
}

/// Decodes an escape at the beginning of a text, if its character needs no escape anywhere (RFC
/// 3986, 6.2.2.2).
fn unreserved_escape(text: &str) -> Option<char> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    let digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(digits)?;
    let plain = char::from(u8::from_str_radix(digits, 16).ok()?);
    is_unreserved(plain).then_some(plain)
}

/// Returns whether a character needs no escape in any path.
pub(super) fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_paths() {
        for (path, expected) in [
            ("/a/b", "/a/b"),
            ("//a///b", "/a/b"),
            ("/a/b//", "/a/b/"),
            ("/%61%2Db/%2F%20%c3%a4", "/a-b/%2F%20%c3%a4"),
            ("/a%", "/a%"),
            ("/a%4", "/a%4"),
            ("/%+1//ä", "/%+1/ä"),
        ] {
            assert_eq!(normalize(path), expected);
        }
    }
}
