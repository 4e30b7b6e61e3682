//! Patterns of the spec.

use regex_lite::Regex;

/// Compiles a pattern of the spec, which a whole text has to match.
///
/// # Errors
///
/// When the pattern is not a regular expression.
///
/// ```
/// let pattern = zstack_vocabulary::whole_pattern("a|b+")?;
/// assert!(pattern.is_match("bbb") && !pattern.is_match("ab"));
/// # Ok::<(), regex_lite::Error>(())
/// ```
pub fn whole_pattern(pattern: &str) -> Result<Regex, regex_lite::Error> {
    // On its own first, so that it cannot close the group around it.
    Regex::new(pattern)?;
    Regex::new(&format!("^(?:{pattern})$"))
}
