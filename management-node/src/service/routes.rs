//! The routes of the node: operations with generated types, and all others of the spec, whose tables
//! are made at run time.

use std::sync::Arc;

use zstack_dynamic::{Dynamic, Tables};
use zstack_model::Model;
use zstack_runtime::server::{Routes, RoutesOf};
use zstack_runtime::{Operation, Request};
use zstack_server::{AccessKeyApi, IdentityApi, ManagementNodeApi};
use zstack_types::{access_key, identity, management_node};

use super::{Node, written};
use crate::catalog::Catalog;
use crate::cloud::plan::Plans;
use crate::store::Store;

/// The operations of a spec, and what the node does in them.
#[derive(Debug)]
pub(crate) struct Operations {
    /// All operations, in the order of the spec.
    pub(crate) operations: &'static [&'static Operation],
    /// The plans of those that the node performs on documents.
    pub(crate) plans: Plans,
    /// The operations with generated types.
    typed: Vec<&'static Operation>,
    /// All others.
    others: &'static [&'static Operation],
}

impl Operations {
    /// Makes the operations of a spec. `is_shared` returns whether an operation is the same as in the
    /// built-in spec, so that functions in Rust perform it.
    pub(crate) fn new(model: &Model, catalog: &'static Catalog, is_shared: impl Fn(&str) -> bool) -> Self {
        let tables = Tables::of(model);
        let mut functions = written::operations();
        functions.retain(|written| is_shared(written.operation));
        let is_typed = |operation: &&'static Operation| {
            is_shared(operation.name)
                || SESSIONS.contains(&operation.name) && is_free(operation, tables.operations)
        };
        let typed: Vec<_> = TYPED.iter().copied().filter(is_typed).collect();
        let plans = Plans::new(model, catalog, &tables, &functions);
        let plans = plans.with_typed(typed.iter().map(|operation| operation.name).collect());
        let others = tables.operations.iter().filter(|operation| !plans.is_typed(operation.name));
        // They exist as long as the spec: until the process ends.
        let others: &'static [_] = others.copied().collect::<Vec<_>>().leak();
        Self { operations: tables.operations, plans, typed, others }
    }

    /// All operations that the API has, also those that the node does not perform.
    pub(crate) fn all(&self) -> Vec<&'static Operation> {
        self.typed.iter().chain(self.others).copied().collect()
    }
}

/// The operations on sessions. They are served even if the spec lacks them: others need a session.
const SESSIONS: &[&str] = &["LogInByAccount", "LogOut", "RenewSession", "ValidateSession"];

/// Returns whether a spec has neither the name nor a path of an operation.
fn is_free(operation: &Operation, others: &[&Operation]) -> bool {
    let is_taken = |other: &&Operation| {
        let mut paths = other.all_paths();
        other.name == operation.name
            || paths.any(|path| operation.all_paths().any(|own| is_same_path(own, path)))
    };
    !others.iter().any(is_taken)
}

/// Compares paths, apart from the names of variables.
fn is_same_path(one: &str, other: &str) -> bool {
    let is_variable = |segment: &str| segment.starts_with('{');
    let (one, other) = (one.split('/'), other.split('/'));
    one.clone().count() == other.clone().count()
        && one.zip(other).all(|(one, other)| one == other || is_variable(one) && is_variable(other))
}

/// The routes of all operations.
pub(crate) fn routes<S: Store>(node: &Arc<Node<S>>, operations: &'static Operations) -> [Routes; 2] {
    let typed = typed_routes(node, &operations.typed);
    let plans = &operations.plans;
    let others = operations.others;
    let node = Arc::clone(node);
    let serve = move |index: usize, incoming: zstack_runtime::server::Incoming| {
        let Some(operation) = others.get(index).copied() else { return incoming.refuse_unimplemented() };
        let Some(plan) = plans.get(operation.name) else { return incoming.refuse_unimplemented() };
        let node = Arc::clone(&node);
        incoming.serve_into(operation, Dynamic::new(operation.request), move |call, request| async move {
            node.perform(plans, plan, &call, request).await
        })
    };
    [typed, Routes::new(others, serve)]
}

macro_rules! typed {
    ($($request:path => $api:ident::$method:ident),+ $(,)?) => {
        /// The operations that have generated types: those on sessions and on the node itself.
        const TYPED: &[&Operation] = &[$(<$request as Request>::OPERATION),+];

        fn typed_routes<S: Store>(node: &Arc<Node<S>>, served: &[&'static Operation]) -> Routes {
            let mut routes = RoutesOf::new(Arc::clone(node)).reserve_paths(zstack_server::RESERVED_PATHS);
            $(
                if served.iter().any(|operation| operation.name == <$request as Request>::OPERATION.name) {
                    routes = routes.add(<Node<S> as $api>::$method);
                }
            )+
            routes.into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_variables_do_not_distinguish_paths() {
        assert!(is_same_path("/a/{uuid}/b", "/a/{id}/b"));
        for other in ["/a/{id}", "/a/{id}/c", "/a/x/b", "/a/{id}/b/c"] {
            assert!(!is_same_path("/a/{uuid}/b", other), "{other}");
        }
    }

    #[test]
    fn sessions_are_served_unless_the_spec_uses_their_names_or_paths() {
        let log_in = <identity::LogInByAccount as Request>::OPERATION;
        let get_version = <management_node::GetVersion as Request>::OPERATION;
        assert!(is_free(log_in, &[get_version]));
        assert!(!is_free(log_in, &[get_version, log_in]));
        let sessions = SESSIONS.iter().map(|name| TYPED.iter().any(|typed| typed.name == *name));
        assert!(sessions.into_iter().all(|is_typed| is_typed));
    }
}
