//! The documents of a file so far, and references between them.

use std::collections::{BTreeMap, HashMap, HashSet};

use zstack_model::yaml::Mark;

use super::entry::Entry;
use super::kinds::{Kind, Kinds};
use super::limits::Budget;
use super::names::{Identities, Identity, Names};
use super::problem::{Problems, Spanned, excerpt};
use super::reader::Reader;
use crate::addresses::Range;
use crate::catalog::{ANY_RESOURCE, OnDelete, Reference};
use crate::cloud::providers::{self, PROVIDERS};
use crate::cloud::{built_in, links};
use crate::model::{ADMIN_UUID, Document, Existing, LoadedDocument, Moment, Uuid};
use crate::uuids;

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
    parents: BTreeMap<Uuid, (Uuid, Mark)>,
    records: usize,
    /// True for a file that the node has written.
    pub(super) is_complete: bool,
    pub(super) budget: &'a Budget,
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
            parents: BTreeMap::new(),
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
    pub(super) fn require(&mut self, key: &str, uuid: &str, at: Mark, resource: &'static str) {
        if !self.is_known(uuid, resource).is_some_and(|is_right| is_right) {
            self.pending.push(Pending { at, key: key.to_owned(), uuid: uuid.to_owned(), resource });
        }
    }

    /// Returns whether the document with a UUID is one of a resource; `None` if there is no document.
    fn is_known(&self, uuid: &str, resource: &str) -> Option<bool> {
        if let Some(identity) = self.identities.find(uuid) {
            let base = self.kinds.base_of(resource);
            return Some(resource == ANY_RESOURCE || base == identity.kind.base);
        }
        let is_provider =
            PROVIDERS.iter().any(|(_, provider_type, _)| providers::uuid(provider_type) == uuid);
        (uuid == ADMIN_UUID || is_provider).then_some(true)
    }

    pub(super) fn check_references(&self) {
        for Pending { at, key, uuid, resource } in &self.pending {
            let kind = self.kinds.get(resource);
            let text = match self.is_known(uuid, resource) {
                Some(true) => continue,
                Some(false) => {
                    let expected = kind.map_or("a resource", |kind| &kind.label);
                    let found = self.identities.find(uuid).map_or("another one", |found| &found.kind.label);
                    format!("`{key}` must be {expected}; the UUID {uuid} is that of {found}")
                }
                None => format!(
                    "`{key}` refers to the {} [uuid:{uuid}], which this file does not declare; add it, or remove the \
                     reference",
                    kind.map_or("resource", |kind| &kind.resource.label)
                ),
            };
            self.problems.add(*at, text);
        }
        let mut safe = HashSet::new();
        for (start, (_, at)) in &self.parents {
            let mut line = HashSet::new();
            let mut next = Some(start);
            while let Some(uuid) = next.filter(|uuid| !safe.contains(*uuid)) {
                if !line.insert(uuid) {
                    let name = self.identities.find(uuid).map_or(uuid, |identity| &identity.name);
                    let text = format!(
                        "the parents of `{}` lead back to itself; remove one of these references",
                        excerpt(name)
                    );
                    self.problems.add(*at, text);
                    break;
                }
                next = self.parents.get(uuid).map(|(parent, _)| parent);
            }
            safe.extend(line);
        }
    }

    /// Reports values that another entry of the same base has, although they are unique. Names are
    /// reported before.
    pub(super) fn check_unique(&mut self, entry: &Entry<'_>) {
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

    /// Adds the document of an entry. Returns false if a limit is exceeded.
    pub(super) fn push(&mut self, entry: &Entry<'_>) -> bool {
        let Entry { kind, document, .. } = entry;
        let links = links(kind.resource, document);
        self.records += 1 + links.len().saturating_sub(MAX_LINKS);
        if !self.budget.admits_record_after(self.records - 1) {
            return false;
        }
        let at = entry.place("name");
        let name = if self.is_complete { "" } else { document.text("name").unwrap_or(&document.uuid) };
        let identity = Identity { at, name: name.to_owned(), kind };
        self.identities.add(&document.uuid, entry.has_uuid, identity, self.problems);
        let is_parent = |reference: &&Reference| {
            let is_same = self.kinds.base_of(&reference.resource) == kind.base;
            is_same && !reference.is_list && reference.on_delete == OnDelete::Delete
        };
        for reference in kind.resource.references.iter().filter(is_parent) {
            if let Some(parent) = document.text(&reference.field) {
                self.parents.insert(document.uuid.clone(), (parent.to_owned(), at));
            }
        }
        self.loaded.push(LoadedDocument {
            kind: &kind.resource.name,
            base: kind.base,
            label: &kind.resource.label,
            links,
            existing: match kind.base {
                "NetworkServiceProvider" if entry.is_implied => Existing::Keep,
                "Account" if document.uuid == ADMIN_UUID => Existing::Replace,
                "GlobalConfig" | "NetworkServiceProvider" => Existing::Replace,
                base if built_in::RESOURCES.contains(&base) => Existing::Replace,
                _ => Existing::Refuse,
            },
            // Maps with texts as keys are JSON objects.
            body: serde_json::to_string(&*document.fields).unwrap_or_default(),
            uuid: document.uuid.clone(),
        });
        true
    }

    /// Adds the providers of network services, which a new database does not have yet.
    pub(super) fn add_providers(&mut self) {
        let Some(kind) = self.kinds.get(providers::RESOURCE) else { return };
        let at = Mark { line: 1, column: 1 };
        for (name, provider_type, services) in PROVIDERS {
            let uuid = providers::uuid(provider_type);
            if self.identities.find(&uuid).is_none() {
                let mut entry = Entry::new(kind, at, uuid, false, self.now);
                entry.is_implied = true;
                let now = serde_json::Value::from(self.now.millis());
                entry.defaults([
                    ("name", name.into()),
                    ("type", provider_type.into()),
                    ("networkServiceTypes", services.into()),
                    ("attachedL2NetworkUuids", Vec::<String>::new().into()),
                    ("createDate", now.clone()),
                    ("lastOpDate", now),
                ]);
                self.push(&entry);
            }
        }
    }

    /// Keeps a document if later entries may need it.
    pub(super) fn keep(&mut self, kind: &Kind, mut document: Document) {
        if self.is_complete || LEAVES.contains(&kind.base) {
            return;
        }
        if kind.base == "VmInstance" {
            document.fields.to_mut().retain(|field, _| VM_FIELDS.contains(&field.as_str()));
        }
        self.documents.insert(document.uuid.clone(), document);
    }
}
