//! Validates a file against its schema, and collects its usable part. Only keywords that the derived
//! schemas use are supported.
//!
//! A validator (`jsonschema`, `boon`) would find the same errors, but it works on JSON, where duplicate
//! keys and the form of scalars are lost, and it does not recover: a version without quotes is still a
//! version, and an unknown key can be ignored. With the usable part, one run finds problems of the
//! shape and of the contents.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::expect::{describe, describe_types, json_scalar, json_type};
use crate::diagnostics::{ShapeProblem, is_invisible, nearest};
use crate::findings::{At, FileId, Finding};
use crate::prose;
use crate::source::{Body, Expires, Line, Version, hidden, one_line};
use crate::yaml::{Content, MappingEntry, Node, Span, Style};

/// Validates a file against the schema of its kind. Returns its problems, and its usable part unless
/// too much is missing.
pub(crate) fn walk(file: FileId, root: &Node, schema: &Value) -> (Vec<Finding>, Option<Value>) {
    let mut walk = Walk { file, root: schema, problems: Vec::new() };
    let usable = match root.content {
        Content::Mapping(_) => walk.value(root, schema),
        _ => {
            walk.report(root.head(), ShapeProblem::NotAMapping { found: describe(root) });
            None
        }
    };
    (walk.problems, usable)
}

struct Walk<'s> {
    file: FileId,
    root: &'s Value,
    problems: Vec<Finding>,
}

impl<'s> Walk<'s> {
    /// Validates a value against its schema, and returns its usable part.
    fn value(&mut self, node: &Node, schema: &'s Value) -> Option<Value> {
        let (name, schema) = self.resolve(schema);
        if let Some(usable) = self.special(node, name) {
            return usable;
        }
        if let Some(words) = words(schema) {
            return self.word(node, &words);
        }
        if let Some(branches) = alternatives(schema) {
            if let Content::Mapping(entries) = &node.content
                && let Some(tag) = tag(branches)
            {
                return self.tagged_mapping(node, entries, branches, tag);
            }
            let branch = branches.iter().find(|branch| self.accepts(branch, node));
            return match branch {
                Some(branch) => self.value(node, branch),
                // No alternative allows a value of this type.
                None => self.wrong_type(node, &self.all_types(schema)),
            };
        }
        let types = types(schema);
        if !types.is_empty() && !fits(&types, json_type(node)) {
            return self.wrong_type(node, &types);
        }
        match &node.content {
            Content::Scalar { .. } => self.scalar(node, schema),
            Content::List(items) => self.list(node, items, schema),
            Content::Mapping(entries) => self.mapping(node, entries, schema),
        }
    }

    /// Reports unquoted versions and bodies, which have their own problems.
    fn special(&mut self, node: &Node, name: Option<&str>) -> Option<Option<Value>> {
        let Content::Scalar { text, style: Style::Plain } = &node.content else { return None };
        match (name?, json_type(node)) {
            (Version::SCHEMA_NAME | Expires::SCHEMA_NAME, "integer" | "number") => {
                self.report(node.span, ShapeProblem::VersionNotQuoted { text: text.clone() });
                Some(Some(text.clone().into()))
            }
            (Body::SCHEMA_NAME, "null") if !text.is_empty() => {
                self.report(node.span, ShapeProblem::BodyNotQuoted);
                Some(Some("null".into()))
            }
            _ => None,
        }
    }

    /// Validates a mapping against the alternative that its key `tag` selects.
    fn tagged_mapping(
        &mut self,
        node: &Node,
        entries: &[MappingEntry],
        branches: &'s [Value],
        tag: &str,
    ) -> Option<Value> {
        let Some(entry) = entries.iter().find(|entry| entry.key == tag) else {
            self.report(node.head(), missing(tag));
            return None;
        };
        let word = |branch: &'s Value| branch["properties"][tag]["const"].as_str();
        if let Content::Scalar { text, .. } = &entry.value.content
            && let Some(branch) = branches.iter().find(|branch| word(branch) == Some(text))
        {
            return self.value(node, branch);
        }
        // The rest cannot be validated without it.
        let words: Vec<_> = branches.iter().filter_map(word).collect();
        self.word(&entry.value, &words).and(None)
    }

