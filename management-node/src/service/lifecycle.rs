//! The life of a VM instance: started, stopped, destroyed and all between.

use zstack_runtime::Record;
use zstack_server::{Call, Outcome};
use zstack_types::types::VmInstanceInventory;
use zstack_types::vm_instance::{
    DestroyVmInstance, DestroyVmInstanceResponse, RebootVmInstance, RebootVmInstanceResponse,
    StartVmInstance, StartVmInstanceResponse,
};

use super::{Failure, Node, settle};
use crate::model::{Changes, Image, Moment, Uuid, Vm};
use crate::rules::lifecycle::{self, Admitted};
use crate::rules::{Verdict, Wish, destroy, reboot, start, without_address};
use crate::store::{Loaded, Store, StoreError};
use crate::uuids;

/// What VM instances that need an address queue for: each gets the lowest free
/// one.
const ADDRESSES: &str = "addresses";

impl<S: Store> Node<S> {
    pub(super) async fn start(
        &self,
        call: &Call,
        request: StartVmInstance,
    ) -> Outcome<StartVmInstanceResponse> {
        let _turn = self.turns.turn(&request.uuid).await;
        settle(|| async {
            let vm = self.store.vm(&request.uuid).await?;
            let networks: Vec<_> = vm.iter().flat_map(without_address).cloned().collect();
            // Until the addresses are on record.
            let _addresses = if networks.is_empty() { None } else { Some(self.turns.turn(ADDRESSES).await) };
            let wish =
                Wish { cluster_uuid: request.cluster_uuid.clone(), host_uuid: request.host_uuid.clone() };
            let facts = self.facts_for_starting(call, &request.uuid, wish, vm, networks).await?;
            let admitted = start::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(StartVmInstanceResponse::default());
            }
            let changes = admitted.decide(self.clock.now(), uuids::random())?;
            // Another node was faster with an address or a cached image.
            let overtaken = |failure| match failure {
                Failure::Store(StoreError::Exists { .. }) => Failure::Store(StoreError::Conflict),
                other => other,
            };
            let vm = self.changed_vm(facts.vm, &changes)?;
            self.commit(call, changes, StartVmInstanceResponse::new(vm)).await.map_err(overtaken)
        })
        .await
    }

    pub(super) async fn reboot(
        &self,
        call: &Call,
        request: RebootVmInstance,
    ) -> Outcome<RebootVmInstanceResponse> {
        let _turn = self.turns.turn(&request.uuid).await;
        settle(|| async {
            let (caller, vm, storages) =
                tokio::try_join!(self.caller(call), self.store.vm(&request.uuid), self.store.storages())?;
            let isos = self.isos_in(vm.as_ref()).await?;
            let facts = reboot::Facts { vm_uuid: request.uuid.clone(), caller, vm, isos, storages };
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
        let _turn = self.turns.turn(&request.uuid).await;
        settle(|| async {
            let (caller, vm) = tokio::try_join!(self.caller(call), self.store.vm(&request.uuid))?;
            let facts = destroy::Facts { vm_uuid: request.uuid.clone(), caller, vm };
            let admitted = destroy::admit(&facts)?;
            let answer = DestroyVmInstanceResponse::default();
            if call.is_dry_run() {
                return Ok(answer);
            }
            self.commit(call, admitted.decide(self.clock.now()), answer).await
        })
        .await
    }

    /// A change of state that needs nothing but the VM instance; the answer is
    /// made of what that looks like afterwards.
    pub(super) async fn change_state<R: Record>(
        &self,
        call: &Call,
        uuid: &str,
        decide: impl Fn(&Admitted<'_>, Moment) -> Verdict<Changes>,
        answer: impl Fn(VmInstanceInventory) -> R,
    ) -> Outcome<R> {
        let _turn = self.turns.turn(uuid).await;
        settle(|| async {
            let (caller, vm) = tokio::try_join!(self.caller(call), self.store.vm(uuid))?;
            let facts = lifecycle::Facts { vm_uuid: uuid.to_owned(), caller, vm };
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
        wish: Wish,
        vm: Option<Vm>,
        networks: Vec<Uuid>,
    ) -> Loaded<start::Facts> {
        let (caller, isos, networks, storages, places) = tokio::try_join!(
            self.caller(call),
            self.isos_in(vm.as_ref()),
            self.store.networks(&networks),
            self.store.storages(),
            self.store.places(),
        )?;
        let mut facts = start::Facts {
            vm_uuid: vm_uuid.to_owned(),
            wish,
            caller,
            vm,
            isos,
            image: None,
            caches: Vec::new(),
            networks,
            storages,
            places,
        };
        let image_uuid = facts.vm.as_ref().filter(|it| it.root_volume().is_none());
        if let Some(uuid) = image_uuid.and_then(|image_uuid| image_uuid.instance.image_uuid.as_ref()) {
            let both = tokio::try_join!(self.store.image(uuid), self.store.image_caches(uuid))?;
            (facts.image, facts.caches) = both;
        }
        Ok(facts)
    }

    /// The ISOs in the drives of a VM instance, as far as they still exist.
    async fn isos_in(&self, vm: Option<&Vm>) -> Loaded<Vec<Image>> {
        let mut isos = Vec::new();
        for uuid in vm.iter().flat_map(|it| &it.cd_roms).filter_map(|cd_rom| cd_rom.iso_uuid.as_ref()) {
            isos.extend(self.store.image(uuid).await?);
        }
        Ok(isos)
    }
}
