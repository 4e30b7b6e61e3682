//! VM instances and their parts: volumes, NICs, addresses and drives.

use std::net::IpAddr;

use super::computed::cache;
use super::entry::{Entry, Parent, Part};
use super::planner::Planner;
use super::problem::list_names;
use super::reader::text_in;
use super::values;
use crate::model::{Document, OWNER, Uuid};
use crate::uuids;

/// The states of a VM instance that is on no host.
const OFF_HOST: [&str; 6] =
    ["Created", "Stopped", "Destroyed", "Expunging", "VolumeMigrating", "VolumeRecovering"];

/// The maximum number of drives of a VM instance.
const MAX_DRIVES: i64 = 3;

/// The image of a VM.
enum BaseImage {
    Known(Box<Document>),
    None,
    /// The VM names an image that does not exist, which is reported once, and not again as a missing
    /// platform or size.
    Unknown,
}

/// Completes a VM instance, and adds the parts that the file does not mention.
pub(super) fn instance(planner: &mut Planner<'_>, entry: &mut Entry<'_>) -> bool {
    let find = |uuid: &str| planner.documents.get(uuid);
    let Some(cluster) = entry.text("clusterUuid").and_then(find).cloned() else { return false };
    let image = match (entry.find_place("imageUuid"), entry.text("imageUuid").and_then(find)) {
        (_, Some(image)) => BaseImage::Known(Box::new(image.clone())),
        (None, None) => BaseImage::None,
        (Some(_), None) => BaseImage::Unknown,
    };
    let offering = entry.text("instanceOfferingUuid").and_then(find).cloned();
    entry.default("state", "Stopped");
    let state = entry.text_or_empty("state");
    let of = |document: Option<&Document>, field: &str| {
        document.and_then(|document| document.fields.get(field)).cloned().unwrap_or_default()
    };
    let known = if let BaseImage::Known(image) = &image { Some(&**image) } else { None };
    let offering = offering.as_ref();
    entry.defaults([
        ("zoneUuid", of(Some(&cluster), "zoneUuid")),
        ("hypervisorType", of(Some(&cluster), "hypervisorType")),
        ("platform", of(known, "platform")),
        ("guestOsType", of(known, "guestOsType")),
        ("architecture", of(known, "architecture")),
        ("architecture", of(Some(&cluster), "architecture")),
        ("memorySize", of(offering, "memorySize")),
        ("memorySize", (1_i64 << 30).into()),
        ("cpuNum", of(offering, "cpuNum")),
        ("cpuNum", 1.into()),
        ("cpuSpeed", 0.into()),
        ("allocatorStrategy", of(offering, "allocatorStrategy")),
        ("internalId", (planner.last_internal_id + 1).into()),
        ("_shared", false.into()),
    ]);
    planner.last_internal_id = entry.document.number("internalId").unwrap_or_default();
    if matches!(image, BaseImage::None)
        && entry.text("platform").is_none()
        && entry.find_place("platform").is_none()
    {
        planner.problems.add(entry.at, "`platform` is missing; a VM without an image requires it");
    }
    entry.default("platform", "Linux");
    if entry.document.number("cpuNum").is_some_and(|cpus| !(1..=1024).contains(&cpus)) {
        let text = "`cpus` must be an integer between 1 and 1024";
        planner.problems.add(entry.place("cpuNum"), text);
    }
    check_host(planner, entry, &state);
    let is_created = state == "Created";
    let storage = if is_created { None } else { root_storage(planner, entry, &cluster) };
    let root = entry.extra("root");
    if is_created && let Some(root) = root {
        planner.problems.add(root.key_span.start, "a Created VM has no volumes; remove `root`");
    }
    let size = entry.extra("root").and_then(|root| text_in(&root.value, "size"));
    let template = known.filter(|image| image.text("mediaType") != Some("ISO"));
    if !is_created && size.is_none() && template.is_none() && !matches!(image, BaseImage::Unknown) {
        let at = root.map_or(entry.at, |root| root.key_span.start);
        planner.problems.add(at, "`root: {size: …}` is missing; a VM without a template image requires it");
    }
    if let (Some(volumes), "Created" | "Destroyed") = (entry.find_place("Volume"), &*state)
        && entry.parts.iter().any(|part| part.kind.base == "Volume")
    {
        planner.problems.add(volumes, format!("a {state} VM has no data volumes; remove `volumes`"));
    }
    add_parts(planner, entry, known, storage.as_ref());
    entry.storage = storage;
    true
}

