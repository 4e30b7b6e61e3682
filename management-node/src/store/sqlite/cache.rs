//! Caches of the records that nearly every call reads - sessions, images,
//! storages, the VM instance - so that a call that changes a VM instance reads
//! nothing from the file.
//!
//! They are correct because no other process writes the file. The writer updates
//! them after a commit is durable and before callers get its result. So a call
//! after that result sees the new state, and a concurrent call sees either state.
//! The guards in the file prevent commits that are based on an old state.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zstack_server::StoredJob;

use crate::model::{Aggregate, Changes, Edit, Entity, Image, ImageCache, JobEdit, Uuid, Vm};
use crate::rules::Storages;
use crate::store::{AccessKeyRecord, SessionRecord, StoreResult};

/// The maximum number of records in a cache. When it is exceeded, which is
/// unlikely, the cache is cleared.
const MAX_RECORDS: usize = 4096;

/// The maximum number of cached jobs: results are large, and most are read once.
const MAX_JOBS: usize = 2000;

#[derive(Default)]
pub(super) struct Caches {
    /// All storages, under an empty key.
    pub(super) storages: Cache<Storages>,
    pub(super) images: Cache<Image>,
    /// By the UUID of the image.
    pub(super) image_caches: Cache<Vec<ImageCache>>,
    pub(super) sessions: Cache<SessionRecord>,
    pub(super) vms: Cache<Vm>,
    /// By the access key ID.
    pub(super) access_keys: Cache<AccessKeyRecord>,
    pub(super) jobs: Cache<StoredJob, MAX_JOBS>,
}

impl Caches {
    /// Updates the caches after changes were committed or refused: VM instances are
    /// changed in the same way, and other records invalidated.
    pub(super) fn update(&self, changes: &Changes, is_committed: bool) {
        for guard in changes.guards.iter().filter(|guard| guard.changes) {
            match guard.aggregate {
                // No cached record has the revision of an account.
                Aggregate::Account => {}
                Aggregate::Image => self.images.clear(),
                Aggregate::Vm => self.vms.change(&guard.uuid, |vm| {
                    let is_known =
                        is_committed && vm.revision == guard.revision && !deletes_vm(changes, &guard.uuid);
                    if is_known {
                        vm.apply(changes);
                    }
                    is_known
                }),
            }
        }
        for edit in &changes.edits {
            match edit {
                Edit::Clear | Edit::Load(_) => self.clear(),
                Edit::Document(edit) => edit.base().into_iter().for_each(|base| self.invalidate_kind(base)),
                Edit::Create(entity) | Edit::Update(entity) | Edit::Delete(entity) => {
                    self.invalidate(entity, changes);
                }
                // Snapshots are not cached.
                Edit::DeleteSnapshots { .. } | Edit::ClaimUuid(_) => {}
                Edit::ExtendSession { .. } | Edit::DeleteSession(_) | Edit::DeleteSessionsBefore(_) => {
                    self.sessions.clear();
                }
                // Only the file decides which of several results is valid.
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

    /// Invalidates the cached records that documents of a kind are part of.
    fn invalidate_kind(&self, base: &str) {
        match base {
            "Account" | "AccessKey" => {
                self.sessions.clear();
                self.access_keys.clear();
            }
            "PrimaryStorage" | "BackupStorage" => self.storages.clear(),
            "Image" => self.images.clear(),
            "ImageCache" => self.image_caches.clear(),
            "VmInstance" | "Volume" | "VmNic" | "UsedIp" | "VmCdRom" => self.vms.clear(),
            _ => {}
        }
    }

    fn invalidate(&self, entity: &Entity, changes: &Changes) {
        match entity {
            Entity::Session(_) => self.sessions.clear(),
            // Cached sessions and access keys contain the rights of their account.
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
                // With a guard, the VM instance was updated above.
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

/// Returns true if changes delete a VM instance.
fn deletes_vm(changes: &Changes, vm_uuid: &str) -> bool {
    changes
        .edits
        .iter()
        .any(|edit| matches!(edit, Edit::Delete(Entity::VmInstance(vm)) if vm.uuid == vm_uuid))
}

/// A cache of the records of a kind. Missing records are not cached.
pub(super) struct Cache<T, const LIMIT: usize = MAX_RECORDS>(Mutex<CacheContent<T>>);

struct CacheContent<T> {
    records: HashMap<Uuid, T>,
    /// The number of changes so far.
    changes: u64,
}

impl<T, const LIMIT: usize> Default for Cache<T, LIMIT> {
    fn default() -> Self {
        Self(Mutex::new(CacheContent { records: HashMap::new(), changes: 0 }))
    }
}

impl<T: Clone, const LIMIT: usize> Cache<T, LIMIT> {
    fn content(&self) -> MutexGuard<'_, CacheContent<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the cached record, or loads it.
    pub(super) fn find(
        &self,
        uuid: &str,
        load: impl FnOnce() -> StoreResult<Option<T>>,
    ) -> StoreResult<Option<T>> {
        let changes = {
            let content = self.content();
            if let Some(record) = content.records.get(uuid) {
                return Ok(Some(record.clone()));
            }
            content.changes
        };
        let loaded = load()?;
        if let Some(record) = &loaded {
            let mut content = self.content();
            // After a change in the meantime, the loaded record may be outdated.
            if content.changes == changes {
                if content.records.len() >= LIMIT {
                    content.records.clear();
                }
                content.records.insert(uuid.to_owned(), record.clone());
            }
        }
        Ok(loaded)
    }

    /// Changes a cached record; if `change` returns false, removes it.
    fn change(&self, uuid: &str, change: impl FnOnce(&mut T) -> bool) {
        let mut content = self.content();
        content.changes += 1;
        if !content.records.get_mut(uuid).is_none_or(change) {
            content.records.remove(uuid);
        }
    }

    fn clear(&self) {
        let mut content = self.content();
        content.records.clear();
        content.changes += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_a_record_once_until_it_is_invalidated() {
        let cache = <Cache<i32>>::default();
        assert_eq!(cache.find("a", || Ok(None)), Ok(None));
        assert_eq!(cache.find("a", || Ok(Some(1))), Ok(Some(1)));
        assert_eq!(cache.find("a", || Ok(Some(2))), Ok(Some(1)));
        cache.clear();
        assert_eq!(cache.find("a", || Ok(Some(3))), Ok(Some(3)));
    }

    #[test]
    fn does_not_cache_a_record_loaded_before_a_change() {
        let cache = <Cache<i32>>::default();
        let outdated = cache.find("a", || {
            cache.clear();
            Ok(Some(1))
        });
        assert_eq!(outdated, Ok(Some(1)));
        assert_eq!(cache.find("a", || Ok(Some(2))), Ok(Some(2)));
    }

    #[test]
    fn limits_the_number_of_records() {
        let cache = <Cache<usize>>::default();
        for number in 0..=MAX_RECORDS {
            cache.find(&number.to_string(), || Ok(Some(number))).unwrap();
        }
        assert_eq!(cache.content().records.len(), 1);
    }
}
