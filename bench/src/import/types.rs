//! Converts types of the corpus to types of the spec language.

use std::collections::HashSet;

use super::report::Approximation;

/// A converted type, and the approximations that were necessary.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Converted {
    pub(super) text: String,
    pub(super) approximations: Vec<Approximation>,
    /// The name of a data type that is not in the corpus.
    pub(super) unknown: Option<String>,
}

/// Converts a type, such as `list<ref:VmNicInventory>`.
pub(super) fn convert(text: &str, known: &HashSet<String>) -> Converted {
    let mut converted = Converted::default();
    converted.text = convert_text(text, known, &mut converted);
    converted
}

fn convert_text(text: &str, known: &HashSet<String>, converted: &mut Converted) -> String {
    if let Some(inner) = inner(text, "list") {
        return format!("List<{}>", convert_text(inner, known, converted));
    }
    if let Some((key, value)) = inner(text, "map").and_then(|inner| inner.split_once(',')) {
        if key.trim() != "string" {
            converted.approximations.push(Approximation::TypeMapKey);
        }
        return format!("Map<String,{}>", convert_text(value.trim(), known, converted));
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
            converted.approximations.push(Approximation::TypeFloat);
            "Double"
        }
        "bytes" => {
            converted.approximations.push(Approximation::TypeBytes);
            "List<Integer>"
        }
        _ => match text.strip_prefix("ref:") {
            Some(name) if known.contains(name) => name,
            name => {
                converted.unknown = Some(name.unwrap_or(text).to_owned());
                "Any"
            }
        },
    }
    .to_owned()
}

fn inner<'a>(text: &'a str, head: &str) -> Option<&'a str> {
    text.strip_prefix(head)?.strip_prefix('<')?.strip_suffix('>')
}

/// Returns the name of the data type within a type.
pub(super) fn data_type_name(text: &str) -> &str {
    let last = text.rsplit(['<', ',']).next().unwrap_or(text);
    last.trim_end_matches('>')
}

/// Reports whether a type is possible in a query string: a scalar, or a list or map of scalars.
pub(super) fn is_possible_in_query(text: &str, enums: &HashSet<String>) -> bool {
    if let Some(item) = inner(text, "List") {
        return is_scalar(item, enums);
    }
    match inner(text, "Map").and_then(|inner| inner.split_once(',')) {
        Some((_, value)) => is_scalar(inner(value, "List").unwrap_or(value), enums),
        None => is_scalar(text, enums),
    }
}

fn is_scalar(text: &str, enums: &HashSet<String>) -> bool {
    matches!(text, "String" | "Long" | "Integer" | "Boolean" | "Double" | "Timestamp" | "Any")
        || enums.contains(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_types() {
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
        assert_eq!(data_type_name("Map<String,List<Vm>>"), "Vm");
    }

    #[test]
    fn query_strings_contain_scalars() {
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
            assert_eq!(is_possible_in_query(text, &enums), fits, "{text}");
        }
    }
}
