//! The checks of the request, in the order of the platform.

use std::collections::BTreeSet;

use super::disks::{self, Disks};
use super::nics::{self, NicSettings};
use super::{Facts, is_iso};
use crate::model::Uuid;
use crate::rules::errors::{self, Verdict};
use crate::rules::tags;
use crate::uuids;

/// The checked parameters of a new VM instance.
pub(super) struct Request {
    pub(super) size: Size,
    pub(super) networks: Vec<Uuid>,
    /// The L3 network of the default route.
    pub(super) default_network: Option<Uuid>,
    pub(super) disks: Disks,
    pub(super) nics: Vec<NicSettings>,
}

/// The CPUs and the memory of the new VM instance.
pub(super) struct Size {
    /// The UUID of the instance offering.
    pub(super) offering: Option<Uuid>,
    pub(super) cpus: i64,
    /// In bytes.
    pub(super) memory: i64,
    /// The strategy for the choice of a host, which an offering has.
    pub(super) strategy: Option<String>,
}

/// Checks the request as a dry run does.
pub(super) fn check(facts: &Facts<'_>) -> Verdict<Request> {
    if let Some(uuid) = facts.text("resourceUuid").filter(|uuid| !uuids::is_valid(uuid)) {
        return Err(errors::invalid_resource_uuid(uuid));
    }
    let size = size(facts)?;
    check_name(facts)?;
    let networks = networks(facts)?;
    let nics = nics::settings(facts, &networks)?;
    check_place(facts)?;
    let default_network = default_network(facts, &networks)?;
    let has_place = ["zoneUuid", "clusterUuid", "hostUuid"].iter().any(|name| facts.text(name).is_some());
    if networks.is_empty() && !has_place {
        return Err(errors::operation_failed(
            "Nothing says where the VM instance is to be created; give [l3NetworkUuids], [zoneUuid], [clusterUuid] or \
             [hostUuid].",
        ));
    }
    check_image(facts)?;
    let disks = disks::of(facts)?;
    tags::check_values(facts.tags)?;
    nics::check_addresses(facts, &nics)?;
    Ok(Request { size, networks, default_network, disks, nics })
}

/// Checks that the name is unique, if it has to be.
fn check_name(facts: &Facts<'_>) -> Verdict<()> {
    match &facts.namesake {
        Some(vm) => Err(errors::operation_failed(format!(
            "The VM instance [uuid:{vm}] has the same name, and the setting vm/uniqueVmName is true; choose another one."
        ))),
        None => Ok(()),
    }
}

/// Determines CPUs and memory: of the offering, or those of the request.
fn size(facts: &Facts<'_>) -> Verdict<Size> {
    if let Some(uuid) = facts.text("instanceOfferingUuid") {
        let state = facts.field(uuid, "state").unwrap_or("Enabled");
        let ty = facts.field(uuid, "type").unwrap_or("UserVm");
        if state != "Enabled" || ty != "UserVm" {
            return Err(errors::operation_failed(format!(
                "The instance offering [uuid:{uuid}] is {state} and has the type {ty}; it must be Enabled and have the \
                 type UserVm."
            )));
        }
        let number = |name| facts.documents.get(uuid).and_then(|offering| offering.number(name)).unwrap_or(0);
        return Ok(Size {
            offering: Some(uuid.to_owned()),
            cpus: number("cpuNum"),
            memory: number("memorySize"),
            strategy: facts.field(uuid, "allocatorStrategy").map(str::to_owned),
        });
    }
    let reserved = facts.number("reservedMemorySize").unwrap_or(0);
    if facts.number("memorySize").is_some_and(|memory| memory > 0 && memory < reserved) {
        return Err(errors::invalid_argument(format!(
            "[reservedMemorySize] is {reserved}, which is more than [memorySize]; reduce it."
        )));
    }
    match (facts.number("cpuNum"), facts.number("memorySize")) {
        (Some(cpus), Some(memory)) if cpus > 0 && memory > 0 => {
            Ok(Size { offering: None, cpus, memory, strategy: None })
        }
        _ => Err(errors::operation_failed(
            "The size of the VM instance is unknown; give [instanceOfferingUuid], or both [cpuNum] and [memorySize], \
             which must be above 0.",
        )),
    }
}

