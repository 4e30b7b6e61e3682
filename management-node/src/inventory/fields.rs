//! Reader of the fields of a declaration. The requested keys are the known ones;
//! `finish` reports the others.

use std::collections::HashMap;

use zstack_model::yaml::{Content, MappingEntry, Mark, Node};

use super::problem::{Problems, Spanned, closest_name, excerpt};
use super::values;
use crate::model::Word;

/// The fields of a declaration.
pub(super) struct Fields<'a> {
    /// The position of the declaration.
    pub(super) at: Mark,
    /// The kind of the declaration with its article, such as `a zone`.
    kind: &'static str,
    entries: Vec<MappingEntry>,
    known_keys: Vec<&'static str>,
    pub(super) problems: &'a Problems,
}

impl<'a> Fields<'a> {
    pub(super) fn new(node: Node, kind: &'static str, problems: &'a Problems) -> Self {
        let at = node.span.start;
        let is_null = node.is_null();
        let entries = match node.content {
            Content::Mapping(entries) => without_duplicates(entries, problems),
            _ if is_null => Vec::new(),
            Content::Scalar { .. } | Content::List(_) => {
                problems.add(at, format!("{kind} must be a mapping of `key: value` lines"));
                Vec::new()
            }
        };
        Self { at, kind, entries, known_keys: Vec::new(), problems }
    }

    /// The position of a field; `None` if it is missing. A null counts as present.
    pub(super) fn position(&self, key: &str) -> Option<Mark> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_span.start)
    }

    fn take(&mut self, key: &'static str) -> Option<Node> {
        self.known_keys.push(key);
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        let value = self.entries.remove(index).value;
        (!value.is_null()).then_some(value)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.take(key)?;
        let text = text_of(&node);
        if text.is_none() {
            self.problems.add(node.span.start, format!("`{key}` must be a single value"));
        }
        text
    }

    pub(super) fn required_text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let is_present = self.position(key).is_some();
        let value = self.text(key);
        if value.is_none() && !is_present {
            self.problems.add(self.at, format!("`{key}` is missing; {} requires it", self.kind));
        }
        value
    }

    /// Reads a value with a parser.
    fn parse<T>(&mut self, key: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(key)?;
        parse(&text.value).map_err(|problem| self.problems.add(text.at, format!("`{key}`: {problem}"))).ok()
    }

    pub(super) fn word<W: Word>(&mut self, key: &'static str) -> Option<W> {
        self.parse(key, |text| W::read(text).map_err(|error| error.to_string()))
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.parse(key, values::flag)
    }

    /// Reads a number of bytes, such as `8GiB`.
    pub(super) fn size(&mut self, key: &'static str) -> Option<i64> {
        self.parse(key, values::size)
    }

    pub(super) fn integer(&mut self, key: &'static str, range: std::ops::RangeInclusive<i32>) -> Option<i32> {
        self.parse(key, |text| values::integer(text, range))
    }

    pub(super) fn moment(&mut self, key: &'static str) -> Option<crate::model::Moment> {
        self.parse(key, values::moment)
    }

    pub(super) fn uuid(&mut self, key: &'static str) -> Option<String> {
        self.parse(key, values::uuid)
    }

    /// Reads a list of single values; `None` if it is missing.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<Spanned<String>>> {
        let items = self.items(key)?;
        let text = |item: &Node| {
            let text = text_of(item);
            if text.is_none() {
                self.problems.add(item.span.start, format!("`{key}` must be a list of single values"));
            }
            text
        };
        Some(items.iter().filter_map(text).collect())
    }

    /// Reads a list; `None` if it is missing.
    pub(super) fn items(&mut self, key: &'static str) -> Option<Vec<Node>> {
        let node = self.take(key)?;
        match node.content {
            Content::List(items) => Some(items),
            _ => {
                self.problems
                    .add(node.span.start, format!("`{key}` must be a list; begin each item with `- `"));
                None
            }
        }
    }

    /// Reads a nested declaration; without one, returns empty fields.
    pub(super) fn inner(&mut self, key: &'static str, kind: &'static str) -> Fields<'a> {
        match self.take(key) {
            Some(node) => Fields::new(node, kind, self.problems),
            None => Fields {
                at: self.at,
                kind,
                entries: Vec::new(),
                known_keys: Vec::new(),
                problems: self.problems,
            },
        }
    }

    /// Accepts a field without reading it.
    pub(super) fn ignore(&mut self, key: &'static str) {
        drop(self.take(key));
    }

    /// Reports unknown keys.
    pub(super) fn finish(self) {
        for entry in &self.entries {
            let closest = if self.problems.is_full() {
                None
            } else {
                closest_name(&entry.key, self.known_keys.iter().copied())
            };
            let hint = match closest {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known keys: {}", self.known_keys.join(", ")),
            };
            let key = excerpt(&entry.key);
            self.problems.add(entry.key_span.start, format!("unknown key `{key}` in {}; {hint}", self.kind));
        }
    }
}

/// Returns the text of a single value; `None` for null, lists and mappings.
pub(super) fn text_of(node: &Node) -> Option<Spanned<String>> {
    match &node.content {
        Content::Scalar { text, .. } if !node.is_null() => {
            Some(Spanned { value: text.clone(), at: node.span.start })
        }
        _ => None,
    }
}

/// Reports duplicate keys, and keeps the first entry of each.
fn without_duplicates(mut entries: Vec<MappingEntry>, problems: &Problems) -> Vec<MappingEntry> {
    let mut lines = HashMap::new();
    entries.retain(|entry| {
        let at = entry.key_span.start;
        let Some(line) = lines.insert(entry.key.clone(), at.line) else { return true };
        let key = excerpt(&entry.key);
        problems.add(at, format!("duplicate key `{key}`; it is already in line {line}"));
        false
    });
    entries
}
