//! Patterns of constraints.

use regex_lite::Regex;

/// Compiles a pattern of the spec, which must match the whole text.
///
/// # Errors
///
/// If the pattern is not a regular expression.
///
/// ```
/// let pattern = zstack_vocabulary::whole_pattern("a|b+")?;
/// assert!(pattern.is_match("bbb") && !pattern.is_match("ab"));
/// # Ok::<(), regex_lite::Error>(())
/// ```
pub fn whole_pattern(pattern: &str) -> Result<Regex, regex_lite::Error> {
    // First without the group, so that the pattern cannot close it.
    Regex::new(pattern)?;
    Regex::new(&format!("^(?:{pattern})$"))
}
