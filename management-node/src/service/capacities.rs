//! The capacities of storages, which follow from what they contain.

use super::{Failure, Node};
use crate::cloud::storages::set_capacity;
use crate::model::Document;
use crate::store::Store;

impl<S: Store> Node<S> {
    /// Sets the capacities of the storages among these documents.
    pub(super) async fn set_capacities(&self, documents: &mut [Document]) -> Result<(), Failure> {
        let is_storage = |document: &Document| matches!(&*document.base, "PrimaryStorage" | "BackupStorage");
        if !documents.iter().any(is_storage) {
            return Ok(());
        }
        let hosts = self.store.documents_of("Host").await?;
        for document in documents.iter_mut().filter(|document| is_storage(document)) {
            let allocated = self.store.allocated_bytes(&document.uuid).await?;
            set_capacity(document, &hosts, allocated);
        }
        Ok(())
    }
}
