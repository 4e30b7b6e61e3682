//! Users and groups of accounts, and their policies.

use serde_json::Value;

use crate::model::{AccountKind, DocumentEdit, Edit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// Requires that no other user or group of the account has a name.
async fn check_name<S: Store>(
    context: &Context<'_, S>,
    account: &str,
    name: &str,
    uuid: &str,
) -> Result<(), Failure> {
    let resource = context.plan.resource;
    let values = [("accountUuid", account), ("name", name)];
    let values = values.map(|(field, value)| (field.to_owned(), Value::from(value))).to_vec();
    match context.node.store.document_with(&resource.name, values.clone(), uuid).await? {
        Some(other) => Err(errors::not_unique(&resource.label, &values, &other.uuid).into()),
        None => Ok(()),
    }
}

/// Creates a user or a group in the account of the caller.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut created = context.draft()?;
    let account = &context.caller.account_uuid;
    check_name(context, account, context.text("name").unwrap_or_default(), &created.uuid).await?;
    created.set("accountUuid", account.clone());
    created.set("_password", context.text("password"));
    Ok(context.create(created))
}

/// Changes a user. A user changes only itself, and need not name itself. A new password ends its other
/// sessions.
pub(super) async fn update<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let own = context.user().await?;
    let uuid = match (context.text("uuid"), &own) {
        (Some(uuid), Some(own)) if uuid != own => {
            return Err(errors::invalid_argument(format!(
                "[uuid] names the user [uuid:{uuid}], but a user can change only itself; log in as the account."
            ))
            .into());
        }
        (Some(uuid), _) => uuid,
        (None, Some(own)) => own,
        (None, None) => return Err(errors::invalid_argument("[uuid] is missing; name the user.").into()),
    };
    let found = context.load(uuid).await?.filter(|user| user.kind == "User");
    let mut user = found.ok_or_else(|| errors::not_found("uuid", "user", uuid))?;
    if let Some(name) = context.text("name") {
        let account = user.text("accountUuid").unwrap_or_default();
        check_name(context, account, name, &user.uuid).await?;
        user.set("name", name);
    }
    let old = context.text("oldPassword");
    if old.is_some_and(|old| user.text("_password") != Some(old)) {
        return Err(errors::operation_failed("[oldPassword] is not the present password; correct it.").into());
    }
    for (parameter, field) in [("description", "description"), ("password", "_password")] {
        if let Some(value) = context.text(parameter) {
            user.set(field, value);
        }
    }
    let mut records = Vec::new();
    if context.text("password").is_some() {
        let account = user.text("accountUuid").unwrap_or_default();
        let sessions = context.node.store.sessions(account, context.now).await?.into_iter();
        let own = context.session();
        let others = sessions
            .filter(|session| session.user_uuid.as_ref() == Some(&user.uuid) && Some(&*session.uuid) != own);
        records.extend(others.map(|session| Edit::DeleteSession(session.uuid)));
    }
    Ok(Done { records, ..context.finish_change(user) })
}

/// Creates a policy in the account of the caller.
pub(super) fn create_policy<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let statements = context.parameters.get("statements").and_then(Value::as_array);
    let is_complete = |statement: &Value| {
        let has_actions = statement["actions"].as_array().is_some_and(|actions| !actions.is_empty());
        has_actions && statement["effect"].is_string()
    };
    let statements = statements.map(Vec::as_slice).unwrap_or_default();
    if statements.is_empty() || !statements.iter().all(is_complete) {
        return Err(errors::invalid_argument(
            "[statements] is empty, or contains one without an effect or without actions; complete it.",
        )
        .into());
    }
    let mut policy = context.draft()?;
    policy.set("accountUuid", context.caller.account_uuid.clone());
    Ok(context.create(policy))
}

/// Adds what a parameter names to a list, unless it is there. All must be of the same account.
pub(super) fn add<S: Store>(
    context: &Context<'_, S>,
    key: &str,
    parameter: &str,
    field: &str,
) -> Result<Done, Failure> {
    change(
        context,
        key,
        parameter,
        |list, uuid| {
            if list.iter().all(|other| *other != uuid) {
                list.push(uuid);
            }
        },
        field,
    )
}

/// Removes what a parameter names from a list.
pub(super) fn remove<S: Store>(
    context: &Context<'_, S>,
    key: &str,
    parameter: &str,
    field: &str,
) -> Result<Done, Failure> {
    change(context, key, parameter, |list, uuid| list.retain(|other| *other != uuid), field)
}

fn change<S: Store>(
    context: &Context<'_, S>,
    key: &str,
    parameter: &str,
    change: impl Fn(&mut Vec<String>, String),
    field: &str,
) -> Result<Done, Failure> {
    let mut target = context.target(key)?;
    let is_admin = context.caller.kind == AccountKind::SystemAdmin;
    let mut list: Vec<_> = target.texts(field).map(str::to_owned).collect();
    for part in context.targets(parameter) {
        if target.text("accountUuid") != part.text("accountUuid") && !is_admin {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] names [uuid:{}], which is of another account than [uuid:{}]; choose one of the same.",
                part.uuid, target.uuid
            ))
            .into());
        }
        change(&mut list, part.uuid);
    }
    target.set(field, list);
    let edits: Vec<DocumentEdit> = vec![context.replace(target)];
    Ok(Done { edits, ..Done::default() })
}
