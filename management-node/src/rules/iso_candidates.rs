//! GetCandidateIsoForAttachingVm: lists the ISOs that can be attached to a VM
//! instance.

use super::access;
use super::errors::Verdict;
use super::storages::{Storages, is_compatible};
use super::vm_candidates::STATES;
use crate::model::{Architecture, Caller, Enabled, Image, ImageStatus, MediaType, PrimaryStorage, Vm};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct IsoCandidatesFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The storages.
    pub storages: Storages,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    /// The caller.
    pub caller: &'a Caller,
    /// The VM instance.
    pub vm: &'a Vm,
    storages: &'a Storages,
}

/// Checks that the VM instance exists, that the session is valid, and that the
/// caller may use the VM instance.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &IsoCandidatesFacts) -> Verdict<Admitted<'_>> {
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
    Ok(Admitted { caller, vm, storages: &facts.storages })
}

impl Admitted<'_> {
    /// Selects from the images that the caller may use the ISOs that can be
    /// attached to the VM instance, and are not yet. `architecture` is that of its
    /// cluster; `None` allows any.
    #[must_use]
    pub fn select(&self, images: Vec<Image>, architecture: Option<Architecture>) -> Vec<Image> {
        let root = self
            .vm
            .root_volume()
            .and_then(|root_volume| self.storages.primary(&root_volume.primary_storage_uuid));
        let Some(storage) = root.filter(|_| STATES.contains(&self.vm.instance.state)) else {
            return Vec::new();
        };
        let is_usable = |image: &Image| {
            let info = &image.info;
            info.media_type == MediaType::Iso
                && info.state == Enabled::Enabled
                && info.status == ImageStatus::Ready
                && !info.system
                && architecture.is_none_or(|architecture| architecture == info.architecture)
        };
        let is_detached = |image: &Image| self.vm.drive_with(&image.info.uuid).is_none();
        images
            .into_iter()
            .filter(|image| is_usable(image) && is_detached(image) && self.is_reachable(image, storage))
            .collect()
    }

    /// Returns true if a backup storage in the zone has the image and is compatible
    /// with the storage.
    fn is_reachable(&self, image: &Image, storage: &PrimaryStorage) -> bool {
        let zone = &self.vm.instance.zone_uuid;
        self.storages
            .with_image(image)
            .any(|backup| backup.zone_uuids.contains(zone) && is_compatible(&backup.storage, storage))
    }
}
