//! The summary that a corpus does not have.

use heck::ToSnakeCase;

/// A name read as a sentence: `AttachIsoToVmInstance` becomes `Attach iso to vm instance.`
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
    fn names_are_read_as_sentences() {
        assert_eq!(summary("AttachIsoToVmInstance"), "Attach iso to vm instance.");
    }
}
