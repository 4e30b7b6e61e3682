//! Prints calls and checks their responses.

use zstack_client::types::{VmCdRomInventory, VmInstanceInventory};
use zstack_client::{Call, Client, Error, Request};

use crate::recording::Recording;
use crate::{Failure, show};

/// Calls operations and prints requests and responses.
pub(crate) struct Caller {
    pub(crate) client: Client,
    recording: Recording,
    /// The number of calls so far.
    pub(crate) steps: usize,
}

impl Caller {
    pub(crate) fn new(url: &str) -> Result<Self, Failure> {
        let recording = Recording::new()?;
        let client = Client::builder(url).transport(recording.clone()).build()?;
        Ok(Self { client, recording, steps: 0 })
    }

    /// Calls an operation that must succeed; prints the fields of the response that are in `keys`.
    pub(crate) async fn call<R: Request>(
        &mut self,
        what: &str,
        request: R,
        keys: &[&str],
    ) -> Result<R::Response, Failure> {
        let result = self.exchange(what, request, keys).await?;
        result.map_err(|error| format!("the operation should have succeeded: {error}").into())
    }

    /// Calls an operation that must fail, and returns its error.
    pub(crate) async fn expect_error<R: Request>(
        &mut self,
        what: &str,
        request: R,
    ) -> Result<Error, Failure> {
        match self.exchange(what, request, &[]).await? {
            Ok(_) => Err("the operation should have failed".into()),
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

/// The fields of a VM instance that are printed when its drives matter.
pub(crate) const DRIVES: &[&str] = &["name", "state", "vmCdRoms", "deviceId", "isoUuid", "isoInstallPath"];

/// Finds the CD-ROM drive of a VM instance that contains an ISO.
pub(crate) fn drive_with<'a>(vm: &'a VmInstanceInventory, iso: &str) -> Option<&'a VmCdRomInventory> {
    vm.vm_cd_roms.iter().flatten().find(|drive| drive.iso_uuid.as_deref() == Some(iso))
}

/// Prints a fact about a response, or stops the demo if it is not true.
pub(crate) fn check(is_true: bool, fact: &str) -> Result<(), Failure> {
    if !is_true {
        return Err(format!("expected, but not true: {fact}").into());
    }
    Ok(show::confirmation(fact)?)
}
