//! Conversion of the entries of a file to documents.
//!
//! Names are collected first, so that entries can refer to each other in any order. Then entries are read
//! in the order of [`Kind::order`], each with the entries below it, and completed by defaults. A complete
//! file, which the node has written, gives all fields as they are stored.

use serde_json::Value;
use zstack_model::yaml::{Content, MappingEntry, Mark, Node};

use super::computed::{self, REQUIRED};
use super::entry::{Entry, Parent, Part};
use super::kinds::{Key, Kind};
use super::planner::Planner;
use super::problem::{Spanned, excerpt};
use super::reader::{text_in, text_of, to_json};
use super::{values, vms};
use crate::cloud::texts;
use crate::model::{ADMIN_UUID, Moment, OWNER, Uuid};
use crate::uuids;

impl Planner<'_> {
    /// Reads the root of a file.
    pub(super) fn file(&mut self, root: &Node) {
        let Some(entries) = self.reader.entries("an inventory", root) else { return };
        let mut sections = Vec::new();
        for entry in entries {
            match self.kinds.of_section(&entry.key) {
                Some(kind) => {
                    let items = self.reader.items(&entry.key, &entry.value);
                    sections.push((kind, items.unwrap_or_default()));
                }
                None if entry.key == "complete" => {
                    let flag = zstack_model::Type::Boolean;
                    let value = self.reader.value("complete", &entry.value, &flag, &Default::default());
                    self.is_complete = value == Some(Value::Bool(true));
                }
                None => self.reader.unknown_key(entry, "an inventory", &self.kinds.section_names()),
            }
        }
        sections.sort_by_key(|(kind, _)| kind.order);
        if !self.is_complete {
            for (kind, items) in &sections {
                self.collect_names(kind, items, None);
            }
        }
        for (kind, items) in &sections {
            for (index, node) in (0..).zip(*items) {
                if self.budget.is_exceeded() {
                    return;
                }
                self.entry(kind, Some(node), node.span.start, index, None);
            }
        }
        self.check_references();
        if sections.iter().any(|(kind, _)| matches!(kind.base, "L3Network" | "NetworkServiceL3NetworkRef")) {
            self.add_providers();
        }
    }

    /// Collects the names of entries, and of those below them.
    fn collect_names(&mut self, kind: &'static Kind, items: &[Node], owner: Option<&str>) {
        for (index, node) in (0..).zip(items) {
            if self.budget.is_exceeded() {
                return;
            }
            let uuid = explicit_uuid(node).map(str::to_owned);
            let part = owner.map(|owner| format!("{owner}/{}", part_name(kind, index)));
            let uuid = uuid.or(part).unwrap_or_else(|| derive_uuid(kind, node, index));
            if let Some((name, at)) = text_in(node, "name") {
                let name = Spanned { value: name.to_owned(), at };
                let first = self.names.add(kind.base, &name, &uuid);
                if let Some(first) = first.filter(|_| owner.is_none()) {
                    let (label, shown) = (&kind.resource.label, excerpt(&name.value));
                    let line = first.line;
                    self.problems.add(
                        at,
                        format!("the {label} in line {line} is already named `{shown}`; choose another name"),
                    );
                }
            }
            let Content::Mapping(entries) = &node.content else { continue };
            for entry in entries {
                if let (Some(Key::Parts { resource, .. }), Content::List(items)) =
                    (kind.key(&entry.key), &entry.value.content)
                    && let Some(kind) = self.kinds.get(resource)
                {
                    self.collect_names(kind, items, Some(&uuid));
                }
            }
        }
    }

    /// Reads an entry, completes its document, and reads the entries below it.
    fn entry(
        &mut self,
        kind: &'static Kind,
        node: Option<&Node>,
        at: Mark,
        index: i64,
        parent: Option<Parent<'_>>,
    ) {
        let explicit = node.and_then(explicit_uuid);
        let derived = || match (&parent, node) {
            (Some(parent), _) => uuids::from_name(&format!("{}/{}", parent.document.uuid, parent.part)),
            (None, Some(node)) => derive_uuid(kind, node, index),
            (None, None) => uuids::random(),
        };
        let created = parent.and_then(|parent| parent.document.number("createDate"));
        let created = created.map_or(self.now, Moment::from_millis);
        let uuid = explicit.map_or_else(derived, str::to_owned);
        let mut entry = Entry::new(kind, at, uuid, explicit.is_some(), created);
        entry.is_implied = node.is_none();
        if let Some(parent) = &parent {
            let is_list =
                kind.resource.reference(parent.foreign_field).is_some_and(|reference| reference.is_list);
            let uuid = Value::from(parent.document.uuid.as_str());
            entry.document.set(parent.foreign_field, if is_list { Value::Array(vec![uuid]) } else { uuid });
        }
        if let Some(node) = node {
            self.read(&mut entry, node, parent.is_some());
        }
        if !self.is_complete && !self.complete(&mut entry, parent) {
            return;
        }
        self.finish(entry);
    }

    /// Reads the keys of an entry.
    fn read<'n>(&mut self, entry: &mut Entry<'n>, node: &'n Node, is_part: bool) {
        let kind = entry.kind;
        if let Some(text) = text_of(node).filter(|_| is_part) {
            computed::shorthand(self, entry, &text);
            return;
        }
        for item in self.reader.entries(&kind.label, node).unwrap_or_default() {
            let place = if item.value.is_null() { item.key_span.start } else { item.value.span.start };
            let key = kind.key(&item.key);
            match key {
                _ if self.is_complete || item.key.starts_with('_') => self.read_exactly(entry, item, key),
                _ if item.key == "uuid" => self.check_uuid(&item.value),
                Some(Key::Value(field, constraints)) => {
                    entry.places.push((&field.name, place));
                    if !item.value.is_null() {
                        let value = self.reader.value(&item.key, &item.value, &field.ty, constraints);
                        entry.document.set(&field.name, value);
                    }
                }
                Some(Key::Reference { field, resource, is_list, may_dangle }) => {
                    entry.places.push((field, place));
                    let nodes = if is_list && !item.value.is_null() {
                        self.reader.items(&item.key, &item.value).unwrap_or_default()
                    } else {
                        std::slice::from_ref(&item.value)
                    };
                    let nodes = nodes.iter().filter(|node| !node.is_null());
                    let found: Vec<_> = nodes
                        .filter_map(|node| {
                            let text = self.reader.text(&item.key, node)?;
                            if kind.base == "VmCdRom" && text.value == "empty" {
                                return None;
                            }
                            self.resolve(&item.key, &text, resource, may_dangle).map(Value::from)
                        })
                        .collect();
                    let value = if is_list { Some(Value::Array(found)) } else { found.into_iter().next() };
                    entry.document.set(field, value);
                }
                Some(Key::Parts { resource, foreign_field }) => {
                    entry.places.push((resource, item.key_span.start));
                    let Some(kind) = self.kinds.get(resource) else { continue };
                    let items = self.reader.items(&item.key, &item.value).unwrap_or_default();
                    for (number, node) in (0..).zip(items) {
                        let name = part_name(kind, number);
                        entry.parts.push(Part { kind, foreign_field, name, number, node: Some(node) });
                    }
                }
                Some(Key::Extra(name)) => {
                    entry.places.push((name, place));
                    if !item.value.is_null() {
                        entry.extras.push((name, item));
                    }
                }
                None => {
                    let known: Vec<_> = kind.names.iter().map(String::as_str).collect();
                    self.reader.unknown_key(item, &kind.label, &known);
                }
            }
        }
    }

    /// Reads a field as it is stored.
    fn read_exactly(&mut self, entry: &mut Entry<'_>, item: &MappingEntry, key: Option<Key>) {
        let value = match key {
            Some(Key::Value(field, _)) if field.name == item.key => self.reader.exact(&item.value, &field.ty),
            _ => to_json(&item.value),
        };
        if let Some(Key::Reference { field, resource, may_dangle: false, .. }) = key
            && field == item.key
        {
            for uuid in texts(Some(&value)) {
                self.require(&item.key, uuid, item.value.span.start, resource);
            }
        }
        entry.document.set(&item.key, value);
    }

    /// Checks the format of a UUID.
    fn check_uuid(&self, node: &Node) {
        if let Some(text) = self.reader.text("uuid", node)
            && let Err(problem) = values::uuid(&text.value)
        {
            self.problems.add(text.at, format!("`uuid`: {problem}"));
        }
    }

    /// Completes a document by copies, computed values and defaults. Returns false if it cannot be
    /// completed, which is reported.
    fn complete(&mut self, entry: &mut Entry<'_>, parent: Option<Parent<'_>>) -> bool {
        let resource = entry.kind.resource;
        if let Some(millis) = entry.document.number("createDate") {
            entry.created = Moment::from_millis(millis);
        }
        let created = entry.created.millis();
        entry.defaults([("createDate", created.into()), ("lastOpDate", created.into())]);
        if entry.kind.has_name && entry.find_place("name").is_none() && parent.is_none() {
            let text = format!("`name` is missing; {} requires it", entry.kind.label);
            self.problems.add(entry.at, text);
        }
        let length = entry.text("name").map_or(0, |name| name.chars().count());
        if length > 255 {
            let text = format!("a name must have at most 255 characters; got {length}");
            self.problems.add(entry.place("name"), text);
        }
        let is_found = computed::find_parent(self, entry);
        for fill in &resource.fills {
            let source = entry.text(&fill.reference).and_then(|uuid| self.documents.get(uuid));
            if let Some(value) = source.and_then(|source| source.fields.get(&fill.source)).cloned() {
                entry.default(&fill.field, value);
            }
        }
        for (_, field, key, example) in REQUIRED.iter().filter(|(name, ..)| *name == resource.name) {
            if entry.find_place(field).is_none() && !entry.document.fields.contains_key(*field) {
                let text = format!("`{key}` is missing; {} requires it{example}", entry.kind.label);
                self.problems.add(entry.at, text);
            }
        }
        let account = match entry.extra("account") {
            Some(item) => self
                .reader
                .text("account", &item.value)
                .and_then(|text| self.resolve("account", &text, "Account", false)),
            None => parent.and_then(|parent| parent.document.owner()).map(str::to_owned),
        };
        if resource.is_owned {
            entry.default(OWNER, account.unwrap_or_else(|| ADMIN_UUID.to_owned()));
        }
        if let Some(item) = entry.extra("shared") {
            let flag = zstack_model::Type::Boolean;
            let value = self.reader.value("shared", &item.value, &flag, &Default::default());
            entry.document.set("_shared", value);
        }
        if !is_found || !compute(self, entry, parent) {
            return false;
        }
        for (field, value) in &resource.defaults {
            entry.default(field, value.clone());
        }
        self.check_unique(entry);
        true
    }

    /// Adds the document of an entry, and reads the entries below it.
    fn finish(&mut self, entry: Entry<'_>) {
        if !self.push(&entry) {
            return;
        }
        let Entry { kind, at, document, parts, storage, .. } = entry;
        for part in parts {
            let at = part.node.map_or(at, |node| node.span.start);
            let parent = Parent {
                document: &document,
                foreign_field: part.foreign_field,
                part: &part.name,
                number: part.number,
                storage: storage.as_ref(),
            };
            self.entry(part.kind, part.node, at, part.number, Some(parent));
        }
        self.keep(kind, document);
    }
}

