//! The resources that a file can declare, and the keys of their entries. All follow from the catalog,
//! apart from short names.

use std::collections::HashMap;
use std::sync::LazyLock;

use zstack_model::{Constraints, DataType, Field, Model, Type};

use crate::catalog::{self, Catalog, Reference, Resource};

/// Short names of sections, with the word in derived UUIDs.
const SECTIONS: [(&str, &str, &str); 3] = [
    ("vms", "VmInstance", "vm"),
    ("networks", "L3Network", "network"),
    ("offerings", "InstanceOffering", "offering"),
];

/// Short names of fields, by resource; an empty resource means all.
const FIELDS: [(&str, &str, &str); 18] = [
    ("", "created", "createDate"),
    ("Cluster", "hypervisor", "hypervisorType"),
    ("InstanceOffering", "cpus", "cpuNum"),
    ("InstanceOffering", "memory", "memorySize"),
    ("IpRange", "cidr", "networkCidr"),
    ("L3Network", "ranges", "ipRanges"),
    ("NetworkServiceL3NetworkRef", "provider", "networkServiceProviderUuid"),
    ("NetworkServiceL3NetworkRef", "service", "networkServiceType"),
    ("VmInstance", "offering", "instanceOfferingUuid"),
    ("VmInstance", "cpus", "cpuNum"),
    ("VmInstance", "memory", "memorySize"),
    ("VmInstance", "nics", "vmNics"),
    ("VmInstance", "cdRoms", "vmCdRoms"),
    ("VmInstance", "volumes", "allVolumes"),
    ("VmNic", "network", "l3NetworkUuid"),
    ("Account", "kind", "type"),
    ("VmNic", "driver", "driverType"),
    ("VmNic", "ips", "usedIps"),
];

/// Keys that are not fields of inventories, by resource, with the resource to which they refer; an empty
/// resource means all, or none.
const EXTRAS: [(&str, &str, &str); 8] = [
    ("", "account", "Account"),
    ("", "shared", ""),
    ("Account", "password", ""),
    ("Account", "passwordSha512", ""),
    ("Image", "backupStorages", "BackupStorage"),
    ("Image", "cachedOn", "PrimaryStorage"),
    ("VmInstance", "primaryStorage", "PrimaryStorage"),
    ("VmInstance", "root", ""),
];

/// The tags of any entry.
const TAGS: [(&str, &str); 2] = [("systemTags", "SystemTag"), ("userTags", "UserTag")];

/// A meaning of a key.
#[derive(Clone, Copy)]
pub(super) enum Key {
    /// A field, with the constraints of the operation that creates its document.
    Value(&'static Field, &'static Constraints),
    Reference {
        field: &'static str,
        resource: &'static str,
        is_list: bool,
        /// True if the target need not exist.
        may_dangle: bool,
    },
    /// Entries of another resource, which refer to this one by a field.
    Parts { resource: &'static str, foreign_field: &'static str },
    /// A key of [`EXTRAS`].
    Extra(&'static str),
}

/// A resource that a file can declare.
pub(super) struct Kind {
    pub(super) resource: &'static Resource,
    pub(super) base: &'static str,
    /// The key of its section, such as `zones`.
    pub(super) section: String,
    /// The name in messages, such as `a zone`.
    pub(super) label: String,
    /// The first part of the names from which UUIDs are derived.
    pub(super) word: String,
    /// The position in an order in which most references lead to earlier kinds.
    pub(super) order: usize,
    pub(super) has_name: bool,
    keys: HashMap<String, Key>,
    /// The keys in messages.
    pub(super) names: Vec<String>,
}

/// All resources that a file can declare.
pub(crate) struct Kinds {
    pub(super) model: &'static Model,
    kinds: HashMap<&'static str, Kind>,
    /// The resources by the keys of their sections, in lower case.
    sections: HashMap<String, &'static str>,
}

impl Kind {
    pub(super) fn key(&self, name: &str) -> Option<Key> {
        self.keys.get(name).copied()
    }
}

impl Kinds {
    /// The resources of the built-in spec. They are made for the first caller, which must be on a
    /// thread that may block.
    pub(super) fn load_built_in() -> Result<&'static Self, String> {
        static KINDS: LazyLock<Result<Kinds, String>> = LazyLock::new(|| {
            let model = crate::reference::model().map_err(|error| error.to_string())?;
            Ok(Kinds::new(model, catalog::built_in().map_err(ToString::to_string)?))
        });
        KINDS.as_ref().map_err(Clone::clone)
    }

