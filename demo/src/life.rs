//! The life of a VM instance whose ISO moves: every step that a person would
//! take, from finding it to removing it for good.

use zstack_client::identity::{LogInByAccount, LogOut};
use zstack_client::image::GetCandidateVmForAttachingIso;
use zstack_client::types::{VmInstanceInventory, VmInstanceState};
use zstack_client::vm_instance::{
    AttachIsoToVmInstance, CreateVmCdRom, DestroyVmInstance, DetachIsoFromVmInstance, ExpungeVmInstance,
    GetCandidateIsoForAttachingVm, QueryVmInstance, ReimageVmInstance, SetVmInstanceDefaultCdRom,
    StartVmInstance, StopVmInstance,
};
use zstack_client::{Column, QueryRequest as _, hash_password};

use crate::Failure;
use crate::caller::{Caller, DRIVES, check, drive_with};

const STATE: &[&str] = &["name", "state", "hostUuid", "lastHostUuid"];

/// Takes them, with any VM instance that runs and was made from a template;
/// how many answers there were.
pub(crate) async fn run(url: &str) -> Result<usize, Failure> {
    let mut caller = Caller::new(url)?;
    let request = LogInByAccount::new("admin", hash_password("password"));
    let session =
        caller.call("A session, with which everything else is called.", request, &[]).await?.inventory;
    caller.client = caller.client.with_session(&session.uuid);

    let mut life = Life { caller, vm: String::new(), iso: String::new(), drive: String::new() };
    life.find().await?;
    life.choose_iso().await?;
    life.stop().await?;
    life.add_drive().await?;
    life.attach().await?;
    life.make_default().await?;
    life.detach().await?;
    life.reimage().await?;
    life.start().await?;
    life.destroy().await?;
    life.expunge().await?;
    life.caller.call("The session is over.", LogOut::new(session.uuid), &[]).await?;
    Ok(life.caller.steps)
}

struct Life {
    caller: Caller,
    vm: String,
    iso: String,
    drive: String,
}

impl Life {
    async fn find(&mut self) -> Result<(), Failure> {
        let what = "A VM that runs and was made from a template.";
        let request = QueryVmInstance::default()
            .filter(VmInstanceInventory::STATE.eq(VmInstanceState::Running))
            .filter(Column::<String>::named("image.mediaType").eq("RootVolumeTemplate"))
            .sort(VmInstanceInventory::CREATE_DATE.ascending())
            .limit(1);
        let vms = self.caller.call(what, request, STATE).await?.inventories.unwrap_or_default();
        let vm = vms.into_iter().next().ok_or("there is no such VM; load another inventory")?;
        check(vm.state == Some(VmInstanceState::Running), "it runs")?;
        self.vm = vm.uuid;
        Ok(())
    }

    async fn choose_iso(&mut self) -> Result<(), Failure> {
        let what = "The ISO images that can be attached to it.";
        let request = GetCandidateIsoForAttachingVm::new(&self.vm);
        let images = self.caller.call(what, request, &["name", "mediaType", "status"]).await?.inventories;
        let iso = images.into_iter().next().ok_or("there is no ISO for it; load another inventory")?;
        self.iso = iso.uuid;
        let what = "And the other way round: the VMs that this ISO can be attached to.";
        let request = GetCandidateVmForAttachingIso::new(&self.iso);
        let vms = self.caller.call(what, request, &["name", "state"]).await?.inventories;
        check(vms.iter().any(|it| it.uuid == self.vm), "the VM is among them")
    }

    async fn stop(&mut self) -> Result<(), Failure> {
        let what = "Drives are created while it is stopped.";
        let vm = self.caller.call(what, StopVmInstance::new(&self.vm), STATE).await?.inventory;
        check(vm.state == Some(VmInstanceState::Stopped), "it is stopped")?;
        check(vm.host_uuid.is_none() && vm.last_host_uuid.is_some(), "it has no host, but had one")
    }

    async fn add_drive(&mut self) -> Result<(), Failure> {
        let what = "One more drive, empty.";
        let drive = self.caller.call(what, CreateVmCdRom::new("second", &self.vm), &[]).await?.inventory;
        check(drive.device_id.is_some_and(|device_id| device_id > 0), "it is not the default one")?;
        self.drive = drive.uuid;
        Ok(())
    }

    async fn attach(&mut self) -> Result<(), Failure> {
        let what = "The ISO goes into the drive that a tag names.";
        let request = AttachIsoToVmInstance::new(&self.vm, &self.iso).cdrom_uuid(&self.drive);
        let vm = self.caller.call(what, request, DRIVES).await?.inventory;
        let drive = drive_with(&vm, &self.iso);
        check(drive.is_some_and(|drive| drive.uuid == self.drive), "that drive holds it")
    }

    async fn make_default(&mut self) -> Result<(), Failure> {
        let what = "The VM is to boot from this drive.";
        let request = SetVmInstanceDefaultCdRom::new(&self.vm, &self.drive);
        let drive = self.caller.call(what, request, &["deviceId", "isoUuid"]).await?.inventory;
        check(drive.device_id == Some(0), "it is the default one now")
    }

    async fn detach(&mut self) -> Result<(), Failure> {
        let what = "The ISO is taken out; both drives stay.";
        let vm = self
            .caller
            .call(what, DetachIsoFromVmInstance::new(&self.vm).iso_uuid(&self.iso), DRIVES)
            .await?;
        check(drive_with(&vm.inventory, &self.iso).is_none(), "no drive holds it")
    }

    async fn reimage(&mut self) -> Result<(), Failure> {
        let what = "The root volume becomes what the image is.";
        let keys = ["name", "state", "type", "size", "installPath", "allVolumes"];
        let vm = self.caller.call(what, ReimageVmInstance::new(&self.vm), &keys).await?.inventory;
        check(vm.state == Some(VmInstanceState::Stopped), "it stays stopped")
    }

    async fn start(&mut self) -> Result<(), Failure> {
        let vm = self.caller.call("It runs again.", StartVmInstance::new(&self.vm), STATE).await?.inventory;
        check(vm.state == Some(VmInstanceState::Running) && vm.host_uuid.is_some(), "it runs on a host")
    }

    async fn destroy(&mut self) -> Result<(), Failure> {
        let what = "Destroyed, but still there to be recovered.";
        self.caller.call(what, DestroyVmInstance::new(&self.vm), &[]).await?;
        let vm = self.look("What is left of it.").await?;
        check(vm.and_then(|it| it.state) == Some(VmInstanceState::Destroyed), "it is on record as destroyed")
    }

    async fn expunge(&mut self) -> Result<(), Failure> {
        self.caller.call("Removed for good.", ExpungeVmInstance::new(&self.vm), &[]).await?;
        check(self.look("Nothing is left.").await?.is_none(), "there is no such VM any more")
    }

    async fn look(&mut self, what: &str) -> Result<Option<VmInstanceInventory>, Failure> {
        let request = QueryVmInstance::default().uuid(&self.vm);
        let found = self.caller.call(what, request, STATE).await?.inventories;
        Ok(found.unwrap_or_default().into_iter().next())
    }
}
