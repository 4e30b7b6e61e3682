use std::any::Any;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::CatchUnwind;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::RecvError;
use tracing::Instrument as _;

use crate::server::answer::{Answer, EncodedResult};
use crate::server::errors;
use crate::server::in_flight::Ticket;
use crate::server::jobs::RunningJob;
use crate::server::outcome::{BoxFuture, Outcome};
use crate::server::respond::Reply;
use crate::server::shared::Shared;
use crate::server::webhook::Handover;

/// The payload of a panic.
type Panic = Box<dyn Any + Send>;

/// The future of an operation, with panics caught.
pub(super) type Work = CatchUnwind<AssertUnwindSafe<BoxFuture<'static, Outcome<EncodedResult>>>>;

pub(super) fn catch_panic(work: BoxFuture<'static, Outcome<EncodedResult>>) -> Work {
    AssertUnwindSafe(work).catch_unwind()
}

/// Polls an operation once, before it gets a task and a timer: many operations never wait, and
/// these two would be a good part of the cost of such a call.
pub(super) async fn poll_once(work: &mut Work) -> Poll<Result<Outcome<EncodedResult>, Panic>> {
    poll_fn(|context| Poll::Ready(Pin::new(&mut *work).poll(context))).await
}

/// An operation that runs in a separate task: it continues when its caller disconnects.
pub(super) struct Task {
    pub(super) shared: Arc<Shared>,
    pub(super) work: Work,
    pub(super) ticket: Ticket,
    pub(super) limit: Duration,
    /// Set for a long operation, which may be a job when it ends.
    pub(super) running: Option<Arc<RunningJob>>,
    pub(super) with_schema: bool,
}

impl Task {
    /// Starts the task. Pass the receiver to [`receive_answer`].
    pub(super) fn spawn(self) -> oneshot::Receiver<Answer> {
        let (sender, answer) = oneshot::channel();
        tokio::spawn(self.finish(sender, None).in_current_span());
        answer
    }

    /// Runs the operation to its end, and stores its answer if it is a job.
    pub(super) async fn finish(self, sender: oneshot::Sender<Answer>, handover: Option<Handover>) {
        let Self { shared, mut work, ticket: _ticket, limit, running, with_schema } = self;
        let in_time = tokio::time::timeout(limit, &mut work).await.ok();
        let is_late = in_time.is_none();
        let job = running.filter(|running| !running.seal());
        // Each poll of a job says whether it wants the schema.
        let answer = encode_outcome(&shared, in_time, limit, with_schema || job.is_some());
        // The caller may have disconnected, or have a job to poll.
        let _ = sender.send(answer.clone());
        let store = async {
            match job {
                Some(running) if running.is_of_guest() => shared.jobs.finish_as_guest(running.job(), answer),
                Some(running) => {
                    shared.jobs.finish(running.job(), answer).await;
                    shared.webhooks.deliver(running.job(), handover);
                }
                None => {}
            }
        };
        let finish_late = async {
            if is_late && work.await.is_err() {
                tracing::error!("an operation panicked after its time limit");
            }
        };
        tokio::join!(store, finish_late);
    }
}

/// Encodes the outcome of an operation; `None` if it exceeded its time limit.
pub(super) fn encode_outcome(
    shared: &Shared,
    in_time: Option<Result<Outcome<EncodedResult>, Panic>>,
    limit: Duration,
    with_schema: bool,
) -> Answer {
    let at = shared.options.version;
    match in_time {
        Some(Ok(outcome)) => Answer::of(outcome, at, with_schema),
        Some(Err(_)) => {
            tracing::error!("an operation panicked");
            Answer::error(&errors::internal(), at)
        }
        None => Answer::error(&errors::timeout(limit.as_secs()), at),
    }
}

/// Receives the answer of a task. A task that was dropped, as at the shutdown of a runtime, has
/// none.
pub(super) fn receive_answer(shared: &Shared, answer: Result<Answer, RecvError>) -> Answer {
    answer.unwrap_or_else(|_| Answer::error(&errors::internal(), shared.options.version))
}

/// Refuses a call because too many operations are running.
pub(super) fn busy(shared: &Shared) -> Reply {
    let reply = shared.fail(&errors::busy(shared.options.in_flight));
    Reply { retry_after: Some(Duration::from_secs(1)), ..reply }
}
