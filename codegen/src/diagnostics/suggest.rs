//! "Did you mean …?"

/// The candidate that was probably meant: the same but for case, or nearly the
/// same.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // A typo in a long name still resembles it; two short words always do.
    const ENOUGH: f64 = 0.75;
    // The comparison is quadratic in the length.
    const LONGEST: usize = 200;
    if written.len() > LONGEST {
        return None;
    }
    let lowered = written.to_lowercase();
    let mut best = None;
    for candidate in candidates.into_iter().filter(|it| it.len() <= LONGEST) {
        let likeness = strsim::normalized_damerau_levenshtein(&lowered, &candidate.to_lowercase());
        if likeness >= ENOUGH && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::nearest;

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