/// Checks the L3 networks, and returns their UUIDs.
fn networks(facts: &Facts<'_>) -> Verdict<Vec<Uuid>> {
    let networks = facts.texts("l3NetworkUuids");
    let mut seen = BTreeSet::new();
    for uuid in &networks {
        if !seen.insert(uuid) {
            return Err(errors::operation_failed(format!(
                "[l3NetworkUuids] names the L3 network [uuid:{uuid}] twice; name it once."
            )));
        }
        if facts.field(uuid, "state") == Some("Disabled") {
            return Err(errors::resource_disabled("L3 network", uuid));
        }
        let network = facts.documents.get(uuid);
        if network.and_then(|network| network.fields.get("system")?.as_bool()) == Some(true) {
            return Err(errors::operation_failed(format!(
                "The L3 network [uuid:{uuid}] is for the platform's own VM instances; choose another one."
            )));
        }
    }
    Ok(networks)
}

/// Checks that host, cluster or zone is enabled: the smallest one that is given.
fn check_place(facts: &Facts<'_>) -> Verdict<()> {
    let places = [("host", "hostUuid"), ("cluster", "clusterUuid"), ("zone", "zoneUuid")];
    let mut given = places.iter().filter_map(|(label, name)| Some((*label, facts.text(name)?)));
    let Some((label, uuid)) = given.next() else { return Ok(()) };
    if facts.field(uuid, "state").is_some_and(|state| state != "Enabled") {
        return Err(errors::resource_disabled(label, uuid));
    }
    match facts.field(uuid, "status") {
        Some(status) if label == "host" && status != "Connected" => Err(errors::operation_failed(format!(
            "The host [uuid:{uuid}] is {status}; it must be Connected."
        ))),
        _ => Ok(()),
    }
}

/// Determines the L3 network of the default route.
fn default_network(facts: &Facts<'_>, networks: &[Uuid]) -> Verdict<Option<Uuid>> {
    match (facts.text("defaultL3NetworkUuid"), networks) {
        (Some(uuid), networks) if networks.iter().all(|network| network != uuid) => {
            Err(errors::invalid_argument(format!(
                "[defaultL3NetworkUuid] is [uuid:{uuid}], which is not one of [l3NetworkUuids]."
            )))
        }
        (Some(uuid), _) => Ok(Some(uuid.to_owned())),
        (None, [only]) => Ok(Some(only.clone())),
        (None, []) => Ok(None),
        (None, _) => Err(errors::invalid_argument(
            "[defaultL3NetworkUuid] is missing; with several L3 networks, name the one of the default route.",
        )),
    }
}

/// Creates the error of a volume that must have a size.
fn without_root_size(image: &str) -> Box<zstack_runtime::ErrorCode> {
    errors::invalid_argument(format!(
        "{image}, so the root volume needs a size; give [rootDiskOfferingUuid] or [rootDiskSize]."
    ))
}

fn check_image(facts: &Facts<'_>) -> Verdict<()> {
    let root_size = facts.root_size();
    let Some(image) = &facts.image else {
        if ["platform", "guestOsType", "architecture"].iter().any(|name| facts.text(name).is_none()) {
            return Err(errors::invalid_argument(
                "Without [imageUuid], [platform], [guestOsType] and [architecture] are required.",
            ));
        }
        return if root_size.is_some() { Ok(()) } else { Err(without_root_size("There is no image")) };
    };
    let uuid = &image.uuid;
    if image.text("state") != Some("Enabled") {
        return Err(errors::resource_disabled("image", uuid));
    }
    let status = image.text("status").unwrap_or_default();
    if status != "Ready" {
        return Err(errors::operation_failed(format!(
            "The image [uuid:{uuid}] is {status}; it must be Ready."
        )));
    }
    if image.text("mediaType") == Some("DataVolumeTemplate")
        || image.fields.get("system") == Some(&true.into())
    {
        return Err(errors::invalid_argument(format!(
            "[imageUuid] names the image [uuid:{uuid}], which is a template of data volumes or belongs to the platform; \
             name a root volume template or an ISO."
        )));
    }
    match root_size {
        None if is_iso(image) => Err(without_root_size("The image is an ISO")),
        Some(size) if size <= 0 && is_iso(image) => {
            Err(errors::operation_failed("[rootDiskSize] must be above 0."))
        }
        _ => Ok(()),
    }
}
