//! Paths of operations, segment by segment.

use super::normalize::is_unreserved;

/// A part of a path between slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// Itself. The last one is empty where a path ends with a slash.
    Literal(&'static str),
    /// Any text that is not empty.
    Variable(&'static str),
}

/// Splits a template into segments; the error says what is wrong with it.
///
/// The generator refuses the same for paths of a spec. A server may be given
/// tables from elsewhere, and none of these would match any request.
pub(super) fn segments(template: &'static str) -> Result<Vec<Segment>, &'static str> {
    let inner = template.strip_prefix('/').ok_or("it begins with `/`")?;
    let last = inner.split('/').count() - 1;
    let mut segments = Vec::new();
    for (index, text) in inner.split('/').enumerate() {
        let name = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        let segment =
            name.filter(|name| !name.contains(['{', '}'])).map_or(Segment::Literal(text), Segment::Variable);
        match segment {
            Segment::Variable(_) if segments.contains(&segment) => return Err("a variable is duplicated"),
            Segment::Variable(_) => {}
            Segment::Literal("") if index < last || index == 0 => return Err("a segment is empty"),
            Segment::Literal(_) if text.contains(['{', '}']) => return Err("a variable fills its segment"),
            Segment::Literal(_) if !text.chars().all(is_unreserved) => {
                return Err("a segment has letters, digits, `-`, `.`, `_` and `~`");
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
    fn what_a_template_can_be() {
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
