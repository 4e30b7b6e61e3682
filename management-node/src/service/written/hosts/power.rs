//! The power and the operating systems of hosts.

use serde_json::json;

use super::{Context, Done};
use crate::cloud::hosts;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::storages::object;
use crate::store::Store;
use crate::uuids;

/// The port of the terminals.
const TERMINAL_PORT: u16 = 8888;

/// Stops the VM instances on a host that loses its power.
async fn stop_vms<S: Store>(context: &Context<'_, S>, host: &Document) -> Result<Vec<DocumentEdit>, Failure> {
    let vms = context.holders(&host.uuid, "hostUuid").await?;
    let vms = vms.into_iter().filter(|vm| vm.base == "VmInstance");
    let stop = |mut vm: Document| {
        hosts::stop(&mut vm);
        context.replace(vm)
    };
    Ok(vms.map(stop).collect())
}

async fn change<S: Store>(context: &Context<'_, S>, power: &str, status: &str) -> Result<Done, Failure> {
    let mut host = context.target("uuid")?;
    let stopped = stop_vms(context, &host).await?;
    host.set("ipmiPowerStatus", power);
    host.set("status", status);
    let mut done = context.finish_change(host);
    done.edits.extend(stopped);
    Ok(done)
}

/// Restarts a host, which is connected again at once.
pub(super) async fn reset<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    change(context, "POWER_ON", "Connected").await
}

pub(super) async fn shut_down<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    change(context, "POWER_OFF", "Disconnected").await
}

/// Returns the URL of a terminal. No server answers at it, since hosts are emulated.
pub(super) fn terminal<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let host = context.target("uuid")?;
    if host.text("status") != Some("Connected") {
        return Err(errors::operation_failed(format!(
            "The host [uuid:{}] is not Connected; reconnect it first.",
            host.uuid
        ))
        .into());
    }
    let scheme = if context.flag("https") { "wss" } else { "ws" };
    let url = format!("{scheme}://127.0.0.1:{TERMINAL_PORT}/ws?id={}", uuids::random());
    Ok(Done::with_fields([("url", url.into())]))
}

/// Updates the operating systems of the hosts of a cluster, which succeeds at once.
pub(super) async fn update<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let cluster = context.target("uuid")?;
    let of_cluster = context.holders(&cluster.uuid, "clusterUuid").await?;
    let mut updated: Vec<_> = of_cluster.iter().filter(|document| document.base == "Host").collect();
    if let Some(uuid) = context.text("hostUuid") {
        updated.retain(|host| host.uuid == uuid);
        if updated.is_empty() {
            return Err(errors::invalid_argument(format!(
                "[hostUuid] names the host [uuid:{uuid}], which is not in the cluster [uuid:{}].",
                cluster.uuid
            ))
            .into());
        }
    }
    hosts::check_update(&cluster, &updated)?;
    let results: Vec<_> = updated.iter().map(|host| json!({"uuid": host.uuid, "success": true})).collect();
    let mut fields = json!({
        "name": "APIUpdateClusterOSMsg", "jobName": "APIUpdateClusterOSMsg",
        "jobData": json!(context.parameters).to_string(), "jobResult": json!(results).to_string(),
        "state": "Succeeded", "targetResourceUuid": cluster.uuid, "executeTime": 0,
    });
    if let Some(uuid) = context.text("resourceUuid") {
        if !uuids::is_valid(uuid) {
            return Err(errors::invalid_resource_uuid(uuid).into());
        }
        fields["uuid"] = uuid.into();
    }
    let (job, edit) = context.new_document("LongJob", object(fields))?;
    Ok(Done::with_document(job, vec![edit]))
}