/// Checks the hosts of a VM.
fn check_host(planner: &Planner<'_>, entry: &mut Entry<'_>, state: &str) {
    match entry.find_place("hostUuid") {
        None if !OFF_HOST.contains(&state) => {
            let text = format!("`host` is missing; a {state} VM requires it");
            planner.problems.add(entry.place("name"), text);
        }
        Some(at) if OFF_HOST.contains(&state) => {
            planner.problems.add(at, format!("a {state} VM has no `host`; write `lastHost` instead"));
        }
        _ => {}
    }
    for field in ["hostUuid", "lastHostUuid"] {
        let host = entry.text(field).and_then(|uuid| planner.documents.get(uuid));
        if let Some(host) = host.filter(|host| host.text("clusterUuid") != entry.text("clusterUuid")) {
            let name = host.text("name").unwrap_or_default();
            let text = format!("the host `{name}` and the VM are in different clusters");
            planner.problems.add(entry.place(field), text);
        }
    }
    let host = entry.text("hostUuid").map(str::to_owned);
    entry.default("lastHostUuid", host);
}

/// Finds the storage of the root volume: `primaryStorage`, by default the only one of the cluster.
fn root_storage(planner: &mut Planner<'_>, entry: &Entry<'_>, cluster: &Document) -> Option<Document> {
    if let Some(item) = entry.extra("primaryStorage") {
        let name = planner.reader.text("primaryStorage", &item.value)?;
        let uuid = planner.resolve("primaryStorage", &name, "PrimaryStorage", false)?;
        check_storage(planner, &uuid, cluster.uuid.as_str(), entry.place("primaryStorage"));
        return planner.documents.get(&uuid).cloned();
    }
    let storages = planner.names.uuids("PrimaryStorage").iter();
    let storages = storages.filter_map(|uuid| planner.documents.get(uuid));
    let mut storages = storages.filter(|storage| is_attached(storage, &cluster.uuid));
    match (storages.next(), storages.next()) {
        (Some(only), None) => Some(only.clone()),
        (first, second) => {
            let names: Vec<_> = first
                .into_iter()
                .chain(second)
                .chain(storages)
                .filter_map(|storage| storage.text("name"))
                .collect();
            let text =
                format!("`primaryStorage` is missing; choose one of: {}", list_names(names.into_iter()));
            planner.problems.add(entry.at, text);
            None
        }
    }
}

fn is_attached(storage: &Document, cluster: &str) -> bool {
    storage.texts("attachedClusterUuids").any(|uuid| uuid == cluster)
}

fn check_storage(planner: &Planner<'_>, storage: &str, cluster: &str, at: zstack_model::yaml::Mark) {
    if let Some(storage) = planner.documents.get(storage).filter(|storage| !is_attached(storage, cluster)) {
        let name = storage.text("name").unwrap_or_default();
        let text = format!("the primary storage `{name}` is not attached to the cluster of the VM");
        planner.problems.add(at, text);
    }
}

/// Adds the root volume, the default drive, and the copy of the image on the storage.
fn add_parts<'n>(
    planner: &mut Planner<'_>,
    entry: &mut Entry<'n>,
    image: Option<&Document>,
    storage: Option<&Document>,
) {
    let network = |part: &Part<'_>| {
        let node = part.node.filter(|_| part.kind.base == "VmNic")?;
        let keys = ["network", "l3Network", "l3NetworkUuid"];
        let name = keys.iter().find_map(|key| text_in(node, key)).map(|(name, _)| name);
        match (name, planner.names.uuids("L3Network")) {
            (Some(name), _) => {
                planner.names.find("L3Network", name).cloned().or_else(|| Some(name.to_owned()))
            }
            (None, [only]) => Some(only.clone()),
            _ => None,
        }
    };
    let default_network = entry.parts.iter().find_map(network);
    entry.default("defaultL3NetworkUuid", default_network);
    planner.drives.clear();
    if let Some(kind) = planner.kinds.get("VmCdRom").filter(|_| entry.find_place("VmCdRom").is_none()) {
        // The platform's default: one drive, with the ISO to install from.
        let name = "drive/0".to_owned();
        entry.parts.push(Part { kind, foreign_field: "vmInstanceUuid", name, number: 0, node: None });
    }
    let (Some(storage), Some(kind)) = (storage, planner.kinds.get("Volume")) else { return };
    let node = entry.extra("root").map(|root| &root.value);
    let uuid = node.and_then(|node| text_in(node, "uuid")).map(|(uuid, _)| uuid.to_owned());
    let uuid = uuid.unwrap_or_else(|| uuids::from_name(&format!("{}/root", entry.document.uuid)));
    entry.document.set("rootVolumeUuid", uuid);
    let part = Part { kind, foreign_field: "vmInstanceUuid", name: "root".to_owned(), number: -1, node };
    entry.parts.insert(0, part);
    if let Some(image) = image {
        cache(planner, image, storage);
    }
}

