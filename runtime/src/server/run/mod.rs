//! The stage that runs an operation, and decides between the answer and a job to poll.

mod long;
mod prefer;
mod task;

use std::sync::Arc;
use std::task::Poll;

use self::long::run_long;
use self::task::{Task, busy, catch_panic, encode_outcome, poll_once, receive_answer};
use super::bind::BoundCall;
use super::rejection::Rejection;
use super::respond::Reply;
use super::shared::Shared;
use crate::Method;

/// Runs the operation of a call.
pub(crate) async fn run(shared: &Arc<Shared>, mut call: BoundCall<'_>) -> Result<Reply, Rejection> {
    match call.running.take() {
        // Boxed, since most calls are short.
        Some(running) => Box::pin(run_long(shared, call, running)).await,
        None => run_short(shared, call).await,
    }
}

/// Runs a short operation, whose caller waits for the answer; in a separate task as soon as the
/// operation has to wait.
async fn run_short(shared: &Arc<Shared>, call: BoundCall<'_>) -> Result<Reply, Rejection> {
    let BoundCall { operation, work, headers, with_schema, .. } = call;
    // The call is not stored as a job, but must not use the UUID of one.
    if let (Some(uuid), true) = (&headers.uuid, operation.method != Method::Get)
        && Box::pin(shared.jobs.look_up(uuid)).await?.is_some()
    {
        return Err(Rejection::job_uuid_in_use(uuid));
    }
    let Some(ticket) = shared.in_flight.enter(shared.options.in_flight) else {
        return Ok(busy(shared));
    };
    let limit = headers.timeout.unwrap_or(shared.options.sync_timeout);
    let mut work = catch_panic(work);
    let answer = match poll_once(&mut work).await {
        Poll::Ready(outcome) => encode_outcome(shared, Some(outcome), limit, with_schema),
        Poll::Pending => {
            let task = Task { shared: Arc::clone(shared), work, ticket, limit, running: None, with_schema };
            receive_answer(shared, task.spawn().await)
        }
    };
    Ok(Reply::answer(answer, with_schema))
}
