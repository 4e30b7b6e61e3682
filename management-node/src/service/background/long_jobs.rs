//! Long jobs that wait.

use std::sync::Arc;

use serde_json::{Map, Value};
use zstack_runtime::encode;
use zstack_server::{Credentials, Outcome};

use super::{Work, owner_of};
use crate::cloud::plan::Plans;
use crate::cloud::policies::operation_of_class;
use crate::model::{Document, Moment};
use crate::rules::errors;
use crate::service::Node;
use crate::store::{Store, StoreError};

const RESOURCE: &str = "LongJob";

/// Claims all jobs that wait.
pub(super) async fn claim<S: Store>(
    node: &Arc<Node<S>>,
    plans: &'static Plans,
) -> Result<Vec<Work>, StoreError> {
    let mut work: Vec<Work> = Vec::new();
    for mut job in node.store.documents_of(RESOURCE).await? {
        if job.text("state") != Some("Waiting") {
            continue;
        }
        let started = node.clock.now();
        job.set("state", "Running");
        job.touch(started);
        if node.try_replace(plans, job.clone()).await? {
            work.push(Box::pin(run(Arc::clone(node), plans, job, started)));
        }
    }
    Ok(work)
}

/// Runs the operation of a job, and stores its result.
async fn run<S: Store>(node: Arc<Node<S>>, plans: &'static Plans, job: Document, started: Moment) {
    let operation = operation_of_class(job.text("jobName").unwrap_or_default());
    let parameters = job.text("jobData").and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
    let credentials = Credentials::Account(owner_of(&job));
    let outcome = node.run_operation(operation, &parameters, credentials).await;
    let millis = node.clock.now().millis().saturating_sub(started.millis());
    let (is_success, result) = describe(outcome);
    let finish = |job: &mut Document| {
        let state = match (job.text("state"), is_success) {
            (Some("Running" | "Canceling"), true) => "Succeeded",
            (Some("Running"), false) => "Failed",
            (Some("Canceling"), false) => "Canceled",
            // It was ended in another way.
            _ => return,
        };
        job.set("state", state);
        job.set("jobResult", &*result);
        job.set("executeTime", millis / 1000);
    };
    node.change_document(plans, &job.uuid, finish).await;
}

/// The result as text: the inventory of the response, the word `succeeded`, or the error.
fn describe(outcome: Outcome<Map<String, Value>>) -> (bool, String) {
    match outcome {
        Ok(fields) => {
            let inventory = fields.get("inventory").map(Value::to_string);
            (true, inventory.unwrap_or_else(|| "succeeded".to_owned()))
        }
        Err(error) => (false, String::from_utf8_lossy(&encode::to_vec(&*error)).into_owned()),
    }
}

/// Ends the jobs that an earlier process did not finish.
pub(super) async fn end_interrupted<S: Store>(node: &Node<S>, plans: &Plans) -> Result<(), StoreError> {
    for mut job in node.store.documents_of(RESOURCE).await? {
        let state = match job.text("state") {
            Some("Running") => "Failed",
            Some("Canceling") => "Canceled",
            _ => continue,
        };
        let (_, result) = describe(Err(errors::long_job_interrupted()));
        job.set("state", state);
        job.set("jobResult", result);
        job.touch(node.clock.now());
        node.try_replace(plans, job).await?;
    }
    Ok(())
}
