//! Values of documents that follow from other ones, except those of VM instances.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};
use zstack_model::yaml::MappingEntry;

use super::entry::{Entry, Parent};
use super::planner::Planner;
use super::problem::Spanned;
use super::reader::text_of;
use crate::addresses::Range;
use crate::cloud::providers::{self, PROVIDERS};
use crate::cloud::{images, ip_ranges};
use crate::model::{Document, Uuid};
use crate::uuids;

/// The fields that entries of a resource must give: the resource, the field, the key in messages, an example.
pub(super) const REQUIRED: [(&str, &str, &str, &str); 9] = [
    ("Host", "managementIp", "managementIp", ""),
    ("KVMHost", "managementIp", "managementIp", ""),
    ("PrimaryStorage", "type", "type", ""),
    ("PrimaryStorage", "url", "url", ""),
    ("BackupStorage", "type", "type", ""),
    ("BackupStorage", "url", "url", ""),
    ("Image", "size", "size", ", such as `size: 700MiB`"),
    ("IpRange", "networkCidr", "cidr", ""),
    ("Vip", "ip", "ip", ""),
];

/// The references that are by default to the only document of the file, by the base of the resource.
const PARENTS: [(&str, &str); 9] = [
    ("Cluster", "zoneUuid"),
    ("Host", "clusterUuid"),
    ("PrimaryStorage", "zoneUuid"),
    ("L2Network", "zoneUuid"),
    ("L3Network", "zoneUuid"),
    ("IpRange", "l3NetworkUuid"),
    ("VmInstance", "clusterUuid"),
    ("VmNic", "l3NetworkUuid"),
    ("Vip", "l3NetworkUuid"),
];

/// The maximum number of ranges of a network: each address is searched for in all of them.
const MAX_RANGES: usize = 64;

/// Sets a missing reference if the file has only one possible target. Returns false if there is no
/// target, which is reported.
pub(super) fn find_parent(planner: &Planner<'_>, entry: &mut Entry<'_>) -> bool {
    let Some((_, field)) = PARENTS.iter().find(|(base, _)| *base == entry.kind.base) else { return true };
    // The zone of an L3 network is that of its L2 network.
    if entry.document.fields.contains_key(*field) || entry.text("l2NetworkUuid").is_some() {
        return true;
    }
    let Some(reference) = entry.kind.resource.reference(field) else { return true };
    if entry.find_place(field).is_some() {
        return false;
    }
    let base = planner.kinds.base_of(&reference.resource);
    let only = match planner.names.uuids(base) {
        [only] => Some(only.clone()),
        _ => cluster_of_parts(planner, entry),
    };
    if let Some(only) = only {
        entry.document.set(field, only);
        return true;
    }
    let label = planner.kinds.get(&reference.resource).map_or("resource", |kind| &kind.resource.label);
    let key = field.trim_end_matches("Uuid");
    planner.names.report_missing(base, label, key, entry.at, planner.problems);
    false
}

/// The cluster of the host of a VM instance, or the only one that has its primary storage.
fn cluster_of_parts(planner: &Planner<'_>, entry: &Entry<'_>) -> Option<Uuid> {
    let host = entry.text("hostUuid").or(entry.text("lastHostUuid"));
    if let Some(cluster) = host.and_then(|uuid| planner.documents.get(uuid)?.text("clusterUuid")) {
        return Some(cluster.to_owned());
    }
    let storage = text_of(&entry.extra("primaryStorage")?.value)?;
    let uuid = planner.names.find("PrimaryStorage", &storage.value)?;
    let mut clusters = planner.documents.get(uuid)?.texts("attachedClusterUuids");
    clusters.next().filter(|_| clusters.next().is_none()).map(str::to_owned)
}

/// Reads an entry that is a single text, such as an address of a NIC.
pub(super) fn shorthand(planner: &mut Planner<'_>, entry: &mut Entry<'_>, text: &Spanned<String>) {
    let field = match entry.kind.base {
        "UsedIp" => "ip",
        "IpRange" => "networkCidr",
        "NetworkServiceL3NetworkRef" => "networkServiceType",
        "SystemTag" | "UserTag" => "tag",
        "VmCdRom" => {
            entry.places.push(("isoUuid", text.at));
            if text.value != "empty" {
                let iso = planner.resolve("iso", text, "Image", false);
                entry.document.set("isoUuid", iso);
            }
            return;
        }
        _ => {
            let label = &entry.kind.label;
            planner.problems.add(text.at, format!("{label} must be a mapping of `key: value` lines"));
            return;
        }
    };
    entry.places.push((field, text.at));
    entry.document.set(field, text.value.clone());
}

