//! The model of a cloud: documents, and what plain operations do to them by the declarations of their resources.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};
use zstack_node::catalog::{
    Action, Assignment, Conversion, Effect, OnDelete, RelatedStates, Resource, Transitions,
};
use zstack_node::model::ADMIN_UUID;

use super::operations::{Plain, Target, catalog, texts};

/// The private field with the owner.
const OWNER: &str = "_account";

/// Fields with times, which the model does not predict.
const TIMES: [&str; 2] = ["createDate", "lastOpDate"];

/// Lists of records that refer to documents by a field. The record goes with its document.
const RECORDS: [(&str, &str); 12] = [
    ("aclRefs", "aclUuid"),
    ("aclRefs", "serverGroupUuid"),
    ("attachedRouterRefs", "virtualRouterVmUuid"),
    ("backupStorageRefs", "backupStorageUuid"),
    ("certificateRefs", "certificateUuid"),
    ("listenerServerGroupRefs", "listenerUuid"),
    ("listeners", "listenerUuid"),
    ("policies", "policyUuid"),
    ("refs", "vRouterUuid"),
    ("vpcVrs", "vpcRouterUuid"),
    ("serverGroupRefs", "serverGroupUuid"),
    ("vmNicRefs", "vmNicUuid"),
];

/// Private references, with which the document goes.
const PRIVATE: [&str; 2] = ["_vipUuid", "_ipRangeUuid"];

/// A refusal: the code of the error.
pub(super) type Refusal = &'static str;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    pub(crate) kind: String,
    pub(crate) base: String,
    /// Without times.
    pub(crate) fields: Map<String, Value>,
    /// The position in the order of creation.
    pub(super) serial: usize,
}

/// A reference of a document: its UUID, the field, and the UUID of the target.
pub(super) type Link = (String, String, String);

#[derive(Default)]
pub(crate) struct Cloud {
    pub(crate) records: HashMap<String, Record>,
    /// The UUIDs of deleted documents.
    pub(super) deleted: Vec<String>,
    serial: usize,
}

impl Record {
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    fn resource(&self) -> Option<&'static Resource> {
        catalog().resource(&self.kind)
    }

    /// True if it is a document of a resource or of a subtype. Some documents have no subtype.
    pub(super) fn is_a(&self, resource: &str) -> bool {
        let base = || catalog().resource(resource).and_then(|resource| resource.base.as_deref());
        catalog().is_a(&self.kind, resource) || (self.kind == self.base && base() == Some(&self.kind))
    }

    pub(super) fn is(&self, target: Target) -> bool {
        match target {
            Target::Any => true,
            Target::Of(resource) => self.is_a(resource),
        }
    }

    /// The fields that refer to documents that must exist, with their targets.
    pub(super) fn links(&self) -> BTreeSet<(&str, &str)> {
        let declared = self.resource().into_iter().flat_map(|resource| &resource.references);
        let hard = declared.filter(|reference| reference.on_delete != OnDelete::Keep);
        let named = hard.map(|reference| reference.field.as_str()).chain(PRIVATE).chain([OWNER]);
        let named = named.flat_map(|field| texts(self.fields.get(field)).map(move |target| (field, target)));
        let of_records = RECORDS.iter().flat_map(|(list, key)| {
            let items = self.fields.get(*list).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(move |item| Some((*list, item.get(*key)?.as_str()?)))
        });
        named.chain(of_records).collect()
    }

    /// The effect on it when the target of a reference is deleted.
    fn on_delete(&self, field: &str) -> OnDelete {
        match (self.base.as_str(), field) {
            (_, OWNER) | ("ImageCache", _) => OnDelete::Delete,
            ("Volume", "vmInstanceUuid") if self.text("type") == Some("Root") => OnDelete::Delete,
            ("LoadBalancer", "vipUuid") if self.fields.contains_key("ipv6VipUuid") => OnDelete::Clear,
            ("LoadBalancer", "ipv6VipUuid") if !self.fields.contains_key("vipUuid") => OnDelete::Delete,
            (_, field) if PRIVATE.contains(&field) => OnDelete::Delete,
            (_, field) if RECORDS.iter().any(|(list, _)| *list == field) => OnDelete::Clear,
            _ => self.resource().and_then(|resource| resource.reference(field)).unwrap().on_delete,
        }
    }

    fn clear(&mut self, field: &str, target: &str) {
        let keys: Vec<_> = RECORDS.iter().filter(|(list, _)| *list == field).map(|(_, key)| *key).collect();
        if let Some(Value::Array(items)) = self.fields.get_mut(field) {
            items.retain(|item| *item != target && keys.iter().all(|key| item[key] != target));
        } else {
            self.fields.remove(field);
        }
        match (self.base.as_str(), field) {
            ("Volume", "vmInstanceUuid") => {
                self.fields.insert("lastVmInstanceUuid".to_owned(), target.into());
                self.fields.remove("deviceId");
            }
            ("Eip" | "PortForwardingRule", "vmNicUuid") => drop(self.fields.remove("guestIp")),
            ("VmInstance", "hostUuid") => {
                self.fields.insert("lastHostUuid".to_owned(), target.into());
                self.fields.insert("state".to_owned(), "Stopped".into());
            }
            _ => {}
        }
    }

    fn items(&mut self, field: &str) -> &mut Vec<Value> {
        let list = self.fields.entry(field).or_insert_with(|| Value::Array(Vec::new()));
        list.as_array_mut().unwrap()
    }
}

