//! What an unquoted scalar is, as the YAML reader of the happy path sees it.

/// What an unquoted scalar is.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    Null,
    Boolean(bool),
    Integer(i64),
    /// Any other number, as a float.
    Number(f64),
    Text,
}

/// Tells what an unquoted scalar is.
pub fn classify(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Boolean(true),
        "false" | "False" | "FALSE" => Plain::Boolean(false),
        _ => number(text).unwrap_or(Plain::Text),
    }
}

fn number(text: &str) -> Option<Plain> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = unsigned.strip_prefix(prefix) {
            // A second sign would be read as well.
            let value = i64::from_str_radix(digits, radix).ok().filter(|it| *it >= 0)?;
            return Some(Plain::Integer(if negative { -value } else { value }));
        }
    }
    let first = unsigned.chars().next()?;
    // `007` is a text; `inf` and `nan`, which Rust would read, are as well.
    let padded = unsigned.len() > 1 && first == '0' && unsigned.bytes().all(|it| it.is_ascii_digit());
    if padded {
        return None;
    }
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(Plain::Number(f64::INFINITY)),
        ".nan" | ".NaN" | ".NAN" => return Some(Plain::Number(f64::NAN)),
        _ if !(first.is_ascii_digit() || first == '.') => return None,
        _ => {}
    }
    if let Ok(integer) = text.parse() {
        return Some(Plain::Integer(integer));
    }
    text.parse().ok().map(Plain::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars() {
        for (text, expected) in [
            ("", Plain::Null),
            ("~", Plain::Null),
            ("true", Plain::Boolean(true)),
            ("yes", Plain::Text),
            ("3", Plain::Integer(3)),
            ("-3", Plain::Integer(-3)),
            ("0x1F", Plain::Integer(31)),
            ("-0x1F", Plain::Integer(-31)),
            ("-0x-8000000000000000", Plain::Text),
            ("3.10", Plain::Number(3.1)),
            ("8.5e9", Plain::Number(8.5e9)),
            ("3.3.0", Plain::Text),
            ("007", Plain::Text),
            ("inf", Plain::Text),
            (".inf", Plain::Number(f64::INFINITY)),
            ("word", Plain::Text),
            ("-", Plain::Text),
        ] {
            assert_eq!(classify(text), expected, "{text:?}");
        }
    }
}
