//! Running an operation, and who waits how long for what comes of it.

use std::any::Any;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::response::Response;
use futures_util::FutureExt as _;
use futures_util::future::CatchUnwind;
use http::header::{HeaderName, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::envelope::{self, Answer};
use super::errors;
use super::headers::JobHeaders;
use super::in_flight::Ticket;
use super::location;
use super::options::Options;
use super::prefer::Wait;
use super::rejection::Rejection;
use super::routes::{BoxFuture, Outcome, Served};
use super::stages::Inner;
use super::webhook::{self, Notice};
use crate::{Execution, Method, Operation};

/// What a panic leaves behind.
type Panic = Box<dyn Any + Send>;

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// An operation whose parameters have been read.
pub(crate) struct Accepted<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) work: BoxFuture<'static, Outcome<Served>>,
    /// Of a long operation; others have no job.
    pub(crate) job_uuid: String,
    pub(crate) headers: JobHeaders,
    pub(crate) with_schema: bool,
    pub(crate) request: &'a Parts,
}

/// Runs an operation; what the caller gets depends on what it asked for.
pub(crate) async fn execute(inner: &Arc<Inner>, accepted: Accepted<'_>) -> Result<Response, Rejection> {
    // A sync call keeps no record, but may not name that of another either.
    let named = accepted.headers.uuid.as_deref().filter(|_| accepted.operation.method != Method::Get);
    if let Some(uuid) = named
        && inner.jobs.contains(uuid)
    {
        return Err(used(uuid));
    }
    let Some(ticket) = inner.in_flight.enter(inner.options.in_flight) else {
        return Ok(busy(inner));
    };
    match accepted.operation.execution {
        Execution::Sync => {
            let limit = accepted.headers.timeout.unwrap_or(inner.options.sync_timeout);
            let mut work = guarded(accepted.work);
            let answer = match once(&mut work).await {
                Poll::Ready(outcome) => conclude(inner, Some(outcome), limit, None),
                Poll::Pending => received(inner, spawn(inner, work, ticket, limit, None).await),
            };
            Ok(answer.respond(accepted.with_schema))
        }
        // On the heap, since most calls are of the other kind.
        Execution::Async => Box::pin(answer_or_job(inner, accepted, ticket)).await,
    }
}

async fn answer_or_job(
    inner: &Arc<Inner>,
    accepted: Accepted<'_>,
    ticket: Ticket,
) -> Result<Response, Rejection> {
    let Accepted { work, job_uuid, headers, with_schema, request, .. } = accepted;
    let options = &inner.options;
    let limit = headers.timeout.unwrap_or(options.api_timeout);
    // Who names a job, or says where to post its result, does not wait.
    let wait = Wait::read(&request.headers, options.longest_wait);
    let at_once = options.force_jobs || headers.want_job() || wait == Wait::Not;
    if !inner.jobs.begin(&job_uuid, !at_once) {
        return Err(used(&job_uuid));
    }
    let settle = if let Wait::For(wait) = wait { wait } else { options.settle };
    let job = Job { uuid: job_uuid.clone(), webhook: headers.webhook, with_schema };
    let taken = || taken(options, request, &job_uuid, limit);
    let mut work = guarded(work);
    if at_once {
        // Whatever becomes of it is polled for.
        drop(spawn(inner, work, ticket, limit, Some(job)));
        let applied = if wait == Wait::Not { wait.applied() } else { None };
        return Ok(with_preference(taken(), applied));
    }
    // Who waits no time at all gets a job.
    if !settle.is_zero()
        && let Poll::Ready(outcome) = once(&mut work).await
    {
        let answer = conclude(inner, Some(outcome), limit, Some(job));
        return Ok(with_preference(answer.respond(with_schema), wait.applied()));
    }
    let mut answer = spawn(inner, work, ticket, limit, Some(job));
    let response = match tokio::time::timeout(settle, &mut answer).await {
        Ok(answer) => received(inner, answer).respond(with_schema),
        Err(_) if inner.jobs.publish(&job_uuid) => taken(),
        // It was done between the two lines above.
        Err(_) => received(inner, answer.await).respond(with_schema),
    };
    Ok(with_preference(response, wait.applied()))
}

/// The part of a long operation that outlives its request.
struct Job {
    uuid: String,
    webhook: Option<String>,
    with_schema: bool,
}

