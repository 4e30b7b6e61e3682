//! The operations that VM instances and volumes support, and the addresses of devices in guests.

use serde_json::{Map, Value, json};

use super::super::{Context, Done};
use crate::cloud::texts;
use crate::model::Document;
use crate::service::Failure;
use crate::store::Store;

/// The lowest PCI slot of a disk in a guest.
const FIRST_SLOT: i64 = 10;

/// GetVmCapabilities.
pub(super) async fn of_vm<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let capabilities = capabilities(context, &context.target_of("uuid", "VM instance")?).await?;
    Ok(Done::with_fields([("capabilities", capabilities)]))
}

/// GetVmsCapabilities.
pub(super) async fn of_vms<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut all = Map::new();
    for vm in context.targets("vmUuids") {
        let capabilities = capabilities(context, &vm).await?;
        all.insert(vm.uuid, capabilities);
    }
    Ok(Done::with_fields([("vmsCaps", all.into())]))
}

async fn capabilities<S: Store>(context: &Context<'_, S>, vm: &Document) -> Result<Value, Failure> {
    let state = vm.text("state").unwrap_or_default();
    let root = context.load(vm.text("rootVolumeUuid").unwrap_or_default()).await?;
    let is_local = match &root {
        Some(root) => is_local(context, root).await?,
        None => false,
    };
    let image = context.load(vm.text("imageUuid").unwrap_or_default()).await?;
    Ok(json!({
        // A VM instance moves between hosts without its volumes.
        "supportLiveMigration": state == "Running" && !is_local,
        "supportVolumeMigration": state == "Stopped" && is_local,
        "supportReimage": image.is_some_and(|image| image.text("mediaType") != Some("ISO")),
        "supportMemorySnapshot": matches!(state, "Running" | "Paused"),
    }))
}

/// True if a volume is on the disks of a host.
async fn is_local<S: Store>(context: &Context<'_, S>, volume: &Document) -> Result<bool, Failure> {
    let storage = context.load(volume.text("primaryStorageUuid").unwrap_or_default()).await?;
    Ok(storage.is_some_and(|storage| storage.text("type") == Some("LocalStorage")))
}

/// GetVolumeCapabilities.
pub(super) async fn of_volume<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let is_local = is_local(context, &context.target_of("uuid", "volume")?).await?;
    let capabilities =
        json!({"MigrationInCurrentPrimaryStorage": is_local, "MigrationToOtherPrimaryStorage": false});
    Ok(Done::with_fields([("capabilities", capabilities)]))
}

/// GetVmDeviceAddress.
pub(super) async fn device_addresses<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = context.target_of("uuid", "VM instance")?;
    let volumes = context.holders(&vm.uuid, "vmInstanceUuid").await?;
    let address = |volume: &Document| {
        let slot = volume.number("deviceId")?.saturating_add(FIRST_SLOT);
        Some(json!({
            "address": format!("0000:00:{slot:02x}.0"), "addressType": "pci", "deviceType": "disk",
            "resourceType": "VolumeVO", "resourceUuid": volume.uuid,
        }))
    };
    let volumes = volumes.iter().filter(|holder| holder.base == "Volume");
    let list: Value = volumes.filter_map(address).collect();
    let types = texts(context.parameters.get("resourceTypes"));
    let addresses: Map<_, _> = types.map(|name| (name.to_owned(), list.clone())).collect();
    Ok(Done::with_fields([("addresses", addresses.into())]))
}
