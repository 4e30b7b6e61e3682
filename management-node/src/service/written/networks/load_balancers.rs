//! Load balancers and their listeners.

use serde_json::{Map, Value, json};

use super::eips::delete_user;
use super::guests::used_vip;
use super::{Context, Done, create as create_document, delete as delete_document, holders, services_of};
use crate::cloud::guests;
use crate::cloud::load_balancers::{self, Backend};
use crate::cloud::texts;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

const GROUP: &str = "LoadBalancerServerGroup";
const LISTENER: &str = "LoadBalancerListener";

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(mut fields) => {
            fields.retain(|_, value| !value.is_null());
            fields
        }
        _ => Map::new(),
    }
}

pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let load = async |uuid: Option<&str>| match uuid {
        Some(uuid) => used_vip(context, uuid).await.map(Some),
        None => Ok(None),
    };
    let mut ipv4 = load(context.text("vipUuid")).await?;
    let mut ipv6 = load(context.text("ipv6VipUuid").or(context.text("vip6Uuid"))).await?;
    if ipv6.is_none()
        && ipv4.as_ref().is_some_and(|used| used.vip.text("ip").is_some_and(|ip| ip.contains(':')))
    {
        // Older clients have one parameter for VIPs of both IP versions.
        std::mem::swap(&mut ipv4, &mut ipv6);
    }
    load_balancers::check_vips(ipv4.as_ref(), ipv6.as_ref())?;
    let uuid = |used: &Option<guests::UsedVip>| used.as_ref().map(|used| used.vip.uuid.clone());
    let fields = object(json!({
        "vipUuid": uuid(&ipv4), "ipv6VipUuid": uuid(&ipv6), "type": context.text("type").unwrap_or("Shared"),
    }));
    let (mut balancer, mut edits) = create_document(context, "LoadBalancer", fields)?;
    let group = json!({
        "name": format!("default-server-group-{}", balancer.text("name").unwrap_or_default()),
        "loadBalancerUuid": balancer.uuid, "ipVersion": if ipv4.is_some() { 4 } else { 6 },
        "vmNicRefs": [], "serverIps": [], "listenerServerGroupRefs": [],
    });
    let (group, edit) = context.new_document(GROUP, object(group))?;
    edits.push(edit);
    // Each of the two refers to the other one.
    balancer.set("serverGroupUuid", group.uuid);
    edits.push(context.replace(balancer.clone()));
    for used in [ipv4, ipv6].into_iter().flatten() {
        let mut vip = used.vip;
        guests::use_vip(&mut vip, &balancer.uuid, "LoadBalancer", context.now);
        edits.push(context.replace(vip));
    }
    Ok(Done::with_document(balancer, edits))
}

pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(document) = context.target("uuid") else { return Ok(Done::default()) };
    delete_user(context, document).await
}

pub(super) async fn create_listener<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let balancer = context.target("loadBalancerUuid")?;
    let listeners =
        holders(context, std::slice::from_ref(&balancer.uuid), LISTENER, "loadBalancerUuid").await?;
    load_balancers::check_listener(context.parameters, &listeners)?;
    let parameter = |name: &str| context.parameters.get(name).cloned();
    let port = parameter("loadBalancerPort");
    let fields = object(json!({
        "loadBalancerUuid": balancer.uuid, "loadBalancerPort": port,
        "instancePort": parameter("instancePort").or(port.clone()),
        "protocol": parameter("protocol"), "securityPolicyType": parameter("securityPolicyType"),
        "vmNicRefs": [], "aclRefs": [], "certificateRefs": [], "serverGroupRefs": [],
    }));
    let (mut listener, mut edits) = create_document(context, LISTENER, fields)?;
    let mut has_refs = false;
    if context.text("certificateUuid").is_some() {
        let mut certificate = context.target("certificateUuid")?;
        let record = json!({"listenerUuid": listener.uuid, "certificateUuid": certificate.uuid});
        load_balancers::push(&mut certificate, "listeners", record.clone(), context.now);
        load_balancers::push(&mut listener, "certificateRefs", record, context.now);
        edits.push(context.replace(certificate));
        has_refs = true;
    }
    let ty = context.text("aclType").unwrap_or("black");
    for list in texts(context.parameters.get("aclUuids")) {
        let record = json!({"listenerUuid": listener.uuid, "aclUuid": list, "type": ty});
        load_balancers::push(&mut listener, "aclRefs", record, context.now);
        has_refs = true;
    }
    if has_refs {
        edits.push(context.replace(listener.clone()));
    }
    for (name, value) in load_balancers::setting_tags(context.parameters, true) {
        edits.push(new_tag(context, &listener.uuid, &format!("{name}::{value}"))?);
    }
    Ok(Done::with_document(listener, edits))
}

