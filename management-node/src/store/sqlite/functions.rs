//! What SQL needs and SQLite has not: texts compared without regard to case
//! beyond ASCII, and patterns that take no longer than they must.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Error};

use crate::model::UsedIp;

/// Makes the functions known to a connection:
///
/// * `fold(text)`, to compare without regard to case.
/// * `matches(text, pattern)`: `%` is any text, `_` one character. SQLite's own
///   `LIKE` knows upper and lower case of ASCII only, takes patterns of up to
///   50,000 bytes, and can take for ever with a few of them.
/// * `ip_in_long(ip)`: see [`UsedIp::in_long`].
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
        Ok(ip.map(UsedIp::in_long))
    })
}

/// The text, so that texts which differ in case alone become the same.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// In lower case, if that is one character. What is not ASCII stays so, so
/// that for a text of ASCII this finds what the collation `NOCASE` finds.
fn fold_char(it: char) -> char {
    if it.is_ascii() {
        return it.to_ascii_lowercase();
    }
    let mut lower = it.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) if !one.is_ascii() => one,
        _ => it,
    }
}

/// Whether a text matches a folded pattern. Of several `%`, only the last one
/// that was met is tried again: if the rest matches at all, it matches after
/// the shortest text for those before.
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

    /// The same, as it is defined.
    fn defined(text: &[char], pattern: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('%', rest)) => (0..=text.len()).any(|skip| defined(&text[skip..], rest)),
            Some((one, rest)) => text.split_first().is_some_and(|(first, text)| {
                (*one == '_' || fold_char(*one) == fold_char(*first)) && defined(text, rest)
            }),
        }
    }

    #[test]
    fn patterns() {
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
    fn many_wildcards_take_no_time() {
        let text = "a".repeat(10_000);
        assert!(!like(&text, &format!("{}b", "%a".repeat(1000))));
        assert!(!like(&text, &"%a".repeat(500_000)));
    }

    proptest! {
        #[test]
        fn patterns_match_as_defined(text in "[aAbB]{0,8}", pattern in "[ab%_]{0,6}") {
            let chars = |it: &str| it.chars().collect::<Vec<_>>();
            prop_assert_eq!(like(&text, &pattern), defined(&chars(&text), &chars(&pattern)));
        }

        /// What is looked up in an index with `NOCASE` is what folding finds.
        #[test]
        fn for_ascii_folding_is_nocase(text in any::<String>(), ascii in "[ -~]{0,6}") {
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
