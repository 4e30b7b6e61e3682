//! The stage that runs an operation, and decides what its caller gets: the
//! answer, or a job to poll.

mod location;
mod long;
mod prefer;
mod short;
mod task;

use std::sync::Arc;

use super::bind::BoundCall;
use super::rejection::Rejection;
use super::respond::Reply;
use super::shared::Shared;

/// Runs the operation of a call.
pub(crate) async fn run(shared: &Arc<Shared>, mut call: BoundCall<'_>) -> Result<Reply, Rejection> {
    match call.running.take() {
        // On the heap, since most calls are short.
        Some(running) => Box::pin(long::run(shared, call, running)).await,
        None => short::run(shared, call).await,
    }
}
