//! Operations on existing CD-ROM drives.

use zstack_server::{Call, Outcome};
use zstack_types::vm_instance::{
    DeleteVmCdRom, DeleteVmCdRomResponse, SetVmInstanceDefaultCdRom, SetVmInstanceDefaultCdRomResponse,
    UpdateVmCdRom, UpdateVmCdRomResponse,
};

use super::keyed_locks::KeyedGuard;
use super::{Node, retry_on_conflict};
use crate::model::Vm;
use crate::rules::{default_cd_rom, delete_cd_rom, update_cd_rom};
use crate::store::{Store, StoreResult};

impl<S: Store> Node<S> {
    pub(super) async fn delete_drive(
        &self,
        call: &Call,
        request: DeleteVmCdRom,
    ) -> Outcome<DeleteVmCdRomResponse> {
        let _guard = self.lock_vm_of_drive(&request.uuid).await?;
        retry_on_conflict(|| async {
            let (caller, vm) = tokio::try_join!(self.caller(call), self.vm_of_drive(&request.uuid))?;
            let facts = delete_cd_rom::DeleteCdRomFacts { drive_uuid: request.uuid.clone(), caller, vm };
            let admitted = delete_cd_rom::admit(&facts)?;
            let answer = DeleteVmCdRomResponse::default();
            if call.is_dry_run() {
                return Ok(answer);
            }
            self.commit(call, admitted.decide()?, answer).await
        })
        .await
    }

    pub(super) async fn update_drive(
        &self,
        call: &Call,
        request: UpdateVmCdRom,
    ) -> Outcome<UpdateVmCdRomResponse> {
        let _guard = self.lock_vm_of_drive(&request.uuid).await?;
        retry_on_conflict(|| async {
            let (caller, vm) = tokio::try_join!(self.caller(call), self.vm_of_drive(&request.uuid))?;
            let facts = update_cd_rom::UpdateCdRomFacts {
                drive_uuid: request.uuid.clone(),
                name: request.name.clone(),
                description: request.description.clone(),
                caller,
                vm,
            };
            let admitted = update_cd_rom::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(UpdateVmCdRomResponse::default());
            }
            let (drive, changes) = admitted.decide(self.clock.now());
            self.commit(call, changes, UpdateVmCdRomResponse::new(self.inventories.cd_rom(drive))).await
        })
        .await
    }

    pub(super) async fn set_default_drive(
        &self,
        call: &Call,
        request: SetVmInstanceDefaultCdRom,
    ) -> Outcome<SetVmInstanceDefaultCdRomResponse> {
        let _guard = self.locks.lock(&request.vm_instance_uuid).await;
        retry_on_conflict(|| async {
            let (caller, vm, drive) = tokio::try_join!(
                self.caller(call),
                self.store.vm(&request.vm_instance_uuid),
                self.store.cd_rom(&request.uuid),
            )?;
            let facts = default_cd_rom::DefaultCdRomFacts {
                vm_uuid: request.vm_instance_uuid.clone(),
                drive_uuid: request.uuid.clone(),
                caller,
                vm,
                drive,
            };
            let admitted = default_cd_rom::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(SetVmInstanceDefaultCdRomResponse::default());
            }
            let (drive, changes) = admitted.decide(self.clock.now());
            let answer = SetVmInstanceDefaultCdRomResponse::new(self.inventories.cd_rom(drive));
            self.commit(call, changes, answer).await
        })
        .await
    }

    /// Locks the VM instance of a drive, which never changes.
    async fn lock_vm_of_drive(&self, uuid: &str) -> Outcome<KeyedGuard> {
        let drive = retry_on_conflict(|| async { Ok(self.store.cd_rom(uuid).await?) }).await?;
        Ok(self.locks.lock(drive.as_ref().map_or(uuid, |drive| &drive.vm_instance_uuid)).await)
    }

    async fn vm_of_drive(&self, uuid: &str) -> StoreResult<Option<Vm>> {
        match self.store.cd_rom(uuid).await? {
            Some(drive) => self.store.vm(&drive.vm_instance_uuid).await,
            None => Ok(None),
        }
    }
}
