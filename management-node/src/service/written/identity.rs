//! Accounts, users, quotas, tags and configuration.

mod accounts;
mod settings;
mod sharing;
mod tags;
mod users;

use super::{Context, Done, missing};
use crate::cloud::plan::Written;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::admin("CreateAccount", "Account"),
    Written::normal("UpdateAccount", "Account"),
    Written::admin("DeleteAccount", "Account").missing_is_success(),
    Written::admin("UpdateQuota", "Quota"),
    Written::normal("GetAccountQuotaUsage", "Account"),
    Written::normal("GetResourceAccount", "Account"),
    Written::normal("ShareResource", "SharedResource"),
    Written::normal("RevokeResourceSharing", "SharedResource"),
    Written::normal("ChangeResourceOwner", "Account"),
    Written::normal("CreateSystemTag", "SystemTag"),
    Written::normal("CreateUserTag", "UserTag"),
    Written::normal("DeleteTag", "SystemTag").missing_is_success(),
    Written::normal("AttachTagToResources", "TagPattern"),
    Written::normal("DetachTagFromResources", "TagPattern"),
    Written::normal("CreateUser", "User"),
    Written::normal("UpdateUser", "User"),
    Written::normal("CreateUserGroup", "UserGroup"),
    Written::normal("AddUserToGroup", "UserGroup"),
    Written::normal("RemoveUserFromGroup", "UserGroup"),
    Written::normal("CreatePolicy", "Policy"),
    Written::normal("AttachPolicyToUser", "User"),
    Written::normal("DetachPolicyFromUser", "User"),
    Written::normal("AttachPolicyToUserGroup", "UserGroup"),
    Written::normal("DetachPolicyFromUserGroup", "UserGroup"),
    Written::admin("UpdateGlobalConfig", "GlobalConfig"),
    Written::admin("ResetGlobalConfig", "GlobalConfig"),
    Written::normal("GetGlobalConfigOptions", "GlobalConfig"),
    Written::normal("UpdateResourceConfig", "ResourceConfig"),
    Written::normal("DeleteResourceConfig", "ResourceConfig"),
    Written::normal("GetResourceConfig", "ResourceConfig"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "CreateAccount" => accounts::create(context).await,
        "UpdateAccount" => accounts::update(context).await,
        "DeleteAccount" => accounts::delete(context).await,
        "UpdateQuota" => accounts::update_quota(context).await,
        "GetAccountQuotaUsage" => accounts::usages(context).await,
        "GetResourceAccount" => accounts::owners(context).await,
        "ShareResource" => sharing::share(context).await,
        "RevokeResourceSharing" => sharing::revoke(context).await,
        "ChangeResourceOwner" => sharing::change_owner(context).await,
        "CreateSystemTag" | "CreateUserTag" => tags::create(context).await,
        "DeleteTag" => tags::delete(context).await,
        "AttachTagToResources" => tags::attach(context).await,
        "DetachTagFromResources" => tags::detach(context).await,
        "CreateUser" | "CreateUserGroup" => users::create(context).await,
        "UpdateUser" => users::update(context).await,
        "CreatePolicy" => users::create_policy(context),
        "AddUserToGroup" => users::add(context, "groupUuid", "userUuid", users::USERS),
        "RemoveUserFromGroup" => users::remove(context, "groupUuid", "userUuid", users::USERS),
        "AttachPolicyToUser" => users::add(context, "userUuid", "policyUuid", users::POLICIES),
        "DetachPolicyFromUser" => users::remove(context, "userUuid", "policyUuid", users::POLICIES),
        "AttachPolicyToUserGroup" => users::add(context, "groupUuid", "policyUuid", users::POLICIES),
        "DetachPolicyFromUserGroup" => users::remove(context, "groupUuid", "policyUuid", users::POLICIES),
        "UpdateGlobalConfig" => settings::update(context).await,
        "ResetGlobalConfig" => settings::reset(context).await,
        "GetGlobalConfigOptions" => settings::options(context),
        "UpdateResourceConfig" => settings::update_of_resource(context).await,
        "DeleteResourceConfig" => settings::delete_of_resource(context).await,
        "GetResourceConfig" => settings::value_of_resource(context).await,
        _ => Err(missing(context)),
    }
}
