//! GetCandidateVmForAttachingIso: the VM instances an image can get to.

use super::access;
use super::errors::Verdict;
use super::storages::{Storages, works_with};
use crate::model::{Caller, Image, Uuid, Vm, VmState};

/// The states of candidates. Not Paused, though attaching would be allowed.
pub const STATES: &[VmState] = &[VmState::Running, VmState::Stopped];

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The image asked for.
    pub iso_uuid: String,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The image, if it exists.
    pub iso: Option<Image>,
    /// The storages.
    pub storages: Storages,
}

/// A request that may be answered.
#[derive(Debug)]
pub struct Admitted<'a> {
    /// The primary storages that the image can get to.
    pub primary_storages: Vec<Uuid>,
    caller: &'a Caller,
}

/// The image exists - of whatever media type - the session is valid, and the
/// caller may use the image. The platform forgets the last of these, and so
/// shows where an image that is not shared could be attached.
///
/// # Errors
///
/// The first row that does not hold.
pub fn admit(facts: &Facts) -> Verdict<Admitted<'_>> {
    let iso = access::existing_image(facts.iso.as_ref(), &facts.iso_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::allow_image(caller, iso)?;
    let reachable = facts
        .storages
        .primary
        .iter()
        .filter(|storage| facts.storages.holding(iso).any(|it| works_with(&it.storage, storage)));
    Ok(Admitted { primary_storages: reachable.map(|reachable| reachable.uuid.clone()).collect(), caller })
}

impl Admitted<'_> {
    /// Of VM instances that lie on those primary storages, in one of
    /// [`STATES`]: those that the caller may see, oldest first.
    #[must_use]
    pub fn select(&self, vms: Vec<Vm>) -> Vec<Vm> {
        let mut seen: Vec<_> = vms
            .into_iter()
            .filter(|it| self.caller.may_use(&it.instance.account_uuid, it.instance.shared))
            .collect();
        seen.sort_by(|a, b| {
            (a.instance.create_date, &a.instance.uuid).cmp(&(b.instance.create_date, &b.instance.uuid))
        });
        seen
    }
}
