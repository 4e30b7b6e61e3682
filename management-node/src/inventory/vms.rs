//! VM instances.

use super::fields::Fields;
use super::planner::{Header, Planner};
use super::problem::{Spanned, list_names};
use super::{images, parts};
use crate::model::{
    Cluster, ImageInfo, MediaType, Platform, PrimaryStorage, Uuid, VmInstance, VmState, Volume, VolumeKind,
    VolumeStatus,
};

/// The image of a VM.
enum BaseImage {
    Known(Box<ImageInfo>),
    /// The VM has no image.
    None,
    /// The VM names an image that does not exist.
    Unknown,
}

impl BaseImage {
    fn image(&self) -> Option<&ImageInfo> {
        match self {
            Self::Known(image) => Some(image),
            Self::None | Self::Unknown => None,
        }
    }
}

pub(super) fn read<'a>(root: &mut Fields<'a>, planner: &mut Planner<'a>) {
    planner.section(root, "vms", "a VM", vm);
}

fn vm<'a>(planner: &mut Planner<'a>, fields: &mut Fields<'a>) {
    let header = planner.header(fields, "vm");
    planner.vms.add(&header.name, &header.uuid, header.uuid.clone(), planner.problems);
    let cluster = fields.text("cluster");
    let cluster =
        planner.clusters.find_or_only(cluster.as_ref(), "cluster", fields.at, planner.problems).cloned();
    let image = fields.text("image");
    // An unknown image is reported once, and not again as a missing platform or size.
    let find = |name: &Spanned<String>| planner.images.find(name, planner.problems).cloned();
    let base = match image.as_ref().map(find) {
        None => BaseImage::None,
        Some(None) => BaseImage::Unknown,
        Some(Some(image)) => BaseImage::Known(Box::new(image)),
    };
    let image = base.image();
    let Some(cluster) = cluster else {
        return parts::ignore_all(fields);
    };
    let instance = instance(planner, fields, &header, &cluster, &base);
    planner.last_internal_id = instance.internal_id;
    let storage = if instance.state == VmState::Created {
        // The platform selects it at the first start.
        fields.ignore("primaryStorage");
        None
    } else {
        root_storage(planner, fields, &cluster)
    };
    let root = root_volume(planner, fields, &instance, &base, storage.as_ref());
    let nics = parts::nics(planner, fields, &instance);
    let cd_roms = parts::cd_roms(planner, fields, &instance, image, storage.as_ref());
    let data = data_volumes(planner, fields, &instance, &cluster, storage.as_ref());

    let default_l3 = nics.first().map(|nic| nic.0.l3_network_uuid.clone());
    planner.create(VmInstance {
        root_volume_uuid: root.as_ref().map(|root| root.uuid.clone()),
        default_l3_network_uuid: default_l3,
        ..instance
    });
    if let (Some(image), Some(storage), Some(_)) = (image, &storage, &root) {
        images::cache(planner, image, storage);
    }
    for volume in root.into_iter().chain(data) {
        planner.create(volume);
    }
    for (nic, ips) in nics {
        planner.create(nic);
        ips.into_iter().for_each(|address| planner.create(address));
    }
    cd_roms.into_iter().for_each(|cd_rom| planner.create(cd_rom));
}

/// Creates the record of a VM, without the fields that depend on its parts.
fn instance(
    planner: &mut Planner<'_>,
    fields: &mut Fields<'_>,
    header: &Header,
    cluster: &Cluster,
    base: &BaseImage,
) -> VmInstance {
    let image = base.image();
    let state = fields.word("state").unwrap_or(VmState::Stopped);
    let offering =
        fields.text("offering").and_then(|text| planner.offerings.find(&text, planner.problems)).cloned();
    let (cpus, memory) = (fields.integer("cpus", 1..=1024), fields.size("memory"));
    let platform = fields.word("platform").or(image.map(|image| image.platform));
    if platform.is_none() && matches!(base, BaseImage::None) {
        planner.problem(fields.at, "`platform` is missing; a VM without an image requires it");
    }
    let guest_os_type = fields.text("guestOsType").map(|text| text.value);
    let host = fields.text("host");
    match &host {
        None if state.is_on_host() => {
            planner.problem(header.name.at, format!("`host` is missing; a {state} VM requires it"));
        }
        Some(host) if !state.is_on_host() => {
            planner.problem(host.at, format!("a {state} VM has no `host`; write `lastHost` instead"));
        }
        _ => {}
    }
    let host_uuid = host.and_then(|host| find_host(planner, &host, cluster));
    let last_host = fields.text("lastHost").and_then(|text| find_host(planner, &text, cluster));
    VmInstance {
        uuid: header.uuid.clone(),
        name: header.name.value.clone(),
        description: fields.text("description").map(|text| text.value),
        account_uuid: planner.owner(fields),
        shared: fields.flag("shared").unwrap_or(false),
        internal_id: planner.last_internal_id + 1,
        zone_uuid: cluster.zone_uuid.clone(),
        cluster_uuid: cluster.uuid.clone(),
        last_host_uuid: last_host.or_else(|| host_uuid.clone()),
        host_uuid,
        image_uuid: image.map(|image| image.uuid.clone()),
        instance_offering_uuid: offering.as_ref().map(|offering| offering.uuid.clone()),
        root_volume_uuid: None,
        default_l3_network_uuid: None,
        platform: platform.unwrap_or(Platform::Linux),
        architecture: image.map_or(cluster.architecture, |image| image.architecture),
        guest_os_type: guest_os_type.or_else(|| image.and_then(|image| image.guest_os_type.clone())),
        hypervisor_type: cluster.hypervisor_type,
        memory_size: memory.or(offering.as_ref().map(|offering| offering.memory_size)).unwrap_or(1 << 30),
        cpu_num: cpus.or(offering.as_ref().map(|offering| offering.cpu_num)).unwrap_or(1),
        allocator_strategy: offering.map(|offering| offering.allocator_strategy),
        state,
        create_date: header.created,
        last_op_date: header.created,
    }
}

