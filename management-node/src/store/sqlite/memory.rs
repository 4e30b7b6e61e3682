//! What nearly every call reads and hardly any changes - sessions, images,
//! storages - kept in memory until a commit changes it.
//!
//! That is safe because no other process writes the file: every change comes
//! through the writer, which lets go of what it has changed after that is
//! durable and before anybody is told. Whoever asks after an answer finds the
//! new state; whoever asks at the same time finds either.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::{Aggregate, Changes, Edit, Entity, Image, ImageCache, Uuid};
use crate::rules::Storages;
use crate::store::{Loaded, SessionRecord};

/// How many records of a kind are kept. More are not expected; if there are
/// more, all are let go to begin anew.
const MOST: usize = 4096;

#[derive(Default)]
pub(super) struct Memory {
    /// There is one, under no name.
    pub(super) storages: Shelf<Storages>,
    pub(super) images: Shelf<Image>,
    /// By image.
    pub(super) image_caches: Shelf<Vec<ImageCache>>,
    pub(super) sessions: Shelf<SessionRecord>,
}

impl Memory {
    /// Lets go of what these changes may have changed.
    pub(super) fn forget(&self, changes: &Changes) {
        if changes.guards.iter().any(|it| it.changes && it.aggregate == Aggregate::Image) {
            self.images.clear();
        }
        for edit in &changes.edits {
            match edit {
                Edit::Create(entity) | Edit::Update(entity) => self.forget_entity(entity),
                Edit::ExtendSession { .. } | Edit::DeleteSession(_) | Edit::DeleteSessionsBefore(_) => {
                    self.sessions.clear();
                }
            }
        }
    }

    fn forget_entity(&self, entity: &Entity) {
        match entity {
            // A session is kept with what its account may do.
            Entity::Account(_) | Entity::Session(_) => self.sessions.clear(),
            Entity::PrimaryStorage(_) | Entity::BackupStorage(_) | Entity::BackupStorageZone(_) => {
                self.storages.clear();
            }
            Entity::ImageInfo(_) | Entity::BackupStorageRef(_) => self.images.clear(),
            Entity::ImageCache(_) => self.image_caches.clear(),
            Entity::Zone(_)
            | Entity::Cluster(_)
            | Entity::Host(_)
            | Entity::PrimaryStorageCluster(_)
            | Entity::L3Network(_)
            | Entity::IpRange(_)
            | Entity::InstanceOffering(_)
            | Entity::VmInstance(_)
            | Entity::Volume(_)
            | Entity::VolumeSnapshot(_)
            | Entity::VmNic(_)
            | Entity::UsedIp(_)
            | Entity::CdRom(_) => {}
        }
    }
}

/// Records of a kind. That there is none is not kept.
pub(super) struct Shelf<T>(Mutex<Kept<T>>);

struct Kept<T> {
    records: HashMap<Uuid, T>,
    /// How often they were let go.
    cleared: u64,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(Mutex::new(Kept { records: HashMap::new(), cleared: 0 }))
    }
}

impl<T: Clone> Shelf<T> {
    fn kept(&self) -> MutexGuard<'_, Kept<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record that is kept, or else the one that is loaded.
    pub(super) fn find(&self, uuid: &str, load: impl FnOnce() -> Loaded<Option<T>>) -> Loaded<Option<T>> {
        let cleared = {
            let kept = self.kept();
            if let Some(record) = kept.records.get(uuid) {
                return Ok(Some(record.clone()));
            }
            kept.cleared
        };
        let loaded = load()?;
        if let Some(record) = &loaded {
            let mut kept = self.kept();
            // Else it may have been loaded before something was changed.
            if kept.cleared == cleared {
                if kept.records.len() >= MOST {
                    kept.records.clear();
                }
                kept.records.insert(uuid.to_owned(), record.clone());
            }
        }
        Ok(loaded)
    }

    fn clear(&self) {
        let mut kept = self.kept();
        kept.records.clear();
        kept.cleared += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_not_loaded_again_until_it_is_let_go() {
        let shelf = Shelf::default();
        assert_eq!(shelf.find("a", || Ok(None)), Ok(None));
        assert_eq!(shelf.find("a", || Ok(Some(1))), Ok(Some(1)));
        assert_eq!(shelf.find("a", || Ok(Some(2))), Ok(Some(1)));
        shelf.clear();
        assert_eq!(shelf.find("a", || Ok(Some(3))), Ok(Some(3)));
    }

    #[test]
    fn what_was_loaded_before_a_change_is_not_kept_after_it() {
        let shelf = Shelf::default();
        let overtaken = shelf.find("a", || {
            shelf.clear();
            Ok(Some(1))
        });
        assert_eq!(overtaken, Ok(Some(1)));
        assert_eq!(shelf.find("a", || Ok(Some(2))), Ok(Some(2)));
    }

    #[test]
    fn there_is_an_end_to_it() {
        let shelf = Shelf::default();
        for number in 0..=MOST {
            shelf.find(&number.to_string(), || Ok(Some(number))).unwrap();
        }
        assert_eq!(shelf.kept().records.len(), 1);
    }
}
