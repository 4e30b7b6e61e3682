//! Operations on VM instances and their drives.

use zstack_runtime::tags;
use zstack_server::{Call, Outcome, VmInstanceApi};
use zstack_types::types::VmInstanceInventory;
use zstack_types::vm_instance::{
    AttachIsoToVmInstance, AttachIsoToVmInstanceResponse, CreateVmCdRom, CreateVmCdRomResponse,
    CreateVmInstance, CreateVmInstanceResponse, DeleteVmCdRom, DeleteVmCdRomResponse, DestroyVmInstance,
    DestroyVmInstanceResponse, DetachIsoFromVmInstance, DetachIsoFromVmInstanceResponse, ExpungeVmInstance,
    ExpungeVmInstanceResponse, GetCandidateIsoForAttachingVm, GetCandidateIsoForAttachingVmResponse,
    PauseVmInstance, PauseVmInstanceResponse, RebootVmInstance, RebootVmInstanceResponse, RecoverVmInstance,
    RecoverVmInstanceResponse, ReimageVmInstance, ReimageVmInstanceResponse, ResumeVmInstance,
    ResumeVmInstanceResponse, SetVmInstanceDefaultCdRom, SetVmInstanceDefaultCdRomResponse, StartVmInstance,
    StartVmInstanceResponse, StopVmInstance, StopVmInstanceResponse, UpdateVmCdRom, UpdateVmCdRomResponse,
};

use super::{Failure, Node, retry_on_conflict};
use crate::model::{CdRom, Changes, Image, Vm};
use crate::rules::reimage::NewUuids;
use crate::rules::{attach_iso, create_cd_rom, detach_iso, errors, reimage};
use crate::store::{Store, StoreResult};
use crate::uuids;

