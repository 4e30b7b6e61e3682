//! Roles: statements and policies that accounts can have.

use serde_json::{Map, Value, json};

use crate::cloud::{policies, texts};
use crate::model::{AccountKind, Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;
use crate::uuids;

/// The private field of an account with the UUIDs of its roles.
const ROLES: &str = "_roles";

/// The records of a field that is a list.
fn records(document: &Document, field: &str) -> Vec<Value> {
    document.fields.get(field).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The statements in a parameter, with the UUIDs and times that a role adds to them.
fn new_statements<S: Store>(context: &Context<'_, S>) -> Vec<Value> {
    let now = context.now.millis();
    let statements = context.parameters.get("statements").and_then(Value::as_array).into_iter().flatten();
    let record = |statement: &Value| json!({"uuid": uuids::random(), "statement": statement, "createDate": now, "lastOpDate": now});
    statements.map(record).collect()
}

/// The records of policies of a role: the present ones, and one for each further policy.
fn add_policies<'a, S: Store>(
    context: &Context<'_, S>,
    role: &Document,
    mut present: Vec<Value>,
    policies: impl Iterator<Item = &'a str>,
) -> Vec<Value> {
    let now = context.now.millis();
    for policy in policies {
        if present.iter().all(|record| record["policyUuid"] != policy) {
            present.push(json!({
                "roleUuid": role.uuid, "policyUuid": policy, "createDate": now, "lastOpDate": now,
            }));
        }
    }
    present
}

/// Creates a role.
pub(super) fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut role = context.draft()?;
    role.set("statements", new_statements(context));
    let policies = texts(context.parameters.get("policyUuids"));
    role.set("policies", add_policies(context, &role, Vec::new(), policies));
    Ok(context.create(role))
}

/// Changes a role. Statements and policies replace the present ones.
pub(super) fn update<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut role = context.target("uuid")?;
    if let Some(kind) = role.text("type").filter(|kind| matches!(*kind, "Predefined" | "System")) {
        return Err(errors::invalid_argument(format!(
            "[uuid] names a role of the type {kind}, which cannot be changed; create another role."
        ))
        .into());
    }
    for field in ["name", "description"] {
        if let Some(value) = context.text(field) {
            role.set(field, value);
        }
    }
    if context.parameters.contains_key("statements") {
        role.set("statements", new_statements(context));
    }
    if let Some(policies) = context.parameters.get("policyUuids") {
        role.set("policies", add_policies(context, &role, Vec::new(), texts(Some(policies))));
    }
    Ok(context.finish_change(role))
}

/// Adds statements to a role.
pub(super) fn add_statements<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut role = context.target("uuid")?;
    let mut statements = records(&role, "statements");
    statements.extend(new_statements(context));
    role.set("statements", statements);
    Ok(context.finish_change(role))
}

/// Removes statements from a role.
pub(super) fn remove_statements<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut role = context.target("uuid")?;
    let removed: Vec<_> = texts(context.parameters.get("policyStatementUuids")).collect();
    let mut statements = records(&role, "statements");
    statements.retain(|record| !removed.iter().any(|uuid| record["uuid"] == *uuid));
    role.set("statements", statements);
    Ok(context.finish_change(role))
}

/// Attaches a policy to a role.
pub(super) fn attach_policy<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut role, policy) = (context.target("roleUuid")?, context.target("policyUuid")?);
    let present = records(&role, "policies");
    role.set("policies", add_policies(context, &role, present, std::iter::once(&*policy.uuid)));
    Ok(context.finish_change(role))
}

/// Detaches a policy from a role.
pub(super) fn detach_policy<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut role, policy) = (context.target("roleUuid")?, context.target("policyUuid")?);
    let mut policies = records(&role, "policies");
    policies.retain(|record| record["policyUuid"] != *policy.uuid);
    role.set("policies", policies);
    Ok(context.finish_change(role))
}

/// Gives a role to an account, or takes it away.
pub(super) fn change_roles<S: Store>(context: &Context<'_, S>, is_given: bool) -> Result<Done, Failure> {
    let (mut account, role) = (context.target("accountUuid")?, context.target("roleUuid")?);
    let mut roles: Vec<_> = account.texts(ROLES).map(str::to_owned).collect();
    roles.retain(|other| *other != role.uuid);
    if is_given {
        roles.push(role.uuid);
    }
    account.set(ROLES, roles);
    let edits: Vec<DocumentEdit> = vec![context.replace(account)];
    Ok(Done { edits, ..Done::default() })
}

/// Lists for classes of messages whether the caller, or a user of its account, may call the operation.
pub(super) async fn check<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let user = match context.text("userUuid") {
        Some(_) => Some(context.target("userUuid")?.uuid),
        None => context.user().await?,
    };
    let statements = match &user {
        Some(user) => context.node.statements_of(user).await?,
        None => None,
    };
    let mut permissions = Map::new();
    for class in texts(context.parameters.get("apiNames")) {
        let name = policies::operation_of_class(class);
        let operation = context.plans.operation(name);
        let is_allowed = operation.is_some_and(|operation| {
            let by_policy = || policies::allow(statements.iter().flatten(), operation);
            let by_account = context.caller.kind == AccountKind::SystemAdmin
                || context.plans.is_typed(name)
                || context.plans.get(name).is_some_and(|plan| plan.action.is_normal);
            by_account && (user.is_none() || by_policy())
        });
        permissions.insert(class.to_owned(), if is_allowed { "Allow" } else { "Deny" }.into());
    }
    Ok(Done::with_fields([("inventory", permissions.into())]))
}
