//! StartVmInstance and RebootVmInstance.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::super::{Context, Done};
use super::isos::{backups_of, caches_of, is_on, root_storage};
use super::placement::infrastructure;
use super::{change_vm, load_vm, new_part};
use crate::cloud::storages::bytes;
use crate::model::{Document, Guard, OWNER, Uuid};
use crate::rules::addresses::{allocate, nics_without_address};
use crate::rules::errors::{self, Verdict};
use crate::rules::placement::{Infrastructure, PlacementRequest, is_attached, is_connected};
use crate::rules::storages::{image_cache, is_compatible, set_install_paths, sources, volume_path};
use crate::rules::vms::{REBOOT, START, Vm};
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

/// The key of the lock on the allocation of addresses: each NIC gets the lowest
/// free one.
pub(in crate::service::written) const ADDRESSES: &str = "addresses";

/// StartVmInstance: chooses a host, and provides a root volume, addresses and ISOs. A running VM
/// instance is not changed.
pub(super) async fn start<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "uuid").await?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    START.check(&vm.instance)?;
    if vm.state() == "Running" {
        return Ok(change_vm(context, &vm, vm.clone()));
    }
    let infrastructure = infrastructure(context).await?;
    place(context, &vm, &infrastructure).await.map_err(|failure| match failure {
        Failure::Refused(cause) => START.error(&vm.instance, *cause).into(),
        failure => failure,
    })
}

async fn place<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    infrastructure: &Infrastructure,
) -> Result<Done, Failure> {
    let request = PlacementRequest { cluster: context.text("clusterUuid"), host: context.text("hostUuid") };
    let hosts = infrastructure.hosts_for(vm, request)?;
    let index = context.node.first_with_room(&hosts, &vm.instance).await?;
    let host = index.and_then(|index| hosts.get(index)).ok_or_else(|| no_room(&vm.instance))?;
    let mut after = vm.clone();
    after.set_state("Running");
    for field in ["hostUuid", "lastHostUuid"] {
        after.instance.set(field, host.uuid.clone());
    }
    after.instance.set("clusterUuid", host.text("clusterUuid"));
    let mut guards = Vec::new();
    let mut edits = Vec::new();
    let storage = if vm.root_volume().is_some() {
        require_storage(root_storage(context, vm).await?, vm)?
    } else {
        let (storage, image) = storage_for_root(context, &after, infrastructure).await?;
        let (volume, cache) = first_volume(context, &after, &storage, &image).await?;
        after.instance.set("rootVolumeUuid", volume.uuid.clone());
        after.volumes.push(volume);
        guards.push(Guard::reading(&image));
        edits.extend(cache.map(|cache| context.insert(&cache)));
        storage
    };
    // Addresses are locked until they are committed.
    let needs_address = nics_without_address(vm).next().is_some();
    let lock = if needs_address { Some(context.node.locks.lock(ADDRESSES).await) } else { None };
    let addresses = if needs_address { static_addresses(context, vm).await? } else { Vec::new() };
    after.ips.extend(new_addresses(context, vm, &addresses).await?);
    for nic in &mut after.nics {
        if nics_without_address(vm).any(|other| other.uuid == nic.uuid) {
            nic.touch(context.now);
        }
    }
    let isos = isos_of(context, vm).await?;
    let backups = backups_of(context, &isos).await?;
    set_install_paths(&mut after, &storage, &isos, &backups)?;
    guards.extend(isos.iter().map(Guard::reading));
    let mut done = change_vm(context, vm, after);
    done.edits.splice(0..0, edits);
    done.guards.extend(guards);
    done.locks.extend(lock);
    Ok(done)
}

/// Creates the error of a VM instance that is too large for all suitable hosts.
pub(super) fn no_room(vm: &Document) -> Box<zstack_runtime::ErrorCode> {
    errors::no_host(format!(
        "No suitable host has {} CPUs and {} bytes of memory available; stop other VM instances, add a host, or choose a \
         smaller size.",
        bytes(vm, "cpuNum"),
        bytes(vm, "memorySize")
    ))
}

/// The static addresses of a VM instance, by L3 network: those in its tags.
async fn static_addresses<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
) -> Result<Vec<(Uuid, Vec<IpAddr>)>, Failure> {
    let tags = context.holders(vm.uuid(), "resourceUuid").await?;
    let named = tags.iter().filter_map(|tag| {
        let (network, ip) = tag.text("tag")?.strip_prefix("staticIp::")?.split_once("::")?;
        Some((network.to_owned(), vec![ip.replace("--", "::").parse().ok()?]))
    });
    Ok(named.collect())
}

/// Allocates addresses for the NICs without one: static ones, by L3 network, and otherwise the lowest
/// free ones.
pub(super) async fn new_addresses<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    statics: &[(Uuid, Vec<IpAddr>)],
) -> Result<Vec<Document>, Failure> {
    let networks: Vec<Uuid> =
        nics_without_address(vm).filter_map(|nic| nic.text("l3NetworkUuid")).map(str::to_owned).collect();
    if networks.is_empty() {
        return Ok(Vec::new());
    }
    let networks = context.node.store.networks(&networks).await?;
    let addresses = allocate(vm, networks, statics)?.into_iter();
    addresses.map(|fields| new_part(context, "UsedIp", fields)).collect()
}

