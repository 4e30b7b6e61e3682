//! The calls, in order, and what their answers have to be.

use zstack_client::identity::{LogInByAccount, LogOut};
use zstack_client::image::GetCandidateVmForAttachingIso;
use zstack_client::types::{VmCdRomInventory, VmInstanceInventory, VmInstanceState};
use zstack_client::vm_instance::{
    AttachIsoToVmInstance, CreateVmCdRom, DetachIsoFromVmInstance, ReimageVmInstance,
};
use zstack_client::{Call, Client, Error, Request, hash_password};

use crate::recording::Recording;
use crate::sample::{BARE, DB, RESCUE_CD, ROCKY_SIZE, WEB, WINDOWS};
use crate::{Failure, show};

struct Demo {
    client: Client,
    recording: Recording,
    steps: usize,
}

pub(crate) async fn run(url: &str) -> Result<(), Failure> {
    let recording = Recording::new()?;
    let client = Client::builder(url).transport(recording.clone()).build()?;
    let mut demo = Demo { client, recording, steps: 0 };
    show::title(url)?;
    demo.log_in().await?;
    demo.candidates().await?;
    demo.attach().await?;
    demo.detach().await?;
    demo.create_cd_rom().await?;
    demo.reimage().await?;
    demo.refused_reimage().await?;
    demo.refused_attach().await?;
    demo.log_out().await?;
    show::closing(demo.steps)?;
    Ok(())
}

impl Demo {
    async fn log_in(&mut self) -> Result<(), Failure> {
        let request = LogInByAccount::new("admin", hash_password("password"));
        let session =
            self.call("A session, with which everything else is called.", request, &[]).await?.inventory;
        check(session.uuid.len() == 32, "the session has a uuid")?;
        self.client = self.client.with_session(session.uuid);
        Ok(())
    }

    async fn candidates(&mut self) -> Result<(), Failure> {
        let keys = ["name", "state"];
        let what = "Which VMs can this ISO be attached to?";
        let vms = self.call(what, GetCandidateVmForAttachingIso::new(RESCUE_CD), &keys).await?.inventories;
        let has = |uuid: &str| vms.iter().any(|vm| vm.uuid == uuid);
        let states = [VmInstanceState::Running, VmInstanceState::Stopped];
        check(has(WEB) && has(DB), "web-1 and db-1 are among them")?;
        check(
            vms.iter().all(|vm| vm.state.as_ref().is_some_and(|it| states.contains(it))),
            "all of them are Running or Stopped",
        )
    }

    async fn attach(&mut self) -> Result<(), Failure> {
        let what = "Puts the rescue CD into a drive of web-1.";
        let vm = self.call(what, AttachIsoToVmInstance::new(WEB, RESCUE_CD), DRIVES).await?.inventory;
        let drive = drive_with(&vm, RESCUE_CD);
        check(drive.is_some(), "a drive holds the ISO")?;
        let path = drive.and_then(|it| it.iso_install_path.as_deref()).unwrap_or_default();
        check(path.ends_with(".iso"), "the VM runs, so the file is at hand")
    }

    async fn detach(&mut self) -> Result<(), Failure> {
        let what = "Takes it out again; the drive stays.";
        let request = DetachIsoFromVmInstance::new(WEB).iso_uuid(RESCUE_CD);
        let vm = self.call(what, request, DRIVES).await?.inventory;
        check(drive_with(&vm, RESCUE_CD).is_none(), "no drive holds the ISO")?;
        check(vm.vm_cd_roms.is_some_and(|drives| !drives.is_empty()), "the drive is still there")
    }

    async fn create_cd_rom(&mut self) -> Result<(), Failure> {
        let what = "A drive for bare-1, which has none, with the ISO in it.";
        let request = CreateVmCdRom::new("tools", BARE).iso_uuid(RESCUE_CD).description("made by the demo");
        let drive = self.call(what, request, &[]).await?.inventory;
        check(drive.device_id == Some(0), "it is the first one")?;
        check(drive.iso_uuid.as_deref() == Some(RESCUE_CD), "it holds the ISO")
    }

    async fn reimage(&mut self) -> Result<(), Failure> {
        let what = "Sets the root volume of db-1 back to its image.";
        let keys = ["name", "state", "type", "size", "installPath", "allVolumes"];
        let vm = self.call(what, ReimageVmInstance::new(DB), &keys).await?.inventory;
        let root = vm.all_volumes.iter().flatten().find(|it| Some(&it.uuid) == vm.root_volume_uuid.as_ref());
        check(
            root.and_then(|it| it.size) == Some(ROCKY_SIZE),
            "the root volume is as large as the image again",
        )?;
        check(vm.state == Some(VmInstanceState::Stopped), "the VM stays Stopped")
    }

    async fn refused_reimage(&mut self) -> Result<(), Failure> {
        let error = self.refused("Refused: web-1 is running.", ReimageVmInstance::new(WEB)).await?;
        check(error.code() == Some("VM.1014"), "VM.1014: the VM has to be stopped")
    }

    async fn refused_attach(&mut self) -> Result<(), Failure> {
        let request = AttachIsoToVmInstance::new(WINDOWS, RESCUE_CD);
        let error = self.refused("Refused: windows-1 has this ISO already.", request).await?;
        check(error.code() == Some("SYS.1006"), "SYS.1006: the operation failed, and the details say why")
    }

    async fn log_out(&mut self) -> Result<(), Failure> {
        let session = self.client.session().unwrap_or_default().to_owned();
        self.call("The session is over.", LogOut::new(session), &[]).await?;
        show::fine("an empty answer is a success")?;
        Ok(())
    }

    /// Calls an operation, and shows both sides of it.
    async fn call<R: Request>(
        &mut self,
        what: &str,
        request: R,
        keys: &[&str],
    ) -> Result<R::Response, Failure> {
        let result = self.exchange(what, request, keys).await?;
        result.map_err(|error| format!("this was to succeed: {error}").into())
    }

    /// Calls an operation that has to be refused.
    async fn refused<R: Request>(&mut self, what: &str, request: R) -> Result<Error, Failure> {
        match self.exchange(what, request, &[]).await? {
            Ok(_) => Err("this was to be refused".into()),
            Err(error) => Ok(error),
        }
    }

    async fn exchange<R: Request>(
        &mut self,
        what: &str,
        request: R,
        keys: &[&str],
    ) -> Result<Result<R::Response, Error>, Failure> {
        self.steps += 1;
        show::step(self.steps, R::OPERATION.name, what)?;
        let result = request.call(&self.client).await;
        if let Some(exchange) = self.recording.take() {
            show::exchange(&exchange, keys)?;
        }
        Ok(result)
    }
}

/// What is shown of a VM when its drives matter.
const DRIVES: &[&str] = &["name", "state", "vmCdRoms", "deviceId", "isoUuid", "isoInstallPath"];

fn drive_with<'a>(vm: &'a VmInstanceInventory, iso: &str) -> Option<&'a VmCdRomInventory> {
    vm.vm_cd_roms.iter().flatten().find(|drive| drive.iso_uuid.as_deref() == Some(iso))
}

/// Shows that something is as it should be, or stops.
fn check(holds: bool, what: &str) -> Result<(), Failure> {
    if !holds {
        return Err(format!("this does not hold: {what}").into());
    }
    show::fine(what)?;
    Ok(())
}
