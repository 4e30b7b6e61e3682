//! The operations that users of an account may call.

use serde_json::Value;
use zstack_runtime::Operation;

use super::Node;
use crate::cloud::policies;
use crate::model::Uuid;
use crate::rules::{Verdict, errors};
use crate::store::{Store, StoreResult};

/// The private field of a group with the UUIDs of its users.
pub(super) const USERS: &str = "_users";

/// The private field of a user or a group with the UUIDs of policies.
pub(super) const POLICIES: &str = "_policies";

impl<S: Store> Node<S> {
    /// Requires that a user exists, and that a policy allows it an operation.
    pub(super) async fn check_user(&self, user: &Uuid, operation: &Operation) -> StoreResult<Verdict<()>> {
        let Some(statements) = self.statements_of(user).await? else {
            return Ok(Err(errors::session_expired()));
        };
        let is_allowed = policies::allow(statements.iter(), operation);
        Ok(if is_allowed { Ok(()) } else { Err(errors::denied_by_policy(operation.name)) })
    }

    /// The statements of the policies of a user and of its groups; `None` if it does not exist.
    pub(super) async fn statements_of(&self, user: &Uuid) -> StoreResult<Option<Vec<Value>>> {
        let found = self.store.documents(std::slice::from_ref(user)).await?.pop();
        let Some(user) = found.filter(|user| user.kind == "User") else { return Ok(None) };
        let mut groups = self.store.documents_of("UserGroup").await?;
        groups.retain(|group| group.texts(USERS).any(|member| member == user.uuid));
        let holders = groups.iter().chain([&user]);
        let policies: Vec<_> = holders.flat_map(|holder| holder.texts(POLICIES)).map(str::to_owned).collect();
        let policies = self.store.documents(&policies).await?;
        let statements = policies.iter().filter_map(|policy| policy.fields.get("statements")?.as_array());
        Ok(Some(statements.flatten().cloned().collect()))
    }
}
