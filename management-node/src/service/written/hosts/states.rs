//! New hosts, and their maintenance.

use serde_json::Value;

use super::{Context, Done, infrastructure};
use crate::cloud::hosts;
use crate::cloud::storages::check_hostname;
use crate::model::{Document, DocumentEdit, Uuid};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// Adds a KVM host. The first host of a cluster decides its architecture.
pub(super) async fn add_kvm<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut cluster = context.target_of("clusterUuid", "cluster")?;
    let address = context.text("managementIp").unwrap_or_default();
    check_hostname("managementIp", address)?;
    let values = vec![("managementIp".to_owned(), Value::from(address))];
    if let Some(other) = context.node.store.document_with("Host", values.clone(), "").await? {
        return Err(errors::not_unique("host", &values, &other.uuid).into());
    }
    if let Some(hypervisor) = cluster.text("hypervisorType").filter(|hypervisor| *hypervisor != "KVM") {
        return Err(errors::operation_failed(format!(
            "The cluster [uuid:{}] has the hypervisor {hypervisor}; a KVM host needs a cluster with KVM.",
            cluster.uuid
        ))
        .into());
    }
    let mut host = context.draft()?;
    let architecture = cluster.text("architecture").unwrap_or(hosts::ARCHITECTURE).to_owned();
    host.set("architecture", architecture.clone());
    let mut done = context.create(host);
    if cluster.text("architecture").is_none() {
        cluster.set("architecture", architecture);
        done.edits.push(context.replace(cluster));
    }
    Ok(done)
}

/// Enables or disables a host, or begins its maintenance, for which its VM instances leave it.
pub(super) async fn change_state<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut host = context.target("uuid")?;
    let event = context.text("stateEvent").unwrap_or_default();
    let state = match event {
        "enable" => "Enabled",
        "disable" => "Disabled",
        "maintain" => "Maintenance",
        _ => {
            return Err(errors::invalid_argument(format!(
                "[stateEvent] is `{event}`, which is not an event; use one of: enable, disable, maintain."
            ))
            .into());
        }
    };
    let mut edits = Vec::new();
    if event == "maintain" {
        if host.text("status") != Some("Connected") {
            return Err(errors::operation_failed(format!(
                "The host [uuid:{}] is not Connected; reconnect it first.",
                host.uuid
            ))
            .into());
        }
        edits = evacuate(context, &host).await?;
    }
    host.set("state", state);
    let mut done = context.finish_change(host);
    done.edits.extend(edits);
    Ok(done)
}

/// Moves the VM instances of a host to other hosts of its cluster, and stops those for which there is
/// none.
async fn evacuate<S: Store>(context: &Context<'_, S>, host: &Document) -> Result<Vec<DocumentEdit>, Failure> {
    let mut vms = context.holders(&host.uuid, "hostUuid").await?;
    vms.retain(|vm| vm.base == "VmInstance");
    if vms.is_empty() {
        return Ok(Vec::new());
    }
    let mut others = infrastructure(context).await?.hosts;
    others.retain(|other| hosts::can_replace(other, host));
    let reserved = context.node.reserved_memory().await?;
    let mut edits = Vec::new();
    for mut vm in vms {
        let is_movable = !is_on_local_disks(context, &vm).await?;
        let target = others.iter_mut().find(|other| is_movable && hosts::has_room(other, &vm, reserved));
        match target {
            Some(target) => hosts::migrate(&mut vm, target),
            None => hosts::stop(&mut vm),
        }
        edits.push(context.replace(vm));
    }
    Ok(edits)
}

/// True if a volume of a VM instance is on the disks of its host.
async fn is_on_local_disks<S: Store>(context: &Context<'_, S>, vm: &Document) -> Result<bool, Failure> {
    let volumes = context.holders(&vm.uuid, "vmInstanceUuid").await?;
    let storages: Vec<Uuid> =
        volumes.iter().filter_map(|volume| volume.text("primaryStorageUuid")).map(str::to_owned).collect();
    let storages = context.node.store.documents(&storages).await?;
    Ok(storages.iter().any(|storage| storage.text("type") == Some("LocalStorage")))
}
