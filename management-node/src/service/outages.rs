//! Hosts and storages that a test disconnects for a while.

use zstack_runtime::ErrorCode;

use super::{Failure, Node, retry_on_conflict};
use crate::cloud;
use crate::cloud::plan::Plans;
use crate::model::{Changes, Document, DocumentEdit, Uuid};
use crate::rules::errors;
use crate::store::{Store, StoreError};

/// The resources that can be disconnected.
const RESOURCES: [&str; 3] = ["Host", "PrimaryStorage", "BackupStorage"];

/// The states of VM instances that the platform cannot know without their host.
const OBSERVED: [&str; 2] = ["Running", "Paused"];

/// A resource that is disconnected, with the values that return when it is connected again.
#[derive(Clone, Debug)]
pub(crate) struct Outage {
    pub(crate) uuid: Uuid,
    /// The resource, such as `Host`.
    base: String,
    status: String,
    /// The former states of the VM instances on a host.
    states: Vec<(Uuid, String)>,
}

impl Outage {
    /// The error of an attempt to connect the resource again.
    pub(crate) fn error(&self) -> Box<ErrorCode> {
        errors::unreachable(&self.base, &self.uuid)
    }
}

/// An error of disconnecting a resource.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutageError {
    #[error("no host or storage has the UUID or the name `{0}`")]
    Unknown(String),
    #[error("several hosts or storages have the name `{name}`: {uuids}; use a UUID")]
    Ambiguous { name: String, uuids: String },
    #[error("{0}")]
    Failed(#[from] Box<ErrorCode>),
}

impl<S: Store> Node<S> {
    /// Finds a host or a storage by its UUID or its name.
    pub(crate) async fn find_connected(&self, name: &str) -> Result<Uuid, OutageError> {
        let mut found = Vec::new();
        for resource in RESOURCES {
            found
                .extend(self.store.documents_of(resource).await.map_err(|error| super::store_error(&error))?);
        }
        found.retain(|document| document.uuid == name || document.text("name") == Some(name));
        match &*found {
            [] => Err(OutageError::Unknown(name.to_owned())),
            [one] => Ok(one.uuid.clone()),
            several => {
                let uuids: Vec<_> = several.iter().map(|document| &*document.uuid).collect();
                Err(OutageError::Ambiguous { name: name.to_owned(), uuids: uuids.join(", ") })
            }
        }
    }

    /// Disconnects a host or a storage. The states of VM instances on the host are `Unknown` then.
    pub(crate) async fn disconnect(&self, plans: &Plans, uuid: &str) -> Result<Outage, OutageError> {
        let outage = retry_on_conflict(|| async {
            let resource = self.store.documents(&[uuid.to_owned()]).await?.pop();
            let Some(mut resource) = resource else {
                return Err(errors::not_found("disconnect", "resource", uuid).into());
            };
            let (base, status) = (resource.base.clone(), resource.text("status").unwrap_or("Connected"));
            let mut outage =
                Outage { uuid: uuid.to_owned(), base, status: status.to_owned(), states: Vec::new() };
            let mut edits = Vec::new();
            for mut vm in self.vms_on(&resource).await? {
                let Some(state) = vm.text("state").filter(|state| OBSERVED.contains(state)) else { continue };
                outage.states.push((vm.uuid.clone(), state.to_owned()));
                vm.set("state", "Unknown");
                edits.push(self.replace_now(plans, vm));
            }
            resource.set("status", "Disconnected");
            edits.push(self.replace_now(plans, resource));
            self.store.commit(edits.into_iter().collect()).await?;
            Ok::<_, Failure>(outage)
        });
        Ok(outage.await?)
    }

    /// Connects a resource again. What was changed or deleted in the meantime stays so.
    pub(crate) async fn reconnect(&self, plans: &Plans, outage: &Outage) {
        let connected = retry_on_conflict(|| async {
            let mut edits = Vec::new();
            let loaded = self.store.documents(std::slice::from_ref(&outage.uuid)).await?;
            for mut resource in loaded {
                if resource.text("status") == Some("Disconnected") {
                    resource.set("status", &*outage.status);
                    edits.push(self.replace_now(plans, resource));
                }
            }
            for (uuid, state) in &outage.states {
                let loaded = self.store.documents(std::slice::from_ref(uuid)).await?;
                for mut vm in loaded.into_iter().filter(|vm| vm.text("state") == Some("Unknown")) {
                    vm.set("state", &**state);
                    edits.push(self.replace_now(plans, vm));
                }
            }
            let changes: Changes = edits.into_iter().collect();
            if changes.is_empty() { Ok(()) } else { Ok::<_, Failure>(self.store.commit(changes).await?) }
        });
        if let Err(error) = connected.await {
            tracing::warn!(%error, uuid = outage.uuid, "a fault was removed, but its resource stays disconnected");
        }
    }

    /// The VM instances on a host.
    async fn vms_on(&self, host: &Document) -> Result<Vec<Document>, StoreError> {
        if host.base != "Host" {
            return Ok(Vec::new());
        }
        let holders = self.store.holders(std::slice::from_ref(&host.uuid)).await?.into_iter();
        let vms =
            holders.filter(|holder| holder.link.field == "hostUuid" && holder.document.base == "VmInstance");
        Ok(vms.map(|holder| holder.document).collect())
    }

    fn replace_now(&self, plans: &Plans, mut document: Document) -> DocumentEdit {
        document.touch(self.clock.now());
        cloud::replace(plans, document)
    }
}
