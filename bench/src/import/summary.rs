//! Summaries, which a corpus does not contain.

use heck::ToSnakeCase;

/// Converts a name to a sentence: `AttachIsoToVmInstance` to `Attach iso to vm instance.`
pub(super) fn summary(name: &str) -> String {
    let words = name.to_snake_case().replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn converts_name_to_sentence() {
        assert_eq!(summary("AttachIsoToVmInstance"), "Attach iso to vm instance.");
    }
}
