//! What nearly every call reads - sessions, images, storages, the VM instance
//! it is about - kept in memory, so that a call that changes a VM instance
//! reads nothing from the file.
//!
//! That is safe because no other process writes the file: every change comes
//! through the writer, which tells this of it after it is durable and before
//! anybody is answered. Whoever asks after an answer finds the new state;
//! whoever asks at the same time finds either. Guards make sure of the rest,
//! in the file: what was decided on an old state is not committed.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zstack_server::StoredJob;

use crate::model::{Aggregate, Changes, Edit, Entity, Image, ImageCache, JobEdit, Uuid, Vm};
use crate::rules::Storages;
use crate::store::{AccessKeyRecord, Loaded, SessionRecord};

/// How many records of a kind are kept. More are not expected; if there are
/// more, all are let go to begin anew.
const MOST: usize = 4096;

/// How many jobs are kept: results are large, and most are asked for once.
const MOST_JOBS: usize = 2000;

#[derive(Default)]
pub(super) struct Memory {
    /// There is one, under no name.
    pub(super) storages: Shelf<Storages>,
    pub(super) images: Shelf<Image>,
    /// By image.
    pub(super) image_caches: Shelf<Vec<ImageCache>>,
    pub(super) sessions: Shelf<SessionRecord>,
    pub(super) vms: Shelf<Vm>,
    /// By what requests name them by.
    pub(super) access_keys: Shelf<AccessKeyRecord>,
    pub(super) jobs: Shelf<StoredJob, MOST_JOBS>,
}

impl Memory {
    /// These changes were made, or refused. What they may have changed is let
    /// go; a VM instance is kept as they made it.
    pub(super) fn follow(&self, changes: &Changes, made: bool) {
        for guard in changes.guards.iter().filter(|guard| guard.changes) {
            match guard.aggregate {
                // Of an account nothing is kept that has a revision.
                Aggregate::Account => {}
                Aggregate::Image => self.images.clear(),
                Aggregate::Vm => self.vms.change(&guard.uuid, |vm| {
                    let known = made && vm.revision == guard.revision && !removes(changes, &guard.uuid);
                    if known {
                        vm.apply(changes);
                    }
                    known
                }),
            }
        }
        for edit in &changes.edits {
            match edit {
                Edit::Clear => self.clear(),
                Edit::Create(entity) | Edit::Update(entity) | Edit::Delete(entity) => {
                    self.let_go(entity, changes);
                }
                // Of snapshots nothing is kept.
                Edit::DeleteSnapshots { .. } | Edit::ClaimUuid(_) => {}
                Edit::ExtendSession { .. } | Edit::DeleteSession(_) | Edit::DeleteSessionsBefore(_) => {
                    self.sessions.clear();
                }
                // Which of several results counts is known to the file.
                Edit::Job(JobEdit::Begin(job, _)) => self.jobs.change(&job.uuid, |_| false),
                Edit::Job(JobEdit::Finish(finished)) => self.jobs.change(&finished.job.uuid, |_| false),
                Edit::Job(JobEdit::WebhookDone(_)) => {}
                Edit::Job(JobEdit::DeleteExpired(_)) => self.jobs.clear(),
            }
        }
    }

    fn clear(&self) {
        self.storages.clear();
        self.images.clear();
        self.image_caches.clear();
        self.sessions.clear();
        self.vms.clear();
        self.access_keys.clear();
        self.jobs.clear();
    }

