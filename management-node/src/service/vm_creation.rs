//! CreateVmInstance.

use std::collections::HashMap;

use serde_json::{Map, Value};
use zstack_runtime::encode;
use zstack_server::{Call, Outcome};
use zstack_types::types::VmInstanceInventory;
use zstack_types::vm_instance::{CreateVmInstance, CreateVmInstanceResponse};

use super::lifecycle::ADDRESSES;
use super::{Failure, Node, retry_on_conflict};
use crate::cloud;
use crate::model::{AccountKind, Changes, Document, Edit, Uuid};
use crate::rules::create_vm_instance::{self, CreateVmFacts, NewVm};
use crate::rules::errors;
use crate::store::{Store, StoreError, StoreResult};
use crate::uuids;

impl<S: Store> Node<S> {
    pub(super) async fn create_vm(
        &self,
        call: &Call,
        request: CreateVmInstance,
    ) -> Outcome<CreateVmInstanceResponse> {
        // Internal IDs and addresses are consecutive.
        let _vms = self.locks.lock("create/VmInstance").await;
        let _addresses = self.locks.lock(ADDRESSES).await;
        retry_on_conflict(|| async {
            let Some((vm, changes)) = self.new_vm(call, &request).await? else {
                return Ok(CreateVmInstanceResponse::default());
            };
            self.commit(call, changes, CreateVmInstanceResponse::new(vm)).await.map_err(dangling_to_conflict)
        })
        .await
    }

    /// Decides how a VM instance is created: its inventory and the changes, or nothing for a dry run. The
    /// caller has locked its UUID and the addresses.
    pub(super) async fn new_vm(
        &self,
        call: &Call,
        request: &CreateVmInstance,
    ) -> Result<Option<(VmInstanceInventory, Changes)>, Failure> {
        let facts = self.facts_for_creating(call, request).await?;
        let admitted = create_vm_instance::admit(&facts)?;
        if call.is_dry_run() {
            return Ok(None);
        }
        let now = self.clock.now();
        let NewVm { vm, edits } = admitted
            .decide(now, uuids::random)
            .map_err(|cause| errors::vm_not_created(&request.name, *cause))?;
        let claim = request.resource_uuid.clone().map(Edit::ClaimUuid);
        let mut edits: Vec<_> = claim.into_iter().chain(edits).collect();
        let patterns = request.tag_uuids.iter().flatten().filter_map(|uuid| facts.documents.get(uuid));
        let tags = cloud::new_tags(&request.tags, patterns, &vm.instance.uuid, "VmInstanceVO", now);
        edits.extend(tags.into_iter().map(|edit| Edit::Document(Box::new(edit))));
        let inventory = self.inventories.vm(vm);
        let caller = facts.caller?;
        if caller.kind == AccountKind::Normal {
            let documents = to_documents(&inventory)?;
            self.check_quotas(&caller, &documents.iter().collect::<Vec<_>>()).await?;
        }
        Ok(Some((inventory, Changes { guards: Vec::new(), edits })))
    }

    async fn facts_for_creating(
        &self,
        call: &Call,
        request: &CreateVmInstance,
    ) -> StoreResult<CreateVmFacts> {
        let mut documents = self.by_uuid(&create_vm_instance::referenced_uuids(request)).await?;
        let networks: Vec<_> = request.l3_network_uuids.iter().flatten().cloned().collect();
        let l2_networks = networks.iter().filter_map(|uuid| documents.get(uuid)?.text("l2NetworkUuid"));
        let l2_networks: Vec<_> = l2_networks.map(str::to_owned).collect();
        documents.extend(self.by_uuid(&l2_networks).await?);
        let mut isos = Vec::new();
        for uuid in create_vm_instance::named_isos(&request.tags.system) {
            isos.extend(self.store.image(&uuid).await?);
        }
        let (image, caches) = match &request.image_uuid {
            Some(uuid) => tokio::try_join!(self.store.image(uuid), self.store.image_caches(uuid))?,
            None => (None, Vec::new()),
        };
        let (caller, networks, storages, infrastructure, last_internal_id) = tokio::try_join!(
            self.caller(call),
            self.store.networks(&networks),
            self.store.storages(),
            self.store.infrastructure(),
            self.store.last_internal_id(),
        )?;
        Ok(CreateVmFacts {
            request: request.clone(),
            caller,
            documents,
            image,
            caches,
            isos,
            networks,
            storages,
            infrastructure,
            last_internal_id,
        })
    }

    async fn by_uuid(&self, uuids: &[Uuid]) -> StoreResult<HashMap<Uuid, Document>> {
        let documents = self.store.documents(uuids).await?;
        Ok(documents.into_iter().map(|document| (document.uuid.clone(), document)).collect())
    }
}

/// A resource to which a new VM instance refers was deleted in the meantime.
pub(super) fn dangling_to_conflict(failure: Failure) -> Failure {
    match failure {
        Failure::Store(StoreError::Dangling { .. }) => Failure::Store(StoreError::Conflict),
        other => other,
    }
}

/// Converts a new VM instance and its volumes to documents, as quotas count them.
fn to_documents(vm: &VmInstanceInventory) -> Result<Vec<Document>, Failure> {
    let fields: Map<String, Value> = serde_json::from_slice(&encode::to_vec(vm))
        .map_err(|error| errors::internal(format!("The inventory cannot be read: {error}.")))?;
    let volumes = fields.get("allVolumes").and_then(Value::as_array).cloned().unwrap_or_default();
    let volumes = volumes.into_iter().filter_map(|volume| match volume {
        Value::Object(fields) => Some(("Volume", fields)),
        _ => None,
    });
    let document = |(base, fields): (&str, Map<String, Value>)| Document {
        uuid: String::new(),
        kind: base.to_owned(),
        base: base.to_owned(),
        revision: 0,
        fields,
    };
    Ok(std::iter::once(("VmInstance", fields)).chain(volumes).map(document).collect())
}