/// Completes a volume of a VM instance, or one that is not attached.
pub(super) fn volume(planner: &mut Planner<'_>, entry: &mut Entry<'_>, parent: Option<Parent<'_>>) -> bool {
    let vm = parent.map(|parent| parent.document);
    let is_root = parent.is_some_and(|parent| parent.part == "root");
    let image = vm.and_then(|vm| planner.documents.get(vm.text("imageUuid")?)).filter(|_| is_root);
    let template = image.filter(|image| image.text("mediaType") != Some("ISO"));
    if !is_root && entry.find_place("size").is_none() {
        let text = "`size` is missing; a data volume requires it, such as `size: 100GiB`";
        planner.problems.add(entry.at, text);
    }
    let size = entry.document.number("size").or(template.and_then(|image| image.number("size"))).unwrap_or(1);
    let actual = entry.document.number("actualSize");
    let actual = actual.or(template.and_then(|image| image.number("actualSize"))).unwrap_or(size).min(size);
    entry.document.set("actualSize", actual);
    if let (Some(storage), Some(vm)) = (entry.text("primaryStorageUuid"), vm) {
        check_storage(
            planner,
            storage,
            vm.text("clusterUuid").unwrap_or_default(),
            entry.place("primaryStorageUuid"),
        );
    }
    let storage = entry.text("primaryStorageUuid").and_then(|uuid| planner.documents.get(uuid));
    let storage = storage.or(parent.and_then(|parent| parent.storage));
    let format = image.and_then(|image| image.text("format")).filter(|format| *format != "iso");
    let name = vm.and_then(|vm| vm.text("name")).unwrap_or_default();
    let state = vm.and_then(|vm| vm.text("state"));
    // Destroying a VM instance deletes its root volume, but keeps both documents.
    let status = match state {
        Some("Destroyed") if is_root => "Deleted",
        None if storage.is_none() => "NotInstantiated",
        _ => "Ready",
    };
    let created = entry.created.millis();
    let is_attached = vm.is_some() && !is_root;
    entry.defaults([
        ("size", size.into()),
        ("format", format.unwrap_or("qcow2").into()),
        ("status", status.into()),
        ("type", if is_root { "Root" } else { "Data" }.into()),
        ("name", if is_root { format!("ROOT-for-{name}") } else { format!("DATA-for-{name}") }.into()),
        ("deviceId", parent.map(|parent| parent.number + 1).into()),
        ("primaryStorageUuid", storage.map(|storage| storage.uuid.as_str()).into()),
        ("lastAttachDate", is_attached.then_some(created).into()),
    ]);
    if let Some(vm) = vm.filter(|_| is_root) {
        entry.default("description", format!("Root volume for VM[uuid:{}]", vm.uuid));
        entry.default("rootImageUuid", image.map(|image| image.uuid.as_str()));
    }
    // The missing storage of a VM instance is reported.
    let Some(storage) = storage else { return vm.is_none() };
    let folder = if is_root { "rootVolumes" } else { "dataVolumes" };
    let (base, uuid) = (storage.text("url").unwrap_or_default().trim_end_matches('/'), &entry.document.uuid);
    let account = entry.text(OWNER).unwrap_or_default();
    let path = format!("{base}/{folder}/acct-{account}/vol-{uuid}/{uuid}.qcow2");
    entry.default("installPath", path);
    true
}

/// Completes a NIC.
pub(super) fn nic(planner: &Planner<'_>, entry: &mut Entry<'_>, parent: Option<Parent<'_>>) -> bool {
    let number = parent.map_or(0, |parent| parent.number);
    let vm = parent.map(|parent| parent.document);
    if let Some(mac) = entry.text("mac") {
        match values::mac(mac) {
            Ok(mac) => entry.document.set("mac", mac),
            Err(problem) => planner.problems.add(entry.place("mac"), problem),
        }
    }
    let network = entry.text("l3NetworkUuid").and_then(|uuid| planner.documents.get(uuid));
    if let (Some(network), Some(vm)) = (network, vm)
        && network.text("zoneUuid") != vm.text("zoneUuid")
    {
        planner.problems.add(entry.at, "the network and the VM are in different zones");
    }
    if let (Some(at), Some("Destroyed")) = (entry.find_place("UsedIp"), vm.and_then(|vm| vm.text("state"))) {
        planner.problems.add(at, "a Destroyed VM has no addresses; remove `ips`");
    }
    let mac = derive_mac(&entry.document.uuid, number);
    let internal = vm.and_then(|vm| vm.number("internalId")).unwrap_or_default();
    entry.defaults([
        ("deviceId", number.into()),
        ("mac", mac.into()),
        ("driverType", "virtio".into()),
        ("internalName", format!("vnic{internal}.{number}").into()),
    ]);
    true
}

