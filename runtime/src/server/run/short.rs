//! Operations whose callers wait for the answer.

use std::sync::Arc;
use std::task::Poll;

use super::task::{Task, busy, catch_panic, conclude, poll_once, received};
use crate::Method;
use crate::server::bind::BoundCall;
use crate::server::rejection::Rejection;
use crate::server::respond::Reply;
use crate::server::shared::Shared;

/// Runs a short operation, in a task of its own as soon as it has to wait.
pub(super) async fn run(shared: &Arc<Shared>, call: BoundCall<'_>) -> Result<Reply, Rejection> {
    let BoundCall { operation, work, headers, with_schema, .. } = call;
    // The call is not recorded as a job, but must not have the UUID of one.
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
        Poll::Ready(outcome) => conclude(shared, Some(outcome), limit, with_schema),
        Poll::Pending => {
            let task = Task::new(shared, work, ticket, limit, with_schema);
            received(shared, task.spawn().await)
        }
    };
    Ok(Reply::answer(answer, with_schema))
}