fn new_tag<S: Store>(context: &Context<'_, S>, listener: &str, tag: &str) -> Result<DocumentEdit, Failure> {
    let fields = json!({"resourceUuid": listener, "resourceType": "LoadBalancerListenerVO", "tag": tag});
    Ok(context.new_document("SystemTag", object(fields))?.1)
}

pub(super) async fn change_listener<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut listener = context.target("uuid")?;
    load_balancers::check_settings(listener.text("protocol").unwrap_or("tcp"), context.parameters)?;
    if let Some(policy) = context.text("securityPolicyType") {
        listener.set("securityPolicyType", policy);
    }
    let tags = holders(context, std::slice::from_ref(&listener.uuid), "SystemTag", "resourceUuid").await?;
    let mut edits = Vec::new();
    for (name, value) in load_balancers::setting_tags(context.parameters, false) {
        let beginning = format!("{name}::");
        let text = format!("{beginning}{value}");
        let old = tags.iter().find(|tag| tag.text("tag").is_some_and(|tag| tag.starts_with(&beginning)));
        edits.push(match old {
            Some(old) => {
                let mut tag = old.clone();
                tag.set("tag", text);
                context.replace(tag)
            }
            None => new_tag(context, &listener.uuid, &text)?,
        });
    }
    listener.touch(context.now);
    edits.push(context.replace(listener.clone()));
    Ok(Done::with_document(listener, edits))
}

/// Deletes a listener; the answer is its load balancer.
pub(super) async fn delete_listener<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(listener) = context.target("uuid") else { return Ok(Done::default()) };
    let balancer = listener.text("loadBalancerUuid").unwrap_or_default().to_owned();
    let edits = context.node.deletion(context.plans, context.plan, listener).await?;
    answer_balancer(context, balancer, edits).await
}

async fn answer_balancer<S: Store>(
    context: &Context<'_, S>,
    balancer: String,
    edits: Vec<DocumentEdit>,
) -> Result<Done, Failure> {
    Ok(match context.node.store.documents(&[balancer]).await?.pop() {
        Some(balancer) => Done::with_document(balancer, edits),
        None => Done { edits, ..Done::default() },
    })
}

/// Checks that the networks of NICs have load balancers.
async fn check_nics<'a, S: Store>(
    context: &Context<'_, S>,
    nics: impl Iterator<Item = &'a str>,
) -> Result<(), Failure> {
    let uuids: Vec<_> = nics.map(str::to_owned).collect();
    let documents = context.node.store.documents(&uuids).await?;
    for uuid in &uuids {
        let nic = documents.iter().find(|document| document.uuid == *uuid && document.base == "VmNic");
        let nic = nic.ok_or_else(|| errors::not_found("vmNics", "NIC", uuid))?;
        let network = nic.text("l3NetworkUuid").unwrap_or_default();
        let services = services_of(context, network).await?;
        if !services.iter().any(|service| service.text("networkServiceType") == Some("LoadBalancer")) {
            return Err(errors::operation_failed(format!(
                "The L3 network of the NIC [uuid:{uuid}] does not have the service LoadBalancer; attach it with \
                 AttachNetworkServiceToL3Network."
            ))
            .into());
        }
    }
    Ok(())
}

/// The default server group of the load balancer of a listener.
async fn default_group<S: Store>(context: &Context<'_, S>, listener: &Document) -> Result<Document, Failure> {
    let store = &context.node.store;
    let own = listener.text("serverGroupUuid").map(str::to_owned);
    if let Some(group) = store.documents(own.as_slice()).await?.pop() {
        return Ok(group);
    }
    let missing = || errors::operation_failed("The load balancer has no default server group.");
    let balancer = listener.text("loadBalancerUuid").unwrap_or_default().to_owned();
    let balancer = store.documents(&[balancer]).await?.pop().ok_or_else(missing)?;
    let group = balancer.text("serverGroupUuid").map(str::to_owned);
    Ok(store.documents(group.as_slice()).await?.pop().ok_or_else(missing)?)
}

/// Notes in both documents that a listener uses a server group.
fn connect<S: Store>(context: &Context<'_, S>, listener: &mut Document, group: &mut Document) {
    let record = json!({"listenerUuid": listener.uuid, "serverGroupUuid": group.uuid});
    for (document, field) in [(listener, "serverGroupRefs"), (group, "listenerServerGroupRefs")] {
        load_balancers::push(document, field, record.clone(), context.now);
    }
}

