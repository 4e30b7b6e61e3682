//! The routes of the node: operations with generated types, and all others of the spec, whose tables
//! are made at run time.

use std::sync::{Arc, LazyLock};

use zstack_dynamic::{Dynamic, Tables};
use zstack_runtime::server::{Routes, RoutesOf};
use zstack_runtime::{Operation, Request};
use zstack_server::{AccessKeyApi, IdentityApi, ManagementNodeApi};
use zstack_types::{access_key, identity, management_node};

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

macro_rules! typed {
    ($($request:path => $api:ident::$method:ident),+ $(,)?) => {
        /// The operations that have generated types: those on sessions and on the node itself.
        const TYPED: &[&str] = &[$(<$request as Request>::OPERATION.name),+];

        fn typed_routes<S: Store>(node: &Arc<Node<S>>) -> Routes {
            RoutesOf::new(Arc::clone(node))
                .reserve_paths(zstack_server::RESERVED_PATHS)
                $(.add(<Node<S> as $api>::$method))+
                .into()
        }
    };
}

typed! {
    access_key::CreateAccessKey => AccessKeyApi::create_access_key,
    access_key::DeleteAccessKey => AccessKeyApi::delete_access_key,
    identity::LogInByAccount => IdentityApi::log_in_by_account,
    identity::LogOut => IdentityApi::log_out,
    identity::ValidateSession => IdentityApi::validate_session,
    identity::RenewSession => IdentityApi::renew_session,
    management_node::GetVersion => ManagementNodeApi::get_version,
    management_node::GetCurrentTime => ManagementNodeApi::get_current_time,
    management_node::IsReadyToGo => ManagementNodeApi::is_ready_to_go,
}