/// Removes the times from the fields of a document.
pub(super) fn without_times(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.retain(|name, _| !TIMES.contains(&name.as_str()));
    fields
}

impl Cloud {
    pub(super) fn insert(&mut self, uuid: String, kind: String, base: String, fields: Map<String, Value>) {
        self.serial += 1;
        let serial = self.records.get(&uuid).map_or(self.serial, |present| present.serial);
        self.records.insert(uuid, Record { kind, base, fields: without_times(fields), serial });
    }

    /// The UUIDs of the documents of a resource, the oldest first.
    pub(super) fn of(&self, target: Target) -> Vec<&str> {
        let mut found: Vec<_> = self.records.iter().filter(|(_, record)| record.is(target)).collect();
        found.sort_by_key(|(_, record)| record.serial);
        found.into_iter().map(|(uuid, _)| uuid.as_str()).collect()
    }

    pub(super) fn has(&self, target: Target) -> bool {
        self.records.values().any(|record| record.is(target))
    }

    /// All references that must not dangle.
    pub(super) fn links(&self) -> BTreeSet<Link> {
        let of_record = |(uuid, record): (&String, &Record)| {
            let links = record.links().into_iter();
            let owned = links.map(|(field, target)| (uuid.clone(), field.to_owned(), target.to_owned()));
            owned.collect::<Vec<_>>()
        };
        self.records.iter().flat_map(of_record).collect()
    }

