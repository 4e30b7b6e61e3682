//! Schedules by which snapshots are taken.

use serde_json::{Map, Value, json};

use super::primary::object;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;
use crate::uuids;

/// CreateVolumeSnapshotScheduler: a job and its trigger.
pub(super) fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let volume = context.target_of("volumeUuid", "volume")?;
    let kind = context.text("type").unwrap_or_default();
    let needed = if kind == "cron" { "cron" } else { "interval" };
    if !context.parameters.contains_key(needed) {
        return Err(errors::invalid_argument(format!(
            "[{needed}] is missing, which a schedule of the type {kind} requires."
        ))
        .into());
    }
    let text = |parameter| context.text(parameter).map_or(Value::Null, Value::from);
    let (job, trigger) = (context.draft()?.uuid, uuids::random());
    let mut fields = Map::new();
    for (field, parameter) in
        [("schedulerInterval", "interval"), ("repeatCount", "repeatCount"), ("cron", "cron")]
    {
        fields.extend(context.parameters.get(parameter).map(|value| (field.to_owned(), value.clone())));
    }
    let start = context.parameters.get("startTime").and_then(Value::as_i64).filter(|start| *start > 0);
    let start = start.map_or(context.now.millis(), |seconds| seconds.saturating_mul(1000));
    for (field, value) in [
        ("uuid", json!(trigger)),
        ("name", text("schedulerName")),
        ("schedulerType", json!(kind)),
        ("startTime", json!(start)),
        ("jobsUuid", json!([job])),
    ] {
        fields.insert(field.to_owned(), value);
    }
    let data = json!({
        "snapshotName": text("snapShotName"), "snapshotDescription": text("volumeSnapshotDescription"),
    });
    let job_fields = json!({
        "uuid": job, "name": text("schedulerName"), "description": text("schedulerDescription"),
        "targetResourceUuid": volume.uuid, "triggersUuid": [trigger], "jobData": data.to_string(),
        "jobClassName": "org.zstack.scheduler.CreateVolumeSnapshotJob",
    });
    let link = json!({"schedulerJobUuid": job, "schedulerTriggerUuid": trigger});
    let edits = [
        ("SchedulerJob", object(job_fields)),
        ("SchedulerTrigger", fields),
        ("SchedulerJobSchedulerTrigger", object(link)),
    ];
    let edits = edits.into_iter().map(|(resource, fields)| Ok(context.new_document(resource, fields)?.1));
    Ok(Done { edits: edits.collect::<Result<_, Failure>>()?, ..Done::default() })
}
