//! Conversion of a file to the documents that it describes.
//!
//! Names are collected first, so that entries can refer to each other in any order. Then entries are read
//! in the order of [`Kind::order`], each with the entries below it, and completed by defaults. A complete
//! file, which the node has written, gives all fields as they are stored.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use zstack_model::yaml::{Content, MappingEntry, Mark, Node};

use super::computed::{self, REQUIRED};
use super::entry::{Entry, Parent, Part};
use super::kinds::{Key, Kind, Kinds};
use super::limits::Budget;
use super::names::{Identities, Identity, Names};
use super::problem::{Problems, Spanned, excerpt};
use super::reader::{Reader, text_in, text_of, to_json};
use super::values;
use crate::addresses::Range;
use crate::catalog::{ANY_RESOURCE, OnDelete};
use crate::cloud::providers::{self, PROVIDERS};
use crate::cloud::{links, texts};
use crate::model::{ADMIN_UUID, Document, LoadedDocument, Moment, OWNER, Uuid};
use crate::uuids;

/// The resources of which every node has documents; a file replaces those with the same UUIDs.
const BUILT_IN: [&str; 3] = ["Account", "GlobalConfig", "NetworkServiceProvider"];

/// The resources whose documents no later entry needs.
const LEAVES: [&str; 5] = ["ImageCache", "UsedIp", "VmCdRom", "VmNic", "Volume"];

/// The fields of a VM instance that later entries need; there are many of them.
const VM_FIELDS: [&str; 6] = ["_account", "clusterUuid", "createDate", "name", "state", "zoneUuid"];

/// The number of references of a document beyond which each counts as a record.
const MAX_LINKS: usize = 16;

/// A reference to a document that is not known yet.
struct Pending {
    at: Mark,
    key: String,
    uuid: Uuid,
    resource: &'static str,
}

