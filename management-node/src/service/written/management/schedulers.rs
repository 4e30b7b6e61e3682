//! Scheduler jobs, and the triggers that start them. [`background`](crate::service::background) runs the
//! jobs that are due.

use serde_json::{Map, Value, json};

use crate::cloud::schedules;
use crate::model::Document;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// The settings in a parameter, as the text that inventories show.
fn job_data<S: Store>(context: &Context<'_, S>) -> Option<String> {
    context.parameters.get("parameters").map(Value::to_string)
}

/// Creates a job.
pub(super) fn create_job<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut job = context.draft()?;
    let kind = context.text("type").unwrap_or_default();
    job.set(schedules::TYPE, kind);
    job.set("jobClassName", schedules::class_of(kind));
    job.set("jobData", job_data(context).unwrap_or_else(|| "{}".to_owned()));
    job.set("triggersUuid", json!([]));
    Ok(context.create(job))
}

/// Changes a job.
pub(super) fn update_job<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut job = context.target("uuid")?;
    for field in ["name", "description"] {
        if let Some(value) = context.text(field) {
            job.set(field, value);
        }
    }
    if let Some(data) = job_data(context) {
        job.set("jobData", data);
    }
    Ok(context.finish_change(job))
}

/// Sets the times of a trigger that the request gives.
fn set_times<S: Store>(context: &Context<'_, S>, trigger: &mut Document) {
    for field in ["schedulerType", "schedulerInterval", "repeatCount", "cron"] {
        if let Some(value) = context.parameters.get(field) {
            trigger.set(field, value.clone());
        }
    }
    if let Some(seconds) = context.parameters.get("startTime").and_then(Value::as_i64) {
        let is_now = seconds == 0;
        trigger.set("startTime", if is_now { context.now.millis() } else { seconds.saturating_mul(1000) });
    }
}

/// Creates a trigger.
pub(super) fn create_trigger<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut trigger = context.draft()?;
    trigger.set("startTime", context.now.millis());
    set_times(context, &mut trigger);
    trigger.set("jobsUuid", json!([]));
    schedules::check(&trigger)?;
    Ok(context.create(trigger))
}

/// Changes a trigger.
pub(super) fn update_trigger<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut trigger = context.target("uuid")?;
    for field in ["name", "description"] {
        if let Some(value) = context.text(field) {
            trigger.set(field, value);
        }
    }
    set_times(context, &mut trigger);
    schedules::check(&trigger)?;
    Ok(context.finish_change(trigger))
}

/// Adds a UUID to a list of a document.
fn add_to(document: &mut Document, field: &str, uuid: &str) {
    let mut list: Vec<_> = document.texts(field).map(str::to_owned).collect();
    list.push(uuid.to_owned());
    document.set(field, list);
}

/// Links a job to a trigger.
pub(super) async fn link<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut job = context.target_of("schedulerJobUuid", "scheduler job")?;
    let mut trigger = context.target_of("schedulerTriggerUuid", "scheduler trigger")?;
    let mut fields = Map::new();
    fields.insert("schedulerJobUuid".to_owned(), job.uuid.clone().into());
    fields.insert("schedulerTriggerUuid".to_owned(), trigger.uuid.clone().into());
    let values: Vec<_> = fields.clone().into_iter().collect();
    let resource = &context.plan.resource.name;
    if let Some(other) = context.node.store.document_with(resource, values.clone(), "").await? {
        return Err(
            crate::rules::errors::not_unique(&context.plan.resource.label, &values, &other.uuid).into()
        );
    }
    fields.insert(schedules::RUN_NOW.to_owned(), context.flag("triggerNow").into());
    let (link, edit) = context.new_document(resource, fields)?;
    add_to(&mut job, "triggersUuid", &trigger.uuid);
    add_to(&mut trigger, "jobsUuid", &job.uuid);
    Ok(Done::with_document(link, vec![edit, context.replace(job), context.replace(trigger)]))
}
