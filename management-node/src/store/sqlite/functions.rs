//! SQL functions that SQLite lacks: comparison that ignores case also beyond
//! ASCII, and fast matching of patterns.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Error};

use crate::addresses::in_long;

/// Registers the functions in a connection:
///
/// * `fold(text)` converts to lower case, for comparisons that ignore case.
/// * `matches(text, pattern)`: `%` matches any text, `_` one character. SQLite's
///   own `LIKE` ignores case in ASCII only, limits patterns to 50,000 bytes, and
///   takes exponential time for some of them.
/// * `ip_in_long(ip)`: see [`in_long`].
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |context| {
        let text = context.get_raw(0).as_str_or_null()?;
        Ok(text.map(fold))
    })?;
    connection.create_scalar_function("matches", 2, flags, |context| {
        let pattern = context.get_or_create_aux(1, |value| {
            Ok::<_, Error>(value.as_str()?.chars().map(fold_char).collect::<Vec<_>>())
        })?;
        let text = context.get_raw(0).as_str_or_null()?;
        Ok(text.map(|text| matches(text, &pattern)))
    })?;
    connection.create_scalar_function("ip_in_long", 1, flags, |context| {
        let ip = context.get_raw(0).as_str_or_null()?;
        Ok(ip.map(in_long))
    })
}

/// Converts a text so that texts which differ only in case become equal.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// Converts a character to lower case, if that is one character. Other characters
/// never become ASCII, so that for ASCII texts this agrees with the collation
/// `NOCASE`.
fn fold_char(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(folded), None) if !folded.is_ascii() => folded,
        _ => character,
    }
}

/// Returns true if a text matches a folded pattern. Only the last `%` so far is
/// retried with a longer text: if the rest matches at all, it matches with the
/// shortest texts for the earlier ones.
fn matches(text: &str, pattern: &[char]) -> bool {
    let mut rest = text.chars();
    let mut at = 0;
    let mut last = None;
    loop {
        let here = rest.clone();
        let Some(next) = rest.next() else {
            return pattern[at..].iter().all(|pattern| *pattern == '%');
        };
        match pattern.get(at) {
            Some('%') => {
                at += 1;
                last = Some((at, here.clone()));
                rest = here;
            }
            Some('_') => at += 1,
            Some(expected) if *expected == fold_char(next) => at += 1,
            _ => {
                let Some((after, from)) = &mut last else { return false };
                from.next();
                (at, rest) = (*after, from.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn like(text: &str, pattern: &str) -> bool {
        matches(text, &pattern.chars().map(fold_char).collect::<Vec<_>>())
    }

    /// A slow implementation by definition.
    fn matches_by_definition(text: &[char], pattern: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('%', rest)) => (0..=text.len()).any(|skip| matches_by_definition(&text[skip..], rest)),
            Some((expected, rest)) => text.split_first().is_some_and(|(first, text)| {
                (*expected == '_' || fold_char(*expected) == fold_char(*first))
                    && matches_by_definition(text, rest)
            }),
        }
    }

    #[test]
    fn matches_patterns() {
        for (text, pattern, expected) in [
            ("", "", true),
            ("", "%", true),
            ("web-1", "WEB%", true),
            ("web-1", "web", false),
            ("web-1", "web__", true),
            ("a%b", "a%b", true),
            ("aXb", "a\\%b", false),
            ("ÄRGER", "ä%r", true),
            ("日本", "__", true),
        ] {
            assert_eq!(like(text, pattern), expected, "{text} {pattern}");
        }
    }

    #[test]
    fn matches_many_wildcards_fast() {
        let text = "a".repeat(10_000);
        assert!(!like(&text, &format!("{}b", "%a".repeat(1000))));
        assert!(!like(&text, &"%a".repeat(500_000)));
    }

    proptest! {
        #[test]
        fn matches_as_defined(text in "[aAbB]{0,8}", pattern in "[ab%_]{0,6}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = matches_by_definition(&chars(&text), &chars(&pattern));
            prop_assert_eq!(like(&text, &pattern), expected);
        }

        /// An index with `NOCASE` finds the same rows as folding.
        #[test]
        fn folds_ascii_like_nocase(text in any::<String>(), ascii in "[ -~]{0,6}") {
            let connection = Connection::open_in_memory().unwrap();
            for (one, other) in [(&text, &ascii), (&ascii, &ascii.to_uppercase()), (&format!("K{text}"), &ascii)] {
                let sql = "SELECT ?1 < ?2 COLLATE NOCASE, ?1 = ?2 COLLATE NOCASE";
                let found: (bool, bool) = connection
                    .query_row(sql, [one.replace('\0', ""), other.clone()], |row| Ok((row.get(0)?, row.get(1)?)))
                    .unwrap();
                let one = fold(&one.replace('\0', ""));
                prop_assert_eq!(found, (one < fold(other), one == fold(other)));
            }
        }
    }
}
