//! The parts of a VM instance: NICs and CD-ROM drives.

use std::net::IpAddr;

use zstack_model::yaml::Node;

use super::fields::{Fields, text_of};
use super::planner::{Network, Planner};
use super::problem::Spanned;
use super::values;
use crate::model::{CdRom, ImageInfo, MediaType, PrimaryStorage, UsedIp, Uuid, VmInstance, VmNic, VmState};
use crate::uuids;

/// The maximum number of CD-ROM drives of a VM instance.
const MAX_DRIVES: i32 = 3;

/// Accepts all fields of a VM whose cluster is unknown: without a cluster they
/// cannot be checked.
pub(super) fn ignore_all(fields: &mut Fields<'_>) {
    for key in [
        "state",
        "offering",
        "cpus",
        "memory",
        "platform",
        "guestOsType",
        "host",
        "lastHost",
        "description",
        "account",
        "shared",
        "primaryStorage",
        "root",
        "nics",
        "cdRoms",
        "volumes",
    ] {
        fields.ignore(key);
    }
}

pub(super) fn nics<'a>(
    planner: &mut Planner<'a>,
    fields: &mut Fields<'a>,
    vm: &VmInstance,
) -> Vec<(VmNic, Vec<UsedIp>)> {
    let mut nics = Vec::new();
    for (device_id, node) in (0..).zip(fields.items("nics").unwrap_or_default()) {
        let mut fields = Fields::new(node, "a NIC", planner.problems);
        nics.extend(nic(planner, &mut fields, vm, device_id));
        fields.finish();
    }
    nics
}

fn nic<'a>(
    planner: &mut Planner<'a>,
    fields: &mut Fields<'a>,
    vm: &VmInstance,
    device_id: i32,
) -> Option<(VmNic, Vec<UsedIp>)> {
    let uuid = planner.part_uuid(fields, &vm.uuid, &format!("nic/{device_id}"));
    let network = fields.text("network");
    let mac = fields.text("mac").map(|text| {
        values::mac(&text.value).map_err(|problem| planner.problem(text.at, problem)).unwrap_or_default()
    });
    let driver = fields.text("driver").map_or_else(|| "virtio".to_owned(), |text| text.value);
    let ips_at = fields.position("ips");
    let ips = fields.texts("ips").unwrap_or_default();
    if let (Some(at), VmState::Destroyed) = (ips_at, vm.state) {
        planner.problem(at, "a Destroyed VM has no addresses; remove `ips`");
    }
    let network = planner.networks.find_or_only(network.as_ref(), "network", fields.at, planner.problems)?;
    if network.zone_uuid != vm.zone_uuid {
        planner.problem(fields.at, "the network and the VM are in different zones");
    }
    let nic = VmNic {
        mac: mac.unwrap_or_else(|| derive_mac(&uuid, device_id)),
        vm_instance_uuid: vm.uuid.clone(),
        device_id,
        l3_network_uuid: network.uuid.clone(),
        internal_name: format!("vnic{}.{device_id}", vm.internal_id),
        driver_type: driver,
        create_date: vm.create_date,
        last_op_date: vm.create_date,
        uuid,
    };
    let used = |text: &Spanned<String>| Some((used_ip(planner, network, &nic, text)?, text.at));
    let ips: Vec<_> = ips.iter().filter_map(used).collect();
    for (ip, at) in &ips {
        if let Some((first, _)) = planner.identities.find(&ip.uuid) {
            planner.problem(*at, format!("the address {} is already used in line {}", ip.ip, first.line));
        }
        planner.identities.add(&ip.uuid, false, &ip.ip, *at, planner.problems);
    }
    Some((nic, ips.into_iter().map(|address| address.0).collect()))
}

fn used_ip(planner: &Planner<'_>, network: &Network, nic: &VmNic, text: &Spanned<String>) -> Option<UsedIp> {
    let Ok(ip) = text.value.parse::<IpAddr>() else {
        planner.problem(text.at, format!("`{}` is not an IP address such as 192.168.1.10", text.value));
        return None;
    };
    let Some((range_uuid, range)) = network.ranges.iter().find(|(_, range)| range.contains(ip)) else {
        planner.problem(text.at, format!("{ip} is not in any range of the network"));
        return None;
    };
    Some(UsedIp::new(nic, range_uuid, range, ip, nic.create_date))
}

