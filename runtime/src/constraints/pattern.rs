//! The regular expressions of the tables, each compiled once in a process.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use regex_lite::Regex;
use zstack_vocabulary::whole_pattern;

/// By their texts, which say all about them: fields with the same pattern
/// share what is compiled. `None` for one that does not compile.
static COMPILED: RwLock<BTreeMap<&'static str, Option<Arc<Regex>>>> = RwLock::new(BTreeMap::new());

/// Whether a regular expression matches the whole of a text. The spec's
/// checks refuse patterns that do not compile; one that got past them
/// matches nothing.
pub(super) fn matches_whole(pattern: &'static str, text: &str) -> bool {
    compiled(pattern).is_some_and(|regex| regex.is_match(text))
}

fn compiled(pattern: &'static str) -> Option<Arc<Regex>> {
    if let Some(known) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return known.clone();
    }
    // Nobody waits while it compiles; where two do at once, the first is kept.
    let regex = whole_pattern(pattern).ok().map(Arc::new);
    COMPILED.write().unwrap_or_else(PoisonError::into_inner).entry(pattern).or_insert(regex).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pattern_has_its_own_answer_every_time() {
        for _ in 0..3 {
            for (pattern, matching, other) in [
                ("[a-z]+", "abc", "123"),
                ("[0-9]+", "123", "abc"),
                // The same length, the same beginning, and one pattern within another.
                ("[a-y]+", "abc", "xyz"),
                ("[a-z]", "a", "abc"),
                ("a|bc", "bc", "ac"),
            ] {
                assert!(matches_whole(pattern, matching), "{pattern} {matching}");
                assert!(!matches_whole(pattern, other), "{pattern} {other}");
            }
            assert!(!matches_whole("(", "("));
        }
    }

    #[test]
    fn a_pattern_is_compiled_once() {
        let first = compiled("once+").unwrap();
        // The same text at another address.
        let again: &'static str = String::from("once+").leak();
        assert!(Arc::ptr_eq(&first, &compiled(again).unwrap()));
        assert!(!Arc::ptr_eq(&first, &compiled("once*").unwrap()));
    }
}
