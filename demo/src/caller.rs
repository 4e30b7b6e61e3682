//! Calls that are shown, and checks of what they answer.

use zstack_client::types::{VmCdRomInventory, VmInstanceInventory};
use zstack_client::{Call, Client, Error, Request};

use crate::recording::Recording;
use crate::{Failure, show};

/// Calls operations, and shows both sides of each call.
pub(crate) struct Caller {
    pub(crate) client: Client,
    recording: Recording,
    /// How many calls there were.
    pub(crate) steps: usize,
}

impl Caller {
    pub(crate) fn new(url: &str) -> Result<Self, Failure> {
        let recording = Recording::new()?;
        let client = Client::builder(url).transport(recording.clone()).build()?;
        Ok(Self { client, recording, steps: 0 })
    }

    /// Calls an operation, and shows both sides of it.
    pub(crate) async fn call<R: Request>(
        &mut self,
        what: &str,
        request: R,
        keys: &[&str],
    ) -> Result<R::Response, Failure> {
        let result = self.exchange(what, request, keys).await?;
        result.map_err(|error| format!("this was to succeed: {error}").into())
    }

    /// Calls an operation that has to be refused.
    pub(crate) async fn refused<R: Request>(&mut self, what: &str, request: R) -> Result<Error, Failure> {
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
pub(crate) const DRIVES: &[&str] = &["name", "state", "vmCdRoms", "deviceId", "isoUuid", "isoInstallPath"];

pub(crate) fn drive_with<'a>(vm: &'a VmInstanceInventory, iso: &str) -> Option<&'a VmCdRomInventory> {
    vm.vm_cd_roms.iter().flatten().find(|drive| drive.iso_uuid.as_deref() == Some(iso))
}

/// Shows that something is as it should be, or stops.
pub(crate) fn check(holds: bool, what: &str) -> Result<(), Failure> {
    if !holds {
        return Err(format!("this does not hold: {what}").into());
    }
    show::fine(what)?;
    Ok(())
}
