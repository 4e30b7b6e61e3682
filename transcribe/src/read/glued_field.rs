//! Fields of the portal, whose name, type, mark and description are glued together:
//! `uuidStringRequiredThe resource UUID.`

use zstack_model::names::{is_upper_camel, is_wire_name, upper_first};

use super::nested_tables::reference;
use crate::words::{REQUIRED_WORDS, spec_type, type_words};

/// A field that was taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GluedField<'t> {
    pub(super) name: &'t str,
    pub(super) ty: &'t str,
    pub(super) is_required: bool,
    pub(super) description: &'t str,
}

/// The names that are known when a field is split, in addition to the type words.
pub(super) struct Known<'k> {
    /// A sample has a field of this name.
    pub(super) is_key: &'k dyn Fn(&str) -> bool,
    /// There is a data type of this name.
    pub(super) is_data_type: &'k dyn Fn(&str) -> bool,
    /// The name that the description in the next line refers to.
    pub(super) reference: Option<&'k str>,
}

/// Takes a field apart; nothing if the text is none.
pub(super) fn split<'t>(text: &'t str, known: &Known<'_>) -> Option<GluedField<'t>> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "_-.<>".contains(character);
    let run = &text[..text.find(|character| !is_part(character)).unwrap_or(text.len())];
    if run.len() > 300 || !run.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let mut best: Option<(u32, GluedField<'t>)> = None;
    let mut offer = |name: &'t str, end: usize, bonus: u32| {
        let ty = &text[name.len()..end];
        let Some(score) = score(name, ty, &text[end..], known) else { return };
        let (is_required, description) = requirement(&text[end..]);
        let field = GluedField { name, ty, is_required, description };
        if best.as_ref().is_none_or(|(most, _)| score + bonus > *most) {
            best = Some((score + bonus, field));
        }
    };
    for word in type_words() {
        for (at, _) in run.match_indices(word) {
            offer(&text[..at], at + word.len(), 0);
        }
    }
    for (start, end) in compound_words(run) {
        let word = &run[start..end];
        let name = &run[..start];
        // Types that are nowhere else have to be confirmed by their surroundings.
        let is_known = (known.is_data_type)(word);
        let is_referred = reference(&text[end..]).or(known.reference) == Some(name);
        let is_named = is_referred || (known.is_key)(name);
        // `RangeUuidString` is the end of a name, and a type word.
        let ends_with_word = type_words().any(|known| word.len() > known.len() && word.ends_with(known));
        let is_confirmed = has_requirement(&text[end..])
            || has_humps(word)
                && is_named
                && !text[end..].starts_with(|next: char| next.is_ascii_uppercase());
        if is_known || is_referred || !ends_with_word && is_confirmed {
            let by_knowledge = if is_known { 60 } else { 0 };
            let by_reference = if is_referred { 600 } else { 0 };
            let by_name = if word.starts_with(&upper_first(name)) { 30 } else { 0 };
            offer(&text[..start], end, by_knowledge + by_reference + by_name);
        }
    }
    best.map(|(_, field)| field)
}

/// Returns the score of a split; none if it is impossible.
fn score(name: &str, ty: &str, after: &str, known: &Known<'_>) -> Option<u32> {
    if !is_wire_name(name) || section_of_sentence(name) {
        return None;
    }
    let next = after.chars().next();
    let is_word = spec_type(ty).is_some();
    // In `expiredDateStringRequired`, the type is the last word.
    let is_before_type = type_words().any(|word| after.strip_prefix(word).is_some_and(has_requirement));
    let by_end = match next {
        _ if has_requirement(after) => 600,
        _ if is_before_type => return None,
        None => 400,
        Some(next) if next.is_ascii_uppercase() || !next.is_ascii() => 200,
        Some(' ') if is_word => 100,
        // A type word goes on: `Strings`.
        Some(_) => return None,
    };
    let by_key = if (known.is_key)(name) { 500 } else { 0 };
    let by_type = if is_word { 50 } else { 0 };
    // In lower case, a type word may be the end of another word.
    let is_lower = ty.starts_with(|first: char| first.is_ascii_lowercase());
    let by_case = if is_lower { 0 } else { 40 };
    // A name in upper camel case is rare.
    let by_name = if name.starts_with(|first: char| first.is_ascii_lowercase()) { 20 } else { 0 };
    let length = u32::try_from(ty.len()).unwrap_or(u32::MAX).min(30);
    Some(by_end + by_key + by_type + by_case + by_name + length)
}

