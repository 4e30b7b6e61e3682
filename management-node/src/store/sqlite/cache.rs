//! Caches of what nearly every call reads - sessions, a VM instance with its parts, an image - so that a
//! call that changes a VM instance reads nothing from the file.
//!
//! They are correct because no other process writes the file. The writer updates
//! them after a commit is durable and before callers get its result. So a call
//! after that result sees the new state, and a concurrent call sees either state.
//! The guards in the file prevent commits that are based on an old state.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zstack_server::StoredJob;

use crate::model::{Changes, Document, DocumentEdit, Edit, Entity, JobEdit, Uuid};
use crate::store::{AccessKeyRecord, SessionRecord, StoreResult};

/// The maximum number of records in a cache. When it is exceeded, the cache is cleared.
const MAX_RECORDS: usize = 4096;

/// The maximum number of cached documents and of cached lists of those that refer to one.
pub(super) const MAX_DOCUMENTS: usize = 16_384;

/// The maximum number of cached jobs: results are large, and most are read once.
const MAX_JOBS: usize = 2000;

/// A document that refers to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) uuid: Uuid,
    pub(super) field: String,
}

#[derive(Default)]
pub(super) struct Caches {
    pub(super) documents: Cache<Document, MAX_DOCUMENTS>,
    /// The documents that refer to one, by its UUID.
    pub(super) sources: Cache<Vec<Source>, MAX_DOCUMENTS>,
    pub(super) sessions: Cache<SessionRecord>,
    /// By the access key ID.
    pub(super) access_keys: Cache<AccessKeyRecord>,
    pub(super) jobs: Cache<StoredJob, MAX_JOBS>,
}

impl Caches {
    /// Updates the caches after changes were committed, with the UUIDs to which other documents refer
    /// now, or refused.
    pub(super) fn update(&self, changes: &Changes, linked: Result<&[Uuid], ()>) {
        let is_committed = linked.is_ok();
        for guard in changes.guards.iter().filter(|guard| guard.changes) {
            self.documents.change(&guard.uuid, |document| {
                document.revision += 1;
                is_committed && document.revision == guard.revision + 1
            });
        }
        for target in linked.unwrap_or_default() {
            self.sources.change(target, |_| false);
        }
        for edit in &changes.edits {
            match edit {
                Edit::Clear | Edit::Load(_) => self.clear(),
                Edit::Document(edit) => self.update_document(edit, is_committed),
                Edit::Create(entity) | Edit::Delete(entity) => self.update_record(entity),
                Edit::ClaimUuid(_) => {}
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

    /// Removes all records.
    pub(super) fn clear(&self) {
        self.documents.clear();
        self.sources.clear();
        self.sessions.clear();
        self.access_keys.clear();
        self.jobs.clear();
    }

    fn update_document(&self, edit: &DocumentEdit, is_committed: bool) {
        match edit {
            DocumentEdit::Replace { document, .. } if is_committed => {
                self.documents.change(&document.uuid, |cached| {
                    cached.clone_from(document);
                    cached.revision += 1;
                    true
                });
            }
            DocumentEdit::Create { document, .. }
            | DocumentEdit::Replace { document, .. }
            | DocumentEdit::Delete { document } => self.documents.change(&document.uuid, |_| false),
            DocumentEdit::Unlink { .. } => {}
        }
        // Cached sessions and access keys contain the rights of their account.
        if matches!(edit.base(), Some("Account" | "AccessKey")) {
            self.sessions.clear();
            self.access_keys.clear();
        }
    }

    fn update_record(&self, entity: &Entity) {
        match entity {
            Entity::Session(_) => self.sessions.clear(),
            _ => {
                self.documents.clear();
                self.sources.clear();
                self.sessions.clear();
                self.access_keys.clear();
            }
        }
    }
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
            self.put(uuid, record, changes);
        }
        Ok(loaded)
    }

    /// Returns the cached records of several UUIDs, and the number of changes for [`put`](Self::put).
    pub(super) fn get<'u>(&self, uuids: impl Iterator<Item = &'u Uuid>) -> (Vec<Option<T>>, u64) {
        let content = self.content();
        (uuids.map(|uuid| content.records.get(uuid).cloned()).collect(), content.changes)
    }

    /// Returns the cached record if it satisfies a condition.
    pub(super) fn find_if(&self, uuid: &str, condition: impl FnOnce(&T) -> bool) -> Option<T> {
        self.content().records.get(uuid).filter(|record| condition(record)).cloned()
    }

    /// The number of changes so far.
    pub(super) fn changes(&self) -> u64 {
        self.content().changes
    }

    /// True if a record can be cached and no others have to go: a list of all records must not displace
    /// those in use.
    pub(super) fn has_room(&self) -> bool {
        self.content().records.len() < LIMIT
    }

    /// Caches a record that was loaded after a number of changes.
    pub(super) fn put(&self, uuid: &str, record: &T, changes: u64) {
        let mut content = self.content();
        // After a change in the meantime, the loaded record may be outdated.
        if content.changes == changes {
            if content.records.len() >= LIMIT {
                content.records.clear();
            }
            content.records.insert(uuid.to_owned(), record.clone());
        }
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
