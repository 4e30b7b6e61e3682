//! Security groups and their rules.

use serde_json::{Map, Value, json};

use super::{Context, Done, create as create_document, holders};
use crate::cloud::security_groups;
use crate::cloud::texts;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::Answer;
use crate::store::Store;

const RULE: &str = "SecurityGroupRule";

pub(super) fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    // Without a version in the request, the group has none.
    let version = context.parameters.get("ipVersion").cloned();
    let fields = version.map(|version| ("ipVersion".to_owned(), version)).into_iter().collect();
    let (group, mut edits) = create_document(context, "SecurityGroup", fields)?;
    for fields in security_groups::default_rules(&group.uuid) {
        edits.push(context.new_document(RULE, fields)?.1);
    }
    Ok(Done::with_document(group, edits))
}

async fn rules_of<S: Store>(context: &Context<'_, S>, group: &str) -> Result<Vec<Document>, Failure> {
    holders(context, &[group.to_owned()], RULE, "securityGroupUuid").await
}

/// Loads the group of a rule, which the caller must be allowed to use.
async fn group_of<S: Store>(context: &Context<'_, S>, rule: &Document) -> Result<Document, Failure> {
    let uuid = rule.text("securityGroupUuid").unwrap_or_default().to_owned();
    let group = context.node.store.documents(std::slice::from_ref(&uuid)).await?.pop();
    let group = group.ok_or_else(|| errors::not_found("uuid", "security group", &uuid))?;
    let is_usable = group.owner().is_none_or(|owner| context.caller.may_use(owner, group.is_shared()));
    if is_usable { Ok(group) } else { Err(errors::permission_denied("security group", &group.uuid).into()) }
}

pub(super) async fn add_rules<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target("securityGroupUuid")?;
    let rules = context.parameters.get("rules").and_then(Value::as_array).cloned().unwrap_or_default();
    for uuid in rules.iter().filter_map(|rule| rule["remoteSecurityGroupUuid"].as_str()) {
        let remote = context.node.store.documents(&[uuid.to_owned()]).await?;
        if !remote.iter().any(|remote| remote.base == "SecurityGroup") {
            return Err(errors::invalid_argument(format!(
                "[rules.remoteSecurityGroupUuid] is {uuid}, which is not a security group."
            ))
            .into());
        }
    }
    let remote = context.parameters.get("remoteSecurityGroupUuids");
    let mut new = security_groups::new_rules(&group.uuid, &rules, remote)?;
    let existing = rules_of(context, &group.uuid).await?;
    let priority = context.parameters.get("priority").and_then(Value::as_i64);
    let moved = security_groups::insert(&existing, &mut new, priority)?;
    let mut edits: Vec<_> = moved.into_iter().map(|rule| context.replace(rule)).collect();
    for fields in new {
        edits.push(context.new_document(RULE, fields)?.1);
    }
    Ok(Done::with_document(group, edits))
}

pub(super) async fn delete_rules<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let uuids: Vec<_> = texts(context.parameters.get("ruleUuids")).map(str::to_owned).collect();
    let rules = context.node.store.documents(&uuids).await?;
    let rules: Vec<_> = rules.into_iter().filter(|rule| rule.base == RULE).collect();
    let Some(first) = rules.first() else { return Ok(Done::default()) };
    let group = group_of(context, first).await?;
    for rule in &rules {
        if rule.text("securityGroupUuid") != Some(&group.uuid) {
            let text = "[ruleUuids] has rules of different security groups; delete them one group at a time.";
            return Err(errors::invalid_argument(text).into());
        }
        if rule.number("priority") == Some(0) {
            let text = format!("The rule [uuid:{}] is a default rule and cannot be deleted.", rule.uuid);
            return Err(errors::invalid_argument(text).into());
        }
    }
    let mut remaining = rules_of(context, &group.uuid).await?;
    remaining.retain(|rule| rules.iter().all(|deleted| deleted.uuid != rule.uuid));
    let mut edits: Vec<_> = rules.into_iter().map(|document| DocumentEdit::Delete { document }).collect();
    for ty in ["Ingress", "Egress"] {
        let moved = security_groups::renumber(security_groups::of_direction(&remaining, ty));
        edits.extend(moved.into_iter().map(|rule| context.replace(rule)));
    }
    Ok(Done::with_document(group, edits))
}

