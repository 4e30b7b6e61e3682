//! VM instances, their drives and their NICs.

mod boot;
mod capabilities;
mod console;
mod copies;
mod creation;
mod drives;
mod isos;
mod lifecycle;
mod nics;
mod placement;
mod reimage;
mod scripts;
mod start;

use serde_json::Value;

use super::{Answer, Context, Done, missing};
use crate::cloud;
use crate::cloud::plan::Written;
use crate::model::{Document, DocumentEdit, Guard, Uuid};
use crate::rules::errors;
use crate::rules::vms::Vm;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::normal("AttachIsoToVmInstance", "VmInstance").locks("vmInstanceUuid"),
    // The ISO is compared with those that are attached, so it need not exist.
    Written::normal("DetachIsoFromVmInstance", "VmInstance").locks("vmInstanceUuid").ignores("isoUuid"),
    Written::normal("GetCandidateIsoForAttachingVm", "Image"),
    Written::normal("GetCandidateVmForAttachingIso", "VmInstance"),
    Written::normal("CreateVmInstance", "VmInstance"),
    Written::normal("StartVmInstance", "VmInstance").locks("uuid"),
    Written::normal("StopVmInstance", "VmInstance").locks("uuid"),
    Written::normal("RebootVmInstance", "VmInstance").locks("uuid"),
    Written::normal("PauseVmInstance", "VmInstance").locks("uuid"),
    Written::normal("ResumeVmInstance", "VmInstance").locks("uuid"),
    Written::normal("DestroyVmInstance", "VmInstance").locks("uuid").missing_is_success(),
    Written::normal("RecoverVmInstance", "VmInstance").locks("uuid"),
    Written::normal("ExpungeVmInstance", "VmInstance").locks("uuid"),
    Written::normal("ReimageVmInstance", "VmInstance").locks("vmInstanceUuid"),
    Written::normal("CreateVmCdRom", "VmCdRom").locks("vmInstanceUuid"),
    Written::normal("DeleteVmCdRom", "VmCdRom").locks("uuid").missing_is_success(),
    Written::normal("UpdateVmCdRom", "VmCdRom").locks("uuid"),
    Written::normal("SetVmInstanceDefaultCdRom", "VmCdRom").locks("vmInstanceUuid"),
    Written::normal("AttachL3NetworkToVm", "VmInstance").locks("vmInstanceUuid"),
    Written::normal("DetachL3NetworkFromVm", "VmInstance").locks("vmNicUuid"),
    Written::normal("GetVmAttachableL3Network", "VmInstance"),
    Written::normal("ChangeInstanceOffering", "VmInstance").locks("vmInstanceUuid"),
    Written::admin("MigrateVm", "VmInstance").locks("vmInstanceUuid"),
    Written::admin("GetVmMigrationCandidateHosts", "VmInstance"),
    Written::normal("GetVmStartingCandidateClustersHosts", "VmInstance"),
    Written::normal("GetVmConsoleAddress", "VmInstance"),
    Written::normal("RequestConsoleAccess", "VmInstance"),
    Written::normal("GetVmBootOrder", "VmInstance"),
    Written::normal("CreateVmInstanceFromVolume", "VmInstance"),
    Written::normal("CreateVmInstanceFromVolumeSnapshot", "VmInstance"),
    Written::normal("CreateVmInstanceFromVolumeSnapshotGroup", "VmInstance"),
    Written::normal("CloneVmInstance", "VmInstance"),
    Written::normal("GetVmCapabilities", "VmInstance"),
    Written::normal("GetVmsCapabilities", "VmInstance"),
    Written::normal("GetVolumeCapabilities", "Volume"),
    Written::normal("GetVmDeviceAddress", "VmInstance"),
    Written::normal("SetVmBootVolume", "VmInstance"),
    Written::admin("ExecuteGuestVmScript", "GuestVmScript"),
    Written::admin("KvmRunShell", "KVMHost"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "AttachIsoToVmInstance" => isos::attach(context).await,
        "DetachIsoFromVmInstance" => isos::detach(context).await,
        "GetCandidateIsoForAttachingVm" => isos::iso_candidates(context).await,
        "GetCandidateVmForAttachingIso" => isos::vm_candidates(context).await,
        "CreateVmInstance" => creation::create(context).await,
        "StartVmInstance" => start::start(context).await,
        "StopVmInstance" => lifecycle::stop(context),
        "RebootVmInstance" => start::reboot(context).await,
        "PauseVmInstance" => lifecycle::pause(context),
        "ResumeVmInstance" => lifecycle::resume(context),
        "DestroyVmInstance" => lifecycle::destroy(context).await,
        "RecoverVmInstance" => lifecycle::recover(context).await,
        "ExpungeVmInstance" => lifecycle::expunge(context).await,
        "ReimageVmInstance" => reimage::reimage(context).await,
        "CreateVmCdRom" => drives::create(context).await,
        "DeleteVmCdRom" => drives::delete(context).await,
        "UpdateVmCdRom" => drives::update(context).await,
        "SetVmInstanceDefaultCdRom" => drives::set_default(context).await,
        "AttachL3NetworkToVm" => nics::attach_network(context).await,
        "DetachL3NetworkFromVm" => nics::detach_network(context).await,
        "GetVmAttachableL3Network" => nics::attachable_networks(context).await,
        "ChangeInstanceOffering" => placement::change_offering(context),
        "MigrateVm" => placement::migrate(context).await,
        "GetVmMigrationCandidateHosts" => placement::migration_hosts(context).await,
        "GetVmStartingCandidateClustersHosts" => placement::starting_places(context).await,
        "GetVmConsoleAddress" => console::address(context).await,
        "RequestConsoleAccess" => console::access(context),
        "CreateVmInstanceFromVolume" => copies::from_volume(context).await,
        "CreateVmInstanceFromVolumeSnapshot" => copies::from_snapshot(context).await,
        "CreateVmInstanceFromVolumeSnapshotGroup" => copies::from_group(context).await,
        "CloneVmInstance" => copies::clone(context).await,
        "GetVmCapabilities" => capabilities::of_vm(context).await,
        "GetVmsCapabilities" => capabilities::of_vms(context).await,
        "GetVolumeCapabilities" => capabilities::of_volume(context).await,
        "GetVmDeviceAddress" => capabilities::device_addresses(context).await,
        "SetVmBootVolume" => boot::set(context).await,
        "ExecuteGuestVmScript" => scripts::execute(context),
        "KvmRunShell" => scripts::run_on_hosts(context),
        "GetVmBootOrder" => boot::order(context).await,
        _ => Err(missing(context)),
    }
}

