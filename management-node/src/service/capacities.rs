//! Capacities of storages and hosts, which follow from what they contain.

use super::{Failure, Node};
use crate::cloud::hosts::{self, OVERPROVISIONING};
use crate::cloud::settings;
use crate::cloud::storages::set_capacity;
use crate::model::Document;
use crate::store::Store;

impl<S: Store> Node<S> {
    /// Sets the capacities of the storages and hosts among these documents.
    pub(super) async fn set_capacities(&self, documents: &mut [Document]) -> Result<(), Failure> {
        let is_storage = |document: &Document| matches!(&*document.base, "PrimaryStorage" | "BackupStorage");
        if documents.iter().any(is_storage) {
            let hosts = self.store.documents_of("Host").await?;
            for document in documents.iter_mut().filter(|document| is_storage(document)) {
                let allocated = self.store.allocated_bytes(&document.uuid).await?;
                set_capacity(document, &hosts, allocated);
            }
        }
        let is_host = |document: &Document| document.base == "Host";
        if documents.iter().any(is_host) {
            let own_ratios = self.store.documents_of("ResourceConfig").await?;
            let (category, name) = OVERPROVISIONING;
            let global = vec![settings::find(category, name)?.uuid()];
            let global = self.store.documents(&global).await?.pop();
            for host in documents.iter_mut().filter(|document| is_host(document)) {
                let ratio = hosts::overprovisioning(host, &own_ratios, global.as_ref());
                let allocated = self.store.allocated_compute(&host.uuid).await?;
                hosts::set_capacity(host, ratio, allocated);
            }
        }
        Ok(())
    }
}