/// Computes values of a document. Returns false if it is impossible, which is reported.
fn compute(planner: &mut Planner<'_>, entry: &mut Entry<'_>, parent: Option<Parent<'_>>) -> bool {
    match entry.kind.base {
        "VmInstance" => vms::instance(planner, entry),
        "VmNic" => vms::nic(planner, entry, parent),
        "UsedIp" => vms::address(planner, entry, parent),
        "Volume" => vms::volume(planner, entry, parent),
        "VmCdRom" => vms::drive(planner, entry, parent),
        _ => computed::complete(planner, entry, parent),
    }
}

/// The UUID that an entry gives.
fn explicit_uuid(node: &Node) -> Option<&str> {
    text_in(node, "uuid").map(|(uuid, _)| uuid).filter(|uuid| uuids::is_valid(uuid))
}

/// Derives the UUID of an entry from its name, or from its position.
fn derive_uuid(kind: &Kind, node: &Node, index: i64) -> Uuid {
    match text_in(node, "name") {
        Some(("admin", _)) if kind.base == "Account" => ADMIN_UUID.to_owned(),
        Some((name, _)) => uuids::from_name(&format!("{}/{name}", kind.word)),
        None => uuids::from_name(&format!("{}/{index}", kind.word)),
    }
}

/// The end of the name of a part, from which its UUID is derived.
fn part_name(kind: &Kind, number: i64) -> String {
    match kind.base {
        "VmNic" => format!("nic/{number}"),
        "VmCdRom" => format!("drive/{number}"),
        "IpRange" => format!("range/{number}"),
        // The root volume has the number 0.
        "Volume" => format!("volume/{}", number + 1),
        _ => format!("{}/{number}", kind.word),
    }
}
