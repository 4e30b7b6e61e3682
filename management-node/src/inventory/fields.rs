//! Reading the fields of one thing. What is asked for is known; what is left
//! over in the end is reported.

use std::collections::HashMap;

use zstack_model::yaml::{Content, MappingEntry, Mark, Node};

use super::problem::{Problems, Spanned, excerpt, meant};
use super::values;
use crate::model::Word;

/// The fields of one thing.
pub(super) struct Fields<'a> {
    /// Where the thing begins.
    pub(super) at: Mark,
    what: &'static str,
    entries: Vec<MappingEntry>,
    asked: Vec<&'static str>,
    pub(super) problems: &'a Problems,
}

impl<'a> Fields<'a> {
    pub(super) fn new(node: Node, what: &'static str, problems: &'a Problems) -> Self {
        let at = node.span.start;
        let is_null = node.is_null();
        let entries = match node.content {
            Content::Mapping(entries) => without_duplicates(entries, problems),
            _ if is_null => Vec::new(),
            Content::Scalar { .. } | Content::List(_) => {
                problems.add(at, format!("{what} is written as `key: value` lines"));
                Vec::new()
            }
        };
        Self { at, what, entries, asked: Vec::new(), problems }
    }

    /// Whether the field is written, if only as `null`.
    pub(super) fn has(&self, key: &str) -> Option<Mark> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_span.start)
    }

    fn take(&mut self, key: &'static str) -> Option<Node> {
        self.asked.push(key);
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        let value = self.entries.remove(index).value;
        (!value.is_null()).then_some(value)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.take(key)?;
        let text = text_of(&node);
        if text.is_none() {
            self.problems.add(node.span.start, format!("`{key}` is a single value"));
        }
        text
    }

    pub(super) fn required(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let written = self.has(key).is_some();
        let value = self.text(key);
        if value.is_none() && !written {
            self.problems.add(self.at, format!("`{key}` is missing: {} needs one", self.what));
        }
        value
    }

    /// A value that `read` understands.
    fn read<T>(&mut self, key: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(key)?;
        read(&text.value).map_err(|problem| self.problems.add(text.at, format!("`{key}`: {problem}"))).ok()
    }

    pub(super) fn word<W: Word>(&mut self, key: &'static str) -> Option<W> {
        self.read(key, |text| W::read(text).map_err(|it| it.to_string()))
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.read(key, values::flag)
    }

    /// Bytes: `8GiB`.
    pub(super) fn size(&mut self, key: &'static str) -> Option<i64> {
        self.read(key, values::size)
    }

    pub(super) fn integer(&mut self, key: &'static str, range: std::ops::RangeInclusive<i32>) -> Option<i32> {
        self.read(key, |text| values::integer(text, range))
    }

    pub(super) fn moment(&mut self, key: &'static str) -> Option<crate::model::Moment> {
        self.read(key, values::moment)
    }

    pub(super) fn uuid(&mut self, key: &'static str) -> Option<String> {
        self.read(key, values::uuid)
    }

    /// A list of single values; `None` when it is not written.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<Spanned<String>>> {
        let items = self.items(key)?;
        let text = |item: &Node| {
            let text = text_of(item);
            if text.is_none() {
                self.problems.add(item.span.start, format!("`{key}` is a list of single values"));
            }
            text
        };
        Some(items.iter().filter_map(text).collect())
    }

    /// A list of anything; `None` when it is not written.
    pub(super) fn items(&mut self, key: &'static str) -> Option<Vec<Node>> {
        let node = self.take(key)?;
        match node.content {
            Content::List(items) => Some(items),
            _ => {
                self.problems.add(node.span.start, format!("`{key}` is a list: begin each item with `- `"));
                None
            }
        }
    }

    /// A thing within this one.
    pub(super) fn inner(&mut self, key: &'static str, what: &'static str) -> Option<Fields<'a>> {
        self.take(key).map(|node| Fields::new(node, what, self.problems))
    }

    /// No fields, in the place of those that are not written.
    pub(super) fn nothing(near: &Fields<'a>) -> Self {
        Self { at: near.at, what: near.what, entries: Vec::new(), asked: Vec::new(), problems: near.problems }
    }

    /// A field that is not looked at.
    pub(super) fn ignore(&mut self, key: &'static str) {
        drop(self.take(key));
    }

    /// Reports what nobody asked for.
    pub(super) fn finish(self) {
        for entry in &self.entries {
            let near =
                if self.problems.is_full() { None } else { meant(&entry.key, self.asked.iter().copied()) };
            let hint = match near {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("it has: {}", self.asked.join(", ")),
            };
            let key = excerpt(&entry.key);
            self.problems.add(entry.key_span.start, format!("{} has no `{key}`; {hint}", self.what));
        }
    }
}

/// The text of a single value; `None` for null, lists and mappings.
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
        problems.add(at, format!("`{key}` is a duplicate of line {line}; write it once"));
        false
    });
    entries
}
