//! Follows a VM instance and its ISO images from the first query to permanent removal.

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

/// Runs the steps with any running VM instance that was created from a template, and returns
/// the number of calls.
pub(crate) async fn run(url: &str) -> Result<usize, Failure> {
    let mut caller = Caller::new(url)?;
    let request = LogInByAccount::new("admin", hash_password("password"));
    let session = caller.call("Opens a session for the calls that follow.", request, &[]).await?.inventory;
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
    life.caller.call("Ends the session.", LogOut::new(session.uuid), &[]).await?;
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
        let what = "Finds a running VM instance that was created from a template.";
        let request = QueryVmInstance::default()
            .filter(VmInstanceInventory::STATE.eq(VmInstanceState::Running))
            .filter(Column::<String>::new("image.mediaType").eq("RootVolumeTemplate"))
            .sort(VmInstanceInventory::CREATE_DATE.ascending())
            .limit(1);
        let vms = self.caller.call(what, request, STATE).await?.inventories.unwrap_or_default();
        let vm = vms
            .into_iter()
            .next()
            .ok_or("no running VM instance was created from a template; load another inventory")?;
        check(vm.state == Some(VmInstanceState::Running), "it is running")?;
        self.vm = vm.uuid;
        Ok(())
    }

    async fn choose_iso(&mut self) -> Result<(), Failure> {
        let what = "Lists the ISO images that can be attached to it.";
        let request = GetCandidateIsoForAttachingVm::new(&self.vm);
        let images = self.caller.call(what, request, &["name", "mediaType", "status"]).await?.inventories;
        let iso = images
            .into_iter()
            .next()
            .ok_or("no ISO image can be attached to the VM instance; load another inventory")?;
        self.iso = iso.uuid;
        let what = "Conversely, lists the VM instances that the first ISO can be attached to.";
        let request = GetCandidateVmForAttachingIso::new(&self.iso);
        let vms = self.caller.call(what, request, &["name", "state"]).await?.inventories;
        check(vms.iter().any(|vm| vm.uuid == self.vm), "the list includes the VM instance")
    }

    async fn stop(&mut self) -> Result<(), Failure> {
        let what = "Stops the VM instance, since drives can only be added while it is stopped.";
        let vm = self.caller.call(what, StopVmInstance::new(&self.vm), STATE).await?.inventory;
        check(vm.state == Some(VmInstanceState::Stopped), "it is stopped")?;
        check(
            vm.host_uuid.is_none() && vm.last_host_uuid.is_some(),
            "it has a last host, but no current host",
        )
    }

    async fn add_drive(&mut self) -> Result<(), Failure> {
        let what = "Adds an empty drive.";
        let drive = self.caller.call(what, CreateVmCdRom::new("second", &self.vm), &[]).await?.inventory;
        check(drive.device_id.is_some_and(|device_id| device_id > 0), "it is not the default drive")?;
        self.drive = drive.uuid;
        Ok(())
    }

    async fn attach(&mut self) -> Result<(), Failure> {
        let what = "Inserts the ISO into the new drive, which a tag names.";
        let request = AttachIsoToVmInstance::new(&self.vm, &self.iso).cdrom_uuid(&self.drive);
        let vm = self.caller.call(what, request, DRIVES).await?.inventory;
        let drive = drive_with(&vm, &self.iso);
        check(drive.is_some_and(|drive| drive.uuid == self.drive), "the new drive contains the ISO")
    }

    async fn make_default(&mut self) -> Result<(), Failure> {
        let what = "Makes the new drive the default drive.";
        let request = SetVmInstanceDefaultCdRom::new(&self.vm, &self.drive);
        let drive = self.caller.call(what, request, &["deviceId", "isoUuid"]).await?.inventory;
        check(drive.device_id == Some(0), "it is now the default drive")
    }

    async fn detach(&mut self) -> Result<(), Failure> {
        let what = "Removes the ISO; both drives remain.";
        let vm = self
            .caller
            .call(what, DetachIsoFromVmInstance::new(&self.vm).iso_uuid(&self.iso), DRIVES)
            .await?;
        check(drive_with(&vm.inventory, &self.iso).is_none(), "no drive contains the ISO")
    }

    async fn reimage(&mut self) -> Result<(), Failure> {
        let what = "Resets the root volume to its image.";
        let keys = ["name", "state", "type", "size", "installPath", "allVolumes"];
        let vm = self.caller.call(what, ReimageVmInstance::new(&self.vm), &keys).await?.inventory;
        check(vm.state == Some(VmInstanceState::Stopped), "it is still stopped")
    }

    async fn start(&mut self) -> Result<(), Failure> {
        let vm = self
            .caller
            .call("Starts the VM instance again.", StartVmInstance::new(&self.vm), STATE)
            .await?
            .inventory;
        check(vm.state == Some(VmInstanceState::Running) && vm.host_uuid.is_some(), "it is running on a host")
    }

    async fn destroy(&mut self) -> Result<(), Failure> {
        let what = "Destroys the VM instance, which could still be recovered.";
        self.caller.call(what, DestroyVmInstance::new(&self.vm), &[]).await?;
        let vm = self.query("Queries the destroyed VM instance.").await?;
        check(
            vm.and_then(|vm| vm.state) == Some(VmInstanceState::Destroyed),
            "it still exists, in state Destroyed",
        )
    }

    async fn expunge(&mut self) -> Result<(), Failure> {
        self.caller
            .call("Removes the VM instance permanently.", ExpungeVmInstance::new(&self.vm), &[])
            .await?;
        check(self.query("Queries it once more.").await?.is_none(), "the VM instance no longer exists")
    }

    async fn query(&mut self, what: &str) -> Result<Option<VmInstanceInventory>, Failure> {
        let request = QueryVmInstance::default().uuid(&self.vm);
        let found = self.caller.call(what, request, STATE).await?.inventories;
        Ok(found.unwrap_or_default().into_iter().next())
    }
}
