//! Accounts and their quotas.

use serde_json::{Value, json};

use crate::cloud::quotas;
use crate::model::{ADMIN_UUID, AccountKind, Document, DocumentEdit, Edit, OWNER};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::storages::{answer, object};
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

/// Requires that no other account has a name.
async fn check_name<S: Store>(context: &Context<'_, S>, name: &str, uuid: &str) -> Result<(), Failure> {
    let values = vec![("name".to_owned(), name.into())];
    match context.node.store.document_with("Account", values.clone(), uuid).await? {
        Some(other) => Err(errors::not_unique("account", &values, &other.uuid).into()),
        None => Ok(()),
    }
}

/// Creates an account with the default quotas.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut account = context.draft()?;
    check_name(context, context.text("name").unwrap_or_default(), &account.uuid).await?;
    account.set("_password", context.text("password"));
    let mut edits = Vec::new();
    for (name, value) in quotas::DEFAULTS {
        edits.push(new_quota(context, &account.uuid, name, value)?.1);
    }
    let mut done = context.create(account);
    done.edits.extend(edits);
    Ok(done)
}

fn new_quota<S: Store>(
    context: &Context<'_, S>,
    account: &str,
    name: &str,
    value: i64,
) -> Result<(Document, DocumentEdit), Failure> {
    let fields = json!({"name": name, "value": value, "identityUuid": account, "identityType": "AccountVO"});
    let (mut quota, _) = context.new_document("Quota", object(fields))?;
    quota.set(OWNER, account);
    let edit = context.insert(&quota);
    Ok((quota, edit))
}

/// Requires that the caller is an administrator, or the account itself.
fn check_self<S: Store>(context: &Context<'_, S>, account: &Document) -> Result<(), Failure> {
    if context.caller.kind == AccountKind::SystemAdmin || context.caller.account_uuid == account.uuid {
        return Ok(());
    }
    Err(errors::permission_denied("account", &account.uuid).into())
}

/// Changes an account. A new password ends its sessions.
pub(super) async fn update<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut account = context.target("uuid")?;
    check_self(context, &account)?;
    if let Some(name) = context.text("name").filter(|name| account.text("name") != Some(*name)) {
        if account.uuid == ADMIN_UUID {
            return Err(
                errors::operation_failed("The account admin cannot get another name; omit [name].").into()
            );
        }
        check_name(context, name, &account.uuid).await?;
        account.set("name", name);
    }
    if let Some(description) = context.text("description") {
        account.set("description", description);
    }
    let old = context.text("oldPassword");
    if old.is_some_and(|old| account.text("_password") != Some(old)) {
        return Err(errors::operation_failed("[oldPassword] is not the present password; correct it.").into());
    }
    let mut records = Vec::new();
    if let Some(password) = context.text("password") {
        account.set("_password", password);
        let sessions = context.node.store.sessions(&account.uuid, context.now).await?;
        let own = context.session();
        let others =
            sessions.into_iter().filter(|session| session.user_uuid.is_none() && Some(&*session.uuid) != own);
        records.extend(others.map(|session| Edit::DeleteSession(session.uuid)));
    }
    Ok(Done { records, ..context.finish_change(account) })
}

/// Deletes an account with all that it owns.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(account) = context.target("uuid") else { return Ok(Done::default()) };
    if account.uuid == ADMIN_UUID || account.uuid == context.caller.account_uuid {
        return Err(errors::invalid_argument(format!(
            "[uuid] names the account [uuid:{}], which is built in, or that of the caller; choose another one.",
            account.uuid
        ))
        .into());
    }
    let sessions = context.node.store.sessions(&account.uuid, crate::model::Moment::from_millis(0)).await?;
    let edits = context.node.deletion(context.plans, context.plan, account).await?;
    // The sessions refer to the account.
    let mut records: Vec<_> = sessions.into_iter().map(|session| Edit::DeleteSession(session.uuid)).collect();
    records.extend(edits.into_iter().map(Edit::from));
    Ok(Done { records, ..Done::default() })
}

/// Changes a quota of an account, but not below what it uses.
pub(super) async fn update_quota<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let account = context.target("identityUuid")?;
    let name = context.text("name").unwrap_or_default();
    let value = context.parameters.get("value").and_then(Value::as_i64).unwrap_or(0);
    let (present, owned) = context.node.quotas_of(&account.uuid).await?;
    let Some((name, _)) = quotas::DEFAULTS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = quotas::DEFAULTS.iter().map(|(known, _)| *known).collect();
        return Err(errors::invalid_argument(format!(
            "[name] is `{name}`, which is not a quota; use one of: {}.",
            known.join(", ")
        ))
        .into());
    };
    let used = quotas::usage(name, &owned);
    if value < used {
        return Err(errors::operation_failed(format!(
            "[value] is {value}, but the account [uuid:{}] uses {used} of {name}; choose a higher value.",
            account.uuid
        ))
        .into());
    }
    match present.into_iter().find(|quota| quota.text("name") == Some(*name)) {
        Some(mut quota) => {
            quota.set("value", value);
            Ok(context.finish_change(quota))
        }
        // Accounts of inventory files have only the defaults.
        None => {
            let (quota, edit) = new_quota(context, &account.uuid, name, value)?;
            Ok(Done::with_document(quota, vec![edit]))
        }
    }
}

/// Lists the quotas of an account with their use.
pub(super) async fn usages<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let account = context.target("uuid")?;
    check_self(context, &account)?;
    let (present, owned) = context.node.quotas_of(&account.uuid).await?;
    let usage = |(name, default): &(&str, i64)| {
        let total = quotas::limit(&present, name, *default);
        json!({"name": name, "total": total, "used": quotas::usage(name, &owned)})
    };
    let usages: Vec<_> = quotas::DEFAULTS.iter().map(usage).collect();
    Ok(answer(json!({"usages": usages})))
}

/// Finds the owners of resources.
pub(super) async fn owners<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut owners = serde_json::Map::new();
    for resource in context.targets("resourceUuids") {
        let Some(account) = context.load(resource.owner().unwrap_or(ADMIN_UUID)).await? else { continue };
        let inventories = context.node.inventories_of(context.plans, vec![account], &[]).await?;
        owners.extend(inventories.into_iter().map(|account| (resource.uuid.clone(), account)));
    }
    Ok(Done { answer: Answer::Fields(object(json!({"inventories": owners}))), ..Done::default() })
}
