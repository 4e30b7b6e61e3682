//! Capacities of storages and hosts, which follow from what they contain.

use super::{Failure, Node};
use crate::cloud::hosts::{self, OVERPROVISIONING};
use crate::cloud::settings;
use crate::cloud::storages::set_capacity;
use crate::model::Document;
use crate::store::Store;

impl<S: Store> Node<S> {
    /// Finds the first of some hosts that has the capacity for a VM instance; returns its index.
    pub(super) async fn first_with_room(
        &self,
        hosts: &[&Document],
        vm: &Document,
    ) -> Result<Option<usize>, Failure> {
        let reserved = self.reserved_memory().await?;
        for (index, host) in hosts.iter().enumerate() {
            // One after the other, since the first one nearly always has room.
            let mut host = [(*host).clone()];
            self.set_capacities(&mut host).await?;
            if hosts::has_room(&host[0], vm, reserved) {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    /// The memory of a host that VM instances do not get, in bytes.
    pub(super) async fn reserved_memory(&self) -> Result<i64, Failure> {
        let [reserved] = self.settings([("kvm", "reservedMemory")]).await?;
        Ok(settings::parse_size(&reserved))
    }

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
