//! The routes of the node: operations with generated types, and all others of the spec, whose tables
//! are made at run time.

use std::sync::{Arc, LazyLock};

use zstack_dynamic::{Dynamic, Tables};
use zstack_runtime::Operation;
use zstack_runtime::server::{Routes, RoutesOf};
use zstack_server::{AccessKeyApi, IdentityApi, ImageApi, ManagementNodeApi, VmInstanceApi};

use super::{Node, written};
use crate::catalog;
use crate::cloud::plan::Plans;
use crate::store::Store;

/// The operations of the built-in spec, and what the node does in them.
pub(crate) struct BuiltIn {
    /// All operations, in the order of the spec.
    pub(crate) operations: &'static [&'static Operation],
    /// The plans of those that the node performs on documents.
    pub(crate) plans: Plans,
}

/// An error of the files that are built into the node.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuiltInError {
    /// The spec is invalid.
    #[error("the spec that is built into this node is invalid; the log has the problems")]
    Spec,
    /// The resource files are invalid.
    #[error(transparent)]
    Catalog(#[from] catalog::BuiltInError),
}

/// Returns the built-in operations. They are made for the first caller.
pub(crate) fn built_in_operations() -> Result<&'static BuiltIn, BuiltInError> {
    static BUILT_IN: LazyLock<Result<BuiltIn, BuiltInError>> = LazyLock::new(|| {
        let model = crate::reference::model().map_err(|_| BuiltInError::Spec)?;
        let catalog = catalog::built_in().map_err(Clone::clone)?;
        let tables = Tables::of(model);
        let plans = Plans::new(model, catalog, &tables, &written::operations()).with_typed(TYPED);
        Ok(BuiltIn { operations: tables.operations, plans })
    });
    BUILT_IN.as_ref().map_err(Clone::clone)
}

/// The routes of all operations.
pub(crate) fn routes<S: Store>(node: &Arc<Node<S>>, built_in: &'static BuiltIn) -> [Routes; 2] {
    let typed = typed_routes(node);
    let is_typed =
        |operation: &&&Operation| typed.operations().iter().any(|other| other.name == operation.name);
    let others: Vec<_> =
        built_in.operations.iter().filter(|operation| !is_typed(operation)).copied().collect();
    let others: &'static [_] = others.leak();
    let node = Arc::clone(node);
    let serve = move |index: usize, incoming: zstack_runtime::server::Incoming| {
        let Some(operation) = others.get(index).copied() else { return incoming.refuse_unimplemented() };
        let Some(plan) = built_in.plans.get(operation.name) else { return incoming.refuse_unimplemented() };
        let node = Arc::clone(&node);
        incoming.serve_into(operation, Dynamic::new(operation.request), move |call, request| async move {
            node.perform(&built_in.plans, plan, &call, request).await
        })
    };
    [typed, Routes::new(others, serve)]
}

/// The names of the operations in [`typed_routes`]; a test of the table of performed operations compares them.
const TYPED: &[&str] = &[
    "CreateAccessKey",
    "DeleteAccessKey",
    "QueryAccessKey",
    "LogInByAccount",
    "LogOut",
    "ValidateSession",
    "RenewSession",
    "GetCandidateVmForAttachingIso",
    "QueryImage",
    "GetVersion",
    "GetCurrentTime",
    "IsReadyToGo",
    "AttachIsoToVmInstance",
    "DetachIsoFromVmInstance",
    "CreateVmInstance",
    "ReimageVmInstance",
    "CreateVmCdRom",
    "DeleteVmCdRom",
    "UpdateVmCdRom",
    "SetVmInstanceDefaultCdRom",
    "StartVmInstance",
    "RebootVmInstance",
    "DestroyVmInstance",
    "StopVmInstance",
    "PauseVmInstance",
    "ResumeVmInstance",
    "RecoverVmInstance",
    "ExpungeVmInstance",
    "QueryVmInstance",
    "QueryVmCdRom",
    "GetCandidateIsoForAttachingVm",
];

/// True if the rules of an operation work on generated types.
pub(crate) fn is_typed(operation: &str) -> bool {
    // The routes of any node have the same operations.
    TYPED.contains(&operation)
}

/// The operations whose rules work on generated types.
fn typed_routes<S: Store>(node: &Arc<Node<S>>) -> Routes {
    RoutesOf::new(Arc::clone(node))
        .reserve_paths(zstack_server::RESERVED_PATHS)
        .add(<Node<S> as AccessKeyApi>::create_access_key)
        .add(<Node<S> as AccessKeyApi>::delete_access_key)
        .add(<Node<S> as AccessKeyApi>::query_access_key)
        .add(<Node<S> as IdentityApi>::log_in_by_account)
        .add(<Node<S> as IdentityApi>::log_out)
        .add(<Node<S> as IdentityApi>::validate_session)
        .add(<Node<S> as IdentityApi>::renew_session)
        .add(<Node<S> as ImageApi>::get_candidate_vm_for_attaching_iso)
        .add(<Node<S> as ImageApi>::query_image)
        .add(<Node<S> as ManagementNodeApi>::get_version)
        .add(<Node<S> as ManagementNodeApi>::get_current_time)
        .add(<Node<S> as ManagementNodeApi>::is_ready_to_go)
        .add(<Node<S> as VmInstanceApi>::attach_iso_to_vm_instance)
        .add(<Node<S> as VmInstanceApi>::detach_iso_from_vm_instance)
        .add(<Node<S> as VmInstanceApi>::create_vm_instance)
        .add(<Node<S> as VmInstanceApi>::reimage_vm_instance)
        .add(<Node<S> as VmInstanceApi>::create_vm_cd_rom)
        .add(<Node<S> as VmInstanceApi>::delete_vm_cd_rom)
        .add(<Node<S> as VmInstanceApi>::update_vm_cd_rom)
        .add(<Node<S> as VmInstanceApi>::set_vm_instance_default_cd_rom)
        .add(<Node<S> as VmInstanceApi>::start_vm_instance)
        .add(<Node<S> as VmInstanceApi>::reboot_vm_instance)
        .add(<Node<S> as VmInstanceApi>::destroy_vm_instance)
        .add(<Node<S> as VmInstanceApi>::stop_vm_instance)
        .add(<Node<S> as VmInstanceApi>::pause_vm_instance)
        .add(<Node<S> as VmInstanceApi>::resume_vm_instance)
        .add(<Node<S> as VmInstanceApi>::recover_vm_instance)
        .add(<Node<S> as VmInstanceApi>::expunge_vm_instance)
        .add(<Node<S> as VmInstanceApi>::query_vm_instance)
        .add(<Node<S> as VmInstanceApi>::query_vm_cd_rom)
        .add(<Node<S> as VmInstanceApi>::get_candidate_iso_for_attaching_vm)
        .into()
}
