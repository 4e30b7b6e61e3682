//! CreateVmInstance: creates a VM instance with its NICs, volumes and CD-ROM drives, and starts it.

mod checks;
mod drives;
mod parts;
mod place;

use std::collections::HashMap;

use zstack_types::vm_instance::CreateVmInstance;

use super::addresses::{self, NetworkAddresses};
use super::errors::{self, Verdict};
use super::placement::Infrastructure;
use super::storages::Storages;
use super::transition::with_state;
use crate::model::{Caller, Document, Edit, Image, ImageCache, Moment, Uuid, Vm, VmInstance, VmState};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct CreateVmFacts {
    /// The request.
    pub request: CreateVmInstance,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The documents to which the request refers, and the L2 networks of its L3 networks.
    pub documents: HashMap<Uuid, Document>,
    /// The image, if the request names one that exists.
    pub image: Option<Image>,
    /// The cached copies of the image.
    pub caches: Vec<ImageCache>,
    /// The ISO images that tags name, and that exist.
    pub isos: Vec<Image>,
    /// The addresses of the L3 networks.
    pub networks: Vec<NetworkAddresses>,
    /// The storages.
    pub storages: Storages,
    /// The clusters and hosts.
    pub infrastructure: Infrastructure,
    /// The internal ID of the newest VM instance.
    pub last_internal_id: i64,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a CreateVmFacts,
    caller: &'a Caller,
    size: checks::Size,
    networks: Vec<Uuid>,
    default_network: Option<Uuid>,
}

/// The new VM instance, and the edits that create it.
#[derive(Debug)]
pub struct NewVm {
    /// The VM instance as it is afterwards.
    pub vm: Vm,
    /// The edits.
    pub edits: Vec<Edit>,
}

/// Checks the request as a dry run does, in the order of the platform.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &CreateVmFacts) -> Verdict<Admitted<'_>> {
    checks::references_exist(facts)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    checks::references_are_usable(facts, caller)?;
    checks::resource_uuid(facts)?;
    let size = checks::size(facts)?;
    let networks = checks::networks(facts)?;
    checks::places_are_enabled(facts)?;
    let default_network = checks::default_network(facts, &networks)?;
    checks::has_a_place(facts, &networks)?;
    checks::image(facts)?;
    checks::disks(facts)?;
    Ok(Admitted { facts, caller, size, networks, default_network })
}

pub use checks::referenced_uuids;
pub use drives::named_isos;
pub(crate) use parts::mac;

