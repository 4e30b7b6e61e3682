//! Capacities and types of storages.

use serde_json::{Map, Value, json};

use super::primary::object;
use crate::cloud::storages::bytes;
use crate::cloud::texts;
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

/// Adds up the capacities of primary storages.
pub(super) async fn of_primary<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let filters = [
        ("primaryStorageUuids", "uuid"),
        ("zoneUuids", "zoneUuid"),
        ("clusterUuids", "attachedClusterUuids"),
    ];
    let fields = ["totalCapacity", "availableCapacity", "totalPhysicalCapacity", "availablePhysicalCapacity"];
    sum(context, "PrimaryStorage", &filters, &fields).await
}

/// Adds up the capacities of backup storages.
pub(super) async fn of_backup<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let filters = [("backupStorageUuids", "uuid"), ("zoneUuids", "attachedZoneUuids")];
    sum(context, "BackupStorage", &filters, &["totalCapacity", "availableCapacity"]).await
}

async fn sum<S: Store>(
    context: &Context<'_, S>,
    base: &str,
    filters: &[(&str, &str)],
    fields: &[&str],
) -> Result<Done, Failure> {
    let given = |parameter: &str| texts(context.parameters.get(parameter)).next().is_some();
    if !context.flag("all") && !filters.iter().any(|(parameter, _)| given(parameter)) {
        let names: Vec<_> = filters.iter().map(|(parameter, _)| *parameter).collect();
        return Err(errors::invalid_argument(format!(
            "[all] is false, and no storage is named; set it to true, or give one of: {}.",
            names.join(", ")
        ))
        .into());
    }
    let matches = |storage: &Document| {
        filters.iter().filter(|(parameter, _)| given(parameter)).all(|(parameter, field)| {
            let wanted: Vec<_> = texts(context.parameters.get(*parameter)).collect();
            texts(storage.fields.get(*field)).any(|value| wanted.contains(&value))
        })
    };
    let mut storages = context.node.store.documents_of(base).await?;
    storages.retain(matches);
    context.node.set_capacities(&mut storages).await?;
    let mut answer = Map::new();
    for field in fields {
        let sum = storages.iter().map(|storage| bytes(storage, field)).fold(0, i64::saturating_add);
        answer.insert((*field).to_owned(), sum.into());
    }
    Ok(Done { answer: Answer::Fields(answer), ..Done::default() })
}

/// Answers with fields.
pub(in crate::service::written) fn answer(fields: Value) -> Done {
    Done { answer: Answer::Fields(object(fields)), ..Done::default() }
}

/// The milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Reports the use of a primary storage: that of today, which is also the forecast.
pub(super) async fn usage<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut storage = context.target_of("primaryStorageUuid", "primary storage")?;
    context.node.set_capacities(std::slice::from_mut(&mut storage)).await?;
    let gigabytes = |field| bytes(&storage, field) >> 30;
    let total = gigabytes("totalPhysicalCapacity");
    let used = total - gigabytes("availablePhysicalCapacity");
    let report = json!({
        "usedPhysicalCapacitiesHistory": [used], "usedPhysicalCapacitiesForecast": [used],
        "totalPhysicalCapacitiesHistory": [total], "startTime": context.now.millis(), "interval": DAY,
    });
    let uris = texts(context.parameters.get("uris"));
    let parts: Map<_, _> = uris.map(|uri| (uri.to_owned(), report.clone())).collect();
    Ok(answer(json!({"usageReport": report, "uriUsageForecast": parts})))
}

/// Counts the volumes of the VM instances in a cluster, whose sizes are always up to date.
pub(super) async fn sync_volumes<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let cluster = context.target_of("clusterUuid", "cluster")?;
    let vms = context.holders(&cluster.uuid, "clusterUuid").await?.into_iter();
    let vms: Vec<_> = vms.filter(|vm| vm.base == "VmInstance").map(|vm| vm.uuid).collect();
    let volumes = context.node.store.holders(&vms).await?;
    let is_ready = |volume: &Document| volume.base == "Volume" && volume.text("status") == Some("Ready");
    let count = volumes
        .iter()
        .filter(|holder| holder.link.field == "vmInstanceUuid" && is_ready(&holder.document))
        .count();
    Ok(answer(json!({"successCount": count, "failCount": 0})))
}
