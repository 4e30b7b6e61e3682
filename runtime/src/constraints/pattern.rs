//! The regular expressions of constraints, each compile once per process.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use regex_lite::Regex;
use zstack_vocabulary::whole_pattern;

/// The compile patterns by their text; `None` for one that does not compile. Fields with the same
/// pattern share its regular expression.
static COMPILED: RwLock<BTreeMap<&'static str, Option<Arc<Regex>>>> = RwLock::new(BTreeMap::new());

/// Returns whether a regular expression matches a whole text. A pattern that does not compile
/// matches nothing; the checks of the spec refuse such patterns.
pub(super) fn matches_whole(pattern: &'static str, text: &str) -> bool {
    compile(pattern).is_some_and(|regex| regex.is_match(text))
}

fn compile(pattern: &'static str) -> Option<Arc<Regex>> {
    if let Some(known) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return known.clone();
    }
    // Compiled without the lock; of two that compile at once, the first is kept.
    let regex = whole_pattern(pattern).ok().map(Arc::new);
    COMPILED.write().unwrap_or_else(PoisonError::into_inner).entry(pattern).or_insert(regex).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_not_confused() {
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
    fn compiles_each_pattern_once() {
        let first = compile("once+").unwrap();
        // The same text at another address.
        let again: &'static str = String::from("once+").leak();
        assert!(Arc::ptr_eq(&first, &compile(again).unwrap()));
        assert!(!Arc::ptr_eq(&first, &compile("once*").unwrap()));
    }
}
