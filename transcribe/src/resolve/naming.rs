//! Names that no page prints: of data types, of categories, and sentences made of names.

use zstack_model::check::is_category_name;
use zstack_model::names::upper_first;

use crate::words::ABBREVIATIONS;

/// The verbs that names of operations begin with.
const VERBS: &[&str] = &[
    "Query",
    "Get",
    "Create",
    "Add",
    "Update",
    "Delete",
    "Change",
    "Attach",
    "Detach",
    "Start",
    "Stop",
    "List",
    "Set",
    "Check",
    "Sync",
    "Remove",
    "Expunge",
    "Recover",
    "Reload",
    "Clone",
    "Batch",
    "Apply",
    "Generate",
    "Calculate",
    "Preview",
    "Parse",
    "Validate",
    "Decode",
    "Enable",
    "Disable",
    "Refresh",
    "Revert",
    "Backup",
    "Import",
    "Export",
];

/// The prepositions at which the thing that an operation is about ends.
const PREPOSITIONS: &[&str] = &["For", "To", "From", "By", "In", "Of", "On", "With", "Into"];

/// The words of a camel-case name: `allVolumes` has `all` and `Volumes`.
pub(crate) fn words(name: &str) -> Vec<&str> {
    let bytes = name.as_bytes();
    let mut words = Vec::new();
    let mut start = 0;
    for at in 1..name.len() {
        let is_upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
        let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
        // `VMInstance` is `VM` and `Instance`.
        if is_upper(at) && (!is_upper(at - 1) || is_lower(at + 1)) {
            words.push(&name[start..at]);
            start = at;
        }
    }
    words.push(&name[start..]);
    words
}

/// A plural in the singular: `policies` becomes `policy`.
pub(crate) fn singular(word: &str) -> String {
    for (plural, singular) in
        [("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("uses", "us"), ("ses", "se")]
    {
        if let Some(stem) = word.strip_suffix(plural).filter(|stem| stem.len() > 1) {
            return format!("{stem}{singular}");
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) && stem.len() > 1 => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// The stem of the name of the data type of a field: `vmNics` and `VmNic`.
pub(crate) fn type_stem(field: &str) -> String {
    let cleaned: String = field.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut words = words(&cleaned);
    if words.len() > 1 && words[0] == "all" {
        words.remove(0);
    }
    let last = words.pop().unwrap_or_default();
    let last = singular(last);
    let words = words.into_iter().chain([last.as_str()]);
    words.map(upper_first).collect()
}

/// The stem of the data type that an operation returns: `QueryVmInstance` and `VmInstance`.
pub(crate) fn type_stem_of_operation(operation: &str) -> String {
    let words = words(operation);
    let start = usize::from(words.len() > 1 && VERBS.contains(&words[0]));
    let rest = &words[start..];
    let end = rest.iter().position(|word| PREPOSITIONS.contains(word)).filter(|end| *end > 0);
    rest[..end.unwrap_or(rest.len())].concat()
}

/// The name of a category: kebab case.
pub(crate) fn category(title: &str) -> Option<String> {
    let mut title = title.trim();
    for end in ["Related Interfaces", "Operations", "Interfaces", "APIs", "API"] {
        title = title.strip_suffix(end).unwrap_or(title).trim_end();
    }
    let words =
        title.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    free_category(words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-"))
}

/// The category of a path: its first segment, in the singular.
pub(crate) fn category_of_path(path: &str) -> String {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty() && !segment.contains('{'));
    let segment = segments.next().unwrap_or("other").to_ascii_lowercase().replace(['_', '.'], "-");
    free_category(singular(&segment)).unwrap_or_else(|| "other".to_owned())
}

/// The name itself, or one with an ending if the generated code or the system has that name.
fn free_category(name: String) -> Option<String> {
    let ended = format!("{name}-operations");
    [name, ended].into_iter().find(|name| is_category_name(name))
}

/// The title of a category: `vm-instance` is `VM Instance Operations`.
pub(crate) fn category_title(name: &str) -> String {
    let words: Vec<_> =
        name.split('-').map(|word| abbreviation(word).unwrap_or_else(|| upper_first(word))).collect();
    format!("{} Operations", words.join(" "))
}

/// A name read as a sentence: `AttachIsoToVmInstance` is `Attaches an ISO…` without articles.
pub(crate) fn summary(operation: &str) -> String {
    let mut words = words(operation).into_iter();
    let verb = third_person(words.next().unwrap_or_default());
    let rest = words.map(|word| {
        let lower = word.to_ascii_lowercase();
        abbreviation(&lower).unwrap_or(lower)
    });
    let words: Vec<_> = std::iter::once(verb).chain(rest).collect();
    format!("{}.", words.join(" "))
}

/// The summary of a data type, made of its name.
pub(crate) fn type_summary(name: &str) -> String {
    let words = words(name);
    let words: Vec<_> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let shown: Vec<_> = words
        .iter()
        .filter(|word| *word != "inventory")
        .map(|word| abbreviation(word).unwrap_or_else(|| word.clone()))
        .collect();
    let shown = if shown.is_empty() { words } else { shown };
    format!("{}.", upper_first(&shown.join(" ")))
}

fn third_person(verb: &str) -> String {
    let verb = upper_first(verb);
    match () {
        () if verb.ends_with(['s', 'x']) || verb.ends_with("ch") || verb.ends_with("sh") => {
            format!("{verb}es")
        }
        () if verb.ends_with('y')
            && !verb.ends_with("oy")
            && !verb.ends_with("ay")
            && !verb.ends_with("ey") =>
        {
            format!("{}ies", &verb[..verb.len() - 1])
        }
        () => format!("{verb}s"),
    }
}

fn abbreviation(word: &str) -> Option<String> {
    ABBREVIATIONS.iter().find(|(known, _)| *known == word).map(|(_, short)| (*short).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_of_types() {
        for (field, stem) in [
            ("vmNics", "VmNic"),
            ("allVolumes", "Volume"),
            ("policies", "Policy"),
            ("status", "Status"),
            ("usedIps", "UsedIp"),
            ("devices", "Device"),
        ] {
            assert_eq!(type_stem(field), stem, "{field}");
        }
        assert_eq!(type_stem_of_operation("QueryVmInstance"), "VmInstance");
        assert_eq!(type_stem_of_operation("GetCandidateVmForAttachingIso"), "CandidateVm");
    }

    #[test]
    fn categories() {
        assert_eq!(category("VM Instance Operations").as_deref(), Some("vm-instance"));
        assert_eq!(category("Types Operations").as_deref(), Some("types-operations"));
        assert_eq!(category_of_path("/vm-instances/{uuid}/actions"), "vm-instance");
        // Cargo gives `lib` a meaning, and Windows `aux`.
        assert_eq!(category_of_path("/lib/{uuid}"), "lib-operations");
        assert_eq!(category_of_path("/aux"), "aux-operations");
        assert_eq!(category_of_path("/区域"), "other");
        assert_eq!(category_title("vm-instance"), "VM Instance Operations");
    }

    #[test]
    fn sentences() {
        assert_eq!(summary("AttachIsoToVmInstance"), "Attaches ISO to VM instance.");
        assert_eq!(summary("QueryZone"), "Queries zone.");
        assert_eq!(type_summary("VmNicInventory"), "VM NIC.");
    }
}
