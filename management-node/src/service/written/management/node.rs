//! Properties of the management node.

use serde_json::{Map, Value, json};

use crate::service::Failure;
use crate::service::written::storages::answer;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// Names resources.
pub(super) fn names<S: Store>(context: &Context<'_, S>) -> Done {
    let inventory = |resource: crate::model::Document| {
        json!({
            "uuid": resource.uuid, "resourceName": resource.text("name"),
            "resourceType": format!("{}VO", resource.base),
            "concreteResourceType": format!("{}VO", resource.kind),
        })
    };
    let inventories: Vec<_> = context.targets("uuids").into_iter().map(inventory).collect();
    answer(json!({"inventories": inventories}))
}

/// The architecture of the machine.
pub(super) fn architecture() -> Done {
    answer(json!({"architecture": std::env::consts::ARCH}))
}

/// The operating system of the machine, with the release of its kernel where a file has it.
pub(super) fn operating_system() -> Done {
    let release = fs_err::read_to_string("/proc/sys/kernel/osrelease");
    let version = release.as_deref().map_or("unknown", str::trim);
    answer(json!({"name": std::env::consts::OS, "version": version}))
}

/// The time zone in which the node writes times.
pub(super) fn time_zone<S: Store>(context: &Context<'_, S>) -> Done {
    let zone = &context.node.zone;
    let seconds = zone.to_offset(context.now.instant()).seconds();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
    let offset = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    let name = zone.iana_name().map_or_else(|| format!("GMT{offset}"), str::to_owned);
    answer(json!({"timezone": name, "offset": offset}))
}

/// The operations of the emulated release that the node performs.
pub(super) fn operations<S: Store>(context: &Context<'_, S>) -> Done {
    let plans = context.plans;
    let is_supported = |operation: &&&zstack_runtime::Operation| {
        operation.is_in(context.call.version()) && plans.is_performed(operation.name)
    };
    let names: Vec<_> =
        plans.operations.iter().filter(is_supported).map(|operation| operation.name).collect();
    answer(json!({"supportApis": names}))
}

/// Connects to console proxy agents again: those of the request, or all.
pub(super) async fn reconnect_consoles<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut agents = context.targets("agentUuids");
    if !context.parameters.contains_key("agentUuids") {
        agents = context.node.store.documents_of("ConsoleProxyAgent").await?;
    }
    let (mut edits, mut results) = (Vec::new(), Map::new());
    for mut agent in agents {
        results.insert(agent.uuid.clone(), json!({"success": true}));
        agent.set("status", "Connected");
        edits.push(context.replace(agent));
    }
    Ok(Done { edits, ..answer(json!({"inventory": Value::Object(results)})) })
}
