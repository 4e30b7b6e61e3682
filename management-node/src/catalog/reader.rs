//! Reader of the mappings of a resource file. The requested keys are the known ones; `finish` reports
//! the others.

use zstack_model::yaml::{Content, MappingEntry, Node, Span};

use super::problem::{Reporter, Spanned, suggest};

/// A mapping of a file.
pub(super) struct Mapping<'a> {
    /// The subject with its article, such as `a reference`.
    subject: &'static str,
    /// The position of the mapping.
    pub(super) span: Span,
    entries: Vec<MappingEntry>,
    known_keys: Vec<&'static str>,
    pub(super) reporter: Reporter<'a>,
}

impl<'a> Mapping<'a> {
    /// Reads a node that must be a mapping.
    pub(super) fn new(node: Node, subject: &'static str, reporter: Reporter<'a>) -> Self {
        let span = node.head();
        let entries = entries(node, subject, reporter);
        Self { subject, span, entries, known_keys: Vec::new(), reporter }
    }

    /// Takes the entry of a key.
    pub(super) fn take(&mut self, key: &'static str) -> Option<MappingEntry> {
        self.known_keys.push(key);
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }

    /// Takes the text of a key.
    pub(super) fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let entry = self.take(key)?;
        text(&entry.value, &format!("`{key}`"), self.reporter)
    }

    /// Takes the text of a key that must be present.
    pub(super) fn required_text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        if !self.entries.iter().any(|entry| entry.key == key) {
            self.known_keys.push(key);
            let message = format!("{} requires the key `{key}`", self.subject);
            self.reporter.add("missing-key", self.span, message, None);
            return None;
        }
        self.text(key)
    }

    /// Takes the `true` or `false` of a key.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.text(key)?;
        match &*value.value {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                let message = format!("`{key}` must be `true` or `false`; got `{other}`");
                self.reporter.add("wrong-type", value.span, message, None);
                None
            }
        }
    }

    /// Takes the entries of a nested mapping, with keys that the file chooses.
    pub(super) fn entries(&mut self, key: &'static str, subject: &'static str) -> Vec<MappingEntry> {
        self.take(key).map(|entry| entries(entry.value, subject, self.reporter)).unwrap_or_default()
    }

    /// Reports unknown keys.
    pub(super) fn finish(self) {
        for entry in &self.entries {
            let message = format!("unknown key `{}` in {}", entry.key, self.subject);
            let help = suggest(&entry.key, self.known_keys.iter().copied());
            self.reporter.add("unknown-key", entry.key_span, message, help);
        }
    }
}

/// The value of a field.
pub(super) struct ValueForm {
    pub(super) field: Spanned<String>,
    pub(super) value: Node,
}

/// A field, with the values that it may have.
pub(super) type ConditionForm = (Spanned<String>, Vec<Spanned<String>>);

/// The fields of entries, with their values.
pub(super) fn values(entries: Vec<MappingEntry>) -> Vec<ValueForm> {
    entries.into_iter().map(|entry| ValueForm { field: key(&entry), value: entry.value }).collect()
}

/// The fields of entries, with the values that each may have: one, or a list.
pub(super) fn conditions(entries: &[MappingEntry], reporter: Reporter<'_>) -> Vec<ConditionForm> {
    let condition = |entry: &MappingEntry| {
        let allowed = match entry.value.content {
            Content::List(_) => texts(&entry.value, "a condition", reporter),
            _ => text(&entry.value, "a condition", reporter).into_iter().collect(),
        };
        (key(entry), allowed)
    };
    entries.iter().map(condition).collect()
}

/// The key of an entry with its position.
pub(super) fn key(entry: &MappingEntry) -> Spanned<String> {
    Spanned { value: entry.key.clone(), span: entry.key_span }
}

/// Reads a node that must be a text; `what` names it in a message.
pub(super) fn text(node: &Node, what: &str, reporter: Reporter<'_>) -> Option<Spanned<String>> {
    match &node.content {
        Content::Scalar { text, .. } if !node.is_null() => {
            Some(Spanned { value: text.clone(), span: node.span })
        }
        _ => {
            reporter.add("wrong-type", node.head(), format!("{what} must be a single text"), None);
            None
        }
    }
}

/// Reads a node that must be a list of texts.
pub(super) fn texts(node: &Node, what: &str, reporter: Reporter<'_>) -> Vec<Spanned<String>> {
    let Content::List(items) = &node.content else {
        reporter.add("wrong-type", node.head(), format!("{what} must be a list of texts"), None);
        return Vec::new();
    };
    let item_name = format!("an item of {what}");
    items.iter().filter_map(|item| text(item, &item_name, reporter)).collect()
}

/// Reads the entries of a node that must be a mapping. Of duplicate keys, the first one counts.
pub(super) fn entries(node: Node, subject: &str, reporter: Reporter<'_>) -> Vec<MappingEntry> {
    let span = node.head();
    let Content::Mapping(entries) = node.content else {
        reporter.add("wrong-type", span, format!("{subject} must be a mapping of keys to values"), None);
        return Vec::new();
    };
    let mut unique: Vec<MappingEntry> = Vec::with_capacity(entries.len());
    for entry in entries {
        match unique.iter().find(|other| other.key == entry.key) {
            Some(first) => {
                let line = first.key_span.start.line;
                let message = format!("duplicate key `{}`; it is already in line {line}", entry.key);
                reporter.add("duplicate-key", entry.key_span, message, None);
            }
            None => unique.push(entry),
        }
    }
    unique
}