/// The VM instance in a parameter, without its parts.
fn vm_in<S: Store>(context: &Context<'_, S>, parameter: &str) -> Result<Document, Failure> {
    context.target_of(parameter, "VM instance")
}

/// Loads the VM instance in a parameter with its parts.
async fn load_vm<S: Store>(context: &Context<'_, S>, parameter: &str) -> Result<Vm, Failure> {
    with_parts(context, vm_in(context, parameter)?).await
}

/// Loads the parts of a VM instance.
async fn with_parts<S: Store>(context: &Context<'_, S>, instance: Document) -> Result<Vm, Failure> {
    let store = context.node.store.as_ref();
    let mut parts = parts_of(store, vec![instance.uuid.clone()], "vmInstanceUuid").await?;
    let nics = parts.iter().filter(|part| part.base == "VmNic").map(|nic| nic.uuid.clone()).collect();
    let ips = parts_of(store, nics, "vmNicUuid").await?;
    parts.extend(ips.into_iter().filter(|part| part.base == "UsedIp"));
    Ok(Vm::new(instance, parts))
}

async fn parts_of<S: Store>(store: &S, wholes: Vec<Uuid>, field: &str) -> Result<Vec<Document>, Failure> {
    let holders = store.holders(&wholes).await?.into_iter();
    Ok(holders.filter(|holder| holder.link.field == field).map(|holder| holder.document).collect())
}

/// Loads the VM instance of a drive or NIC, and checks that the caller may use it.
async fn vm_of_part<S: Store>(context: &Context<'_, S>, part: &Document) -> Result<Vm, Failure> {
    let uuid = part.text("vmInstanceUuid").unwrap_or_default();
    let vm = context.load(uuid).await?;
    let vm = vm.ok_or_else(|| errors::not_found("vmInstanceUuid", "VM instance", uuid))?;
    if !vm.may_be_used_by(&context.caller) {
        return Err(errors::permission_denied("VM instance", uuid).into());
    }
    with_parts(context, vm).await
}

/// Creates a part of a VM instance, or another document that no account owns itself.
fn new_part<S: Store>(context: &Context<'_, S>, resource: &str, fields: Value) -> Result<Document, Failure> {
    let found = context.plans.catalog.resource(resource);
    let found = found.ok_or_else(|| errors::internal(format!("There is no resource {resource}.")))?;
    let fields = fields.as_object().cloned().unwrap_or_default();
    Ok(cloud::new_document(context.plans, found, fields, None, context.now).0)
}

/// Finishes a change of a VM instance, which is the answer: the edits that lead from one state to the
/// other. Other changes of the VM instance in the meantime are a conflict.
fn change_vm<S: Store>(context: &Context<'_, S>, before: &Vm, mut after: Vm) -> Done {
    let mut edits = Vec::new();
    let is_kept = |part: &Document| after.parts().any(|other| other.uuid == part.uuid);
    let deleted = before.parts().rev().filter(|part| !is_kept(part)).cloned();
    edits.extend(deleted.map(|document| DocumentEdit::Delete { document }));
    for part in after.parts() {
        match before.parts().find(|other| other.uuid == part.uuid) {
            None => edits.push(context.insert(part)),
            Some(other) if other == part => {}
            Some(_) => edits.push(context.replace(part.clone())),
        }
    }
    let mut guards = Vec::new();
    if after.instance != before.instance {
        after.instance.touch(context.now);
        edits.push(context.replace(after.instance.clone()));
    } else if !edits.is_empty() {
        guards.push(Guard::changing(&before.instance));
    }
    Done { edits, guards, answer: Answer::Document(after.instance), ..Done::default() }
}