pub(super) async fn change_rule<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut rule = context.target("uuid")?;
    let group = group_of(context, &rule).await?;
    let names = [
        "description",
        "remoteSecurityGroupUuid",
        "action",
        "state",
        "protocol",
        "srcIpRange",
        "dstIpRange",
        "dstPortRange",
    ];
    let changes: Map<_, _> = names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), context.parameters.get(name)?.clone())))
        .collect();
    let all = rules_of(context, &group.uuid).await?;
    let is_default = rule.number("priority") == Some(0);
    security_groups::change(&mut rule, &all, &changes)?;
    rule.touch(context.now);
    let mut edits = Vec::new();
    if let Some(priority) = context.parameters.get("priority").and_then(Value::as_i64) {
        let ty = rule.text("type").unwrap_or_default();
        let mut order = security_groups::of_direction(&all, ty);
        let count = i64::try_from(order.len()).unwrap_or(i64::MAX);
        if is_default || !(1..=count).contains(&priority) {
            let text =
                format!("[priority] is {priority}; it must be 1 to {count}, and not of a default rule.");
            return Err(errors::invalid_argument(text).into());
        }
        order.retain(|other| other.uuid != rule.uuid);
        let at = usize::try_from(priority - 1).unwrap_or(0).min(order.len());
        order.insert(at, rule.clone());
        for moved in security_groups::renumber(order) {
            if moved.uuid == rule.uuid {
                rule.set("priority", priority);
            } else {
                edits.push(context.replace(moved));
            }
        }
    }
    edits.push(context.replace(rule.clone()));
    Ok(Done::with_document(rule, edits))
}

pub(super) async fn change_rule_states<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target("securityGroupUuid")?;
    let state = context.text("state").unwrap_or_default();
    let uuids: Vec<_> = texts(context.parameters.get("ruleUuids")).collect();
    let mut rules = rules_of(context, &group.uuid).await?;
    rules.retain(|rule| uuids.contains(&rule.uuid.as_str()));
    if uuids.is_empty() || rules.len() < uuids.len() {
        let text = format!("[ruleUuids] must be rules of the security group [uuid:{}].", group.uuid);
        return Err(errors::invalid_argument(text).into());
    }
    rules.retain(|rule| rule.text("state") != Some(state));
    if rules.is_empty() {
        return Err(errors::invalid_argument(format!("All rules in [ruleUuids] are already {state}.")).into());
    }
    let edits = rules.into_iter().map(|mut rule| {
        rule.set("state", state);
        context.replace(rule)
    });
    let edits = edits.collect();
    Ok(Done::with_document(group, edits))
}

pub(super) async fn change_priorities<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target("securityGroupUuid")?;
    let ty = context.text("type").unwrap_or_default();
    let all = rules_of(context, &group.uuid).await?;
    let rules = security_groups::of_direction(&all, ty);
    let given = context.parameters.get("rules").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut order: Vec<_> = given
        .iter()
        .filter_map(|item| Some((item["priority"].as_i64()?, item["ruleUuid"].as_str()?)))
        .collect();
    order.sort_unstable();
    let numbers = order.iter().map(|(number, _)| *number);
    let is_complete = numbers.eq(1..=i64::try_from(rules.len()).unwrap_or(0))
        && rules.iter().all(|rule| order.iter().any(|(_, uuid)| *uuid == rule.uuid));
    if !is_complete {
        let text = format!(
            "[rules] must have each {ty} rule except the default ones once, with priorities from 1 on."
        );
        return Err(errors::invalid_argument(text).into());
    }
    let in_order: Vec<_> =
        order.iter().filter_map(|(_, uuid)| rules.iter().find(|rule| rule.uuid == *uuid).cloned()).collect();
    let edits = security_groups::renumber(in_order).into_iter().map(|rule| context.replace(rule)).collect();
    Ok(Done::with_document(group, edits))
}

pub(super) async fn validate<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target("securityGroupUuid")?;
    let existing = rules_of(context, &group.uuid).await?;
    let (code, reason) = security_groups::validate(context.parameters, &existing);
    let fields = json!({"available": reason.is_none(), "code": code, "reason": reason});
    let mut fields = fields.as_object().cloned().unwrap_or_default();
    fields.retain(|_, value| !value.is_null());
    Ok(Done { answer: Answer::Fields(fields), ..Done::default() })
}

pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut group = context.target("securityGroupUuid")?;
    let network = context.target("l3NetworkUuid")?;
    let mut networks: Vec<_> = group.texts("attachedL3NetworkUuids").map(str::to_owned).collect();
    if networks.contains(&network.uuid) {
        return Err(errors::operation_failed(format!(
            "The security group [uuid:{}] is already attached to the L3 network [uuid:{}].",
            group.uuid, network.uuid
        ))
        .into());
    }
    super::members::require_service(context, &network.uuid).await?;
    networks.push(network.uuid);
    group.set("attachedL3NetworkUuids", networks);
    Ok(context.finish_change(group))
}

/// Lists the NICs that can join a group.
pub(super) async fn candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let group = context.target("securityGroupUuid")?;
    let refs = holders(context, &[group.uuid], "VmNicSecurityGroupRef", "securityGroupUuid").await?;
    let mut nics = super::candidates::nics(context, &["SecurityGroup"]).await?;
    nics.retain(|nic| refs.iter().all(|member| member.text("vmNicUuid") != Some(&nic.uuid)));
    Ok(Done { answer: Answer::Documents(nics), ..Done::default() })
}
