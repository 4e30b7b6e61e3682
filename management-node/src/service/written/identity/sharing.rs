//! Shares of resources with other accounts, and changes of owners.

use serde_json::{Value, json};

use crate::cloud::texts;
use crate::model::{AccountKind, Document, DocumentEdit, OWNER, RECEIVERS};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::storages::{answer, object};
use crate::service::written::{Context, Done};
use crate::store::Store;

/// The resources that the caller owns.
fn owned_resources<S: Store>(context: &Context<'_, S>, parameter: &str) -> Result<Vec<Document>, Failure> {
    let resources = context.targets(parameter);
    for resource in &resources {
        let is_own = match resource.owner() {
            Some(owner) => {
                context.caller.kind == AccountKind::SystemAdmin || owner == context.caller.account_uuid
            }
            None => context.caller.kind == AccountKind::SystemAdmin,
        };
        if !is_own {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] names the resource [uuid:{}], which belongs to another account; its owner can share it.",
                resource.uuid
            ))
            .into());
        }
    }
    Ok(resources)
}

/// Requires a receiver.
fn check_receivers<S: Store>(context: &Context<'_, S>, flags: &[&str]) -> Result<(), Failure> {
    let has_account = texts(context.parameters.get("accountUuids")).next().is_some();
    if has_account || flags.iter().any(|flag| context.flag(flag)) {
        return Ok(());
    }
    Err(errors::invalid_argument(format!(
        "[accountUuids] is empty; name accounts, or set one of these to true: {}.",
        flags.join(", ")
    ))
    .into())
}

async fn shares_of<S: Store>(context: &Context<'_, S>, uuid: &str) -> Result<Vec<Document>, Failure> {
    let mut shares = context.holders(uuid, "resourceUuid").await?;
    shares.retain(|share| share.kind == "SharedResource");
    Ok(shares)
}

/// Returns whether a share is with all accounts.
fn is_public(share: &Document) -> bool {
    share.fields.get("toPublic") == Some(&Value::Bool(true))
}

/// Shares resources with accounts, or with all.
pub(super) async fn share<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_receivers(context, &["toPublic"])?;
    let mut edits = Vec::new();
    for mut resource in owned_resources(context, "resourceUuids")? {
        let present = shares_of(context, &resource.uuid).await?;
        let mut receivers: Vec<_> = resource.texts(RECEIVERS).map(str::to_owned).collect();
        let mut new = Vec::new();
        if context.flag("toPublic") && !present.iter().any(is_public) {
            new.push(None);
        }
        for account in texts(context.parameters.get("accountUuids")) {
            if !present.iter().any(|share| share.text("receiverAccountUuid") == Some(account)) {
                new.push(Some(account));
            }
            if receivers.iter().all(|other| other != account) {
                receivers.push(account.to_owned());
            }
        }
        new.dedup();
        for receiver in new {
            let owner = resource.owner().unwrap_or(&context.caller.account_uuid);
            let mut fields = object(json!({
                "ownerAccountUuid": owner, "resourceUuid": resource.uuid,
                "resourceType": format!("{}VO", resource.base), "toPublic": receiver.is_none(),
            }));
            if let Some(receiver) = receiver {
                fields.insert("receiverAccountUuid".to_owned(), receiver.into());
            }
            edits.push(context.new_document("SharedResource", fields)?.1);
        }
        if context.flag("toPublic") {
            resource.set("_shared", true);
        }
        resource.set(RECEIVERS, receivers);
        edits.push(context.guard(&resource));
    }
    Ok(Done { edits, ..Done::default() })
}

/// Ends shares of resources.
pub(super) async fn revoke<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_receivers(context, &["all", "toPublic"])?;
    let accounts: Vec<_> = texts(context.parameters.get("accountUuids")).collect();
    let ends = |share: &Document| {
        context.flag("all")
            || (context.flag("toPublic") && is_public(share))
            || share.text("receiverAccountUuid").is_some_and(|account| accounts.contains(&account))
    };
    let mut edits = Vec::new();
    for mut resource in owned_resources(context, "resourceUuids")? {
        let shares = shares_of(context, &resource.uuid).await?;
        edits.extend(shares.into_iter().filter(ends).map(|document| DocumentEdit::Delete { document }));
        if context.flag("all") || context.flag("toPublic") {
            resource.set("_shared", false);
        }
        let mut receivers: Vec<_> = resource.texts(RECEIVERS).map(str::to_owned).collect();
        receivers.retain(|account| !context.flag("all") && !accounts.contains(&&**account));
        resource.set(RECEIVERS, receivers);
        edits.push(context.guard(&resource));
    }
    Ok(Done { edits, ..Done::default() })
}

/// Gives a resource to another account. A VM instance takes its root volume with it.
pub(super) async fn change_owner<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let account = context.target("accountUuid")?;
    let resources = owned_resources(context, "resourceUuid")?;
    let Some(mut resource) = resources.into_iter().next() else {
        return Err(errors::not_found("resourceUuid", "resource", "").into());
    };
    if resource.owner().is_none() {
        return Err(errors::invalid_argument(format!(
            "[resourceUuid] names the resource [uuid:{}], which belongs to no account.",
            resource.uuid
        ))
        .into());
    }
    let mut edits = Vec::new();
    if resource.base == "VmInstance" {
        check_groups(context, &resource).await?;
        let root = context.load(resource.text("rootVolumeUuid").unwrap_or_default()).await?;
        if let Some(mut root) = root {
            root.set(OWNER, account.uuid.clone());
            edits.push(context.replace(root));
        }
        let nics = context.holders(&resource.uuid, "vmInstanceUuid").await?;
        for mut nic in nics.into_iter().filter(|part| part.base == "VmNic") {
            nic.set(OWNER, account.uuid.clone());
            edits.push(context.replace(nic));
        }
    }
    resource.set(OWNER, account.uuid.clone());
    let resource_type = format!("{}VO", resource.base);
    let now = context.time(context.now);
    let inventory = json!({
        "accountUuid": account.uuid, "resourceUuid": resource.uuid, "resourceType": resource_type,
        "concreteResourceType": format!("{}VO", resource.kind), "createDate": now, "lastOpDate": now,
    });
    edits.push(context.replace(resource));
    Ok(Done { edits, ..answer(json!({"inventory": inventory})) })
}

/// Requires that no NIC of a VM instance is in a security group, which belongs to the former owner.
async fn check_groups<S: Store>(context: &Context<'_, S>, vm: &Document) -> Result<(), Failure> {
    let mut nics = context.holders(&vm.uuid, "vmInstanceUuid").await?;
    nics.retain(|nic| nic.base == "VmNic");
    for nic in nics {
        let groups = context.holders(&nic.uuid, "vmNicUuid").await?;
        if groups.iter().any(|group| group.kind == "VmNicSecurityGroupRef") {
            return Err(errors::invalid_argument(format!(
                "[resourceUuid] names a VM instance whose NIC [uuid:{}] is in a security group; remove it first.",
                nic.uuid
            ))
            .into());
        }
    }
    Ok(())
}