/// The documents of a file so far.
pub(super) struct Planner<'a> {
    pub(super) kinds: &'static Kinds,
    pub(super) problems: &'a Problems,
    pub(super) reader: Reader<'a>,
    pub(super) now: Moment,
    pub(super) last_internal_id: i64,
    pub(super) names: Names,
    pub(super) identities: Identities,
    /// The ranges of addresses of each network, with their UUIDs.
    pub(super) ranges: HashMap<Uuid, Vec<(Uuid, Range)>>,
    /// The image and the primary storage of each cached copy.
    pub(super) caches: HashSet<(Uuid, Uuid)>,
    /// The device IDs and ISOs of the drives of the present VM instance.
    pub(super) drives: Vec<(i64, Option<Uuid>)>,
    pub(super) documents: HashMap<Uuid, Document>,
    pub(super) loaded: Vec<LoadedDocument>,
    pending: Vec<Pending>,
    /// The values that are unique, with the positions of their entries.
    unique: HashMap<String, Mark>,
    /// The parents of documents of the same resource, with positions.
    parents: HashMap<Uuid, (Uuid, Mark)>,
    records: usize,
    is_complete: bool,
    budget: &'a Budget,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        kinds: &'static Kinds,
        problems: &'a Problems,
        now: Moment,
        last_internal_id: i64,
        budget: &'a Budget,
    ) -> Self {
        let mut planner = Self {
            kinds,
            problems,
            reader: Reader { model: kinds.model, problems },
            now,
            last_internal_id,
            names: Names::default(),
            identities: Identities::default(),
            ranges: HashMap::new(),
            caches: HashSet::new(),
            drives: Vec::new(),
            documents: HashMap::new(),
            loaded: Vec::new(),
            pending: Vec::new(),
            unique: HashMap::new(),
            parents: HashMap::new(),
            records: 0,
            is_complete: false,
            budget,
        };
        planner.names.add_built_in("Account", "admin", ADMIN_UUID);
        for (name, provider_type, _) in PROVIDERS {
            for name in [name, provider_type] {
                planner.names.add_built_in("NetworkServiceProvider", name, &providers::uuid(provider_type));
            }
        }
        planner
    }

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
                Some(Key::Value(field, _)) if field.name == "uuid" => self.check_uuid(&item.value),
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

    /// Finds the document with a name or a UUID.
    pub(super) fn resolve(
        &mut self,
        key: &str,
        text: &Spanned<String>,
        resource: &'static str,
        may_dangle: bool,
    ) -> Option<Uuid> {
        let base = self.kinds.base_of(resource);
        if let Some(uuid) = self.names.find(base, &text.value) {
            return Some(uuid.clone());
        }
        if uuids::is_valid(&text.value) {
            if !may_dangle {
                self.require(key, &text.value, text.at, resource);
            }
            return Some(text.value.clone());
        }
        let label = self.kinds.get(resource).map_or("resource", |kind| &kind.resource.label);
        self.names.report_unknown(base, label, text, self.problems);
        None
    }

    /// Requires that a document with a UUID exists in the end.
    fn require(&mut self, key: &str, uuid: &str, at: Mark, resource: &'static str) {
        if !self.is_known(uuid, resource).is_some_and(|is_right| is_right) {
            self.pending.push(Pending { at, key: key.to_owned(), uuid: uuid.to_owned(), resource });
        }
    }

    /// Returns whether the document with a UUID is one of a resource; `None` if there is no document.
    fn is_known(&self, uuid: &str, resource: &str) -> Option<bool> {
        if let Some(identity) = self.identities.find(uuid) {
            let base = self.kinds.base_of(resource);
            return Some(resource == ANY_RESOURCE || base == identity.base);
        }
        let is_provider =
            PROVIDERS.iter().any(|(_, provider_type, _)| providers::uuid(provider_type) == uuid);
        (uuid == ADMIN_UUID || is_provider).then_some(true)
    }

    fn check_references(&self) {
        for Pending { at, key, uuid, resource } in &self.pending {
            let label = self.kinds.get(resource).map_or("resource", |kind| &kind.resource.label);
            match self.is_known(uuid, resource) {
                Some(true) => {}
                Some(false) => {
                    let found = self.identities.find(uuid).map_or("another resource", |identity| identity.label);
                    self.problems.add(*at, format!("`{key}` must be a {label}; the UUID {uuid} is that of a {found}"));
                }
                None => self.problems.add(
                    *at,
                    format!("`{key}` refers to the {label} [uuid:{uuid}], which this file does not declare; add it, or remove the reference"),
                ),
            }
        }
        let mut safe = HashSet::new();
        for (start, (_, at)) in &self.parents {
            let mut line = HashSet::new();
            let mut next = Some(start);
            while let Some(uuid) = next.filter(|uuid| !safe.contains(*uuid)) {
                if !line.insert(uuid) {
                    let text = format!(
                        "the parents of [uuid:{uuid}] lead back to itself; remove one of these references"
                    );
                    self.problems.add(*at, text);
                    break;
                }
                next = self.parents.get(uuid).map(|(parent, _)| parent);
            }
            safe.extend(line);
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
        if !is_found || !computed::complete(self, entry, parent) {
            return false;
        }
        for (field, value) in &resource.defaults {
            entry.default(field, value.clone());
        }
        self.check_unique(entry);
        true
    }

    /// Reports values that another entry of the same base has, although they are unique. Names are
    /// reported before.
    fn check_unique(&mut self, entry: &Entry<'_>) {
        for fields in entry.kind.resource.unique.iter().filter(|fields| *fields != &["name"]) {
            let values: Option<Vec<_>> =
                fields.iter().map(|field| entry.document.fields.get(field)).collect();
            let Some(values) = values else { continue };
            let values: Vec<_> = values.iter().map(ToString::to_string).collect();
            let key = format!("{}/{}/{}", entry.kind.base, fields.join("/"), values.join("/"));
            if let Some(first) = self.unique.get(&key) {
                let (label, line) = (&entry.kind.resource.label, first.line);
                let what = format!("{} {}", fields.join(" and "), values.join(" and ").replace('"', ""));
                let place = fields.last().map_or(entry.at, |field| entry.place(field));
                self.problems.add(place, format!("the {label} in line {line} already has the {what}"));
            }
            self.unique.entry(key).or_insert(entry.at);
        }
    }

    /// Adds a document, and reads the entries below it.
    pub(super) fn finish(&mut self, entry: Entry<'_>) {
        let links = links(entry.kind.resource, &entry.document);
        self.records += 1 + links.len().saturating_sub(MAX_LINKS);
        if !self.budget.admits_record_after(self.records - 1) {
            return;
        }
        let at = entry.place("name");
        let Entry { kind, document, has_uuid, parts, storage, .. } = entry;
        let name = if self.is_complete { "" } else { document.text("name").unwrap_or(&document.uuid) };
        let identity = Identity { at, name: name.to_owned(), label: &kind.resource.label, base: kind.base };
        self.identities.add(&document.uuid, has_uuid, identity, self.problems);
        for reference in
            kind.resource.references.iter().filter(|reference| {
                !reference.is_list && self.kinds.base_of(&reference.resource) == kind.base
            })
        {
            if let Some(parent) =
                document.text(&reference.field).filter(|_| reference.on_delete == OnDelete::Delete)
            {
                self.parents.insert(document.uuid.clone(), (parent.to_owned(), at));
            }
        }
        self.loaded.push(LoadedDocument {
            kind: &kind.resource.name,
            base: kind.base,
            label: &kind.resource.label,
            links,
            may_exist: BUILT_IN.contains(&kind.base)
                && (kind.base != "Account" || document.uuid == ADMIN_UUID),
            // Maps with texts as keys are JSON objects.
            body: serde_json::to_string(&document.fields).unwrap_or_default(),
            uuid: document.uuid.clone(),
        });
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
        if !self.is_complete && !LEAVES.contains(&kind.base) {
            let mut document = document;
            if kind.base == "VmInstance" {
                document.fields.retain(|field, _| VM_FIELDS.contains(&field.as_str()));
            }
            self.documents.insert(document.uuid.clone(), document);
        }
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
