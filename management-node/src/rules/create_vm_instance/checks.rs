//! The checks of the request, in the order of the platform.

use std::collections::BTreeSet;

use zstack_types::vm_instance::CreateVmInstance;

use super::{CreateVmFacts, field, requested_root_size, without_root_size};
use crate::model::{Caller, Enabled, ImageStatus, MediaType, Uuid};
use crate::rules::access;
use crate::rules::errors::{self, Verdict};
use crate::uuids;

/// The CPUs and the memory of the new VM instance.
#[derive(Debug)]
pub(super) struct Size {
    /// The UUID of the instance offering.
    pub(super) offering: Option<Uuid>,
    pub(super) cpus: i32,
    /// In bytes.
    pub(super) memory: i64,
    /// The strategy for the choice of a host, which an offering has.
    pub(super) strategy: Option<String>,
}

/// The references of the request, except the image: parameter, label, resource and UUID.
fn references(request: &CreateVmInstance) -> Vec<(&'static str, &'static str, &'static str, &str)> {
    let mut references = Vec::new();
    for (parameter, label, base, uuid) in [
        ("instanceOfferingUuid", "instance offering", "InstanceOffering", &request.instance_offering_uuid),
        ("rootDiskOfferingUuid", "disk offering", "DiskOffering", &request.root_disk_offering_uuid),
        ("zoneUuid", "zone", "Zone", &request.zone_uuid),
        ("clusterUuid", "cluster", "Cluster", &request.cluster_uuid),
        ("hostUuid", "host", "Host", &request.host_uuid),
        (
            "primaryStorageUuidForRootVolume",
            "primary storage",
            "PrimaryStorage",
            &request.primary_storage_uuid_for_root_volume,
        ),
        ("defaultL3NetworkUuid", "L3 network", "L3Network", &request.default_l3_network_uuid),
    ] {
        references.extend(uuid.as_deref().map(|uuid| (parameter, label, base, uuid)));
    }
    for (parameter, label, base, uuids) in [
        ("l3NetworkUuids", "L3 network", "L3Network", &request.l3_network_uuids),
        ("dataDiskOfferingUuids", "disk offering", "DiskOffering", &request.data_disk_offering_uuids),
        ("tagUuids", "tag pattern", "TagPattern", &request.tag_uuids),
        ("sshKeyPairUuids", "SSH key pair", "SshKeyPair", &request.ssh_key_pair_uuids),
    ] {
        references.extend(uuids.iter().flatten().map(|uuid| (parameter, label, base, uuid.as_str())));
    }
    references
}

/// The UUIDs to which the request refers, except the image.
#[must_use]
pub fn referenced_uuids(request: &CreateVmInstance) -> Vec<Uuid> {
    references(request).into_iter().map(|(_, _, _, uuid)| uuid.to_owned()).collect()
}

pub(super) fn references_exist(facts: &CreateVmFacts) -> Verdict<()> {
    if let (Some(uuid), None) = (&facts.request.image_uuid, &facts.image) {
        return Err(errors::not_found("imageUuid", "image", uuid));
    }
    for (parameter, label, base, uuid) in references(&facts.request) {
        if facts.documents.get(uuid).is_none_or(|document| document.base != base) {
            return Err(errors::not_found(parameter, label, uuid));
        }
    }
    Ok(())
}

/// Checks that the caller may use what it refers to.
pub(super) fn references_are_usable(facts: &CreateVmFacts, caller: &Caller) -> Verdict<()> {
    if let Some(image) = &facts.image {
        access::check_image_access(caller, image)?;
    }
    for (_, label, _, uuid) in references(&facts.request) {
        let document = facts.documents.get(uuid);
        let owner = document.and_then(|document| document.owner());
        let is_shared = document.is_some_and(|document| document.is_shared());
        if owner.is_some_and(|owner| !caller.may_use(owner, is_shared)) {
            return Err(errors::permission_denied(label, uuid));
        }
    }
    Ok(())
}

pub(super) fn resource_uuid(facts: &CreateVmFacts) -> Verdict<()> {
    match &facts.request.resource_uuid {
        Some(uuid) if !uuids::is_valid(uuid) => Err(errors::invalid_resource_uuid(uuid)),
        _ => Ok(()),
    }
}