pub(super) async fn add_nics<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut listener = context.target("listenerUuid")?;
    let nics: Vec<&str> = texts(context.parameters.get("vmNicUuids")).collect();
    check_nics(context, nics.iter().copied()).await?;
    let mut group = default_group(context, &listener).await?;
    let backends: Vec<_> = nics.iter().map(|nic| Backend { key: (*nic).to_owned(), weight: 100 }).collect();
    load_balancers::add_backends(&mut group, &backends, &[], context.now)?;
    if listener.text("serverGroupUuid") != Some(&group.uuid) {
        connect(context, &mut listener, &mut group);
        listener.set("serverGroupUuid", group.uuid.clone());
    }
    let mut edits = Vec::new();
    for nic in &nics {
        let record = json!({"listenerUuid": listener.uuid, "vmNicUuid": nic, "status": "Active"});
        load_balancers::push(&mut listener, "vmNicRefs", record, context.now);
        edits.push(new_tag(context, &listener.uuid, &format!("balancerWeight::{nic}::100"))?);
    }
    listener.touch(context.now);
    edits.push(context.replace(group));
    edits.push(context.replace(listener.clone()));
    Ok(Done::with_document(listener, edits))
}

pub(super) async fn remove_nics<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut listener = context.target("listenerUuid")?;
    let nics: Vec<&str> = texts(context.parameters.get("vmNicUuids")).collect();
    let mut group = default_group(context, &listener).await?;
    load_balancers::remove(&mut listener, "vmNicRefs", "vmNicUuid", &nics);
    load_balancers::remove(&mut group, "vmNicRefs", "vmNicUuid", &nics);
    let tags = holders(context, std::slice::from_ref(&listener.uuid), "SystemTag", "resourceUuid").await?;
    let is_weight = |tag: &Document| {
        let mut of_nics = nics.iter().map(|nic| format!("balancerWeight::{nic}::"));
        tag.text("tag").is_some_and(|tag| of_nics.any(|beginning| tag.starts_with(&beginning)))
    };
    let mut edits: Vec<_> =
        tags.into_iter().filter(is_weight).map(|document| DocumentEdit::Delete { document }).collect();
    let balancer = listener.text("loadBalancerUuid").unwrap_or_default().to_owned();
    edits.push(context.replace(group));
    edits.push(context.replace(listener));
    answer_balancer(context, balancer, edits).await
}

pub(super) fn create_group<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let balancer = context.target("loadBalancerUuid")?;
    let version = context.parameters.get("ipVersion").and_then(Value::as_i64).unwrap_or(4);
    if !matches!(version, 4 | 6) {
        let text = format!("[ipVersion] is {version}; it must be 4 or 6.");
        return Err(errors::invalid_argument(text).into());
    }
    let fields = json!({
        "loadBalancerUuid": balancer.uuid, "ipVersion": version, "vmNicRefs": [], "serverIps": [],
        "listenerServerGroupRefs": [],
    });
    let (group, edits) = create_document(context, GROUP, object(fields))?;
    Ok(Done::with_document(group, edits))
}

pub(super) async fn delete_group<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    if let Ok(group) = context.target("uuid") {
        let balancer = group.text("loadBalancerUuid").unwrap_or_default().to_owned();
        let balancer = context.node.store.documents(&[balancer]).await?.pop();
        if balancer.is_some_and(|balancer| balancer.text("serverGroupUuid") == Some(&group.uuid)) {
            let text =
                format!("The server group [uuid:{}] is the default one of its load balancer.", group.uuid);
            return Err(errors::invalid_argument(text).into());
        }
    }
    delete_document(context, |_| Ok(())).await
}

/// Adds or changes backends of a server group.
pub(super) async fn set_backends<S: Store>(context: &Context<'_, S>, is_new: bool) -> Result<Done, Failure> {
    let mut group = context.target("serverGroupUuid")?;
    let nics = load_balancers::backends(context.parameters, "vmNics", "uuid")?;
    let servers = load_balancers::backends(context.parameters, "servers", "ipAddress")?;
    check_nics(context, nics.iter().map(|nic| nic.key.as_str())).await?;
    if is_new {
        load_balancers::add_backends(&mut group, &nics, &servers, context.now)?;
    } else {
        load_balancers::change_backends(&mut group, &nics, &servers, context.now)?;
    }
    Ok(context.finish_change(group))
}