    fn let_go(&self, entity: &Entity, changes: &Changes) {
        match entity {
            // A session is kept with what its account may do.
            Entity::Session(_) => self.sessions.clear(),
            // So is a key.
            Entity::Account(_) | Entity::AccessKey(_) => {
                self.sessions.clear();
                self.access_keys.clear();
            }
            Entity::PrimaryStorage(_) | Entity::BackupStorage(_) | Entity::BackupStorageZone(_) => {
                self.storages.clear();
            }
            Entity::ImageInfo(_) | Entity::BackupStorageRef(_) => self.images.clear(),
            Entity::ImageCache(_) => self.image_caches.clear(),
            Entity::VmInstance(_)
            | Entity::Volume(_)
            | Entity::VmNic(_)
            | Entity::UsedIp(_)
            | Entity::CdRom(_) => {
                // With a guard, its VM instance was changed above.
                if !changes.guards.iter().any(|guard| guard.changes && guard.aggregate == Aggregate::Vm) {
                    self.vms.clear();
                }
            }
            Entity::Zone(_)
            | Entity::Cluster(_)
            | Entity::Host(_)
            | Entity::PrimaryStorageCluster(_)
            | Entity::L3Network(_)
            | Entity::IpRange(_)
            | Entity::InstanceOffering(_)
            | Entity::VolumeSnapshot(_) => {}
        }
    }
}

/// Whether a VM instance is removed for good.
fn removes(changes: &Changes, vm_uuid: &str) -> bool {
    changes
        .edits
        .iter()
        .any(|edit| matches!(edit, Edit::Delete(Entity::VmInstance(vm)) if vm.uuid == vm_uuid))
}

/// Records of a kind. That there is none is not kept.
pub(super) struct Shelf<T, const LIMIT: usize = MOST>(Mutex<Kept<T>>);

struct Kept<T> {
    records: HashMap<Uuid, T>,
    /// How often something was changed.
    changes: u64,
}

impl<T, const LIMIT: usize> Default for Shelf<T, LIMIT> {
    fn default() -> Self {
        Self(Mutex::new(Kept { records: HashMap::new(), changes: 0 }))
    }
}

impl<T: Clone, const LIMIT: usize> Shelf<T, LIMIT> {
    fn kept(&self) -> MutexGuard<'_, Kept<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record that is kept, or else the one that is loaded.
    pub(super) fn find(&self, uuid: &str, load: impl FnOnce() -> Loaded<Option<T>>) -> Loaded<Option<T>> {
        let changes = {
            let kept = self.kept();
            if let Some(record) = kept.records.get(uuid) {
                return Ok(Some(record.clone()));
            }
            kept.changes
        };
        let loaded = load()?;
        if let Some(record) = &loaded {
            let mut kept = self.kept();
            // Else it may have been loaded before something was changed.
            if kept.changes == changes {
                if kept.records.len() >= LIMIT {
                    kept.records.clear();
                }
                kept.records.insert(uuid.to_owned(), record.clone());
            }
        }
        Ok(loaded)
    }

    /// Changes the record, if it is kept; `change` says whether to go on
    /// keeping it.
    fn change(&self, uuid: &str, change: impl FnOnce(&mut T) -> bool) {
        let mut kept = self.kept();
        kept.changes += 1;
        if !kept.records.get_mut(uuid).is_none_or(change) {
            kept.records.remove(uuid);
        }
    }

    fn clear(&self) {
        let mut kept = self.kept();
        kept.records.clear();
        kept.changes += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_not_loaded_again_until_it_is_let_go() {
        let shelf = <Shelf<i32>>::default();
        assert_eq!(shelf.find("a", || Ok(None)), Ok(None));
        assert_eq!(shelf.find("a", || Ok(Some(1))), Ok(Some(1)));
        assert_eq!(shelf.find("a", || Ok(Some(2))), Ok(Some(1)));
        shelf.clear();
        assert_eq!(shelf.find("a", || Ok(Some(3))), Ok(Some(3)));
    }

    #[test]
    fn what_was_loaded_before_a_change_is_not_kept_after_it() {
        let shelf = <Shelf<i32>>::default();
        let overtaken = shelf.find("a", || {
            shelf.clear();
            Ok(Some(1))
        });
        assert_eq!(overtaken, Ok(Some(1)));
        assert_eq!(shelf.find("a", || Ok(Some(2))), Ok(Some(2)));
    }

    #[test]
    fn there_is_an_end_to_it() {
        let shelf = <Shelf<usize>>::default();
        for number in 0..=MOST {
            shelf.find(&number.to_string(), || Ok(Some(number))).unwrap();
        }
        assert_eq!(shelf.kept().records.len(), 1);
    }
}
