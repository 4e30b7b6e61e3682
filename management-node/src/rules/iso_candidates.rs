//! GetCandidateIsoForAttachingVm: the ISO images that can get to a VM instance.

use super::access;
use super::candidates::STATES;
use super::errors::Verdict;
use super::storages::{Storages, works_with};
use crate::model::{Architecture, Caller, Enabled, Image, ImageStatus, MediaType, PrimaryStorage, Vm};

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The VM instance asked for.
    pub vm_uuid: String,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The storages.
    pub storages: Storages,
}

/// A request that may be answered.
#[derive(Debug)]
pub struct Admitted<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// The VM instance.
    pub vm: &'a Vm,
    storages: &'a Storages,
}

/// The VM instance exists, the session holds, and the caller may use it.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_vm(caller, vm)?;
    Ok(Admitted { caller, vm, storages: &facts.storages })
}

impl Admitted<'_> {
    /// Of the images that the caller sees: the ISO images that can be used
    /// where the VM instance is, and are not in it. `architecture` is that of
    /// its cluster; where that has none, any will do.
    #[must_use]
    pub fn select(&self, images: Vec<Image>, architecture: Option<Architecture>) -> Vec<Image> {
        let root = self
            .vm
            .root_volume()
            .and_then(|root_volume| self.storages.primary(&root_volume.primary_storage_uuid));
        let Some(storage) = root.filter(|_| STATES.contains(&self.vm.instance.state)) else {
            return Vec::new();
        };
        let is_usable = |it: &Image| {
            let info = &it.info;
            info.media_type == MediaType::Iso
                && info.state == Enabled::Enabled
                && info.status == ImageStatus::Ready
                && !info.system
                && architecture.is_none_or(|architecture| architecture == info.architecture)
        };
        let is_new = |it: &Image| self.vm.drive_with(&it.info.uuid).is_none();
        images
            .into_iter()
            .filter(|image| is_usable(image) && is_new(image) && self.reaches(image, storage))
            .collect()
    }

    /// Whether an image lies where it can get to the storage, within the zone.
    fn reaches(&self, image: &Image, storage: &PrimaryStorage) -> bool {
        let zone = &self.vm.instance.zone_uuid;
        self.storages
            .holding(image)
            .any(|it| it.zone_uuids.contains(zone) && works_with(&it.storage, storage))
    }
}
