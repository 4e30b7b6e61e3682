//! Changes of state that depend on the VM instance alone.

use serde_json::Value;

use super::super::{Context, Done};
use super::{change_vm, load_vm, vm_in, with_parts};
use crate::cloud::guests::LEADING;
use crate::cloud::volumes;
use crate::model::{Document, DocumentEdit};
use crate::rules::vms::{EXPUNGE, PAUSE, RECOVER, RESUME, STOP, Transition, set_state, state};
use crate::service::Failure;
use crate::store::Store;

/// StopVmInstance: stops the VM instance; a stopped one is not changed.
pub(super) fn stop<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    change_state(context, &STOP, "Stopped")
}

/// PauseVmInstance: pauses the VM instance on its host.
pub(super) fn pause<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    change_state(context, &PAUSE, "Paused")
}

/// ResumeVmInstance: resumes the paused VM instance.
pub(super) fn resume<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    change_state(context, &RESUME, "Running")
}

fn change_state<S: Store>(
    context: &Context<'_, S>,
    transition: &Transition,
    next: &str,
) -> Result<Done, Failure> {
    let mut vm = vm_in(context, "uuid")?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    transition.check(&vm)?;
    if state(&vm) == next {
        return Ok(Done::with_document(vm, Vec::new()));
    }
    set_state(&mut vm, next);
    Ok(context.finish_change(vm))
}

/// DestroyVmInstance: destroys the VM instance in any state; it can then be recovered or expunged, unless
/// deletions are direct. Drives keep their ISOs, data volumes are detached, and addresses are released.
pub(super) async fn destroy<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    // A missing one is a success.
    let Ok(vm) = context.target("uuid") else { return Ok(Done::default()) };
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    if context.node.deletes_directly("vm").await? {
        return remove(context, vm).await;
    }
    let vm = with_parts(context, vm).await?;
    if vm.state() == "Destroyed" {
        return Ok(Done::default());
    }
    let mut edits = context.node.deletion_of(context.plans, context.plan, vm.ips.clone()).await?;
    let mut after = vm.clone();
    for nic in &mut after.nics {
        if vm.ips.iter().any(|ip| ip.text("vmNicUuid") == Some(&nic.uuid)) {
            nic.touch(context.now);
        }
        let leading = context.holders(&nic.uuid, "vmNicUuid").await?;
        for mut document in leading.into_iter().filter(|holder| LEADING.contains(&&*holder.base)) {
            document.set("vmNicUuid", Value::Null);
            document.set("guestIp", Value::Null);
            edits.push(context.replace(document));
        }
    }
    for volume in &mut after.volumes {
        match volume.text("type") {
            Some("Root") => volume.set("status", "Deleted"),
            _ => volumes::detach(volume, context.now),
        }
    }
    after.set_state("Destroyed");
    let mut done = change_vm(context, &vm, after);
    done.edits.extend(edits);
    Ok(done)
}

/// RecoverVmInstance: recovers the destroyed VM instance with its root volume. It gets addresses when it
/// starts; its data volumes stay detached.
pub(super) async fn recover<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "uuid").await?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    RECOVER.check(&vm.instance)?;
    let mut after = vm.clone();
    after.set_state("Stopped");
    if let Some(root) = after.volumes.iter_mut().find(|volume| volume.text("type") == Some("Root")) {
        root.set("status", "Ready");
    }
    Ok(change_vm(context, &vm, after))
}

/// ExpungeVmInstance: deletes the destroyed VM instance.
pub(super) async fn expunge<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = vm_in(context, "uuid")?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    EXPUNGE.check(&vm)?;
    remove(context, vm).await
}

/// Deletes a VM instance with all that depends on it. Data volumes are detached.
async fn remove<S: Store>(context: &Context<'_, S>, vm: Document) -> Result<Done, Failure> {
    let mut edits = context.node.deletion(context.plans, context.plan, vm).await?;
    for edit in &mut edits {
        if let DocumentEdit::Replace { document, .. } = edit
            && document.base == "Volume"
        {
            document.set("lastDetachDate", context.now.millis());
        }
    }
    Ok(Done { edits, ..Done::default() })
}