/// Derives a MAC address in the platform's format: `fa:`, four bytes, and the
/// device ID. The platform's four bytes are random; these depend on the UUID.
fn derive_mac(nic_uuid: &str, device_id: i64) -> String {
    let hash = uuids::from_name(&format!("mac/{nic_uuid}"));
    let octets: Vec<_> = [0, 2, 4, 6].iter().filter_map(|at| hash.get(*at..at + 2)).collect();
    format!("fa:{}:{:02x}", octets.join(":"), device_id & 0xff)
}

/// Completes an address of a NIC. Its UUID is derived from network and address.
pub(super) fn address(planner: &mut Planner<'_>, entry: &mut Entry<'_>, parent: Option<Parent<'_>>) -> bool {
    let network = parent.and_then(|parent| parent.document.text("l3NetworkUuid"));
    let network = network.or(entry.text("l3NetworkUuid")).unwrap_or_default().to_owned();
    let (text, at) = (entry.text_or_empty("ip"), entry.place("ip"));
    let Ok(ip) = text.parse::<IpAddr>() else {
        planner.problems.add(at, format!("`{text}` is not an IP address such as 192.168.1.10"));
        return false;
    };
    let mut ranges = planner.ranges.get(&network).into_iter().flatten();
    let Some((range_uuid, range)) = ranges.find(|(_, range)| range.contains(ip)) else {
        planner.problems.add(at, format!("{ip} is not in any range of the network"));
        return false;
    };
    entry.document.set("ip", ip.to_string());
    entry.defaults([
        ("l3NetworkUuid", network.as_str().into()),
        ("ipRangeUuid", range_uuid.as_str().into()),
        ("netmask", range.netmask().into()),
        ("gateway", range.gateway.clone().into()),
    ]);
    let uuid: Uuid = uuids::from_name(&format!("{network}/{ip}"));
    if let Some(first) = planner.identities.find(&uuid) {
        planner.problems.add(at, format!("the address {ip} is already used in line {}", first.at.line));
        return false;
    }
    entry.derive_uuid(uuid);
    true
}

/// Completes a drive of a VM instance.
pub(super) fn drive(planner: &mut Planner<'_>, entry: &mut Entry<'_>, parent: Option<Parent<'_>>) -> bool {
    let vm = parent.map(|parent| parent.document);
    if planner.drives.len() as i64 == MAX_DRIVES {
        if parent.is_none_or(|parent| parent.number == MAX_DRIVES) {
            let text = format!("a VM must have at most {MAX_DRIVES} drives, with deviceId 0 to 2");
            planner.problems.add(entry.at, text);
        }
        return false;
    }
    let is_used = |id: i64| planner.drives.iter().any(|(used, _)| *used == id);
    let free = (0..).find(|id| !is_used(*id)).unwrap_or(0);
    let device_id = entry.document.number("deviceId").unwrap_or(free);
    if is_used(device_id) {
        planner
            .problems
            .add(entry.at, format!("another drive of the VM already has the deviceId {device_id}"));
    }
    if !(0..MAX_DRIVES).contains(&device_id) {
        let text = format!("a VM must have at most {MAX_DRIVES} drives, with deviceId 0 to 2");
        planner.problems.add(entry.place("deviceId"), text);
    }
    let image = vm.and_then(|vm| planner.documents.get(vm.text("imageUuid")?));
    if let Some(image) = image.filter(|image| entry.is_implied && image.text("mediaType") == Some("ISO")) {
        entry.document.set("isoUuid", image.uuid.as_str());
    }
    let iso = entry.text("isoUuid").map(str::to_owned);
    if let Some(iso) = &iso {
        if planner.drives.iter().any(|(_, other)| other.as_ref() == Some(iso)) {
            let text = "another drive of the VM already has this ISO; an ISO can be in one drive only";
            planner.problems.add(entry.at, text);
        }
        if let Some(image) = planner.documents.get(iso).filter(|image| image.text("mediaType") != Some("ISO"))
        {
            let (name, media) =
                (image.text("name").unwrap_or_default(), image.text("mediaType").unwrap_or_default());
            let text = format!("the image `{name}` is a {media}; a drive requires an ISO or `empty`");
            planner.problems.add(entry.place("isoUuid"), text);
        }
        // Only a VM on a host has the file of the ISO.
        let is_on_host = vm.and_then(|vm| vm.text("state")).is_some_and(|state| !OFF_HOST.contains(&state));
        if let Some(storage) = parent.and_then(|parent| parent.storage).filter(|_| is_on_host) {
            let base = storage.text("url").unwrap_or_default().trim_end_matches('/');
            entry.default("isoInstallPath", format!("{base}/imagecache/iso/{iso}/{iso}.iso"));
        }
    }
    if let Some(vm) = vm {
        entry.derive_uuid(uuids::from_name(&format!("{}/drive/{device_id}", vm.uuid)));
        entry.default("name", format!("vm-{}-cdRom", vm.uuid));
    }
    entry.default("deviceId", device_id);
    planner.drives.push((device_id, iso));
    true
}
