//! The operations with generated types.

use std::sync::Arc;

use zstack_runtime::server::{Routes, RoutesOf};
use zstack_server::{AccessKeyApi, IdentityApi, ManagementNodeApi};
use zstack_types::{access_key, identity, management_node};

use super::Node;
use crate::store::Store;

macro_rules! typed {
    ($($request:path => $api:ident::$method:ident),+ $(,)?) => {
        /// True if an operation has generated types.
        pub(crate) fn is_typed(operation: &str) -> bool {
            [$(<$request as zstack_runtime::Request>::OPERATION.name),+].contains(&operation)
        }

        /// The operations that have generated types: those on sessions and on the node itself.
        pub(super) fn typed_routes<S: Store>(node: &Arc<Node<S>>) -> Routes {
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