    /// The resources of a spec.
    pub(crate) fn new(model: &'static Model, catalog: &'static Catalog) -> Self {
        let mut order = Vec::new();
        for resource in catalog.resources() {
            visit(catalog, resource, &mut order);
        }
        let order: HashMap<_, _> = order.into_iter().zip(0..).collect();
        let mut kinds = HashMap::new();
        let mut sections = HashMap::new();
        for resource in catalog.resources() {
            let Some(ty) = model.data_type(&resource.inventory) else { continue };
            let base = catalog.root(&resource.name).unwrap_or(resource);
            let short = SECTIONS.iter().find(|(_, name, _)| *name == base.name);
            let kind = Kind {
                resource,
                base: &base.name,
                section: plural(&lower_camel(&resource.name)),
                label: with_article(&resource.label),
                word: short.map_or_else(|| dashes(&base.label), |(_, _, word)| (*word).to_owned()),
                order: order.get(&*resource.name).copied().unwrap_or_default(),
                has_name: model.fields(ty).iter().any(|field| field.name == "name"),
                keys: HashMap::new(),
                names: Vec::new(),
            };
            sections.insert(kind.section.to_lowercase(), &*resource.name);
            kinds.insert(&*resource.name, with_keys(kind, ty, model, catalog));
        }
        let short = SECTIONS.iter().map(|(key, resource, _)| ((*key).to_owned(), *resource));
        sections.extend(short);
        Self { model, kinds, sections }
    }

    pub(super) fn get(&self, resource: &str) -> Option<&Kind> {
        self.kinds.get(resource)
    }

    /// Finds the resource of a section.
    pub(super) fn of_section(&self, key: &str) -> Option<&Kind> {
        self.get(self.sections.get(&key.to_lowercase())?)
    }

    /// The keys of all sections, short ones first.
    pub(super) fn section_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.kinds.values().map(|kind| kind.section.as_str()).collect();
        names.sort_by_key(|name| (name.len(), *name));
        let short = SECTIONS.iter().filter(|(_, resource, _)| self.kinds.contains_key(resource));
        names.splice(0..0, short.map(|(key, ..)| *key));
        names
    }

    pub(super) fn base_of<'a>(&'a self, resource: &'a str) -> &'a str {
        self.get(resource).map_or(resource, |kind| kind.base)
    }
}

/// Appends the resources to which a resource refers, and then itself.
fn visit<'c>(catalog: &'c Catalog, resource: &'c Resource, order: &mut Vec<&'c str>) {
    fn go<'c>(catalog: &'c Catalog, name: &'c str, seen: &mut Vec<&'c str>, order: &mut Vec<&'c str>) {
        let Some(resource) = catalog.resource(name) else { return };
        if seen.contains(&name) || order.contains(&name) {
            return;
        }
        seen.push(name);
        let is_part =
            |name: &str| resource.relations.iter().any(|part| part.is_embedded && part.resource == name);
        for (_, _, target) in EXTRAS.iter().filter(|(holder, ..)| *holder == name) {
            go(catalog, target, seen, order);
        }
        for Reference { resource: target, .. } in &resource.references {
            // A resource precedes the parts of its inventory, but follows those to which the parts refer.
            if is_part(target) {
                let part = catalog.resource(target).map(|part| part.references.as_slice());
                part.unwrap_or_default().iter().for_each(|next| go(catalog, &next.resource, seen, order));
                continue;
            }
            go(catalog, target, seen, order);
            if let Some(target) = catalog.resource(target) {
                target.subtypes.iter().for_each(|subtype| go(catalog, subtype, seen, order));
            }
        }
        order.push(name);
    }
    go(catalog, &resource.name, &mut Vec::new(), order);
}

/// Adds the keys of the entries of a kind.
fn with_keys(
    mut kind: Kind,
    ty: &'static DataType,
    model: &'static Model,
    catalog: &'static Catalog,
) -> Kind {
    let resource = kind.resource;
    let add = |kind: &mut Kind, name: String, key: Key| {
        if !kind.keys.contains_key(&name) {
            kind.names.push(name.clone());
            kind.keys.insert(name, key);
        }
    };
    for (name, tag) in TAGS {
        add(&mut kind, name.to_owned(), Key::Parts { resource: tag, foreign_field: "resourceUuid" });
    }
    for field in model.fields(ty) {
        let embedded = resource.relation(&field.name).filter(|relation| relation.is_embedded);
        match (embedded, resource.reference(&field.name)) {
            (Some(relation), _) => add(&mut kind, field.name.clone(), parts(relation)),
            (None, Some(reference)) if field.ty.holds_uuids() => {
                let key = Key::Reference {
                    field: &field.name,
                    resource: &reference.resource,
                    is_list: matches!(field.ty, Type::List(_)),
                    may_dangle: reference.on_delete == catalog::OnDelete::Keep,
                };
                add(&mut kind, short_reference(&field.name), key);
                kind.keys.insert(field.name.clone(), key);
            }
            _ => add(&mut kind, field.name.clone(), Key::Value(field, constraints(field, resource, model))),
        }
    }
    let bases: Vec<_> = std::iter::successors(Some(resource), |base| catalog.resource(base.base.as_deref()?))
        .map(|base| base.name.as_str())
        .collect();
    let is_of = |name: &str| name.is_empty() || bases.contains(&name);
    for (_, name, _) in EXTRAS.iter().filter(|(resource, ..)| is_of(resource)) {
        add(&mut kind, (*name).to_owned(), Key::Extra(name));
    }
    // Entries below their parent, such as the clusters of a zone.
    for relation in resource.relations.iter().filter(|relation| relation.field == "uuid") {
        add(&mut kind, plural(&relation.name), parts(relation));
    }
    for (_, short, name) in FIELDS.iter().filter(|(resource, ..)| is_of(resource)) {
        if let Some(key) = kind.keys.get(*name).copied() {
            kind.names.retain(|other| other != name);
            kind.names.push((*short).to_owned());
            kind.keys.insert((*short).to_owned(), key);
        }
    }
    kind.names.sort_by_key(|name| (name != "name", name.len(), name.clone()));
    kind
}