/// Computes values of a document. Returns false if it is impossible, which is reported.
pub(super) fn complete(planner: &mut Planner<'_>, entry: &mut Entry<'_>, parent: Option<Parent<'_>>) -> bool {
    match entry.kind.base {
        "Account" => account(planner, entry),
        "Host" => {
            let cluster = planner.documents.get(entry.text("clusterUuid").unwrap_or_default());
            let hypervisor = cluster.and_then(|cluster| cluster.text("hypervisorType")).map(str::to_owned);
            entry.default("hypervisorType", hypervisor);
        }
        "Cluster" => entry.defaults([("hypervisorType", "KVM".into()), ("architecture", "x86_64".into())]),
        "PrimaryStorage" | "L2Network" => attach(planner, entry, "attachedClusterUuids", "Cluster"),
        "BackupStorage" => attach(planner, entry, "attachedZoneUuids", "Zone"),
        "Image" => image(planner, entry),
        "IpRange" => return range(planner, entry),
        "SystemTag" | "UserTag" => tag(planner, entry, parent),
        "NetworkServiceL3NetworkRef" => {
            let service = entry.text("networkServiceType");
            let offers = |services: &[&str]| service.is_some_and(|service| services.contains(&service));
            let provider = PROVIDERS.iter().find(|(.., services)| offers(services));
            let uuid = provider.map(|(_, provider_type, _)| providers::uuid(provider_type));
            entry.default("networkServiceProviderUuid", uuid);
        }
        _ => {}
    }
    true
}

fn account(planner: &Planner<'_>, entry: &mut Entry<'_>) {
    if entry.document.uuid == crate::model::ADMIN_UUID {
        entry.document.set("type", "SystemAdmin");
    }
    let text = |item: &MappingEntry| planner.reader.text(&item.key, &item.value);
    let is_given = entry.find_place("password").is_some();
    let hash = entry.extra("passwordSha512").and_then(text);
    let plain = entry.extra("password").and_then(text);
    let password = match (hash, plain) {
        (Some(hash), plain) => {
            let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            if plain.is_some() {
                let text = "`password` and `passwordSha512` exclude each other; write one of them";
                planner.problems.add(hash.at, text);
            } else if hash.value.len() != 128 || !hash.value.bytes().all(is_digit) {
                planner.problems.add(hash.at, "`passwordSha512` must have 128 lower-case hexadecimal digits");
            }
            Some(hash.value)
        }
        (None, plain) => plain.map(|plain| password_hash(&plain.value)),
    };
    if password.is_none() && !is_given && entry.text("_password").is_none() {
        planner.problems.add(entry.at, "`password` is missing; an account requires it");
    }
    entry.default("_password", password);
}

