//! Calls the documented operations and checks their responses.

use zstack_client::hash_password;
use zstack_client::identity::{LogInByAccount, LogOut};
use zstack_client::image::GetCandidateVmForAttachingIso;
use zstack_client::types::VmInstanceState;
use zstack_client::vm_instance::{
    AttachIsoToVmInstance, CreateVmCdRom, DetachIsoFromVmInstance, ReimageVmInstance,
};

use crate::caller::{Caller, DRIVES, check, drive_with};
use crate::sample::{BARE, DB, RESCUE_CD, ROCKY_SIZE, WEB, WINDOWS};
use crate::{Failure, show};

struct Documents(Caller);

/// Calls each operation and returns the number of calls.
pub(crate) async fn run(url: &str) -> Result<usize, Failure> {
    let mut demo = Documents(Caller::new(url)?);
    demo.log_in().await?;
    demo.candidates().await?;
    demo.attach().await?;
    demo.detach().await?;
    demo.create_cd_rom().await?;
    demo.reimage().await?;
    demo.reimage_running_vm().await?;
    demo.attach_twice().await?;
    demo.log_out().await?;
    Ok(demo.0.steps)
}

impl Documents {
    async fn log_in(&mut self) -> Result<(), Failure> {
        let request = LogInByAccount::new("admin", hash_password("password"));
        let session =
            self.0.call("Opens a session for the calls that follow.", request, &[]).await?.inventory;
        check(session.uuid.len() == 32, "the session has a UUID")?;
        self.0.client = self.0.client.with_session(session.uuid);
        Ok(())
    }

    async fn candidates(&mut self) -> Result<(), Failure> {
        let keys = ["name", "state"];
        let what = "Lists the VM instances that the rescue CD can be attached to.";
        let vms = self.0.call(what, GetCandidateVmForAttachingIso::new(RESCUE_CD), &keys).await?.inventories;
        let has = |uuid: &str| vms.iter().any(|vm| vm.uuid == uuid);
        let states = [VmInstanceState::Running, VmInstanceState::Stopped];
        check(has(WEB) && has(DB), "the list includes web-1 and db-1")?;
        check(
            vms.iter().all(|vm| vm.state.as_ref().is_some_and(|state| states.contains(state))),
            "all VM instances in the list are Running or Stopped",
        )
    }

    async fn attach(&mut self) -> Result<(), Failure> {
        let what = "Inserts the rescue CD into a drive of web-1.";
        let vm = self.0.call(what, AttachIsoToVmInstance::new(WEB, RESCUE_CD), DRIVES).await?.inventory;
        let drive = drive_with(&vm, RESCUE_CD);
        check(drive.is_some(), "a drive contains the ISO")?;
        let path = drive.and_then(|drive| drive.iso_install_path.as_deref()).unwrap_or_default();
        check(path.ends_with(".iso"), "the ISO file is on the primary storage, since web-1 is running")
    }

    async fn detach(&mut self) -> Result<(), Failure> {
        let what = "Removes the rescue CD from the drive.";
        let request = DetachIsoFromVmInstance::new(WEB).iso_uuid(RESCUE_CD);
        let vm = self.0.call(what, request, DRIVES).await?.inventory;
        check(drive_with(&vm, RESCUE_CD).is_none(), "no drive contains the ISO")?;
        check(vm.vm_cd_roms.is_some_and(|drives| !drives.is_empty()), "the drive still exists")
    }

    async fn create_cd_rom(&mut self) -> Result<(), Failure> {
        let what = "Gives bare-1, which has no drive, a drive with the rescue CD.";
        let request =
            CreateVmCdRom::new("tools", BARE).iso_uuid(RESCUE_CD).description("created by the demo");
        let drive = self.0.call(what, request, &[]).await?.inventory;
        check(drive.device_id == Some(0), "it is the first drive")?;
        check(drive.iso_uuid.as_deref() == Some(RESCUE_CD), "it contains the ISO")
    }

    async fn reimage(&mut self) -> Result<(), Failure> {
        let what = "Resets the root volume of db-1 to its image.";
        let keys = ["name", "state", "type", "size", "installPath", "allVolumes"];
        let vm = self.0.call(what, ReimageVmInstance::new(DB), &keys).await?.inventory;
        let root =
            vm.all_volumes.iter().flatten().find(|volume| Some(&volume.uuid) == vm.root_volume_uuid.as_ref());
        check(
            root.and_then(|root| root.size) == Some(ROCKY_SIZE),
            "the root volume has the size of the image again",
        )?;
        check(vm.state == Some(VmInstanceState::Stopped), "db-1 is still Stopped")
    }

    async fn reimage_running_vm(&mut self) -> Result<(), Failure> {
        let error =
            self.0.expect_error("Fails, because web-1 is running.", ReimageVmInstance::new(WEB)).await?;
        check(error.code() == Some("VM.1014"), "VM.1014: the VM instance must be stopped")
    }

    async fn attach_twice(&mut self) -> Result<(), Failure> {
        let request = AttachIsoToVmInstance::new(WINDOWS, RESCUE_CD);
        let error = self.0.expect_error("Fails, because windows-1 already has this ISO.", request).await?;
        check(error.code() == Some("SYS.1006"), "SYS.1006: the operation failed; the details give the reason")
    }

    async fn log_out(&mut self) -> Result<(), Failure> {
        let session = self.0.client.session().unwrap_or_default();
        self.0.call("Ends the session.", LogOut::new(&*session), &[]).await?;
        Ok(show::confirmation("an empty response means success")?)
    }
}
