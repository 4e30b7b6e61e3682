//! The devices and the volume from which a VM instance boots.

use super::super::{Answer, Context, Done};
use crate::cloud::snapshots::HAS_MEMORY;
use crate::cloud::volumes::check_field;
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// The boot order of a VM instance without the tag.
const BOOT_ORDER: &str = "HardDisk";

/// GetVmBootOrder.
pub(super) async fn order<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let order = context.tag(&context.target("uuid")?, "bootOrder").await?;
    let orders: Vec<_> = order.as_deref().unwrap_or(BOOT_ORDER).split(',').collect();
    Ok(Done::with_fields([("orders", orders.into())]))
}

/// SetVmBootVolume: the present root volume becomes a data volume.
pub(super) async fn set<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut vm = context.target_of("vmInstanceUuid", "VM instance")?;
    let mut volume = context.target_of("volumeUuid", "volume")?;
    check_field("VM instance", &vm, "state", &["Stopped"])?;
    let is_shareable = volume.fields.get("isShareable") == Some(&true.into());
    if volume.text("vmInstanceUuid") != Some(&vm.uuid) || is_shareable {
        return Err(errors::operation_failed(format!(
            "The volume [uuid:{}] is not attached to the VM instance [uuid:{}], or is shareable; attach another one.",
            volume.uuid, vm.uuid
        ))
        .into());
    }
    let holders = context.holders(&vm.uuid, "vmInstanceUuid").await?;
    if let Some(group) = holders.iter().find(|group| group.fields.get(HAS_MEMORY) == Some(&true.into())) {
        return Err(errors::operation_failed(format!(
            "The VM instance [uuid:{}] has the snapshot group [uuid:{}] with memory; delete the group first.",
            vm.uuid, group.uuid
        ))
        .into());
    }
    let volumes = || holders.iter().filter(|holder| holder.base == "Volume");
    let root = volumes().find(|volume| volume.text("type") == Some("Root")).cloned();
    if root.as_ref().is_some_and(|root| root.uuid == volume.uuid) {
        return Ok(Done { answer: Answer::Document(vm), ..Done::default() });
    }
    let mut edits = Vec::new();
    if let Some(mut root) = root {
        root.set("type", "Data");
        let is_used = |id: i64| volumes().any(|volume| volume.number("deviceId") == Some(id));
        root.set("deviceId", (1..).find(|id| !is_used(*id)));
        edits.push(context.replace(root));
    }
    volume.set("type", "Root");
    volume.set("deviceId", 0);
    vm.set("rootVolumeUuid", volume.uuid.clone());
    edits.push(context.replace(volume));
    let mut done = context.finish_change(vm);
    done.edits.extend(edits);
    Ok(done)
}