/// Loads the ISOs in the drives of a VM instance that still exist.
async fn isos_of<S: Store>(context: &Context<'_, S>, vm: &Vm) -> Result<Vec<Document>, Failure> {
    let uuids: Vec<_> =
        vm.cd_roms.iter().filter_map(|drive| drive.text("isoUuid")).map(str::to_owned).collect();
    let mut isos = context.node.store.documents(&uuids).await?;
    isos.retain(|iso| iso.base == "Image");
    Ok(isos)
}

fn require_storage(storage: Option<Document>, vm: &Vm) -> Verdict<Document> {
    storage.ok_or_else(|| {
        errors::operation_failed(format!("The VM instance [uuid:{}] has no root volume.", vm.uuid()))
    })
}

/// Chooses the primary storage for the root volume at the first start: the oldest one that can get the
/// image.
async fn storage_for_root<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    infrastructure: &Infrastructure,
) -> Result<(Document, Document), Failure> {
    let image = match vm.instance.text("imageUuid") {
        Some(uuid) => context.load(uuid).await?,
        None => None,
    };
    let image = image.filter(|image| image.text("mediaType") != Some("ISO")).ok_or_else(|| {
        errors::operation_failed(format!(
            "The VM instance [uuid:{}] has no root volume, and no template from which to create one.",
            vm.uuid()
        ))
    })?;
    let (zone, cluster) = (vm.instance.text("zoneUuid"), vm.instance.text("clusterUuid").unwrap_or_default());
    let caches = caches_of(context, &image.uuid).await?;
    let backups = backups_of(context, std::slice::from_ref(&image)).await?;
    let is_ready = image.text("status") == Some("Ready");
    let is_reachable = |primary: &&Document| {
        let mut sources = sources(&image, zone.unwrap_or_default(), &backups);
        is_connected(primary)
            && is_attached(primary, cluster)
            && (caches.iter().any(|cache| is_on(cache, primary))
                || is_ready && sources.any(|backup| is_compatible(backup, primary)))
    };
    let storage = infrastructure.storages.iter().find(is_reachable).cloned().ok_or_else(|| {
        errors::operation_failed(format!(
            "No connected primary storage of the cluster [uuid:{cluster}] can get a copy of the image [uuid:{}]; add \
             the image to a connected and compatible backup storage.",
            image.uuid
        ))
    })?;
    Ok((storage, image))
}

/// Creates the root volume for the first start, and a cached copy of the image if there is none yet.
async fn first_volume<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    storage: &Document,
    image: &Document,
) -> Result<(Document, Option<Document>), Failure> {
    let size = image.number("size").unwrap_or(0);
    let volume = new_part(context, "Volume", root_volume(&vm.instance, storage, Some(image), size))?;
    Ok((volume, new_cache(context, image, storage).await?))
}

/// Creates a cached copy of an image on a storage, unless there is one.
pub(super) async fn new_cache<S: Store>(
    context: &Context<'_, S>,
    image: &Document,
    storage: &Document,
) -> Result<Option<Document>, Failure> {
    if caches_of(context, &image.uuid).await?.iter().any(|cache| is_on(cache, storage)) {
        return Ok(None);
    }
    new_part(context, "ImageCache", image_cache(image, storage, context.now)).map(Some)
}

/// The fields of a new volume of a VM instance.
pub(super) fn volume(vm: &Document, storage: &Document, name: &str, device_id: i64, size: i64) -> Value {
    let uuid = uuids::random();
    let (kind, folder) = if device_id == 0 { ("Root", "root") } else { ("Data", "data") };
    json!({
        "installPath": volume_path(storage, folder, vm.owner().unwrap_or_default(), &uuid), "uuid": uuid,
        "name": name, OWNER: vm.owner(), "primaryStorageUuid": storage.uuid, "vmInstanceUuid": vm.uuid,
        "type": kind, "format": "qcow2", "size": size, "actualSize": size, "deviceId": device_id,
        "state": "Enabled", "status": "Ready", "isShareable": false,
    })
}

/// The fields of a new root volume: a copy of the image, if that is a template.
pub(super) fn root_volume(vm: &Document, storage: &Document, image: Option<&Document>, size: i64) -> Value {
    let name = format!("ROOT-for-{}", vm.text("name").unwrap_or_default());
    let mut fields = volume(vm, storage, &name, 0, size);
    fields["description"] = format!("Root volume for VM[uuid:{}]", vm.uuid).into();
    if let Some(image) = image {
        fields["rootImageUuid"] = image.uuid.as_str().into();
        // A VM instance that is created from an ISO gets an empty root volume.
        if image.text("mediaType") != Some("ISO") {
            fields["actualSize"] = image.number("actualSize").unwrap_or(size).min(size).into();
        }
        if let Some(format) = image.text("format").filter(|format| *format != "iso") {
            fields["format"] = format.into();
        }
    }
    fields
}

/// RebootVmInstance: reboots a VM instance on its host.
pub(super) async fn reboot<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "uuid").await?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    REBOOT.check(&vm.instance)?;
    let storage = root_storage(context, &vm).await?;
    let isos = isos_of(context, &vm).await?;
    let backups = backups_of(context, &isos).await?;
    let mut after = vm.clone();
    after.set_state("Running");
    after.instance.touch(context.now);
    let restart = require_storage(storage, &vm)
        .and_then(|storage| set_install_paths(&mut after, &storage, &isos, &backups));
    restart.map_err(|cause| REBOOT.error(&vm.instance, *cause))?;
    let mut done = change_vm(context, &vm, after);
    if done.edits.is_empty() {
        // It may show that it is rebooting, even if it has just changed.
        done.edits.push(context.guard(&vm.instance));
    }
    done.guards.extend(isos.iter().map(Guard::reading));
    Ok(done)
}
