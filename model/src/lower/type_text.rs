//! Parses types such as `List<VmNicInventory>`.

use crate::diagnostics::TypeProblem;
use crate::model::Type;

/// The maximum depth of nested lists and maps.
const DEPTH_LIMIT: usize = 8;

/// Parses a type. Whether a named data type exists is checked elsewhere.
pub(super) fn parse(text: &str) -> Result<Type, TypeProblem> {
    parse_nested(text, text, 0)
}

fn parse_nested(whole: &str, text: &str, depth: usize) -> Result<Type, TypeProblem> {
    let wrong = |why| Err(TypeProblem::Syntax { text: whole.to_owned(), why });
    if depth > DEPTH_LIMIT {
        return wrong("it nests too deeply");
    }
    let text = text.trim();
    let Some((head, rest)) = text.split_once('<') else {
        return name(text).map_or_else(wrong, Ok);
    };
    let Some(arguments) = rest.strip_suffix('>') else {
        return wrong("a `>` is missing");
    };
    match (head, split(arguments)) {
        ("List", None) => Ok(Type::List(Box::new(parse_nested(whole, arguments, depth + 1)?))),
        ("List", Some(_)) => wrong("a list has one element type"),
        ("Map", Some((key, value))) => {
            if key.trim() != "String" {
                return Err(TypeProblem::MapKey { key: key.trim().to_owned() });
            }
            Ok(Type::Map(Box::new(parse_nested(whole, value, depth + 1)?)))
        }
        ("Map", None) => wrong("a map has a key type and a value type"),
        _ => wrong("only `List` and `Map` have type arguments"),
    }
}

fn name(text: &str) -> Result<Type, &'static str> {
    Ok(match text {
        "String" => Type::String,
        "Uuid" => Type::Uuid,
        "Boolean" => Type::Boolean,
        "Integer" => Type::Integer,
        "Long" => Type::Long,
        "Double" => Type::Double,
        "Timestamp" => Type::Timestamp,
        "Any" => Type::Any,
        "List" => return Err("a list requires an element type"),
        "Map" => return Err("a map requires a key type and a value type"),
        "" => return Err("a name is missing"),
        _ if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            return Err("a name consists of letters and digits");
        }
        _ => Type::Named(text.to_owned()),
    })
}

/// Splits at the first comma outside inner brackets.
fn split(arguments: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let comma = arguments.bytes().position(|byte| {
        match byte {
            b'<' => depth += 1,
            b'>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b',' && depth == 0
    })?;
    Some((&arguments[..comma], &arguments[comma + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_valid_types() {
        let named = |name: &str| Type::Named(name.to_owned());
        let list = |element| Type::List(Box::new(element));
        let map = |value| Type::Map(Box::new(value));
        for (text, expected) in [
            ("String", Type::String),
            ("VmNic", named("VmNic")),
            ("List<VmNic>", list(named("VmNic"))),
            ("Map<String,Any>", map(Type::Any)),
            ("Map<String, List<Long>>", map(list(Type::Long))),
            ("List<Map<String,Boolean>>", list(map(Type::Boolean))),
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn rejects_invalid_types() {
        let bomb = "List<".repeat(100_000) + &">".repeat(100_000);
        for text in [
            "",
            "List",
            "Map",
            "List<>",
            "List<String",
            "Map<String>",
            "Map<,>",
            "Set<String>",
            "List<String,Long>",
            "Vm Nic",
            "Map<Long,String>",
            "Map<String,String,String>",
            "a>b",
            "größe",
            &bomb,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
