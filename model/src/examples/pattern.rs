//! Texts that match a regular expression.

use regex_syntax::ast::{Ast, ClassSet, ClassSetItem, RepetitionKind, RepetitionRange, parse};
use zstack_vocabulary::whole_pattern;

use super::texts::LONGEST;

/// The repetitions to add to the minimum of open repetitions, in the order of preference.
const REPETITIONS: [u32; 8] = [5, 2, 0, 1, 10, 20, 40, 80];

/// Characters for classes, in the order of preference.
const CHARACTERS: &str =
    "abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./: ,;+=@#%&*!?$()[]{}<>|~^'\"\\`\t\n";

/// Returns texts that probably match a pattern of the spec; the caller checks them.
pub(super) fn candidates(pattern: &str) -> Vec<String> {
    let Ok(ast) = parse::Parser::new().parse(pattern) else { return Vec::new() };
    let text = |more| {
        let mut writer = Writer { pattern, more, text: String::new(), classes: 0, steps: 0 };
        writer.write(&ast).map(|()| writer.text)
    };
    REPETITIONS.into_iter().filter_map(text).collect()
}

/// Writes a text that matches a syntax tree.
struct Writer<'p> {
    pattern: &'p str,
    /// The number of repetitions to add to the minimum of open repetitions.
    more: u32,
    text: String,
    /// The number of characters from classes so far, so that they differ.
    classes: usize,
    steps: usize,
}

impl Writer<'_> {
    /// Appends a match; `None` if the text or its computation is too long, or the syntax is unknown.
    fn write(&mut self, ast: &Ast) -> Option<()> {
        self.steps += 1;
        if self.steps > LONGEST {
            return None;
        }
        match ast {
            Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => {}
            Ast::Literal(literal) => self.text.push(literal.c),
            Ast::Dot(_) | Ast::ClassPerl(_) | Ast::ClassUnicode(_) | Ast::ClassBracketed(_) => {
                let character = self.character(ast)?;
                self.text.push(character);
            }
            Ast::Repetition(repetition) => {
                for _ in 0..self.count(&repetition.op.kind) {
                    self.write(&repetition.ast)?;
                }
            }
            Ast::Group(group) => self.write(&group.ast)?,
            Ast::Alternation(alternation) => self.write(alternation.asts.first()?)?,
            Ast::Concat(concat) => concat.asts.iter().try_for_each(|ast| self.write(ast))?,
        }
        Some(())
    }

    fn count(&self, kind: &RepetitionKind) -> u32 {
        match kind {
            RepetitionKind::ZeroOrOne => self.more.min(1),
            RepetitionKind::ZeroOrMore => self.more,
            RepetitionKind::OneOrMore => self.more.max(1),
            RepetitionKind::Range(RepetitionRange::Exactly(count)) => *count,
            RepetitionKind::Range(RepetitionRange::AtLeast(least)) => least.saturating_add(self.more),
            RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => {
                least.saturating_add(self.more).min(*most)
            }
        }
    }

    /// Returns one of the characters of a class.
    fn character(&mut self, class: &Ast) -> Option<char> {
        let span = class.span();
        let class_text = self.pattern.get(span.start.offset..span.end.offset)?;
        let regex = whole_pattern(class_text).ok()?;
        let matching: Vec<_> = CHARACTERS
            .chars()
            .filter(|character| regex.is_match(character.encode_utf8(&mut [0; 4])))
            .collect();
        let found = match (matching.len(), class) {
            (0, Ast::ClassBracketed(class)) => first(&class.kind),
            (0, _) => None,
            (count, _) => matching.get(self.classes % count).copied(),
        };
        self.classes += 1;
        found
    }
}

/// The first character that a class names.
fn first(class: &ClassSet) -> Option<char> {
    match class {
        ClassSet::Item(item) => first_of_item(item),
        ClassSet::BinaryOp(_) => None,
    }
}

fn first_of_item(item: &ClassSetItem) -> Option<char> {
    match item {
        ClassSetItem::Literal(literal) => Some(literal.c),
        ClassSetItem::Range(range) => Some(range.start.c),
        ClassSetItem::Bracketed(class) => first(&class.kind),
        ClassSetItem::Union(union) => union.items.iter().find_map(first_of_item),
        ClassSetItem::Empty(_)
        | ClassSetItem::Ascii(_)
        | ClassSetItem::Unicode(_)
        | ClassSetItem::Perl(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_patterns() {
        for pattern in [
            "[0-9]",
            "[A-Za-z0-9]{6}",
            "[XxlL]{1}arge.(\\d+)",
            "(\\d{4})([0-1]\\d)([0-3]\\d)\\s([0-5]\\d):([0-5]\\d):([0-5]\\d)",
            "^/[A-Za-z0-9-/.%?#&]*",
            "[A-Za-z\\u4e00-\\u9fa5]{1}[A-Za-z0-9-_\\u4e00-\\u9fa5]{1,127}",
            "^[\\u4e00-\\u9fa5]{2}$",
            "a|b+",
            "(?:ab){3}c?",
            "[^a-z]+",
            "\\D\\W\\S.",
            "v\\d+(\\.\\d+){2}",
            "",
            "é{3}",
        ] {
            let regex = whole_pattern(pattern).unwrap();
            let texts = candidates(pattern);
            assert!(texts.iter().any(|text| regex.is_match(text)), "{pattern}: {texts:?}");
        }
    }

    #[test]
    fn classes_give_different_characters() {
        assert_eq!(candidates("[a-z]{3}[0-9]{4}")[0], "abc4567");
    }

    #[test]
    fn huge_patterns_are_refused() {
        for pattern in ["a{100000}", "(?:(?:a{200}){200}){200}", "(?:(?:){60000}){60000}", "(((", "[b-a]"] {
            assert_eq!(candidates(pattern), Vec::<String>::new(), "{pattern}");
        }
    }
}