impl<S: Store> VmInstanceApi for Node<S> {
    async fn attach_iso_to_vm_instance(
        &self,
        call: Call,
        request: AttachIsoToVmInstance,
    ) -> Outcome<AttachIsoToVmInstanceResponse> {
        let _guard = self.locks.lock(&request.vm_instance_uuid).await;
        retry_on_conflict(|| async {
            let facts = self.facts_for_attaching(&call, &request).await?;
            let admitted = attach_iso::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(AttachIsoToVmInstanceResponse::default());
            }
            let changes = admitted.decide(self.clock.now())?;
            let vm = self.changed_vm(facts.vm, &changes)?;
            self.commit(&call, changes, AttachIsoToVmInstanceResponse::new(vm)).await
        })
        .await
    }

    async fn create_vm_instance(
        &self,
        call: Call,
        request: CreateVmInstance,
    ) -> Outcome<CreateVmInstanceResponse> {
        self.create_vm(&call, request).await
    }

    async fn detach_iso_from_vm_instance(
        &self,
        call: Call,
        request: DetachIsoFromVmInstance,
    ) -> Outcome<DetachIsoFromVmInstanceResponse> {
        let _guard = self.locks.lock(&request.vm_instance_uuid).await;
        retry_on_conflict(|| async {
            let (caller, vm) =
                tokio::try_join!(self.caller(&call), self.store.vm(&request.vm_instance_uuid))?;
            let facts = detach_iso::DetachIsoFacts {
                vm_uuid: request.vm_instance_uuid.clone(),
                iso_uuid: request.iso_uuid.clone(),
                caller,
                vm,
            };
            let admitted = detach_iso::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(DetachIsoFromVmInstanceResponse::default());
            }
            let changes = admitted.decide(self.clock.now())?;
            let vm = self.changed_vm(facts.vm, &changes)?;
            self.commit(&call, changes, DetachIsoFromVmInstanceResponse::new(vm)).await
        })
        .await
    }

    async fn reimage_vm_instance(
        &self,
        call: Call,
        request: ReimageVmInstance,
    ) -> Outcome<ReimageVmInstanceResponse> {
        let _guard = self.locks.lock(&request.vm_instance_uuid).await;
        retry_on_conflict(|| async {
            let facts = self.facts_for_reimaging(&call, &request.vm_instance_uuid).await?;
            let admitted = reimage::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(ReimageVmInstanceResponse::default());
            }
            let new = NewUuids { snapshot: uuids::random(), tree: uuids::random(), file: uuids::random() };
            let changes = admitted.decide(self.clock.now(), &self.inventories.zone, new)?;
            let vm = self.changed_vm(facts.vm, &changes)?;
            self.commit(&call, changes, ReimageVmInstanceResponse::new(vm)).await
        })
        .await
    }

    async fn create_vm_cd_rom(&self, call: Call, request: CreateVmCdRom) -> Outcome<CreateVmCdRomResponse> {
        let _guard = self.locks.lock(&request.vm_instance_uuid).await;
        retry_on_conflict(|| async {
            let (caller, vm, iso) = tokio::try_join!(
                self.caller(&call),
                self.store.vm(&request.vm_instance_uuid),
                self.image(request.iso_uuid.as_deref()),
            )?;
            let facts = create_cd_rom::CreateCdRomFacts {
                vm_uuid: request.vm_instance_uuid.clone(),
                iso_uuid: request.iso_uuid.clone(),
                name: request.name.clone(),
                description: request.description.clone(),
                resource_uuid: request.resource_uuid.clone(),
                tag_uuids: request.tag_uuids.clone().unwrap_or_default(),
                system_tags: request.tags.system.clone(),
                caller,
                vm,
                iso,
            };
            let admitted = create_cd_rom::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(CreateVmCdRomResponse::default());
            }
            let (drive, changes) = admitted.decide(self.clock.now(), uuids::random());
            self.commit(&call, changes, CreateVmCdRomResponse::new(self.inventories.cd_rom(drive))).await
        })
        .await
    }

    async fn delete_vm_cd_rom(&self, call: Call, request: DeleteVmCdRom) -> Outcome<DeleteVmCdRomResponse> {
        self.delete_drive(&call, request).await
    }

    async fn update_vm_cd_rom(&self, call: Call, request: UpdateVmCdRom) -> Outcome<UpdateVmCdRomResponse> {
        self.update_drive(&call, request).await
    }

    async fn set_vm_instance_default_cd_rom(
        &self,
        call: Call,
        request: SetVmInstanceDefaultCdRom,
    ) -> Outcome<SetVmInstanceDefaultCdRomResponse> {
        self.set_default_drive(&call, request).await
    }

    async fn start_vm_instance(
        &self,
        call: Call,
        request: StartVmInstance,
    ) -> Outcome<StartVmInstanceResponse> {
        self.start(&call, request).await
    }

    async fn reboot_vm_instance(
        &self,
        call: Call,
        request: RebootVmInstance,
    ) -> Outcome<RebootVmInstanceResponse> {
        self.reboot(&call, request).await
    }

    async fn destroy_vm_instance(
        &self,
        call: Call,
        request: DestroyVmInstance,
    ) -> Outcome<DestroyVmInstanceResponse> {
        self.destroy(&call, request).await
    }

    async fn stop_vm_instance(&self, call: Call, request: StopVmInstance) -> Outcome<StopVmInstanceResponse> {
        self.change_state(
            &call,
            &request.uuid,
            |admitted, now| admitted.stop(now),
            StopVmInstanceResponse::new,
        )
        .await
    }

    async fn pause_vm_instance(
        &self,
        call: Call,
        request: PauseVmInstance,
    ) -> Outcome<PauseVmInstanceResponse> {
        self.change_state(
            &call,
            &request.uuid,
            |admitted, now| admitted.pause(now),
            PauseVmInstanceResponse::new,
        )
        .await
    }

    async fn resume_vm_instance(
        &self,
        call: Call,
        request: ResumeVmInstance,
    ) -> Outcome<ResumeVmInstanceResponse> {
        self.change_state(
            &call,
            &request.uuid,
            |admitted, now| admitted.resume(now),
            ResumeVmInstanceResponse::new,
        )
        .await
    }

    async fn recover_vm_instance(
        &self,
        call: Call,
        request: RecoverVmInstance,
    ) -> Outcome<RecoverVmInstanceResponse> {
        self.change_state(
            &call,
            &request.uuid,
            |admitted, now| admitted.recover(now),
            RecoverVmInstanceResponse::new,
        )
        .await
    }

    async fn expunge_vm_instance(
        &self,
        call: Call,
        request: ExpungeVmInstance,
    ) -> Outcome<ExpungeVmInstanceResponse> {
        let answer = |_| ExpungeVmInstanceResponse::default();
        self.change_state(&call, &request.uuid, |admitted, now| admitted.expunge(now), answer).await
    }

    async fn get_candidate_iso_for_attaching_vm(
        &self,
        call: Call,
        request: GetCandidateIsoForAttachingVm,
    ) -> Outcome<GetCandidateIsoForAttachingVmResponse> {
        self.iso_candidates(&call, &request).await
    }
}