/// Returns whether a name is the first word of a sentence.
fn section_of_sentence(name: &str) -> bool {
    matches!(name, "The" | "A" | "An" | "This" | "If" | "In" | "Optional")
}

fn has_requirement(after: &str) -> bool {
    after.starts_with("Optional.") || REQUIRED_WORDS.iter().any(|word| after.starts_with(word))
}

fn requirement(after: &str) -> (bool, &str) {
    let required = REQUIRED_WORDS.iter().find_map(|word| after.strip_prefix(word));
    (required.is_some(), required.unwrap_or(after).trim())
}

/// Returns whether a word consists of several words.
fn has_humps(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_uppercase).count() > 1
}

/// The words in upper camel case in a run, by their ends; each ends where another begins, at
/// `Required`, or at the end of the run.
fn compound_words(run: &str) -> Vec<(usize, usize)> {
    let is_start = |at: &usize| run.as_bytes()[*at].is_ascii_uppercase();
    let starts: Vec<usize> = (1..run.len()).filter(is_start).take(40).collect();
    let ends: Vec<usize> = starts.iter().copied().chain([run.len()]).collect();
    let mut words = Vec::new();
    for start in starts {
        for end in ends.iter().copied().filter(|end| *end > start + 2) {
            let word = &run[start..end];
            if is_upper_camel(word) && !word.contains(REQUIRED_WORDS[0]) {
                words.push((start, end));
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(text: &str) -> Option<(&str, &str, bool, &str)> {
        let known = Known {
            is_key: &|name| ["name", "inventory", "domainMode"].contains(&name),
            is_data_type: &|name| name == "ErrorCode",
            reference: None,
        };
        split(text, &known).map(|field| (field.name, field.ty, field.is_required, field.description))
    }

    #[test]
    fn fields_are_taken_apart() {
        for (text, expected) in [
            ("uuidStringRequiredThe resource UUID.", ("uuid", "String", true, "The resource UUID.")),
            ("deleteModeStringOptional. The mode.", ("deleteMode", "String", false, "Optional. The mode.")),
            ("clusterUuidString集群UUID。", ("clusterUuid", "String", false, "集群UUID。")),
            ("uuidString必填云主机UUID", ("uuid", "String", true, "云主机UUID")),
            (
                "createDateTimestampThe creation date.",
                ("createDate", "Timestamp", false, "The creation date."),
            ),
            ("opaqueLinkedHashMapRequired", ("opaque", "LinkedHashMap", true, "")),
            ("nameRangeUuidStringRequired", ("nameRangeUuid", "String", true, "")),
            (
                "vpcHaVpcHaGroupInventoryRequiredSee vpcHa.",
                ("vpcHa", "VpcHaGroupInventory", true, "See vpcHa."),
            ),
            ("nameRangeUuidStringRequiredA text.", ("nameRangeUuid", "String", true, "A text.")),
            ("templateTemplateRequired", ("template", "Template", true, "")),
            ("pageCountintRequired", ("pageCount", "int", true, "")),
            ("slavesListRequiredSee slaves.", ("slaves", "List", true, "See slaves.")),
            ("errorErrorCodeRequired", ("error", "ErrorCode", true, "")),
            (
                "inventoryVmCdRomInventoryRequiredSee inventory.",
                ("inventory", "VmCdRomInventory", true, "See inventory."),
            ),
            ("nameDateStringRequired", ("nameDate", "String", true, "")),
            ("ipInLonglongRequired", ("ipInLong", "long", true, "")),
            ("pointIntegerRequired", ("point", "Integer", true, "")),
            ("userTagsList", ("userTags", "List", false, "")),
            ("nameStringRequiredString of letters.", ("name", "String", true, "String of letters.")),
        ] {
            assert_eq!(apart(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn sentences_are_not_fields() {
        for text in ["The resource UUID.", "Optional. The mode.", "Strings", "200 OK", "错误码"] {
            assert_eq!(apart(text), None, "{text}");
        }
    }
}