    fn word(&mut self, node: &Node, allowed: &[&str]) -> Option<Value> {
        let Content::Scalar { text, .. } = &node.content else {
            return self.wrong_type(node, &["string"]);
        };
        if allowed.contains(&text.as_str()) {
            return Some(text.clone().into());
        }
        let suggestion = nearest(text, allowed.iter().copied());
        let problem = ShapeProblem::ValueNotAllowed {
            word: text.clone(),
            allowed: allowed.iter().map(|&word| word.to_owned()).collect(),
            suggestion: suggestion.clone(),
        };
        self.report(node.span, problem);
        suggestion.map(Value::from)
    }

    fn scalar(&mut self, node: &Node, schema: &Value) -> Option<Value> {
        let value = json_scalar(node);
        if types(schema).contains(&"string")
            && let Some(Value::String(text)) = value
        {
            return self.text(node, text, schema);
        }
        let Some((lowest, highest)) = integer_range(schema) else { return value };
        match value.as_ref().and_then(Value::as_i64) {
            Some(number) if (lowest..=highest).contains(&number) => value,
            _ => {
                let expected = format!("a whole number from {lowest} to {highest}");
                self.mismatch(node, expected, false)
            }
        }
    }

    /// Reports characters that a text may not have, and removes them.
    fn text(&mut self, node: &Node, mut text: String, schema: &Value) -> Option<Value> {
        if let Some(character) = hidden(&text) {
            self.report(node.span, ShapeProblem::Hidden { character });
            let lines = prose::lines(&text).map(|line| line.replace(is_invisible, " "));
            text = lines.collect::<Vec<_>>().join("\n");
        }
        let is_line = schema.get("pattern").is_some_and(|pattern| pattern == Line::PATTERN);
        if is_line && one_line(&text).is_none() {
            let is_blank = text.trim().is_empty();
            self.report(node.span, ShapeProblem::NotOneLine { is_blank });
            text = text.trim().replace('\n', " ");
            return (!is_blank).then(|| text.into());
        }
        Some(text.into())
    }

    fn list(&mut self, node: &Node, items: &[Node], schema: &'s Value) -> Option<Value> {
        let bound = |key| schema.get(key).and_then(Value::as_u64);
        let count = items.len() as u64;
        if let (Some(least), Some(most)) = (bound("minItems"), bound("maxItems"))
            && !(least..=most).contains(&count)
        {
            return self.mismatch(node, format!("a list of {least} items"), false);
        }
        let inner = schema.get("items").unwrap_or(&Value::Bool(true));
        // Collected first, so that all items are validated, even after an unusable one.
        let usable: Vec<_> = items.iter().map(|item| self.value(item, inner)).collect();
        usable.into_iter().collect()
    }

    fn mapping(&mut self, node: &Node, entries: &[MappingEntry], schema: &'s Value) -> Option<Value> {
        let mut usable: BTreeMap<String, Option<Value>> = BTreeMap::new();
        let first: HashMap<_, _> = entries.iter().rev().map(|entry| (&*entry.key, entry.key_span)).collect();
        for entry in entries {
            if let Some(first) = first.get(&*entry.key).filter(|first| **first != entry.key_span) {
                let problem = ShapeProblem::DuplicateKey { key: entry.key.clone() };
                let duplicate = Finding::new(self.file, At::Span(entry.key_span), problem);
                self.problems.push(duplicate.with(self.file, At::Span(*first), "the first one"));
                continue;
            }
            let key = match self.inner(schema, &entry.key) {
                Some(_) => Some(entry.key.clone()),
                // A misspelled key is treated as the suggested one.
                None => self.unknown_key(entry, schema).filter(|key| !first.contains_key(&**key)),
            };
            if let Some(key) = key
                && !usable.contains_key(&key)
                && let Some(inner) = self.inner(schema, &key)
            {
                let value = self.value(&entry.value, inner);
                usable.insert(key, value);
            }
        }
        for key in required_keys(schema).filter(|key| !usable.contains_key(*key)) {
            self.report(node.head(), missing(key));
        }
        let usable = usable.into_iter().filter_map(|(key, value)| Some((key, value?)));
        Some(Value::Object(usable.collect()))
    }

    /// The schema of the value below a key, if the key is allowed.
    fn inner(&self, schema: &'s Value, key: &str) -> Option<&'s Value> {
        let named = schema.get("properties").and_then(|properties| properties.get(key));
        named.or_else(|| match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            Some(any) => Some(any),
            None => Some(&Value::Bool(true)),
        })
    }

