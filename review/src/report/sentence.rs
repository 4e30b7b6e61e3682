//! A change in one sentence: the element by its name, and both values.

use std::fmt::{self, Display, Formatter};

use super::sentences::template;
use crate::{Change, Element, Part};
use zstack_model::changes::Effect;
use zstack_model::diagnostics::tame;

/// The most characters of a value in a sentence.
const LONGEST: usize = 60;

/// Words of ours and words of the spec, told apart, since each format has its
/// own way to quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence(Vec<Piece>);

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words of ours, and names of operations and data types.
    Text(String),
    /// Whatever the spec says, cut when it is long.
    Code(String),
}

/// As a terminal shows it.
impl Display for Sentence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(&tame(text)),
            Piece::Code(text) => write!(f, "`{text}`"),
        })
    }
}

impl Sentence {
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.0
    }
}

/// The sentence of a change.
pub(super) fn sentence(change: &Change) -> Sentence {
    filled(template(change), change)
}

/// The sentence of what a release changed: its elements go, and stay in the
/// spec.
pub(crate) fn of_release(change: &Change) -> Sentence {
    let is_removed = change.effect() == Effect::Removed;
    filled(if is_removed { "{it} is removed" } else { template(change) }, change)
}

fn filled(template: &str, change: &Change) -> Sentence {
    let element = words(&change.element);
    let value = |it: &Option<String>| match it {
        Some(text) => Piece::Code(short(text)),
        None => Piece::Text("nothing".to_owned()),
    };
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        pieces.push(Piece::Text(before.to_owned()));
        match name {
            "it" => pieces.extend(element.iter().cloned()),
            "old" => pieces.push(value(&change.old)),
            "new" => pieces.push(value(&change.new)),
            _ => pieces.push(Piece::Code(change.attribute.to_owned())),
        }
        rest = tail;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Sentence(pieces)
}

/// An element alone: "parameter `isoUuid` of DetachIsoFromVmInstance".
pub(super) fn named(element: &Element) -> Sentence {
    Sentence(words(element))
}

/// A value on one line, cut when it is long, without what controls a terminal.
pub(super) fn short(text: &str) -> String {
    tame(&cut(text, LONGEST))
}

/// A text on one line, with at most so many characters.
pub(super) fn cut(text: &str, longest: usize) -> String {
    let words = text.split_whitespace();
    // What is never shown need not be gathered.
    let line = words.take(longest).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(longest) {
        Some((end, _)) => line[..end].trim_end().to_owned() + "…",
        None => line,
    }
}

/// An element: "parameter `isoUuid` of DetachIsoFromVmInstance".
fn words(element: &Element) -> Vec<Piece> {
    let text = |it: &str| Piece::Text(it.to_owned());
    let code = |it: &str| Piece::Code(short(it));
    match element {
        Element::Service => vec![text("the service")],
        Element::Release(version) => vec![text("release "), code(version)],
        Element::Category(name) => vec![text("category "), code(name)],
        Element::AuthScheme(name) => vec![text("authentication scheme "), code(name)],
        Element::Envelope(name) => vec![text("field "), code(name), text(" of every answer")],
        Element::ReservedPath(path) => vec![text("reserved path "), code(path)],
        Element::Operation(name) => vec![text("operation "), text(name)],
        Element::OfOperation(operation, part, name) => {
            let (kind, of) = match part {
                Part::Parameter => ("parameter ", " of "),
                Part::Response => ("field ", " of the answer of "),
                Part::Tag => ("system tag ", " of "),
                Part::Error => ("error ", " of "),
                Part::Example => ("example ", " of "),
            };
            vec![text(kind), code(name), text(of), text(operation)]
        }
        Element::Type(name) => vec![text("data type "), text(name)],
        Element::Field(ty, name) => vec![text("field "), code(name), text(" of "), text(ty)],
        Element::Value(ty, name) => vec![text("value "), code(name), text(" of "), text(ty)],
        Element::Waiver { rule, element, .. } => {
            vec![text("the waiver of "), code(rule), text(" at "), code(element)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zstack_model::changes::ChangeKind;

    fn told(kind: ChangeKind, attribute: &'static str, old: Option<&str>, new: Option<&str>) -> String {
        let element = Element::Field("Vm".to_owned(), "name".to_owned());
        let (old, new) = (old.map(str::to_owned), new.map(str::to_owned));
        sentence(&Change { kind, element, formerly: None, attribute, old, new }).to_string()
    }

    #[test]
    fn values_are_tame_and_short() {
        let told =
            |new: &str| told(ChangeKind::FieldDefaultChanged, "default", Some("{new} {it}"), Some(new));
        assert_eq!(
            told("a\n  b\u{1b}[31m"),
            "absent, field `name` of Vm counts as another value: `{new} {it}` → `a b\u{fffd}[31m`"
        );
        let long = told(&"x".repeat(1_000_000));
        assert!(long.ends_with(&format!("`{}…`", "x".repeat(LONGEST))), "{long}");
    }

    #[test]
    fn one_rule_has_a_sentence_for_each_way_to_break_it() {
        assert_eq!(told(ChangeKind::EnumValueAdded, "", None, None), "field `name` of Vm is new");
        assert_eq!(
            told(ChangeKind::EnumValueAdded, "values", None, Some("x86")),
            "field `name` of Vm takes one more value: `x86`"
        );
        assert_eq!(
            told(ChangeKind::RangeAdded, "minLength", None, Some("3")),
            "field `name` of Vm is bounded now: `minLength` is `3`"
        );
    }
}
