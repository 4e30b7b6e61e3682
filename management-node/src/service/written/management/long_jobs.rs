//! Long jobs: operations that run in the background. [`background`](crate::service::background) runs
//! those that wait.

use serde_json::{Map, Value, json};
use zstack_runtime::tags::VALIDATION_ONLY;
use zstack_runtime::{Execution, Operation};

use crate::cloud::policies::operation_of_class;
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::storages::answer;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// The operation of a long job, with its parameters.
fn operation<S: Store>(
    context: &Context<'_, S>,
) -> Result<(&'static Operation, Map<String, Value>), Failure> {
    let class = context.text("jobName").unwrap_or_default();
    let name = operation_of_class(class);
    let plan = context.plans.get(name);
    // A job that waits for another one would wait forever.
    let is_of_jobs = plan.is_some_and(|plan| plan.resource.name == context.plan.resource.name);
    let operation = context.plans.operation(name).filter(|operation| {
        operation.execution == Execution::Async && context.plans.is_performed(name) && !is_of_jobs
    });
    let Some(operation) = operation else {
        return Err(errors::invalid_argument(format!(
            "[jobName] is `{class}`, which cannot be a long job; use the class of an asynchronous operation, such as \
             `APIAddImageMsg`."
        ))
        .into());
    };
    let data = context.text("jobData").unwrap_or_default();
    match serde_json::from_str(data) {
        Ok(parameters) => Ok((operation, parameters)),
        Err(error) => Err(errors::invalid_argument(format!(
            "[jobData] must be a JSON object with the parameters of {name}: {error}."
        ))
        .into()),
    }
}

/// Checks an operation as if it was called, and keeps it for later.
pub(super) async fn submit<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (operation, mut parameters) = operation(context)?;
    let tags = parameters.entry("systemTags").or_insert_with(|| json!([]));
    if let Some(tags) = tags.as_array_mut() {
        tags.push(VALIDATION_ONLY.into());
    }
    context.node.run_operation(operation.name, &parameters, context.call.credentials().clone()).await?;
    let mut job = context.draft()?;
    for field in ["name", "description", "jobName", "jobData", "targetResourceUuid"] {
        job.set(field, context.text(field));
    }
    if context.text("name").is_none() {
        job.set("name", context.text("jobName"));
    }
    job.set("apiId", context.call.job_uuid());
    job.set("managementNodeUuid", crate::cloud::built_in::management_node());
    Ok(context.create(job))
}

fn state(job: &Document) -> &str {
    job.text("state").unwrap_or_default()
}

fn is_final(job: &Document) -> bool {
    matches!(state(job), "Succeeded" | "Failed" | "Canceled")
}

/// Creates the error of an operation that the state of a job does not allow.
fn wrong_state(job: &Document, allowed: &str) -> Failure {
    errors::invalid_argument(format!("[uuid] names a long job that is {}; it must be {allowed}.", state(job)))
        .into()
}

/// Cancels a job: at once if it waits, otherwise when its operation has ended.
pub(super) fn cancel<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut job = context.target("uuid")?;
    let next = match state(&job) {
        "Waiting" | "Suspended" | "Canceled" => "Canceled",
        "Running" | "Canceling" => "Canceling",
        _ => return Err(wrong_state(&job, "Waiting, Suspended or Running")),
    };
    job.set("state", next);
    Ok(context.finish_change(job))
}

/// Ends a job that is being canceled.
pub(super) fn clean<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut job = context.target("uuid")?;
    if state(&job) != "Canceling" {
        return Err(wrong_state(&job, "Canceling"));
    }
    job.set("state", "Canceled");
    Ok(context.finish_change(job))
}

/// Runs a job again.
pub(super) fn rerun<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut job = context.target("uuid")?;
    if !is_final(&job) {
        return Err(wrong_state(&job, "Succeeded, Failed or Canceled"));
    }
    for field in ["jobResult", "executeTime"] {
        job.set(field, Value::Null);
    }
    job.set("state", "Waiting");
    Ok(context.finish_change(job))
}

/// Resumes a suspended job.
pub(super) fn resume<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut job = context.target("uuid")?;
    if state(&job) != "Suspended" {
        return Err(wrong_state(&job, "Suspended"));
    }
    job.set("state", "Waiting");
    Ok(context.finish_change(job))
}

/// Deletes a finished job.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(job) = context.target("uuid") else { return Ok(Done::default()) };
    if !is_final(&job) {
        return Err(wrong_state(&job, "Succeeded, Failed or Canceled"));
    }
    let edits = context.node.deletion(context.plans, context.plan, job).await?;
    Ok(Done { edits, ..Done::default() })
}

/// Shows the progress of a long job by the ID of the call that submitted it. Operations have no steps,
/// so it is 0 or 100 percent.
pub(super) async fn progress<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let id = context.text("apiId").unwrap_or_default();
    let mut jobs = context.node.store.documents_of("LongJob").await?;
    jobs.retain(|job| job.text("apiId") == Some(id) && job.may_be_used_by(&context.caller));
    let describe = |job: Document| {
        json!({
            "taskUuid": id, "taskName": job.text("name"), "type": "Progress",
            "content": if is_final(&job) { "100" } else { "0" }, "time": job.number("lastOpDate"),
        })
    };
    let inventories: Vec<_> = jobs.into_iter().map(describe).collect();
    Ok(answer(json!({"inventories": inventories})))
}
