//! "Did you mean …?"

/// The candidate that was probably meant: the same but for case, or nearly the
/// same. Numbers are compared as numbers: 3.1.0 is not nearly 3.10.0.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // A typo in a long name still resembles it; two short words always do.
    const ENOUGH: f64 = 0.75;
    // The comparison is quadratic in the length.
    const LONGEST: usize = 200;
    if written.len() > LONGEST {
        return None;
    }
    let lowered = written.to_lowercase();
    let written_numbers = numbers(written);
    let has_other_numbers = |candidate: &str| {
        let other = numbers(candidate);
        !written_numbers.is_empty() && !other.is_empty() && written_numbers != other
    };
    let mut best = None;
    for candidate in
        candidates.into_iter().filter(|candidate| candidate.len() <= LONGEST && !has_other_numbers(candidate))
    {
        let likeness = strsim::normalized_damerau_levenshtein(&lowered, &candidate.to_lowercase());
        if likeness >= ENOUGH && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// The numbers in a name, without zeros in front.
fn numbers(name: &str) -> Vec<&str> {
    let digits = name.split(|it: char| !it.is_ascii_digit()).filter(|part| !part.is_empty());
    digits.map(|digit| digit.trim_start_matches('0')).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn numbers_are_no_letters() {
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
    fn suggestions() {
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