    /// Performs an operation. A created document has the UUID. Returns the UUID of the document that is in the
    /// answer, or the code of an error.
    pub(super) fn execute(
        &mut self,
        plain: &Plain,
        values: &Map<String, Value>,
        created: &str,
    ) -> Result<Option<String>, Refusal> {
        let action = plain.action.unwrap();
        let optional = match &action.effect {
            Effect::Delete { key, missing_is_success: true } => Some(key.as_str()),
            _ => None,
        };
        for (name, target, uuid) in plain.references(values) {
            let exists = self.records.get(uuid).is_some_and(|record| record.is(target));
            if !exists && Some(name) != optional {
                return Err("SYS.1003");
            }
        }
        let key = action.effect.key().and_then(|key| values.get(key)?.as_str());
        let expected = Target::Of(&action.resource);
        let present = key.and_then(|uuid| self.records.get(uuid)).filter(|record| record.is(expected));
        if let Some(record) = present {
            let allows = |(field, allowed): &(String, Vec<String>)| {
                allowed.iter().any(|value| record.text(field).unwrap_or_default() == value)
            };
            if !action.when.iter().all(allows) {
                return Err("SYS.1006");
            }
        }
        let mut changed = present.cloned();
        let needs_document = action.effect.key().is_some() && !matches!(action.effect, Effect::Delete { .. });
        if needs_document && changed.is_none() {
            return Err("SYS.1003");
        }
        match &action.effect {
            Effect::Create { set, .. } => {
                let record = self.create_record(plain, values, created, set)?;
                self.check_unique(action, None, &record, created)?;
                if self.records.contains_key(created) {
                    return Err("SYS.1000");
                }
                self.records.insert(created.to_owned(), record);
                return Ok(Some(created.to_owned()));
            }
            Effect::Update { set, .. } => {
                let record = changed.as_mut().unwrap();
                let resource = record.resource().unwrap();
                for Assignment { parameter, field, conversion } in &action.assignments {
                    let Some(value) = values.get(parameter) else { continue };
                    record.fields.insert(field.clone(), convert(conversion, value)?);
                    for fill in resource.fills.iter().filter(|fill| fill.reference == *field) {
                        record.fields.remove(&fill.field);
                    }
                }
                self.fill(record);
                assign(record, set);
                self.check_unique(action, present, record, key.unwrap())?;
            }
            Effect::ChangeState { parameter, field, events, related, .. } => {
                let event = texts(values.get(parameter)).next().unwrap_or_default();
                let record = changed.as_mut().unwrap();
                let transitions = events.get(event).ok_or("SYS.1007")?;
                let next = next_state(record, field, transitions).ok_or("SYS.1006")?;
                record.fields.insert(field.clone(), next.into());
                self.follow(key.unwrap(), field, event, related);
            }
            Effect::Add { field, parameter, .. } => {
                let list = changed.as_mut().unwrap().items(field);
                for item in texts(values.get(parameter)).map(Value::from) {
                    if !list.contains(&item) {
                        list.push(item);
                    }
                }
            }
            Effect::Remove { field, parameter, .. } => {
                let gone: Vec<_> = texts(values.get(parameter)).map(Value::from).collect();
                changed.as_mut().unwrap().items(field).retain(|item| !gone.contains(item));
            }
            Effect::Delete { .. } => {
                if changed.is_some() {
                    self.delete(key.unwrap())?;
                }
                return Ok(None);
            }
            _ => {}
        }
        if let (Some(uuid), Some(record)) = (key, changed) {
            self.records.insert(uuid.to_owned(), record);
            return Ok(Some(uuid.to_owned()));
        }
        Ok(None)
    }

    fn create_record(
        &mut self,
        plain: &Plain,
        values: &Map<String, Value>,
        uuid: &str,
        set: &Map<String, Value>,
    ) -> Result<Record, Refusal> {
        let action = plain.action.unwrap();
        let resource = catalog().resource(&action.resource).unwrap();
        let base = catalog().root(&resource.name).unwrap().name.clone();
        self.serial += 1;
        let fields = without_times(resource.defaults.clone());
        let mut record = Record { kind: resource.name.clone(), base, fields, serial: self.serial };
        record.fields.insert("uuid".to_owned(), uuid.into());
        for Assignment { parameter, field, conversion } in &action.assignments {
            if let Some(value) = values.get(parameter) {
                record.fields.insert(field.clone(), convert(conversion, value)?);
            }
        }
        assign(&mut record, set);
        self.fill(&mut record);
        if resource.is_owned {
            record.fields.insert(OWNER.to_owned(), ADMIN_UUID.into());
        }
        Ok(record)
    }

    /// Copies the fields that a document takes from others.
    fn fill(&self, record: &mut Record) {
        for fill in &record.resource().unwrap().fills {
            let target = record.text(&fill.reference).and_then(|uuid| self.records.get(uuid));
            let value = target.and_then(|target| target.fields.get(&fill.source)).cloned();
            if let (false, Some(value)) = (record.fields.contains_key(&fill.field), value) {
                record.fields.insert(fill.field.clone(), value);
            }
        }
    }