    /// Reports a key that does not exist, and returns the one that was probably meant.
    fn unknown_key(&mut self, entry: &MappingEntry, schema: &Value) -> Option<String> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let known: Vec<_> = properties.into_iter().flatten().map(|(key, _)| key.clone()).collect();
        let suggestion = nearest(&entry.key, known.iter().map(String::as_str));
        let problem =
            ShapeProblem::UnknownKey { key: entry.key.clone(), suggestion: suggestion.clone(), known };
        self.report(entry.key_span, problem);
        suggestion
    }

    /// Returns whether an alternative is for values of this kind.
    fn accepts(&self, branch: &'s Value, node: &Node) -> bool {
        let (name, schema) = self.resolve(branch);
        let number = matches!(json_type(node), "integer" | "number");
        let version = matches!(name, Some(Version::SCHEMA_NAME | Expires::SCHEMA_NAME)) && number;
        let word = words(schema).is_some() && matches!(node.content, Content::Scalar { .. });
        version || word || fits(&self.all_types(schema), json_type(node))
    }

    /// The types of a schema, or of all its alternatives.
    fn all_types(&self, schema: &'s Value) -> Vec<&'s str> {
        match alternatives(schema) {
            Some(branches) => {
                branches.iter().flat_map(|branch| self.all_types(self.resolve(branch).1)).collect()
            }
            None => types(schema),
        }
    }

    fn wrong_type(&mut self, node: &Node, types: &[&str]) -> Option<Value> {
        let is_scalar = matches!(node.content, Content::Scalar { .. });
        let quote = types.contains(&"string") && is_scalar && json_type(node) != "null";
        self.mismatch(node, describe_types(types), quote)
    }

    fn mismatch(&mut self, node: &Node, expected: String, quote: bool) -> Option<Value> {
        let problem = ShapeProblem::WrongType { expected, found: describe(node), quote };
        self.report(node.head(), problem);
        None
    }

    fn report(&mut self, span: Span, problem: ShapeProblem) {
        self.problems.push(Finding::new(self.file, At::Span(span), problem));
    }

    /// Follows a reference to a definition, and returns its name too.
    fn resolve(&self, schema: &'s Value) -> (Option<&'s str>, &'s Value) {
        // A reference with a description of its own is wrapped in `allOf`.
        let wrapped = schema.get("allOf").and_then(|parts| parts.get(0));
        let reference = wrapped.unwrap_or(schema).get("$ref").and_then(Value::as_str);
        let Some(pointer) = reference.and_then(|reference| reference.strip_prefix('#')) else {
            return (None, schema);
        };
        let name = pointer.rsplit('/').next();
        (name, self.root.pointer(pointer).unwrap_or(schema))
    }
}

/// Returns the problem of a missing key. `since` has its own.
fn missing(key: &str) -> ShapeProblem {
    match key {
        "since" => ShapeProblem::SinceMissing,
        key => ShapeProblem::MissingKey { key: key.to_owned() },
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn fits(types: &[&str], found: &str) -> bool {
    types.contains(&found) || (found == "integer" && types.contains(&"number"))
}

fn required_keys(schema: &Value) -> impl Iterator<Item = &str> {
    let keys = schema.get("required").and_then(Value::as_array);
    keys.into_iter().flatten().filter_map(Value::as_str)
}

fn alternatives(schema: &Value) -> Option<&[Value]> {
    let list = schema.get("anyOf").or_else(|| schema.get("oneOf"))?;
    list.as_array().map(Vec::as_slice)
}

/// Finds the key whose value distinguishes the alternatives.
fn tag(branches: &[Value]) -> Option<&str> {
    let is_constant = |branch: &Value, key: &str| branch["properties"][key]["const"].is_string();
    let keys = branches.first()?.get("properties")?.as_object()?.keys();
    keys.map(String::as_str).find(|key| branches.iter().all(|branch| is_constant(branch, key)))
}

/// Returns the values of an enumeration, if the schema is one.
fn words(schema: &Value) -> Option<Vec<&str>> {
    if let Some(list) = schema.get("enum") {
        return list.as_array()?.iter().map(Value::as_str).collect();
    }
    if let Some(word) = schema.get("const") {
        return word.as_str().map(|word| vec![word]);
    }
    let nested: Option<Vec<_>> = schema.get("oneOf")?.as_array()?.iter().map(words).collect();
    nested.map(|words| words.concat())
}

/// Returns the range of an integer format.
fn integer_range(schema: &Value) -> Option<(i64, i64)> {
    match schema.get("format")?.as_str()? {
        "uint16" => Some((0, u16::MAX.into())),
        "uint32" => Some((0, u32::MAX.into())),
        "int64" => Some((i64::MIN, i64::MAX)),
        _ => None,
    }
}
