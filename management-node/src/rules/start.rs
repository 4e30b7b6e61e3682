//! StartVmInstance: starts a VM instance on a host.

use super::addresses::{self, NetworkAddresses};
use super::errors::{self, Verdict};
use super::placement::{Infrastructure, PlacementRequest};
use super::storages::{Storages, is_compatible};
use super::transition::{Transition, with_state};
use super::{access, attached_isos};
use crate::model::{
    Caller, Changes, Connection, Edit, Guard, Image, ImageCache, ImageStatus, MediaType, Moment,
    PrimaryStorage, Uuid, Vm, VmInstance, VmState, Volume,
};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct StartFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The requested cluster and host.
    pub placement: PlacementRequest,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The ISOs in its drives that still exist.
    pub isos: Vec<Image>,
    /// The image of its future root volume, if it still exists.
    pub image: Option<Image>,
    /// The cached copies of that image.
    pub caches: Vec<ImageCache>,
    /// The networks of its NICs that have no address.
    pub networks: Vec<NetworkAddresses>,
    /// The storages.
    pub storages: Storages,
    /// The clusters and hosts.
    pub infrastructure: Infrastructure,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a StartFacts,
    vm: &'a Vm,
}

/// Checks, as a dry run does, that the named resources exist and the caller may
/// use the VM instance.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &StartFacts) -> Verdict<Admitted<'_>> {
    let vm = access::target_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    facts.infrastructure.check(&facts.placement)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
    Ok(Admitted { facts, vm })
}

impl Admitted<'_> {
    /// Checks the state, chooses a host, and provides a root volume, addresses and
    /// ISOs. A running VM instance is not changed.
    ///
    /// # Errors
    ///
    /// The error of the first violated row.
    pub fn decide(&self, now: Moment, new_volume: Uuid) -> Verdict<Changes> {
        let vm = self.vm;
        Transition::Start.check(vm)?;
        if vm.instance.state == VmState::Running {
            return Ok(Changes::default());
        }
        self.start(now, new_volume).map_err(|cause| Transition::Start.error(vm, *cause))
    }

    fn start(&self, now: Moment, new_volume: Uuid) -> Verdict<Changes> {
        let (facts, vm) = (self.facts, self.vm);
        let mut guards = vec![Guard::changing(vm)];
        let host = facts.infrastructure.choose_host(vm, &facts.placement)?;
        let mut instance = VmInstance {
            cluster_uuid: host.cluster_uuid.clone(),
            host_uuid: Some(host.uuid.clone()),
            last_host_uuid: Some(host.uuid.clone()),
            ..with_state(&vm.instance, VmState::Running, now)
        };
        let mut edits = Vec::new();
        let storage = if vm.root_volume().is_some() {
            attached_isos::root_storage(vm, &facts.storages)?
        } else {
            let (storage, volume, cache) = self.create_root_volume(&instance, now, new_volume)?;
            instance.root_volume_uuid = Some(volume.uuid.clone());
            guards.extend(facts.image.as_ref().map(Guard::reading));
            edits.extend(cache.map(Edit::create));
            edits.push(Edit::create(volume));
            storage
        };
        edits.extend(addresses::allocate(vm, facts.networks.clone(), now)?);
        guards.extend(facts.isos.iter().map(Guard::reading));
        edits.extend(attached_isos::set_install_paths(vm, storage, &facts.isos, &facts.storages, now)?);
        edits.push(Edit::update(instance));
        Ok(Changes { guards, edits })
    }

    /// Creates the root volume for the first start: a copy of the image, on the
    /// oldest primary storage that can get the image, with a cached copy of the
    /// image if there is none yet.
    fn create_root_volume(
        &self,
        vm: &VmInstance,
        now: Moment,
        uuid: Uuid,
    ) -> Verdict<(&PrimaryStorage, Volume, Option<ImageCache>)> {
        let facts = self.facts;
        let template = facts.image.as_ref().filter(|image| image.info.media_type != MediaType::Iso);
        let image = template.ok_or_else(|| {
            errors::operation_failed(format!(
                "The VM instance [uuid:{}] has no root volume, and no template from which to create one.",
                vm.uuid
            ))
        })?;
        let has_cache = |primary: &PrimaryStorage| {
            facts.caches.iter().any(|cache| cache.primary_storage_uuid == primary.uuid)
        };
        let is_reachable = |primary: &&PrimaryStorage| {
            let mut sources = facts.storages.connected_with_image(image, &vm.zone_uuid);
            primary.status == Connection::Connected
                && facts.infrastructure.is_attached(&primary.uuid, &vm.cluster_uuid)
                && (has_cache(primary)
                    || image.info.status == ImageStatus::Ready
                        && sources.any(|backup| is_compatible(&backup.storage, primary)))
        };
        let storage = facts.storages.primary.iter().find(is_reachable).ok_or_else(|| {
            errors::operation_failed(format!(
                "No connected primary storage of the cluster [uuid:{}] can get a copy of the image [uuid:{}]; add the \
                 image to a connected and compatible backup storage.",
                vm.cluster_uuid, image.info.uuid
            ))
        })?;
        let volume = Volume::root(vm, storage, uuid, Some(&image.info), image.info.size, now);
        let cache = (!has_cache(storage)).then(|| ImageCache::new(&image.info, storage, now));
        Ok((storage, volume, cache))
    }
}