/// Computes the form of a password that clients send: its SHA-512, in lower-case
/// hexadecimal.
#[must_use]
pub fn password_hash(text: &str) -> String {
    Sha512::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Attaches a storage or an L2 network to all clusters of its zone, or a storage to all zones, by default.
fn attach(planner: &Planner<'_>, entry: &mut Entry<'_>, field: &'static str, base: &str) {
    let zone = entry.text("zoneUuid").map(str::to_owned);
    let is_in_zone = |uuid: &str| {
        let of_target = planner.documents.get(uuid).and_then(|target| target.text("zoneUuid"));
        of_target.is_none() || zone.is_none() || of_target == zone.as_deref()
    };
    if entry.find_place(field).is_none() {
        let all = planner.names.uuids(base).iter().filter(|uuid| is_in_zone(uuid));
        let all: Vec<_> = all.map(|uuid| Value::from(uuid.as_str())).collect();
        entry.default(field, all);
    }
    for uuid in entry.document.texts(field).filter(|uuid| !is_in_zone(uuid)) {
        let name = planner.documents.get(uuid).and_then(|target| target.text("name")).unwrap_or(uuid);
        planner.problems.add(entry.place(field), format!("the cluster `{name}` is in another zone"));
    }
}

fn image(planner: &mut Planner<'_>, entry: &mut Entry<'_>) {
    entry.defaults([("mediaType", "RootVolumeTemplate".into()), ("platform", "Linux".into())]);
    let (media, platform) = (entry.text_or_empty("mediaType"), entry.text_or_empty("platform"));
    let is_iso = media == "ISO";
    entry.default("format", if is_iso { "iso" } else { "qcow2" });
    if (entry.text("format") == Some("iso")) != is_iso {
        let format = entry.text_or_empty("format");
        let text = format!("an image of media type {media} cannot have the format {format}");
        planner.problems.add(entry.place("format"), text);
    }
    let size = entry.document.number("size");
    entry.defaults([
        ("virtio", matches!(&*platform, "WindowsVirtio" | "Paravirtualization").into()),
        ("guestOsType", platform.into()),
        ("actualSize", size.into()),
        ("backupStorageRefs", json!([])),
        ("_shared", false.into()),
    ]);
    let created = entry.created;
    for uuid in references(planner, entry, "backupStorages", "BackupStorage") {
        if let Some(storage) = planner.documents.get(&uuid) {
            images::add_copy(&mut entry.document, storage, created);
        }
    }
    for uuid in references(planner, entry, "cachedOn", "PrimaryStorage") {
        if let Some(storage) = planner.documents.get(&uuid).cloned() {
            cache(planner, &entry.document, &storage);
        }
    }
}

/// The UUIDs of the documents that the list of a key names.
fn references(planner: &mut Planner<'_>, entry: &Entry<'_>, key: &str, resource: &'static str) -> Vec<Uuid> {
    let items = entry.extra(key).and_then(|item| planner.reader.items(key, &item.value)).unwrap_or_default();
    let texts: Vec<_> = items.iter().filter_map(|node| planner.reader.text(key, node)).collect();
    texts.iter().filter_map(|text| planner.resolve(key, text, resource, false)).collect()
}

/// Creates the document of a copy of an image on a primary storage, once.
pub(super) fn cache(planner: &mut Planner<'_>, image: &Document, storage: &Document) {
    if !planner.caches.insert((image.uuid.clone(), storage.uuid.clone())) {
        return;
    }
    let Some(kind) = planner.kinds.get("ImageCache") else { return };
    let at = planner.identities.find(&storage.uuid).map(|identity| identity.at);
    let uuid = uuids::from_name(&format!("{}/{}", image.uuid, storage.uuid));
    let created = image.number("createDate").map_or(planner.now, crate::model::Moment::from_millis);
    let Some(at) = at else { return };
    let mut entry = Entry::new(kind, at, uuid, false, created);
    let field = |name: &str| image.fields.get(name).cloned().unwrap_or_default();
    let base = storage.text("url").unwrap_or_default().trim_end_matches('/');
    let (folder, extension) = match image.text("mediaType") {
        Some("ISO") => ("iso", "iso"),
        _ => ("template", image.text("format").unwrap_or("qcow2")),
    };
    entry.defaults([
        ("imageUuid", image.uuid.as_str().into()),
        ("primaryStorageUuid", storage.uuid.as_str().into()),
        ("mediaType", field("mediaType")),
        ("size", field("size")),
        ("actualSize", field("actualSize")),
        ("installPath", format!("{base}/imagecache/{folder}/{0}/{0}.{extension}", image.uuid).into()),
        ("createDate", created.millis().into()),
    ]);
    planner.push(&entry);
}

/// Checks the addresses of a range, and adds the values that follow from its CIDR.
fn range(planner: &mut Planner<'_>, entry: &mut Entry<'_>) -> bool {
    let Some(cidr) = entry.text("networkCidr") else { return false };
    let found = Range::parse(cidr, entry.text("gateway")).and_then(|range| {
        ip_ranges::record_of(&entry.document).map_or(Ok(range), |record| Range::of_record(&record))
    });
    let range = match found {
        Ok(range) => range,
        Err(problem) => {
            planner.problems.add(entry.place("networkCidr"), problem);
            return false;
        }
    };
    let (first, last) = range.ends();
    entry.defaults([
        ("startIp", first.to_string().into()),
        ("endIp", last.to_string().into()),
        ("netmask", range.netmask().into()),
        ("prefixLen", range.prefix().into()),
        ("ipVersion", if range.is_ipv4() { 4 } else { 6 }.into()),
    ]);
    let ranges = planner.ranges.entry(entry.text_or_empty("l3NetworkUuid")).or_default();
    if ranges.len() == MAX_RANGES {
        planner.problems.add(entry.at, format!("a network must have at most {MAX_RANGES} ranges"));
        return false;
    }
    ranges.push((entry.document.uuid.clone(), range));
    true
}

fn tag(planner: &Planner<'_>, entry: &mut Entry<'_>, parent: Option<Parent<'_>>) {
    let of_target =
        || planner.identities.find(entry.text("resourceUuid")?).map(|identity| identity.kind.base);
    let base = parent.map(|parent| parent.document.base.as_str()).or_else(of_target);
    let resource_type = base.map(|base| format!("{base}VO"));
    entry.default("resourceType", resource_type);
}
