//! NICs and volumes.

use super::place::Place;
use super::{CreateVmFacts, data_sizes, requested_root_size};
use crate::model::{
    Image, ImageCache, MediaType, Moment, Uuid, Vm, VmInstance, VmNic, Volume, VolumeKind, Word,
};

/// Reads a word that the server has validated.
pub(super) fn word<W: Word>(text: &str) -> Option<W> {
    W::read(text).ok()
}

/// Creates a NIC for each network.
pub(super) fn nics(
    vm: &VmInstance,
    networks: &[Uuid],
    image: Option<&Image>,
    now: Moment,
    new_uuid: &mut impl FnMut() -> Uuid,
) -> Vec<VmNic> {
    let is_virtio = image.is_none_or(|image| image.info.virtio || image.info.platform.has_virtio());
    let nic = |(device_id, network): (i32, &Uuid)| {
        let uuid = new_uuid();
        VmNic {
            mac: mac(&uuid, device_id),
            vm_instance_uuid: vm.uuid.clone(),
            device_id,
            l3_network_uuid: network.clone(),
            internal_name: format!("vnic{}.{device_id}", vm.internal_id),
            driver_type: if is_virtio { "virtio" } else { "e1000" }.to_owned(),
            create_date: now,
            last_op_date: now,
            uuid,
        }
    };
    (0..).zip(networks).map(nic).collect()
}

/// Creates a MAC address: `fa`, four bytes that depend on the UUID, and the device ID.
pub(crate) fn mac(uuid: &str, device_id: i32) -> String {
    let bytes: Vec<_> = uuid.as_bytes().chunks(2).take(4).map(String::from_utf8_lossy).collect();
    format!("fa:{}:{device_id:02x}", bytes.join(":"))
}

/// Creates the root volume and the data volumes.
pub(super) fn volumes(
    facts: &CreateVmFacts,
    vm: &VmInstance,
    place: &Place<'_>,
    now: Moment,
    new_uuid: &mut impl FnMut() -> Uuid,
) -> Vec<Volume> {
    let image = facts.image.as_ref().map(|image| &image.info);
    let of_image = image.filter(|image| image.media_type != MediaType::Iso).map_or(0, |image| image.size);
    let size = requested_root_size(facts).unwrap_or(0).max(of_image);
    let mut volumes = vec![Volume::root(vm, place.storage, new_uuid(), image, size, now)];
    for (device_id, size) in (1..).zip(data_sizes(facts)) {
        let name = format!("DATA-for-{}", vm.name);
        let volume = Volume::new(vm, place.storage, new_uuid(), name, VolumeKind::Data, size, now);
        volumes.push(Volume { device_id: Some(device_id), last_attach_date: Some(now), ..volume });
    }
    volumes
}

/// Creates the record of the cached copy of the image, unless there is one.
pub(super) fn image_cache(
    facts: &CreateVmFacts,
    vm: &Vm,
    place: &Place<'_>,
    now: Moment,
) -> Option<ImageCache> {
    let image = facts.image.as_ref()?;
    let storage = place.storage;
    let is_cached = facts.caches.iter().any(|cache| cache.primary_storage_uuid == storage.uuid);
    (!is_cached && vm.root_volume().is_some()).then(|| ImageCache::new(&image.info, storage, now))
}