impl Admitted<'_> {
    /// Chooses host and storage, and creates all parts. `new_uuid` creates UUIDs.
    ///
    /// # Errors
    ///
    /// When no host, storage or address is left; nothing is created then.
    pub fn decide(&self, now: Moment, mut new_uuid: impl FnMut() -> Uuid) -> Verdict<NewVm> {
        let facts = self.facts;
        let request = &facts.request;
        let strategy = request.strategy.as_deref().unwrap_or("InstantStart");
        let place = place::choose(facts, &self.networks)?;
        let uuid = request.resource_uuid.clone().unwrap_or_else(&mut new_uuid);
        let instance = self.instance(uuid, &place, now);
        let mut vm = Vm {
            revision: 0,
            nics: parts::nics(&instance, &self.networks, facts.image.as_ref(), now, &mut new_uuid),
            ips: Vec::new(),
            volumes: Vec::new(),
            cd_roms: drives::create(facts, &instance, now, &mut new_uuid)?,
            instance,
        };
        let mut edits = Vec::new();
        if strategy != "JustCreate" {
            vm.volumes = parts::volumes(facts, &vm.instance, &place, now, &mut new_uuid);
            vm.instance.root_volume_uuid = vm.root_volume().map(|root| root.uuid.clone());
            edits.extend(parts::image_cache(facts, &vm, &place, now).map(Edit::create));
            for edit in addresses::allocate(&vm, facts.networks.clone(), now)? {
                if let Edit::Create(crate::model::Entity::UsedIp(ip)) = edit {
                    vm.ips.push(ip);
                }
            }
            let (host, cluster) = (place.host.uuid.clone(), place.cluster.uuid.clone());
            vm.instance.last_host_uuid = Some(host.clone());
            vm.instance.host_uuid = Some(host);
            vm.instance.cluster_uuid = cluster;
            vm.instance = with_state(&vm.instance, VmState::Running, now);
            if strategy == "CreateStopped" {
                vm.instance = with_state(&vm.instance, VmState::Stopped, now);
            } else {
                drives::set_install_paths(facts, &mut vm, &place)?;
            }
        }
        edits.push(Edit::create(vm.instance.clone()));
        edits.extend(vm.nics.iter().cloned().map(Edit::create));
        edits.extend(vm.ips.iter().cloned().map(Edit::create));
        edits.extend(vm.volumes.iter().cloned().map(Edit::create));
        edits.extend(vm.cd_roms.iter().cloned().map(Edit::create));
        Ok(NewVm { vm, edits })
    }

    fn instance(&self, uuid: Uuid, place: &place::Place<'_>, now: Moment) -> VmInstance {
        let facts = self.facts;
        let request = &facts.request;
        let image = facts.image.as_ref().map(|image| &image.info);
        let platform = request.platform.as_deref().and_then(parts::word);
        let architecture = request.architecture.as_deref().and_then(parts::word);
        VmInstance {
            uuid,
            name: request.name.clone(),
            description: request.description.clone(),
            account_uuid: self.caller.account_uuid.clone(),
            shared: false,
            internal_id: facts.last_internal_id + 1,
            zone_uuid: place.cluster.zone_uuid.clone(),
            cluster_uuid: place.cluster.uuid.clone(),
            host_uuid: None,
            last_host_uuid: None,
            image_uuid: image.map(|image| image.uuid.clone()),
            instance_offering_uuid: self.size.offering.clone(),
            root_volume_uuid: None,
            default_l3_network_uuid: self.default_network.clone(),
            platform: platform.or(image.map(|image| image.platform)).unwrap_or(crate::model::Platform::Other),
            architecture: architecture
                .or(image.map(|image| image.architecture))
                .unwrap_or(place.cluster.architecture),
            guest_os_type: request
                .guest_os_type
                .clone()
                .or_else(|| image.and_then(|image| image.guest_os_type.clone())),
            hypervisor_type: place.cluster.hypervisor_type,
            memory_size: self.size.memory,
            cpu_num: self.size.cpus,
            allocator_strategy: self.size.strategy.clone(),
            state: VmState::Created,
            create_date: now,
            last_op_date: now,
        }
    }
}

/// The text of a field of a document to which the request refers.
fn field<'a>(facts: &'a CreateVmFacts, uuid: &str, name: &str) -> Option<&'a str> {
    facts.documents.get(uuid).and_then(|document| document.text(name))
}

/// The sizes of the data volumes, in the order of their device IDs.
fn data_sizes(facts: &CreateVmFacts) -> Vec<i64> {
    let request = &facts.request;
    let of_offering =
        |uuid: &Uuid| facts.documents.get(uuid).and_then(|offering| offering.number("diskSize"));
    let offerings = request.data_disk_offering_uuids.iter().flatten().filter_map(of_offering);
    offerings.chain(request.data_disk_sizes.iter().flatten().copied()).collect()
}

/// Creates the error of a volume that must have a size.
fn without_root_size(image: &str) -> Box<zstack_runtime::ErrorCode> {
    errors::invalid_argument(format!(
        "{image}, so the root volume needs a size; give [rootDiskOfferingUuid] or [rootDiskSize]."
    ))
}

/// The size of the root volume that the request gives, in bytes.
fn requested_root_size(facts: &CreateVmFacts) -> Option<i64> {
    let of_offering =
        |uuid: &Uuid| facts.documents.get(uuid).and_then(|offering| offering.number("diskSize"));
    facts.request.root_disk_offering_uuid.as_ref().and_then(of_offering).or(facts.request.root_disk_size)
}
