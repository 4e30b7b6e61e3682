//! Conflict markers, which a merge leaves where both sides changed the same lines.

use crate::yaml::{Mark, Span};

const BEGIN: &str = "<<<<<<< ";
const MIDDLE: &str = "=======";
const END: &str = ">>>>>>> ";

/// Finds the first line of each conflict, and other markers. Most conflicts are not valid YAML, but
/// some would be read as part of a text.
pub(super) fn find(text: &str) -> Vec<Span> {
    if ![BEGIN, MIDDLE, END].iter().any(|marker| text.contains(marker)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut is_open = false;
    for (index, line) in text.lines().enumerate() {
        let begins = line.starts_with(BEGIN);
        let ends = line.starts_with(END);
        if begins || !is_open && (ends || line == MIDDLE) {
            let start = Mark { line: index + 1, column: 1 };
            found.push(Span { start, end: Mark { column: 1 + line.chars().count(), ..start } });
        }
        is_open = begins || is_open && !ends;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn finds_first_line_of_each_conflict() {
        for (text, expected) in [
            ("a: 1\n", &[][..]),
            ("# =======\na: |\n  <<<<<<< HEAD\n  =======\n", &[]),
            ("========\n<<<<<<<\n>>>>>>>\n", &[]),
            ("<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n", &[1]),
            ("a: 1\r\n<<<<<<< HEAD\r\n=======\r\n>>>>>>> other\r\n", &[2]),
            // With the common ancestor; one after the other.
            ("<<<<<<< A\n||||||| base\n=======\n>>>>>>> B\nb: 1\n<<<<<<< A\n=======\n>>>>>>> B\n", &[1, 6]),
            // A partially resolved conflict.
            ("a: 1\n=======\na: 2\n>>>>>>> B\n", &[2, 4]),
            ("<<<<<<< A\n<<<<<<< A\n", &[1, 2]),
        ] {
            let found: Vec<_> = find(text).iter().map(|span| span.start.line).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
