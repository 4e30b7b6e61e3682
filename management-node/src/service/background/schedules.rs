//! Scheduler jobs whose triggers are due.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use zstack_runtime::encode;
use zstack_server::{Credentials, Outcome};

use super::{Work, owner_of};
use crate::cloud::plan::Plans;
use crate::cloud::{new_document, schedules};
use crate::model::{Changes, Document, Moment, Uuid};
use crate::rules::errors;
use crate::service::Node;
use crate::store::{Store, StoreError};
use crate::uuids;

/// Claims one run of each enabled job with a trigger that is due.
pub(super) async fn claim<S: Store>(
    node: &Arc<Node<S>>,
    plans: &'static Plans,
) -> Result<Vec<Work>, StoreError> {
    let links = node.store.documents_of("SchedulerJobSchedulerTrigger").await?;
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let fields = ["schedulerJobUuid", "schedulerTriggerUuid"];
    let uuids = links.iter().flat_map(|link| fields.iter().filter_map(|field| link.text(field)));
    let uuids: Vec<_> = uuids.map(str::to_owned).collect();
    let documents = node.store.documents(&uuids).await?.into_iter();
    let documents: HashMap<Uuid, Document> =
        documents.map(|document| (document.uuid.clone(), document)).collect();
    let mut work: Vec<Work> = Vec::new();
    for mut link in links {
        let [job, trigger] = fields.map(|field| documents.get(link.text(field).unwrap_or_default()));
        let (Some(job), Some(trigger)) = (job, trigger) else { continue };
        let now = node.clock.now();
        let is_enabled = job.text("state") == Some("Enabled");
        if !is_enabled || !schedules::is_due(&link, trigger, now, &node.zone) {
            continue;
        }
        if link.fields.get(schedules::RUN_NOW) == Some(&json!(true)) {
            link.set(schedules::RUN_NOW, Value::Null);
        } else {
            link.set(schedules::LAST_RUN, now.millis());
            link.set(schedules::RUNS, link.number(schedules::RUNS).unwrap_or(0) + 1);
        }
        if node.try_replace(plans, link).await? {
            let run = run(Arc::clone(node), plans, job.clone(), trigger.uuid.clone(), now);
            work.push(Box::pin(run));
        }
    }
    Ok(work)
}

/// Runs a job, and records the result.
async fn run<S: Store>(
    node: Arc<Node<S>>,
    plans: &'static Plans,
    job: Document,
    trigger: Uuid,
    started: Moment,
) {
    let credentials = Credentials::Account(owner_of(&job));
    let (request, outcome) = match schedules::operation_of(&job, started) {
        Some((operation, parameters)) => {
            let outcome = node.run_operation(operation, &parameters, credentials).await;
            (parameters, outcome)
        }
        None => {
            let kind = job.text(schedules::TYPE).unwrap_or_default();
            (Map::new(), Err(errors::scheduler_job_unsupported(kind)))
        }
    };
    if let Err(error) = &outcome {
        tracing::warn!(%error, job = job.uuid, "a scheduler job failed");
    }
    record(&node, plans, &job, trigger, (started, &request, &outcome)).await;
}

/// Adds a run to the history.
async fn record<S: Store>(
    node: &Node<S>,
    plans: &Plans,
    job: &Document,
    trigger: Uuid,
    (started, request, outcome): (Moment, &Map<String, Value>, &Outcome<Map<String, Value>>),
) {
    let Some(resource) = plans.catalog.resource("SchedulerJobHistory") else { return };
    let now = node.clock.now();
    let result = match outcome {
        Ok(fields) => Value::from(fields.clone()).to_string(),
        Err(error) => String::from_utf8_lossy(&encode::to_vec(&**error)).into_owned(),
    };
    let fields = json!({
        "id": started.millis(), "schedulerJobUuid": job.uuid, "triggerUuid": trigger,
        "jobType": job.text(schedules::TYPE), "targetResourceUuid": job.text("targetResourceUuid"),
        "startTime": started.millis(), "executeTime": now.millis().saturating_sub(started.millis()),
        "requestDump": Value::from(request.clone()).to_string(), "resultDump": result,
        "success": outcome.is_ok(), "fireInstanceId": uuids::random(),
    });
    let owner = owner_of(job);
    let fields = fields.as_object().cloned().unwrap_or_default();
    let (_, edit) = new_document(plans, resource, fields, Some(&owner), now);
    if let Err(error) = node.store.commit(Changes::from_iter([edit])).await {
        // The job may have been deleted.
        tracing::warn!(%error, job = job.uuid, "cannot record the run of a scheduler job");
    }
}
