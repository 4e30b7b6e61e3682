//! The NICs of security groups.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Context, Done, holders, services_of};
use crate::cloud::{self, texts};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

const REF: &str = "VmNicSecurityGroupRef";
const POLICY: &str = "VmNicSecurityPolicy";

/// Checks that a network has security groups.
pub(super) async fn require_service<S: Store>(
    context: &Context<'_, S>,
    network: &str,
) -> Result<(), Failure> {
    let services = services_of(context, network).await?;
    if services.iter().any(|service| service.text("networkServiceType") == Some("SecurityGroup")) {
        return Ok(());
    }
    Err(errors::invalid_argument(format!(
        "The L3 network [uuid:{network}] does not have the service SecurityGroup; attach it with \
         AttachNetworkServiceToL3Network."
    ))
    .into())
}

async fn refs_of<S: Store>(context: &Context<'_, S>, nic: &str) -> Result<Vec<Document>, Failure> {
    holders(context, &[nic.to_owned()], REF, "vmNicUuid").await
}

async fn policy_of<S: Store>(context: &Context<'_, S>, nic: &str) -> Result<Option<Document>, Failure> {
    Ok(holders(context, &[nic.to_owned()], POLICY, "vmNicUuid").await?.pop())
}

fn new_ref<S: Store>(
    context: &Context<'_, S>,
    group: &str,
    nic: &Document,
    priority: i64,
) -> Result<(Document, DocumentEdit), Failure> {
    let fields = json!({
        "securityGroupUuid": group, "vmNicUuid": nic.uuid, "vmInstanceUuid": nic.text("vmInstanceUuid"),
        "priority": priority,
    });
    let mut fields = fields.as_object().cloned().unwrap_or_default();
    fields.retain(|_, value| !value.is_null());
    context.new_document(REF, fields)
}

fn new_policy<S: Store>(context: &Context<'_, S>, nic: &str) -> Result<DocumentEdit, Failure> {
    let fields = Map::from_iter([("vmNicUuid".to_owned(), nic.into())]);
    Ok(context.new_document(POLICY, fields)?.1)
}

pub(super) async fn add<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target("securityGroupUuid")?;
    let mut edits = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for uuid in texts(context.parameters.get("vmNicUuids")) {
        let Some(nic) = context.documents.get(uuid) else { continue };
        let refs = refs_of(context, uuid).await?;
        if seen.contains(&uuid)
            || refs.iter().any(|other| other.text("securityGroupUuid") == Some(&group.uuid))
        {
            return Err(errors::invalid_argument(format!(
                "The NIC [uuid:{uuid}] is already in the security group [uuid:{}].",
                group.uuid
            ))
            .into());
        }
        seen.push(uuid);
        require_service(context, nic.text("l3NetworkUuid").unwrap_or_default()).await?;
        let last = refs.iter().filter_map(|other| other.number("priority")).max().unwrap_or(0);
        edits.push(new_ref(context, &group.uuid, nic, last + 1)?.1);
        if policy_of(context, uuid).await?.is_none() {
            edits.push(new_policy(context, uuid)?);
        }
    }
    Ok(Done { edits, ..Done::default() })
}

pub(super) async fn remove<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target("securityGroupUuid")?;
    let mut edits = Vec::new();
    for uuid in texts(context.parameters.get("vmNicUuids")) {
        let mut refs = refs_of(context, uuid).await?;
        refs.sort_by_key(|other| other.number("priority"));
        let is_removed = |other: &Document| other.text("securityGroupUuid") == Some(&group.uuid);
        let (removed, kept): (Vec<_>, Vec<_>) = refs.into_iter().partition(is_removed);
        if !removed.is_empty() {
            let kept = cloud::security_groups::renumber(kept);
            edits.extend(removed.into_iter().map(|document| DocumentEdit::Delete { document }));
            edits.extend(kept.into_iter().map(|other| context.replace(other)));
        }
    }
    Ok(Done { edits, ..Done::default() })
}

/// Replaces the groups of a NIC.
pub(super) async fn set<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target("vmNicUuid")?;
    let given = context.parameters.get("refs").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut order: Vec<_> = given
        .iter()
        .filter_map(|item| Some((item["priority"].as_i64()?, item["securityGroupUuid"].as_str()?.to_owned())))
        .collect();
    order.sort();
    let is_numbered =
        order.iter().map(|(number, _)| *number).eq(1..=i64::try_from(given.len()).unwrap_or(i64::MAX));
    if !is_numbered {
        let text = "[refs.priority] must count from 1 on, each number once.";
        return Err(errors::invalid_argument(text).into());
    }
    let uuids: Vec<_> = order.iter().map(|(_, uuid)| uuid.clone()).collect();
    let groups = context.node.store.documents(&uuids).await?;
    let by_uuid: HashMap<_, _> = groups.iter().map(|group| (group.uuid.as_str(), group)).collect();
    let is_usable = |uuid: &String| {
        by_uuid.get(uuid.as_str()).is_some_and(|group| {
            group.base == "SecurityGroup"
                && group.owner().is_none_or(|owner| context.caller.may_use(owner, group.is_shared()))
        })
    };
    if by_uuid.len() < uuids.len() || !uuids.iter().all(is_usable) {
        let text = "[refs.securityGroupUuid] must be security groups of the account, each once.";
        return Err(errors::invalid_argument(text).into());
    }
    if !order.is_empty() {
        require_service(context, nic.text("l3NetworkUuid").unwrap_or_default()).await?;
    }
    let old = refs_of(context, &nic.uuid).await?;
    let mut edits: Vec<_> = old.into_iter().map(|document| DocumentEdit::Delete { document }).collect();
    let mut list = Vec::new();
    for (priority, group) in &order {
        let (reference, edit) = new_ref(context, group, &nic, *priority)?;
        edits.push(edit);
        let shape = context.plans.shape("VmNicSecurityGroupRefInventory");
        let record = cloud::to_inventory(&reference, shape, &context.node.zone, Vec::new())?;
        list.push(serde_json::Value::Object(Arc::unwrap_or_clone(record).into_fields()));
    }
    if !order.is_empty() && policy_of(context, &nic.uuid).await?.is_none() {
        edits.push(new_policy(context, &nic.uuid)?);
    }
    Ok(Done { edits, ..Done::with_fields([("inventory", list.into())]) })
}

pub(super) async fn change_policy<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target("vmNicUuid")?;
    let names = ["ingressPolicy", "egressPolicy"];
    if names.iter().all(|name| context.text(name).is_none()) {
        let text = "Neither [ingressPolicy] nor [egressPolicy] is given; give one of them.";
        return Err(errors::invalid_argument(text).into());
    }
    let Some(mut policy) = policy_of(context, &nic.uuid).await? else {
        return Err(errors::invalid_argument(format!(
            "The NIC [uuid:{}] has no policy, because it never was in a security group.",
            nic.uuid
        ))
        .into());
    };
    for name in names {
        if let Some(value) = context.text(name) {
            policy.set(name, value);
        }
    }
    Ok(context.finish_change(policy))
}
