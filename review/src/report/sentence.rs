//! The sentence that describes a change.

use std::fmt::{self, Display, Formatter};

use super::templates::template;
use crate::{Change, OperationPart, SpecElement};
use zstack_model::changes::Effect;
use zstack_model::diagnostics::tame;

/// The maximum length of a value in a sentence, in characters.
const MAX_LENGTH: usize = 60;

/// A sentence in pieces, since each format quotes the values of the spec in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence(Vec<Piece>);

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words of the template, and names of operations and data types.
    Text(String),
    /// Text of the spec, shortened.
    Code(String),
}

/// Formats the sentence for a terminal.
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

/// The sentence for a change between two specs.
pub(super) fn sentence(change: &Change) -> Sentence {
    fill(template(change), change)
}

/// The sentence for a change that a release made. Removed elements stay in the spec.
pub(crate) fn release_sentence(change: &Change) -> Sentence {
    let is_removed = change.effect() == Effect::Removed;
    fill(if is_removed { "{it} is removed" } else { template(change) }, change)
}

fn fill(template: &str, change: &Change) -> Sentence {
    let element = words(&change.element);
    let value = |value: &Option<String>| match value {
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

/// The name of an element, such as "parameter `isoUuid` of DetachIsoFromVmInstance".
pub(super) fn element_name(element: &SpecElement) -> Sentence {
    Sentence(words(element))
}

/// Shortens a value to one line and removes control characters.
pub(super) fn short(text: &str) -> String {
    tame(&cut(text, MAX_LENGTH))
}

/// Shortens a text to one line of at most `longest` characters.
pub(super) fn cut(text: &str, longest: usize) -> String {
    let words = text.split_whitespace();
    // A line of `longest` words is already too long.
    let line = words.take(longest).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(longest) {
        Some((end, _)) => line[..end].trim_end().to_owned() + "…",
        None => line,
    }
}

fn words(element: &SpecElement) -> Vec<Piece> {
    let text = |words: &str| Piece::Text(words.to_owned());
    let code = |value: &str| Piece::Code(short(value));
    match element {
        SpecElement::Service => vec![text("the service")],
        SpecElement::Release(version) => vec![text("release "), code(version)],
        SpecElement::Category(name) => vec![text("category "), code(name)],
        SpecElement::AuthScheme(name) => vec![text("authentication scheme "), code(name)],
        SpecElement::Envelope(name) => vec![text("field "), code(name), text(" of every response")],
        SpecElement::ReservedPath(path) => vec![text("reserved path "), code(path)],
        SpecElement::Operation(name) => vec![text("operation "), text(name)],
        SpecElement::OfOperation(operation, part, name) => {
            let (kind, of) = match part {
                OperationPart::Parameter => ("parameter ", " of "),
                OperationPart::Response => ("field ", " of the response to "),
                OperationPart::Tag => ("system tag ", " of "),
                OperationPart::Error => ("error ", " of "),
                OperationPart::Example => ("example ", " of "),
            };
            vec![text(kind), code(name), text(of), text(operation)]
        }
        SpecElement::Type(name) => vec![text("data type "), text(name)],
        SpecElement::Field(ty, name) => vec![text("field "), code(name), text(" of "), text(ty)],
        SpecElement::Value(ty, name) => vec![text("value "), code(name), text(" of "), text(ty)],
        SpecElement::Waiver { rule, element, .. } => {
            vec![text("the waiver for "), code(rule), text(" at "), code(element)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zstack_model::changes::ChangeKind;

    fn text_of(kind: ChangeKind, attribute: &'static str, old: Option<&str>, new: Option<&str>) -> String {
        let element = SpecElement::Field("Vm".to_owned(), "name".to_owned());
        let (old, new) = (old.map(str::to_owned), new.map(str::to_owned));
        sentence(&Change { kind, element, formerly: None, attribute, old, new }).to_string()
    }

    #[test]
    fn shortens_values_and_removes_control_characters() {
        let text =
            |new: &str| text_of(ChangeKind::FieldDefaultChanged, "default", Some("{new} {it}"), Some(new));
        assert_eq!(
            text("a\n  b\u{1b}[31m"),
            "the default of field `name` of Vm changed: `{new} {it}` → `a b\u{fffd}[31m`"
        );
        let long = text(&"x".repeat(1_000_000));
        assert!(long.ends_with(&format!("`{}…`", "x".repeat(MAX_LENGTH))), "{long}");
    }

    #[test]
    fn sentences_depend_on_the_attribute() {
        assert_eq!(text_of(ChangeKind::EnumValueAdded, "", None, None), "field `name` of Vm is new");
        assert_eq!(
            text_of(ChangeKind::EnumValueAdded, "values", None, Some("x86")),
            "field `name` of Vm accepts another value: `x86`"
        );
        assert_eq!(
            text_of(ChangeKind::RangeAdded, "minLength", None, Some("3")),
            "field `name` of Vm gained a bound: `minLength` is `3`"
        );
    }
}