impl<S: Store> Node<S> {
    async fn facts_for_attaching(
        &self,
        call: &Call,
        request: &AttachIsoToVmInstance,
    ) -> StoreResult<attach_iso::AttachIsoFacts> {
        let drive_uuid = tags::value(&request.tags.system, "cdromUuid");
        let (caller, vm, iso, drive, caches, storages) = tokio::try_join!(
            self.caller(call),
            self.store.vm(&request.vm_instance_uuid),
            self.store.image(&request.iso_uuid),
            self.drive(drive_uuid),
            self.store.image_caches(&request.iso_uuid),
            self.store.storages(),
        )?;
        Ok(attach_iso::AttachIsoFacts {
            vm_uuid: request.vm_instance_uuid.clone(),
            iso_uuid: request.iso_uuid.clone(),
            drive_uuid: drive_uuid.map(str::to_owned),
            caller,
            vm,
            iso,
            drive,
            caches,
            storages,
        })
    }

    async fn facts_for_reimaging(&self, call: &Call, vm_uuid: &str) -> StoreResult<reimage::ReimageFacts> {
        let (caller, vm) = tokio::try_join!(self.caller(call), self.store.vm(vm_uuid))?;
        let mut facts = reimage::ReimageFacts {
            vm_uuid: vm_uuid.to_owned(),
            caller,
            vm,
            image: None,
            caches: Vec::new(),
            latest_snapshot: None,
        };
        if let Some(root) = facts.vm.as_ref().and_then(Vm::root_volume) {
            facts.latest_snapshot = self.store.latest_snapshot(&root.uuid).await?;
            if let Some(image_uuid) = &root.root_image_uuid {
                let both =
                    tokio::try_join!(self.store.image(image_uuid), self.store.image_caches(image_uuid))?;
                (facts.image, facts.caches) = both;
            }
        }
        Ok(facts)
    }

    async fn drive(&self, uuid: Option<&str>) -> StoreResult<Option<CdRom>> {
        match uuid {
            Some(uuid) => self.store.cd_rom(uuid).await,
            None => Ok(None),
        }
    }

    async fn image(&self, uuid: Option<&str>) -> StoreResult<Option<Image>> {
        match uuid {
            Some(uuid) => self.store.image(uuid).await,
            None => Ok(None),
        }
    }

    /// Returns a VM instance with changes that are about to be committed. Their
    /// guards make sure that this is the result, so it need not be loaded again.
    pub(super) fn changed_vm(
        &self,
        vm: Option<Vm>,
        changes: &Changes,
    ) -> Result<VmInstanceInventory, Failure> {
        let mut vm = vm.ok_or_else(|| errors::internal("The VM instance no longer exists."))?;
        if !changes.is_empty() {
            vm.apply(changes);
        }
        Ok(self.inventories.vm(vm))
    }
}
