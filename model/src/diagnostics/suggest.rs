//! Suggestions for misspelled names.

/// Finds the candidate most similar to a misspelled name, ignoring case. Numbers must be equal: 3.1.0 is not
/// similar to 3.10.0.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const MIN_SIMILARITY: f64 = 0.75;
    // The comparison is quadratic in the length.
    const MAX_LENGTH: usize = 200;
    if written.len() > MAX_LENGTH {
        return None;
    }
    let lowered = written.to_lowercase();
    let written_numbers = numbers(written);
    let has_other_numbers = |candidate: &str| {
        let other = numbers(candidate);
        !written_numbers.is_empty() && !other.is_empty() && written_numbers != other
    };
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= MAX_LENGTH && !has_other_numbers(candidate))
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&lowered, &candidate.to_lowercase()), candidate)
        })
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        // The first of several equally similar ones.
        .reduce(|best, other| if other.0 > best.0 { other } else { best })
        .map(|(_, candidate)| candidate.to_owned())
}

/// Returns the numbers in a name, without leading zeros.
fn numbers(name: &str) -> Vec<&str> {
    let digits = name.split(|character: char| !character.is_ascii_digit()).filter(|part| !part.is_empty());
    digits.map(|digit| digit.trim_start_matches('0')).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn requires_equal_numbers() {
        let names = ["3.1.0", "3.9.0", "v3.1.0", "vm-2", "x86_64", "Base64", "release-5.2"];
        for (written, expected) in [
            ("3.10.0", None),
            ("V3.1.0", Some("v3.1.0")),
            ("v3.10.0", None),
            ("vm-3", None),
            ("x86-64", Some("x86_64")),
            ("Bse64", Some("Base64")),
            ("release-5.3", None),
            ("relaese-5.2", Some("release-5.2")),
        ] {
            assert_eq!(nearest(written, names).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn suggests_similar_names() {
        let names = ["VmInstanceInventory", "VmNicInventory", "Integer", "name", "since"];
        for (written, expected) in [
            ("VmInstanceInventroy", Some("VmInstanceInventory")),
            ("vminstanceinventory", Some("VmInstanceInventory")),
            ("integer", Some("Integer")),
            ("sinse", Some("since")),
            ("nmae", Some("name")),
            ("Volume", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, names).as_deref(), expected, "{written}");
        }
        assert_eq!(nearest(&"x".repeat(1_000_000), names), None);
    }
}
