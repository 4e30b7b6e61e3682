//! Accounts, users, roles, sessions, quotas, tags and configuration.

mod accounts;
mod roles;
mod sessions;
mod settings;
mod sharing;
mod tags;
mod users;

use super::{Context, Done, missing};
use crate::cloud::plan::Written;
use crate::service::Failure;
use crate::service::user_rights::{POLICIES, USERS};
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
    Written::normal("CreateSystemTags", "SystemTag"),
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
    Written::normal("AttachPoliciesToUser", "User"),
    Written::normal("DetachPoliciesFromUser", "User"),
    Written::normal("CheckApiPermission", "Account"),
    Written::normal("CreateRole", "Role"),
    Written::normal("UpdateRole", "Role"),
    Written::normal("AddPolicyStatementsToRole", "Role"),
    Written::normal("RemovePolicyStatementsFromRole", "Role"),
    Written::normal("AttachPolicyToRole", "Role"),
    Written::normal("DetachPolicyFromRole", "Role"),
    Written::admin("AttachRoleToAccount", "Role"),
    Written::admin("DetachRoleFromAccount", "Role"),
    Written::normal("LogIn", "Session"),
    Written::normal("LogInByUser", "Session"),
    Written::normal("LogInByLdap", "Session"),
    Written::admin("UpdateGlobalConfig", "GlobalConfig"),
    Written::admin("ResetGlobalConfig", "GlobalConfig"),
    Written::normal("GetGlobalConfigOptions", "GlobalConfig"),
    Written::normal("UpdateResourceConfig", "ResourceConfig"),
    Written::normal("DeleteResourceConfig", "ResourceConfig"),
    Written::normal("GetResourceConfig", "ResourceConfig"),
    Written::normal("GetResourceConfigs", "ResourceConfig"),
    Written::normal("UpdateResourceConfigs", "ResourceConfig"),
    Written::normal("GetResourceBindableConfig", "ResourceConfig"),
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
        "CreateSystemTags" => tags::create_all(context).await,
        "DeleteTag" => tags::delete(context).await,
        "AttachTagToResources" => tags::attach(context).await,
        "DetachTagFromResources" => tags::detach(context).await,
        "CreateUser" | "CreateUserGroup" => users::create(context).await,
        "UpdateUser" => users::update(context).await,
        "CreatePolicy" => users::create_policy(context),
        "AddUserToGroup" => users::add(context, "groupUuid", "userUuid", USERS),
        "RemoveUserFromGroup" => users::remove(context, "groupUuid", "userUuid", USERS),
        "AttachPoliciesToUser" => users::add(context, "userUuid", "policyUuids", POLICIES),
        "DetachPoliciesFromUser" => users::remove(context, "userUuid", "policyUuids", POLICIES),
        "CheckApiPermission" => roles::check(context).await,
        "CreateRole" => roles::create(context),
        "UpdateRole" => roles::update(context),
        "AddPolicyStatementsToRole" => roles::add_statements(context),
        "RemovePolicyStatementsFromRole" => roles::remove_statements(context),
        "AttachPolicyToRole" => roles::attach_policy(context),
        "DetachPolicyFromRole" => roles::detach_policy(context),
        "AttachRoleToAccount" => roles::change_roles(context, true),
        "DetachRoleFromAccount" => roles::change_roles(context, false),
        "LogIn" => sessions::log_in(context).await,
        "LogInByUser" => sessions::log_in_by_user(context).await,
        "LogInByLdap" => sessions::log_in_by_ldap(context).await,
        "AttachPolicyToUser" => users::add(context, "userUuid", "policyUuid", POLICIES),
        "DetachPolicyFromUser" => users::remove(context, "userUuid", "policyUuid", POLICIES),
        "AttachPolicyToUserGroup" => users::add(context, "groupUuid", "policyUuid", POLICIES),
        "DetachPolicyFromUserGroup" => users::remove(context, "groupUuid", "policyUuid", POLICIES),
        "UpdateGlobalConfig" => settings::update(context).await,
        "ResetGlobalConfig" => settings::reset(context).await,
        "GetGlobalConfigOptions" => settings::options(context),
        "UpdateResourceConfig" => settings::update_of_resource(context).await,
        "DeleteResourceConfig" => settings::delete_of_resource(context).await,
        "GetResourceConfig" => settings::value_of_resource(context).await,
        "GetResourceConfigs" => settings::values_of_resource(context).await,
        "UpdateResourceConfigs" => settings::update_all_of_resource(context).await,
        "GetResourceBindableConfig" => Ok(settings::of_resources(context)),
        _ => Err(missing(context)),
    }
}