/// The constraints of a field: its own, or those of the parameter of the same name.
fn constraints(field: &'static Field, resource: &Resource, model: &'static Model) -> &'static Constraints {
    let operations = ["Create", "Add"].map(|verb| model.operation(&format!("{verb}{}", resource.name)));
    let mut parameters = operations.into_iter().flatten().flat_map(|operation| &operation.parameters);
    let same =
        parameters.find(|parameter| parameter.field.name == field.name && parameter.field.ty == field.ty);
    same.filter(|_| field.constraints == Constraints::default())
        .map_or(&field.constraints, |parameter| &parameter.field.constraints)
}

fn parts(relation: &'static catalog::Relation) -> Key {
    Key::Parts { resource: &relation.resource, foreign_field: &relation.foreign_field }
}

/// The name of a reference without its ending: `zone`, `clusters`.
fn short_reference(field: &str) -> String {
    let name = field.strip_suffix("Uuids").map(plural);
    let name = name.or_else(|| field.strip_suffix("Uuid").map(str::to_owned));
    let name = name.unwrap_or_else(|| field.to_owned());
    match name.strip_prefix("attached") {
        Some(rest) if !rest.is_empty() => zstack_model::names::lower_first(rest),
        _ => name,
    }
}

/// Converts the name of a resource to that of a key: `KVMHost` becomes `kvmHost`.
fn lower_camel(name: &str) -> String {
    let capitals = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let ends_word = name.as_bytes().get(capitals).is_none_or(|byte| !byte.is_ascii_lowercase());
    let lower = if ends_word { capitals } else { (capitals - usize::from(capitals > 1)).min(capitals) };
    let (first, rest) = name.split_at(lower);
    format!("{}{rest}", first.to_lowercase())
}

fn plural(name: &str) -> String {
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if name.ends_with(['s', 'x']) || name.ends_with("ch") => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

fn dashes(label: &str) -> String {
    label.to_lowercase().replace(' ', "-")
}

/// Adds `a` or `an`, also before acronyms that begin with the sound of a vowel.
fn with_article(label: &str) -> String {
    let is_acronym = label.chars().nth(1).is_some_and(|second| !second.is_ascii_lowercase());
    let vowels = if is_acronym { "AEFHILMNORSXi" } else { "aeiouAEIO" };
    let article = if label.starts_with(|first| vowels.contains(first)) { "an" } else { "a" };
    format!("{article} {label}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sections_and_references() {
        for (resource, section) in [
            ("Zone", "zones"),
            ("KVMHost", "kvmHosts"),
            ("L2VlanNetwork", "l2VlanNetworks"),
            ("VCenter", "vCenters"),
            ("Policy", "policies"),
            ("AccessKey", "accessKeys"),
        ] {
            assert_eq!(plural(&lower_camel(resource)), section);
        }
        assert_eq!(short_reference("attachedClusterUuids"), "clusters");
        assert_eq!(short_reference("l3NetworkUuid"), "l3Network");
        assert_eq!(with_article("L3 network"), "an L3 network");
        assert_eq!(with_article("VM instance"), "a VM instance");
        assert_eq!(with_article("image"), "an image");
    }

    #[test]
    fn every_resource_has_its_own_section() {
        let kinds = Kinds::load_built_in().unwrap();
        assert_eq!(kinds.sections.len(), kinds.kinds.len() + SECTIONS.len());
        let order = |name: &str| kinds.get(name).unwrap().order;
        for names in
            ["Zone Cluster KVMHost VmInstance", "PrimaryStorage VmInstance", "BackupStorage Image VmInstance"]
        {
            assert!(names.split(' ').is_sorted_by_key(order), "{names}");
        }
    }
}
