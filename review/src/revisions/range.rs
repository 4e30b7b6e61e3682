//! The range to compare as written on the command line: `BASE..HEAD`.

use camino::Utf8PathBuf;

/// A base and a head, if they are named.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) base: Option<Endpoint>,
    pub(super) head: Option<Endpoint>,
    /// True if the range has three dots: it then begins at the merge base of both.
    pub(super) from_merge_base: bool,
}

/// The base or the head of a range.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// A folder, such as `./old`.
    Path(Utf8PathBuf),
    /// A git revision, or a folder if there is no such revision.
    Revision(String),
}

/// Why a text is not a range.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RangeError {
    TooManyDots,
    TooManyEndpoints,
}

impl Range {
    pub(super) fn parse(text: &str) -> Result<Self, RangeError> {
        let Some((base, dots, head)) = split(text)? else {
            return Ok(Self { base: Endpoint::parse(text), ..Self::default() });
        };
        if head != ".." && split(head)?.is_some() {
            return Err(RangeError::TooManyEndpoints);
        }
        Ok(Self { base: Endpoint::parse(base), head: Endpoint::parse(head), from_merge_base: dots == 3 })
    }
}

impl Endpoint {
    fn parse(text: &str) -> Option<Self> {
        let is_path =
            ["./", "../", "/"].iter().any(|start| text.starts_with(start)) || [".", ".."].contains(&text);
        match text {
            "" => None,
            path if is_path => Some(Self::Path(path.into())),
            name => Some(Self::Revision(name.to_owned())),
        }
    }
}

/// Splits a text at its first two or three dots: the text before, the number of dots, and the text
/// after. Dots that are part of a path do not count.
fn split(text: &str) -> Result<Option<(&str, usize, &str)>, RangeError> {
    let mut start = 0;
    while let Some(found) = text[start..].find("..") {
        let at = start + found;
        let count = text[at..].bytes().take_while(|byte| *byte == b'.').count();
        let end = at + count;
        let (before, after) = (&text[..at], &text[end..]);
        let is_in_path = after.is_empty() || after.starts_with('/');
        // `../old` and `./a/../b`, but not `..` alone.
        let is_whole = before.ends_with('/') || before.is_empty() && !after.is_empty();
        if count == 2 && is_in_path && is_whole {
            start = end;
            continue;
        }
        // `main.../old` is `main` and `./old`; `main..../old` has `../old`.
        let dots = match (count, is_in_path) {
            (2, _) | (4, true) => 2,
            (3, _) if after.starts_with('/') => 2,
            (3, _) | (5, true) => 3,
            _ => return Err(RangeError::TooManyDots),
        };
        return Ok(Some((before, dots, &text[at + dots..])));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(base: &str, dots: usize, head: &str) -> Result<Range, RangeError> {
        Ok(Range { base: Endpoint::parse(base), head: Endpoint::parse(head), from_merge_base: dots == 3 })
    }

    #[test]
    fn parses_ranges() {
        for (text, expected) in [
            ("", range("", 2, "")),
            ("..", range("", 2, "")),
            ("...", range("", 3, "")),
            ("main", range("main", 2, "")),
            ("main..", range("main", 2, "")),
            ("main...", range("main", 3, "")),
            ("..feature/x", range("", 2, "feature/x")),
            ("...feature/x", range("", 3, "feature/x")),
            ("v1.2..v1.3", range("v1.2", 2, "v1.3")),
            ("v1.2...HEAD~2", range("v1.2", 3, "HEAD~2")),
            ("release/1.2..release/1.3", range("release/1.2", 2, "release/1.3")),
            // Folders.
            ("./old", range("./old", 2, "")),
            ("../old", range("../old", 2, "")),
            ("../../old/", range("../../old/", 2, "")),
            ("./a/../b", range("./a/../b", 2, "")),
            ("/old../new", range("/old", 2, "/new")),
            ("./old..main", range("./old", 2, "main")),
            ("./a/../old..main", range("./a/../old", 2, "main")),
            ("main.../old", range("main", 2, "./old")),
            ("main..../old", range("main", 2, "../old")),
            ("main...../old", range("main", 3, "../old")),
            ("main....", range("main", 2, "..")),
            ("../old..../new", range("../old", 2, "../new")),
            ("../old..../new/../newer", range("../old", 2, "../new/../newer")),
            (".../old", range("", 2, "./old")),
            ("..../old", range("", 2, "../old")),
            (".", range(".", 2, "")),
            // Invalid ranges.
            ("a....b", Err(RangeError::TooManyDots)),
            ("a......", Err(RangeError::TooManyDots)),
            ("a..b..c", Err(RangeError::TooManyEndpoints)),
            ("a..b...c", Err(RangeError::TooManyEndpoints)),
            ("a....../b", Err(RangeError::TooManyDots)),
        ] {
            assert_eq!(Range::parse(text), expected, "{text:?}");
        }
        assert_eq!(Endpoint::parse("./old"), Some(Endpoint::Path("./old".into())));
        assert_eq!(Endpoint::parse("old/spec"), Some(Endpoint::Revision("old/spec".to_owned())));
    }
}
