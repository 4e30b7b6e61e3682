//! Types of the corpus in the spec's words.

use std::collections::HashSet;

use super::report::Compromise;

/// What a type became, and what it cost.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Converted {
    pub(super) text: String,
    pub(super) compromises: Vec<Compromise>,
    /// A data type that is not in the corpus.
    pub(super) unknown: Option<String>,
}

/// Translates a type: `list<ref:VmNicInventory>`.
pub(super) fn convert(text: &str, known: &HashSet<String>) -> Converted {
    let mut converted = Converted::default();
    converted.text = spelled(text, known, &mut converted);
    converted
}

fn spelled(text: &str, known: &HashSet<String>, to: &mut Converted) -> String {
    if let Some(inner) = inner(text, "list") {
        return format!("List<{}>", spelled(inner, known, to));
    }
    if let Some((key, value)) = inner(text, "map").and_then(|it| it.split_once(',')) {
        if key.trim() != "string" {
            to.compromises.push(Compromise::TypeMapKey);
        }
        return format!("Map<String,{}>", spelled(value.trim(), known, to));
    }
    match text {
        "string" => "String",
        "long" => "Long",
        "int" => "Integer",
        "bool" => "Boolean",
        "double" => "Double",
        "timestamp" => "Timestamp",
        "any" => "Any",
        "float" => {
            to.compromises.push(Compromise::TypeFloat);
            "Double"
        }
        "bytes" => {
            to.compromises.push(Compromise::TypeBytes);
            "List<Integer>"
        }
        _ => match text.strip_prefix("ref:") {
            Some(name) if known.contains(name) => name,
            name => {
                to.unknown = Some(name.unwrap_or(text).to_owned());
                "Any"
            }
        },
    }
    .to_owned()
}

fn inner<'a>(text: &'a str, head: &str) -> Option<&'a str> {
    text.strip_prefix(head)?.strip_prefix('<')?.strip_suffix('>')
}

/// The data type that a type of the spec names.
pub(super) fn named(text: &str) -> &str {
    let last = text.rsplit(['<', ',']).next().unwrap_or(text);
    last.trim_end_matches('>')
}

/// Whether a query string can carry it: texts, and lists and maps of them.
pub(super) fn is_textual(text: &str, enums: &HashSet<String>) -> bool {
    if let Some(item) = inner(text, "List") {
        return is_text(item, enums);
    }
    match inner(text, "Map").and_then(|it| it.split_once(',')) {
        Some((_, value)) => is_text(inner(value, "List").unwrap_or(value), enums),
        None => is_text(text, enums),
    }
}

fn is_text(text: &str, enums: &HashSet<String>) -> bool {
    matches!(text, "String" | "Long" | "Integer" | "Boolean" | "Double" | "Timestamp" | "Any")
        || enums.contains(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types() {
        let known = HashSet::from(["Vm".to_owned()]);
        for (corpus, spec) in [
            ("string", "String"),
            ("list<ref:Vm>", "List<Vm>"),
            ("map<string,list<string>>", "Map<String,List<String>>"),
            ("list<map<string,string>>", "List<Map<String,String>>"),
            ("map<any,long>", "Map<String,Long>"),
            ("bytes", "List<Integer>"),
            ("ref:Wm", "Any"),
        ] {
            assert_eq!(convert(corpus, &known).text, spec);
        }
        assert_eq!(convert("list<ref:Wm>", &known).unknown.as_deref(), Some("Wm"));
        assert_eq!(named("Map<String,List<Vm>>"), "Vm");
    }

    #[test]
    fn query_strings_carry_texts() {
        let enums = HashSet::from(["State".to_owned()]);
        for (text, fits) in [
            ("String", true),
            ("State", true),
            ("List<State>", true),
            ("Map<String,List<String>>", true),
            ("Vm", false),
            ("List<Vm>", false),
            ("List<Map<String,String>>", false),
        ] {
            assert_eq!(is_textual(text, &enums), fits, "{text}");
        }
    }
}