    /// Checks the unique fields that are new or changed.
    fn check_unique(
        &self,
        action: &Action,
        before: Option<&Record>,
        record: &Record,
        uuid: &str,
    ) -> Result<(), Refusal> {
        let others = || {
            let of_base = self.records.iter().filter(|(_, other)| other.base == record.base);
            of_base.filter(|(other, _)| *other != uuid).map(|(_, other)| other)
        };
        let is_taken = |fields: &Vec<String>| {
            let is_complete = fields.iter().all(|field| record.fields.contains_key(field));
            let has_same = |other: &Record| {
                fields.iter().all(|field| other.fields.get(field) == record.fields.get(field))
            };
            let is_same = before.is_some_and(has_same);
            is_complete && !is_same && others().any(has_same)
        };
        let sets = &catalog().resource(&action.resource).unwrap().unique;
        if sets.iter().any(is_taken) { Err("SYS.1007") } else { Ok(()) }
    }

    /// Changes the states that follow that of a document.
    fn follow(&mut self, uuid: &str, field: &str, event: &str, related: &[RelatedStates]) {
        for states in related {
            let Some(transitions) = states.events.get(event) else { continue };
            let follows = |record: &Record| {
                record.is_a(&states.resource)
                    && texts(record.fields.get(&states.reference)).any(|leader| leader == uuid)
            };
            let found = self.records.iter().filter(|(_, record)| follows(record));
            let followers: Vec<_> = found.map(|(uuid, _)| uuid.clone()).collect();
            for follower in followers {
                let record = self.records.get_mut(&follower).unwrap();
                if let Some(next) = next_state(record, field, transitions) {
                    record.fields.insert(field.to_owned(), next.into());
                }
                let base = record.base.clone();
                self.follow(&follower, field, event, catalog().related_states(&base));
            }
        }
    }

    /// Deletes a document, with those that go with it.
    fn delete(&mut self, uuid: &str) -> Result<(), Refusal> {
        let links = self.links();
        let mut deleted = BTreeSet::from([uuid.to_owned()]);
        loop {
            let goes = |(source, field, target): &&Link| {
                deleted.contains(target)
                    && !deleted.contains(source)
                    && self.records[source].on_delete(field) == OnDelete::Delete
            };
            let found: Vec<_> = links.iter().filter(goes).map(|(source, ..)| source.clone()).collect();
            if found.is_empty() {
                break;
            }
            deleted.extend(found);
        }
        let left =
            links.iter().filter(|(source, _, target)| deleted.contains(target) && !deleted.contains(source));
        if left.clone().any(|(source, field, _)| self.records[source].on_delete(field) == OnDelete::Forbid) {
            return Err("SYS.1004");
        }
        for (source, field, target) in left {
            self.records.get_mut(source).unwrap().clear(field, target);
        }
        self.records.retain(|uuid, _| !deleted.contains(uuid));
        self.deleted.extend(deleted);
        Ok(())
    }
}

/// Converts the value of a parameter to that of its field.
pub(crate) fn convert(conversion: &Conversion, value: &Value) -> Result<Value, Refusal> {
    Ok(match conversion {
        Conversion::Same => value.clone(),
        Conversion::FromJson => {
            serde_json::from_str::<Map<_, _>>(value.as_str().unwrap()).map_err(|_| "SYS.1007")?.into()
        }
        Conversion::ToJson => value.to_string().into(),
        Conversion::State(states) => states[value.as_str().unwrap()].clone().into(),
        Conversion::Records(field) => texts(Some(value)).map(|text| json!({field.as_str(): text})).collect(),
    })
}

/// Sets fields; null removes one.
fn assign(record: &mut Record, set: &Map<String, Value>) {
    for (field, value) in set {
        match value {
            Value::Null => drop(record.fields.remove(field)),
            value => drop(record.fields.insert(field.clone(), value.clone())),
        }
    }
}

fn next_state(record: &Record, field: &str, transitions: &Transitions) -> Option<String> {
    let present = record.text(field).unwrap_or_default();
    transitions.get(present).or_else(|| transitions.get("*")).cloned()
}
