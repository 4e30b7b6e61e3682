//! The operations on the state of a VM instance.

use zstack_runtime::Record;
use zstack_server::{Call, Outcome};
use zstack_types::types::VmInstanceInventory;
use zstack_types::vm_instance::{
    DestroyVmInstance, DestroyVmInstanceResponse, RebootVmInstance, RebootVmInstanceResponse,
    StartVmInstance, StartVmInstanceResponse,
};

use super::{Failure, Node, retry_on_conflict};
use crate::model::{Changes, Image, Moment, Uuid, Vm};
use crate::rules::lifecycle::{self, Admitted};
use crate::rules::{PlacementRequest, Verdict, destroy, networks_without_address, reboot, start};
use crate::store::{Store, StoreError, StoreResult};
use crate::uuids;

/// The key of the lock on the allocation of addresses: each NIC gets the lowest
/// free one.
pub(super) const ADDRESSES: &str = "addresses";

impl<S: Store> Node<S> {
    pub(super) async fn start(
        &self,
        call: &Call,
        request: StartVmInstance,
    ) -> Outcome<StartVmInstanceResponse> {
        let _guard = self.locks.lock(&request.uuid).await;
        retry_on_conflict(|| async {
            let vm = self.store.vm(&request.uuid).await?;
            let networks: Vec<_> = vm.iter().flat_map(networks_without_address).cloned().collect();
            // Locked until the addresses are committed.
            let _addresses = if networks.is_empty() { None } else { Some(self.locks.lock(ADDRESSES).await) };
            let placement = PlacementRequest {
                cluster_uuid: request.cluster_uuid.clone(),
                host_uuid: request.host_uuid.clone(),
            };
            let facts = self.facts_for_starting(call, &request.uuid, placement, vm, networks).await?;
            let admitted = start::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(StartVmInstanceResponse::default());
            }
            let changes = admitted.decide(self.clock.now(), uuids::random())?;
            // Another node has just used the same address or cached the same image.
            let exists_to_conflict = |failure| match failure {
                Failure::Store(StoreError::Exists { .. }) => Failure::Store(StoreError::Conflict),
                other => other,
            };
            let vm = self.changed_vm(facts.vm, &changes)?;
            self.commit(call, changes, StartVmInstanceResponse::new(vm)).await.map_err(exists_to_conflict)
        })
        .await
    }

    pub(super) async fn reboot(
        &self,
        call: &Call,
        request: RebootVmInstance,
    ) -> Outcome<RebootVmInstanceResponse> {
        let _guard = self.locks.lock(&request.uuid).await;
        retry_on_conflict(|| async {
            let (caller, vm, storages) =
                tokio::try_join!(self.caller(call), self.store.vm(&request.uuid), self.store.storages())?;
            let isos = self.isos_of(vm.as_ref()).await?;
            let facts = reboot::RebootFacts { vm_uuid: request.uuid.clone(), caller, vm, isos, storages };
            let admitted = reboot::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(RebootVmInstanceResponse::default());
            }
            let changes = admitted.decide(self.clock.now())?;
            let vm = self.changed_vm(facts.vm, &changes)?;
            self.commit(call, changes, RebootVmInstanceResponse::new(vm)).await
        })
        .await
    }

    pub(super) async fn destroy(
        &self,
        call: &Call,
        request: DestroyVmInstance,
    ) -> Outcome<DestroyVmInstanceResponse> {
        let _guard = self.locks.lock(&request.uuid).await;
        retry_on_conflict(|| async {
            let (caller, vm) = tokio::try_join!(self.caller(call), self.store.vm(&request.uuid))?;
            let facts = destroy::DestroyFacts { vm_uuid: request.uuid.clone(), caller, vm };
            let admitted = destroy::admit(&facts)?;
            let answer = DestroyVmInstanceResponse::default();
            if call.is_dry_run() {
                return Ok(answer);
            }
            let is_direct = self.deletes_directly("vm").await?;
            self.commit(call, admitted.decide(self.clock.now(), is_direct), answer).await
        })
        .await
    }

    /// Changes the state of a VM instance, if the rule needs no other facts. The
    /// response contains the changed VM instance.
    pub(super) async fn change_state<R: Record>(
        &self,
        call: &Call,
        uuid: &str,
        decide: impl Fn(&Admitted<'_>, Moment) -> Verdict<Changes>,
        answer: impl Fn(VmInstanceInventory) -> R,
    ) -> Outcome<R> {
        let _guard = self.locks.lock(uuid).await;
        retry_on_conflict(|| async {
            let (caller, vm) = tokio::try_join!(self.caller(call), self.store.vm(uuid))?;
            let facts = lifecycle::LifecycleFacts { vm_uuid: uuid.to_owned(), caller, vm };
            let admitted = lifecycle::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(R::default());
            }
            let changes = decide(&admitted, self.clock.now())?;
            let vm = self.changed_vm(facts.vm, &changes)?;
            self.commit(call, changes, answer(vm)).await
        })
        .await
    }

    async fn facts_for_starting(
        &self,
        call: &Call,
        vm_uuid: &str,
        placement: PlacementRequest,
        vm: Option<Vm>,
        networks: Vec<Uuid>,
    ) -> StoreResult<start::StartFacts> {
        let (caller, isos, networks, storages, infrastructure) = tokio::try_join!(
            self.caller(call),
            self.isos_of(vm.as_ref()),
            self.store.networks(&networks),
            self.store.storages(),
            self.store.infrastructure(),
        )?;
        let mut facts = start::StartFacts {
            vm_uuid: vm_uuid.to_owned(),
            placement,
            caller,
            vm,
            isos,
            image: None,
            caches: Vec::new(),
            networks,
            storages,
            infrastructure,
        };
        let without_volumes = facts.vm.as_ref().filter(|vm| vm.root_volume().is_none());
        if let Some(uuid) = without_volumes.and_then(|vm| vm.instance.image_uuid.as_ref()) {
            let both = tokio::try_join!(self.store.image(uuid), self.store.image_caches(uuid))?;
            (facts.image, facts.caches) = both;
        }
        Ok(facts)
    }

    /// Loads the ISOs in the drives of a VM instance that still exist.
    async fn isos_of(&self, vm: Option<&Vm>) -> StoreResult<Vec<Image>> {
        let mut isos = Vec::new();
        for uuid in vm.iter().flat_map(|vm| &vm.cd_roms).filter_map(|cd_rom| cd_rom.iso_uuid.as_ref()) {
            isos.extend(self.store.image(uuid).await?);
        }
        Ok(isos)
    }
}
