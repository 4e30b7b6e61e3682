//! Suggestions for misspelled names.

/// The maximum number of known names that are compared with a misspelled one. It
/// bounds the time for a suggestion, however many names a caller declares.
const MAX_COMPARED: usize = 1000;

/// The maximum length of a name that is compared, in bytes.
const MAX_LENGTH: usize = 256;

/// The minimum length of a text that is taken for the beginning of a name.
const MIN_PREFIX_LENGTH: usize = 4;

/// Finds the known name that is most similar to a misspelled one, if one is
/// similar enough. Very long names, and names after the first thousand, are not
/// compared.
pub(crate) fn closest_name<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let is_short = |name: &str| name.len() <= MAX_LENGTH;
    if !is_short(name) {
        return None;
    }
    let name = name.to_lowercase();
    let similarity = |known: &'a str| (strsim::jaro_winkler(&name, &known.to_lowercase()), known);
    let known = known.into_iter().take(MAX_COMPARED).filter(|known| is_short(known));
    let known: Vec<_> = known.collect();
    // The beginning of a long name.
    if name.len() >= MIN_PREFIX_LENGTH
        && let Some(longer) = known.iter().find(|known| known.to_lowercase().starts_with(&name))
    {
        return Some(longer);
    }
    let best = known.into_iter().map(similarity).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then_some(best.1)
}
