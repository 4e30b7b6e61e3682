//! StartVmInstance: a host is found, and what the guest needs is brought there.

use super::addresses::{self, Network};
use super::errors::{self, Verdict};
use super::places::{Places, Wish};
use super::storages::{Storages, works_with};
use super::transition::{Transition, in_state};
use super::{access, inserted};
use crate::model::{
    Caller, Changes, Connection, Edit, Guard, Image, ImageCache, ImageStatus, MediaType, Moment,
    PrimaryStorage, Uuid, Vm, VmInstance, VmState, Volume,
};

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The VM instance asked for.
    pub vm_uuid: String,
    /// Where it is to run.
    pub wish: Wish,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The ISOs in its drives, as far as they still exist.
    pub isos: Vec<Image>,
    /// The image that its root volume is to be made from, if it still exists.
    pub image: Option<Image>,
    /// Where that image is cached.
    pub caches: Vec<ImageCache>,
    /// The networks of network cards that have no address.
    pub networks: Vec<Network>,
    /// The storages.
    pub storages: Storages,
    /// The clusters and hosts.
    pub places: Places,
}

/// A request that may be tried.
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a Facts,
    vm: &'a Vm,
}

/// What is named exists, and the caller may. A dry run ends here.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    let vm = access::target_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    facts.places.check(&facts.wish)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_vm(caller, vm)?;
    Ok(Admitted { facts, vm })
}

impl Admitted<'_> {
    /// The state, a host, a root volume, addresses, and the ISOs; nothing
    /// changes for one that runs already.
    ///
    /// # Errors
    ///
    /// The first row that does not hold.
    pub fn decide(&self, now: Moment, new_volume: Uuid) -> Verdict<Changes> {
        let vm = self.vm;
        Transition::Start.check(vm)?;
        if vm.instance.state == VmState::Running {
            return Ok(Changes::default());
        }
        self.start(now, new_volume).map_err(|cause| Transition::Start.failed(vm, *cause))
    }

    fn start(&self, now: Moment, new_volume: Uuid) -> Verdict<Changes> {
        let (facts, vm) = (self.facts, self.vm);
        let mut guards = vec![Guard::changing(vm)];
        let host = facts.places.choose(vm, &facts.wish)?;
        let mut instance = VmInstance {
            cluster_uuid: host.cluster_uuid.clone(),
            host_uuid: Some(host.uuid.clone()),
            last_host_uuid: Some(host.uuid.clone()),
            ..in_state(&vm.instance, VmState::Running, now)
        };
        let mut edits = Vec::new();
        let storage = if vm.root_volume().is_some() {
            inserted::storage_of(vm, &facts.storages)?
        } else {
            let (storage, volume, cache) = self.first_volume(&instance, now, new_volume)?;
            instance.root_volume_uuid = Some(volume.uuid.clone());
            guards.extend(facts.image.as_ref().map(Guard::reading));
            edits.extend(cache.map(Edit::create));
            edits.push(Edit::create(volume));
            storage
        };
        edits.extend(addresses::give(vm, facts.networks.clone(), now)?);
        guards.extend(facts.isos.iter().map(Guard::reading));
        edits.extend(inserted::present(vm, storage, &facts.isos, &facts.storages, now)?);
        edits.push(Edit::update(instance));
        Ok(Changes { guards, edits })
    }

    /// The root volume of one that never ran: a copy of its image, on the
    /// oldest primary storage that the image can get to, and a cached copy of
    /// the image there if it is the first.
    fn first_volume(
        &self,
        vm: &VmInstance,
        now: Moment,
        uuid: Uuid,
    ) -> Verdict<(&PrimaryStorage, Volume, Option<ImageCache>)> {
        let facts = self.facts;
        let template = facts.image.as_ref().filter(|image| image.info.media_type != MediaType::Iso);
        let image = template.ok_or_else(|| {
            errors::operation_failed(format!(
                "The VM instance [uuid:{}] has no root volume, and there is no template to make one from.",
                vm.uuid
            ))
        })?;
        let cached = |it: &PrimaryStorage| facts.caches.iter().any(|at| at.primary_storage_uuid == it.uuid);
        let reachable = |it: &&PrimaryStorage| {
            let supply = || facts.storages.supplying(image, &vm.zone_uuid);
            it.status == Connection::Connected
                && facts.places.serves(&it.uuid, &vm.cluster_uuid)
                && (cached(it)
                    || image.info.status == ImageStatus::Ready
                        && supply().any(|from| works_with(&from.storage, it)))
        };
        let storage = facts.storages.primary.iter().find(reachable).ok_or_else(|| {
            errors::operation_failed(format!(
                "No connected primary storage of the cluster [uuid:{}] can get a copy of the image [uuid:{}]; add the \
                 image to a connected backup storage that works with one.",
                vm.cluster_uuid, image.info.uuid
            ))
        })?;
        let volume = Volume::root(vm, storage, uuid, Some(&image.info), image.info.size, now);
        let cache = (!cached(storage)).then(|| ImageCache::new(&image.info, storage, now));
        Ok((storage, volume, cache))
    }
}