/// Derives a MAC address in the platform's format: `fa:`, four bytes, and the
/// device ID. The platform's four bytes are random; these depend on the UUID.
fn derive_mac(nic_uuid: &str, device_id: i32) -> String {
    let hash = uuids::from_name(&format!("mac/{nic_uuid}"));
    let octets: Vec<_> = [0, 2, 4, 6].iter().filter_map(|at| hash.get(*at..at + 2)).collect();
    format!("fa:{}:{:02x}", octets.join(":"), device_id & 0xff)
}

pub(super) fn cd_roms<'a>(
    planner: &mut Planner<'a>,
    fields: &mut Fields<'a>,
    vm: &VmInstance,
    image: Option<&ImageInfo>,
    storage: Option<&PrimaryStorage>,
) -> Vec<CdRom> {
    let boot_iso = image.filter(|image| image.media_type == MediaType::Iso);
    let Some(items) = fields.items("cdRoms") else {
        // The platform's default: one drive, with the ISO to install from.
        let uuid = uuids::from_name(&format!("{}/drive/0", vm.uuid));
        return vec![drive(vm, uuid, 0, boot_iso, storage)];
    };
    let mut drives: Vec<CdRom> = Vec::new();
    for node in items {
        let at = node.span.start;
        let free = (0..).find(|id| drives.iter().all(|drive| drive.device_id != *id)).unwrap_or(0);
        let Some(drive) = cd_rom(planner, node, vm, free, storage) else { continue };
        if drives.iter().any(|other| other.device_id == drive.device_id) {
            planner
                .problem(at, format!("another drive of the VM already has the deviceId {}", drive.device_id));
        }
        if drive.iso_uuid.as_deref().is_some_and(|iso| drives.iter().any(|drive| drive.holds(iso))) {
            planner
                .problem(at, "another drive of the VM already has this ISO; an ISO can be in one drive only");
        }
        if !(0..MAX_DRIVES).contains(&drive.device_id) {
            planner.problem(at, format!("a VM must have at most {MAX_DRIVES} drives, with deviceId 0 to 2"));
            // Bounds the comparisons of each drive with all others.
            break;
        }
        drives.push(drive);
    }
    drives
}

/// Reads a drive: the name of an ISO or `empty`, or a mapping.
fn cd_rom<'a>(
    planner: &mut Planner<'a>,
    node: Node,
    vm: &VmInstance,
    free: i32,
    storage: Option<&PrimaryStorage>,
) -> Option<CdRom> {
    if let Some(name) = text_of(&node) {
        let uuid = uuids::from_name(&format!("{}/drive/{free}", vm.uuid));
        planner.identities.add(&uuid, false, "drive", name.at, planner.problems);
        let iso = iso_of(planner, &name);
        return Some(drive(vm, uuid, free, iso.as_ref(), storage));
    }
    let mut fields = Fields::new(node, "a CD-ROM drive", planner.problems);
    let device_id = fields.integer("deviceId", 0..=MAX_DRIVES - 1).unwrap_or(free);
    let uuid = planner.part_uuid(&mut fields, &vm.uuid, &format!("drive/{device_id}"));
    let iso = fields.text("iso").and_then(|text| iso_of(planner, &text));
    let name = fields.text("name").map(|text| text.value);
    let description = fields.text("description").map(|text| text.value);
    fields.finish();
    let drive = drive(vm, uuid, device_id, iso.as_ref(), storage);
    Some(CdRom { name: name.unwrap_or(drive.name), description, ..drive })
}

fn iso_of(planner: &Planner<'_>, name: &Spanned<String>) -> Option<ImageInfo> {
    if name.value == "empty" {
        return None;
    }
    let image = planner.images.find(name, planner.problems)?;
    if image.media_type != MediaType::Iso {
        let (name_, media) = (&name.value, image.media_type);
        planner.problem(
            name.at,
            format!("the image `{name_}` is a {media}; a drive requires an ISO or `empty`"),
        );
    }
    Some(image.clone())
}

fn drive(
    vm: &VmInstance,
    uuid: Uuid,
    device_id: i32,
    iso: Option<&ImageInfo>,
    storage: Option<&PrimaryStorage>,
) -> CdRom {
    let file = |(iso, storage): (&ImageInfo, &PrimaryStorage)| storage.iso_path(&iso.uuid);
    CdRom {
        uuid,
        vm_instance_uuid: vm.uuid.clone(),
        device_id,
        name: format!("vm-{}-cdRom", vm.uuid),
        description: None,
        iso_uuid: iso.map(|iso| iso.uuid.clone()),
        // Only a VM on a host has the file of the ISO.
        iso_install_path: iso.zip(storage).filter(|_| vm.state.is_on_host()).map(file),
        protocol: None,
        create_date: vm.create_date,
        last_op_date: vm.create_date,
    }
}
