//! Templates: the paths of operations, split into segments.

use super::normalize::is_unreserved;

/// A part of a path between slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// This text. The last segment is empty if the path ends with a slash.
    Literal(&'static str),
    /// Any text except the empty one.
    Variable(&'static str),
}

/// Splits a template into segments; the error names the violated rule.
///
/// The checks of the spec have the same rules. A server may get tables from elsewhere, and
/// templates that break the rules would match no request.
pub(super) fn segments(template: &'static str) -> Result<Vec<Segment>, &'static str> {
    let inner = template.strip_prefix('/').ok_or("it must begin with `/`")?;
    let last = inner.split('/').count() - 1;
    let mut segments = Vec::new();
    for (index, text) in inner.split('/').enumerate() {
        let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let segment =
            name.filter(|name| !name.contains(['{', '}'])).map_or(Segment::Literal(text), Segment::Variable);
        match segment {
            Segment::Variable(_) if segments.contains(&segment) => {
                return Err("a variable must not be repeated");
            }
            Segment::Variable(_) => {}
            Segment::Literal("") if index < last || index == 0 => return Err("a segment must not be empty"),
            Segment::Literal(_) if text.contains(['{', '}']) => {
                return Err("a variable must fill its segment");
            }
            Segment::Literal(_) if !text.chars().all(is_unreserved) => {
                return Err("a segment may only have letters, digits, `-`, `.`, `_` and `~`");
            }
            Segment::Literal(_) => {}
        }
        segments.push(segment);
    }
    Ok(segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_valid_templates_and_refuses_others() {
        use Segment::{Literal, Variable};
        assert_eq!(segments("/a/{b}"), Ok(vec![Literal("a"), Variable("b")]));
        assert_eq!(segments("/v1.0/"), Ok(vec![Literal("v1.0"), Literal("")]));
        for wrong in [
            "", "/", "a", "//", "//a", "/a//", "/a//b", "/a{b}", "/{a}{b}", "/{a", "/{a}/{a}", "/ü", "/a%20b",
        ] {
            assert!(segments(wrong).is_err(), "{wrong}");
        }
    }
}
