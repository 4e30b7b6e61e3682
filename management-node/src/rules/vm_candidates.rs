//! GetCandidateVmForAttachingIso: lists the VM instances to which an ISO can be
//! attached.

use super::access;
use super::errors::Verdict;
use super::storages::{Storages, is_compatible};
use crate::model::{Caller, Image, Uuid, Vm, VmState};

/// The states of candidates; Paused is missing, although it allows attaching.
pub const STATES: &[VmState] = &[VmState::Running, VmState::Stopped];

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct VmCandidatesFacts {
    /// The UUID of the requested image.
    pub iso_uuid: String,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The image, if it exists.
    pub iso: Option<Image>,
    /// The storages.
    pub storages: Storages,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    /// The UUIDs of the primary storages that can get the image.
    pub primary_storages: Vec<Uuid>,
    caller: &'a Caller,
}

/// Checks that the image exists, with any media type, that the session is valid,
/// and that the caller may use the image. The platform does not check the last,
/// and lists VM instances for images of other accounts.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &VmCandidatesFacts) -> Verdict<Admitted<'_>> {
    let iso = access::existing_image(facts.iso.as_ref(), &facts.iso_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_image_access(caller, iso)?;
    let reachable = facts.storages.primary.iter().filter(|storage| {
        facts.storages.with_image(iso).any(|backup| is_compatible(&backup.storage, storage))
    });
    Ok(Admitted { primary_storages: reachable.map(|storage| storage.uuid.clone()).collect(), caller })
}

impl Admitted<'_> {
    /// Selects the VM instances that the caller may use, oldest first. `vms` are
    /// those on these primary storages in one of [`STATES`].
    #[must_use]
    pub fn select(&self, mut vms: Vec<Vm>) -> Vec<Vm> {
        vms.retain(|vm| self.caller.may_use(&vm.instance.account_uuid, vm.instance.shared));
        vms.sort_by(|a, b| {
            (a.instance.create_date, &a.instance.uuid).cmp(&(b.instance.create_date, &b.instance.uuid))
        });
        vms
    }
}