/// Determines CPUs and memory: of the offering, or those of the request.
pub(super) fn size(facts: &CreateVmFacts) -> Verdict<Size> {
    let request = &facts.request;
    if let Some(uuid) = &request.instance_offering_uuid {
        let state = field(facts, uuid, "state").unwrap_or("Enabled");
        let ty = field(facts, uuid, "type").unwrap_or("UserVm");
        if state != "Enabled" || ty != "UserVm" {
            return Err(errors::operation_failed(format!(
                "The instance offering [uuid:{uuid}] is {state} and has the type {ty}; it must be Enabled and have the \
                 type UserVm."
            )));
        }
        let number = |name| facts.documents.get(uuid).and_then(|offering| offering.number(name)).unwrap_or(0);
        return Ok(Size {
            offering: Some(uuid.clone()),
            cpus: i32::try_from(number("cpuNum")).unwrap_or(i32::MAX),
            memory: number("memorySize"),
            strategy: field(facts, uuid, "allocatorStrategy").map(str::to_owned),
        });
    }
    match (request.cpu_num, request.memory_size) {
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
pub(super) fn networks(facts: &CreateVmFacts) -> Verdict<Vec<Uuid>> {
    let networks = facts.request.l3_network_uuids.clone().unwrap_or_default();
    let mut seen = BTreeSet::new();
    for uuid in &networks {
        if !seen.insert(uuid) {
            return Err(errors::operation_failed(format!(
                "[l3NetworkUuids] names the L3 network [uuid:{uuid}] twice; name it once."
            )));
        }
        if field(facts, uuid, "state") == Some("Disabled") {
            return Err(disabled_error("L3 network", uuid));
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

fn disabled_error(label: &str, uuid: &str) -> Box<zstack_runtime::ErrorCode> {
    errors::operation_failed(format!(
        "The {label} [uuid:{uuid}] is Disabled; enable it, or choose another one."
    ))
}

/// Checks host, cluster or zone: the smallest one that is given.
pub(super) fn places_are_enabled(facts: &CreateVmFacts) -> Verdict<()> {
    let request = &facts.request;
    let (label, uuid) = match (&request.host_uuid, &request.cluster_uuid, &request.zone_uuid) {
        (Some(uuid), _, _) => ("host", uuid),
        (_, Some(uuid), _) => ("cluster", uuid),
        (_, _, Some(uuid)) => ("zone", uuid),
        _ => return Ok(()),
    };
    if field(facts, uuid, "state").is_some_and(|state| state != "Enabled") {
        return Err(disabled_error(label, uuid));
    }
    let status = field(facts, uuid, "status");
    if label == "host" && status.is_some_and(|status| status != "Connected") {
        return Err(errors::operation_failed(format!(
            "The host [uuid:{uuid}] is {}; it must be Connected.",
            status.unwrap_or_default()
        )));
    }
    Ok(())
}

/// Determines the L3 network of the default route.
pub(super) fn default_network(facts: &CreateVmFacts, networks: &[Uuid]) -> Verdict<Option<Uuid>> {
    match (&facts.request.default_l3_network_uuid, networks) {
        (Some(uuid), networks) if !networks.contains(uuid) => Err(errors::invalid_argument(format!(
            "[defaultL3NetworkUuid] is [uuid:{uuid}], which is not one of [l3NetworkUuids]."
        ))),
        (Some(uuid), _) => Ok(Some(uuid.clone())),
        (None, [only]) => Ok(Some(only.clone())),
        (None, []) => Ok(None),
        (None, _) => Err(errors::invalid_argument(
            "[defaultL3NetworkUuid] is missing; with several L3 networks, name the one of the default route.",
        )),
    }
}

pub(super) fn has_a_place(facts: &CreateVmFacts, networks: &[Uuid]) -> Verdict<()> {
    let request = &facts.request;
    let has_place =
        request.zone_uuid.is_some() || request.cluster_uuid.is_some() || request.host_uuid.is_some();
    if networks.is_empty() && !has_place {
        return Err(errors::operation_failed(
            "Nothing says where the VM instance is to be created; give [l3NetworkUuids], [zoneUuid], [clusterUuid] or \
             [hostUuid].",
        ));
    }
    Ok(())
}

pub(super) fn image(facts: &CreateVmFacts) -> Verdict<()> {
    let request = &facts.request;
    let root_size = requested_root_size(facts);
    let Some(image) = facts.image.as_ref().map(|image| &image.info) else {
        if request.platform.is_none() || request.guest_os_type.is_none() || request.architecture.is_none() {
            return Err(errors::invalid_argument(
                "Without [imageUuid], [platform], [guestOsType] and [architecture] are required.",
            ));
        }
        return if root_size.is_some() { Ok(()) } else { Err(without_root_size("There is no image")) };
    };
    let uuid = &image.uuid;
    if image.state != Enabled::Enabled {
        return Err(disabled_error("image", uuid));
    }
    if image.status != ImageStatus::Ready {
        return Err(errors::operation_failed(format!(
            "The image [uuid:{uuid}] is {}; it must be Ready.",
            image.status
        )));
    }
    if image.media_type == MediaType::DataVolumeTemplate || image.system {
        return Err(errors::invalid_argument(format!(
            "[imageUuid] names the image [uuid:{uuid}], which is a template of data volumes or belongs to the platform; \
             name a root volume template or an ISO."
        )));
    }
    if image.media_type == MediaType::Iso {
        match root_size {
            None => return Err(without_root_size("The image is an ISO")),
            Some(size) if size <= 0 => {
                return Err(errors::operation_failed("[rootDiskSize] must be above 0."));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

pub(super) fn disks(facts: &CreateVmFacts) -> Verdict<()> {
    let request = &facts.request;
    if request.data_disk_sizes.iter().flatten().any(|size| *size <= 0) {
        return Err(errors::operation_failed("Each of [dataDiskSizes] must be above 0."));
    }
    let offerings =
        request.root_disk_offering_uuid.iter().chain(request.data_disk_offering_uuids.iter().flatten());
    for uuid in offerings {
        if field(facts, uuid, "state") == Some("Disabled") {
            return Err(disabled_error("disk offering", uuid));
        }
    }
    Ok(())
}