/// Finds a host in the cluster of the VM.
fn find_host(planner: &Planner<'_>, name: &Spanned<String>, cluster: &Cluster) -> Option<Uuid> {
    let host = planner.hosts.find(name, planner.problems)?;
    if host.cluster_uuid != cluster.uuid {
        planner.problem(name.at, format!("the host `{}` and the VM are in different clusters", name.value));
    }
    Some(host.uuid.clone())
}

/// Reads the storage of the root volume: `primaryStorage`, by default the only
/// one of the cluster.
fn root_storage(planner: &Planner<'_>, fields: &mut Fields<'_>, cluster: &Cluster) -> Option<PrimaryStorage> {
    match fields.text("primaryStorage") {
        Some(name) => storage_of(planner, &name, cluster),
        None => match planner.storages_of.get(&cluster.uuid).map_or(&[][..], Vec::as_slice) {
            [only] => Some(only.clone()),
            all => {
                let names = list_names(all.iter().map(|storage| storage.name.as_str()));
                planner.problem(fields.at, format!("`primaryStorage` is missing; choose one of: {names}"));
                None
            }
        },
    }
}

fn storage_of(planner: &Planner<'_>, name: &Spanned<String>, cluster: &Cluster) -> Option<PrimaryStorage> {
    let attached = planner.primary_storages.find(name, planner.problems)?;
    if !attached.cluster_uuids.contains(&cluster.uuid) {
        planner.problem(
            name.at,
            format!("the primary storage `{}` is not attached to the cluster of the VM", name.value),
        );
    }
    Some(attached.storage.clone())
}

fn root_volume<'a>(
    planner: &mut Planner<'a>,
    fields: &mut Fields<'a>,
    vm: &VmInstance,
    base: &BaseImage,
    storage: Option<&PrimaryStorage>,
) -> Option<Volume> {
    let image = base.image();
    let root_at = fields.position("root");
    let at = root_at.unwrap_or(fields.at);
    let mut fields = fields.inner("root", "a root volume");
    let size = fields.size("size");
    let uuid = planner.part_uuid(&mut fields, &vm.uuid, "root");
    let name = fields.text("name").map(|text| text.value);
    let actual_size = fields.size("actualSize");
    fields.finish();
    if vm.state == VmState::Created {
        if root_at.is_some() {
            planner.problem(at, "a Created VM has no volumes; remove `root`");
        }
        return None;
    }
    let template = image.filter(|image| image.media_type != MediaType::Iso);
    if size.is_none() && template.is_none() && !matches!(base, BaseImage::Unknown) {
        planner.problem(at, "`root: {size: …}` is missing; a VM without a template image requires it");
    }
    let size = size.or(template.map(|template| template.size)).unwrap_or(1);
    let volume = Volume::root(vm, storage?, uuid, image, size, vm.create_date);
    Some(Volume {
        name: name.unwrap_or(volume.name),
        actual_size: actual_size.unwrap_or(volume.actual_size).min(size),
        // Destroying a VM instance deletes its root volume, but keeps both records.
        status: if vm.state == VmState::Destroyed { VolumeStatus::Deleted } else { VolumeStatus::Ready },
        ..volume
    })
}

fn data_volumes<'a>(
    planner: &mut Planner<'a>,
    fields: &mut Fields<'a>,
    vm: &VmInstance,
    cluster: &Cluster,
    root: Option<&PrimaryStorage>,
) -> Vec<Volume> {
    let at = fields.position("volumes").unwrap_or(fields.at);
    let items = fields.items("volumes").unwrap_or_default();
    if !items.is_empty() && matches!(vm.state, VmState::Created | VmState::Destroyed) {
        planner.problem(at, format!("a {} VM has no data volumes; remove `volumes`", vm.state));
    }
    let mut volumes = Vec::new();
    for (device_id, node) in (1..).zip(items) {
        let mut fields = Fields::new(node, "a data volume", planner.problems);
        let uuid = planner.part_uuid(&mut fields, &vm.uuid, &format!("volume/{device_id}"));
        let name = fields.text("name").map_or_else(|| format!("DATA-for-{}", vm.name), |text| text.value);
        if fields.position("size").is_none() {
            planner
                .problem(fields.at, "`size` is missing; a data volume requires it, such as `size: 100GiB`");
        }
        let size = fields.size("size").unwrap_or(1);
        let actual_size = fields.size("actualSize").unwrap_or(size).min(size);
        let storage = fields.text("primaryStorage").and_then(|text| storage_of(planner, &text, cluster));
        fields.finish();
        if let Some(storage) = storage.as_ref().or(root) {
            let volume = Volume::new(vm, storage, uuid, name, VolumeKind::Data, size, vm.create_date);
            let last_attach_date = Some(vm.create_date);
            volumes.push(Volume { device_id: Some(device_id), actual_size, last_attach_date, ..volume });
        }
    }
    volumes
}