/// Work that reports a panic.
type Work = CatchUnwind<AssertUnwindSafe<BoxFuture<'static, Outcome<Served>>>>;

fn guarded(work: BoxFuture<'static, Outcome<Served>>) -> Work {
    AssertUnwindSafe(work).catch_unwind()
}

/// Polls work once, before it has a task and a timer: much work never waits
/// for anything, and those would be a good part of what such a call costs.
async fn once(work: &mut Work) -> Poll<Result<Outcome<Served>, Panic>> {
    poll_fn(|context| Poll::Ready(Pin::new(&mut *work).poll(context))).await
}

/// Goes on with work in a task of its own: a caller that goes away does not
/// stop it half-way.
fn spawn(
    inner: &Arc<Inner>,
    mut work: Work,
    ticket: Ticket,
    limit: Duration,
    job: Option<Job>,
) -> oneshot::Receiver<Answer> {
    let (done, answer) = oneshot::channel();
    let inner = Arc::clone(inner);
    let run = async move {
        let _ticket = ticket;
        let in_time = tokio::time::timeout(limit, &mut work).await.ok();
        let is_late = in_time.is_none();
        let answer = conclude(&inner, in_time, limit, job);
        // Whoever waited may have gone away, or has a job to poll.
        let _is_awaited = done.send(answer).is_ok();
        if is_late && work.await.is_err() {
            tracing::error!("an operation panicked after its time was over");
        }
    };
    tokio::spawn(run.in_current_span());
    answer
}

/// The answer that work comes to; `None` when its time is over. A job that
/// can be polled keeps it.
fn conclude(
    inner: &Arc<Inner>,
    in_time: Option<Result<Outcome<Served>, Panic>>,
    limit: Duration,
    job: Option<Job>,
) -> Answer {
    let at = inner.options.version;
    // Whoever serves no job has left out what nobody asked for.
    let with_schema = job.as_ref().is_none_or(|job| job.with_schema);
    let kept = job.filter(|job| !inner.jobs.forget(&job.uuid));
    let answer = match in_time {
        Some(Ok(outcome)) => Answer::of(outcome, at, with_schema || kept.is_some()),
        Some(Err(_)) => {
            tracing::error!("an operation panicked");
            Answer::error(&errors::internal(), at)
        }
        None => Answer::error(&errors::timeout(limit.as_secs()), at),
    };
    if let Some(job) = kept {
        finish(inner, job, answer.clone());
    }
    answer
}

fn finish(inner: &Arc<Inner>, job: Job, answer: Answer) {
    inner.jobs.finish(&job.uuid, answer.clone());
    let (true, Some(url)) = (inner.options.webhooks, job.webhook) else {
        return;
    };
    let Some(ticket) = inner.deliveries.enter(inner.options.in_flight) else {
        tracing::warn!(job = job.uuid, "too many webhooks are being posted; this one is not");
        return;
    };
    let notice = Notice { answer, with_schema: job.with_schema };
    let deliver = webhook::deliver(Arc::clone(&inner.webhooks), url, job.uuid, notice);
    let run = async move {
        let _ticket = ticket;
        deliver.await;
    };
    tokio::spawn(run.in_current_span());
}

/// The answer of a task; one that was dropped, as when a runtime shuts down,
/// has none.
fn received(inner: &Inner, answer: Result<Answer, oneshot::error::RecvError>) -> Answer {
    answer.unwrap_or_else(|_| Answer::error(&errors::internal(), inner.options.version))
}

fn used(job_uuid: &str) -> Rejection {
    Rejection::bad_request(format!("the job UUID {job_uuid} is in use; take another"))
}

fn busy(inner: &Inner) -> Response {
    let error = errors::busy(inner.options.in_flight);
    let mut response = Answer::error(&error, inner.options.version).respond(false);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// The answer to a caller that gets a job.
fn taken(options: &Options, request: &Parts, job_uuid: &str, limit: Duration) -> Response {
    let timeout = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    let body =
        serde_json::json!({"apiTimeout": timeout, "location": location::of(options, request, job_uuid)});
    envelope::json(StatusCode::ACCEPTED, body.to_string())
}

fn with_preference(mut response: Response, applied: Option<HeaderValue>) -> Response {
    if let Some(applied) = applied {
        response.headers_mut().insert(PREFERENCE_APPLIED, applied);
    }
    response
}