pub(super) fn remove_backends<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut group = context.target("serverGroupUuid")?;
    let list = |name: &str| texts(context.parameters.get(name)).collect::<Vec<_>>();
    load_balancers::remove(&mut group, "vmNicRefs", "vmNicUuid", &list("vmNicUuids"));
    load_balancers::remove(&mut group, "serverIps", "ipAddress", &list("serverIps"));
    Ok(context.finish_change(group))
}

pub(super) async fn add_group<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut listener, mut group) = (context.target("listenerUuid")?, context.target("serverGroupUuid")?);
    let present = load_balancers::records(&listener, "serverGroupRefs");
    let present: Vec<_> =
        present.iter().filter_map(|record| record["serverGroupUuid"].as_str()).map(str::to_owned).collect();
    if present.contains(&group.uuid) {
        return Err(errors::operation_failed(format!(
            "The listener [uuid:{}] already has the server group [uuid:{}].",
            listener.uuid, group.uuid
        ))
        .into());
    }
    let others = context.node.store.documents(&present).await?;
    load_balancers::check_groups(&others.iter().chain([&group]).collect::<Vec<_>>())?;
    connect(context, &mut listener, &mut group);
    listener.touch(context.now);
    let edits = vec![context.replace(group), context.replace(listener.clone())];
    Ok(Done::with_document(listener, edits))
}

pub(super) fn remove_group<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut listener, mut group) = (context.target("listenerUuid")?, context.target("serverGroupUuid")?);
    load_balancers::remove(&mut listener, "serverGroupRefs", "serverGroupUuid", &[&group.uuid]);
    load_balancers::remove(&mut group, "listenerServerGroupRefs", "listenerUuid", &[&listener.uuid]);
    if listener.text("serverGroupUuid") == Some(&group.uuid) {
        listener.set("serverGroupUuid", Value::Null);
        listener.set("vmNicRefs", json!([]));
    }
    listener.touch(context.now);
    let edits = vec![context.replace(group), context.replace(listener.clone())];
    Ok(Done::with_document(listener, edits))
}

/// Adds or removes a certificate.
pub(super) fn set_certificate<S: Store>(context: &Context<'_, S>, is_new: bool) -> Result<Done, Failure> {
    let (mut listener, mut certificate) =
        (context.target("listenerUuid")?, context.target("certificateUuid")?);
    load_balancers::remove(&mut certificate, "listeners", "listenerUuid", &[&listener.uuid]);
    if is_new {
        if listener.text("protocol") != Some("https")
            || !load_balancers::records(&listener, "certificateRefs").is_empty()
        {
            return Err(errors::operation_failed(format!(
                "The listener [uuid:{}] is not for https, or already has a certificate.",
                listener.uuid
            ))
            .into());
        }
        let record = json!({"listenerUuid": listener.uuid, "certificateUuid": certificate.uuid});
        load_balancers::push(&mut certificate, "listeners", record.clone(), context.now);
        load_balancers::push(&mut listener, "certificateRefs", record, context.now);
    } else {
        load_balancers::remove(&mut listener, "certificateRefs", "certificateUuid", &[&certificate.uuid]);
    }
    listener.touch(context.now);
    let edits = vec![context.replace(certificate), context.replace(listener.clone())];
    Ok(Done::with_document(listener, edits))
}

/// Adds or removes access control lists.
pub(super) fn set_lists<S: Store>(context: &Context<'_, S>, is_new: bool) -> Result<Done, Failure> {
    let mut listener = context.target("listenerUuid")?;
    let lists: Vec<&str> = texts(context.parameters.get("aclUuids")).collect();
    if !is_new {
        load_balancers::remove(&mut listener, "aclRefs", "aclUuid", &lists);
        return Ok(context.finish_change(listener));
    }
    for list in lists {
        if load_balancers::records(&listener, "aclRefs").iter().any(|record| record["aclUuid"] == list) {
            return Err(errors::operation_failed(format!(
                "The listener [uuid:{}] already has the access control list [uuid:{list}].",
                listener.uuid
            ))
            .into());
        }
        let record = json!({"listenerUuid": listener.uuid, "aclUuid": list, "type": context.text("aclType")});
        load_balancers::push(&mut listener, "aclRefs", record, context.now);
    }
    Ok(context.finish_change(listener))
}

/// Answers a load balancer, which needs no change.
pub(super) fn refresh<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    Ok(Done::with_document(context.target("uuid")?, Vec::new()))
}
