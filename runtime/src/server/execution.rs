//! Running an operation, and who waits how long for what comes of it.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::response::Response;
use futures_util::FutureExt as _;
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

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// An operation whose parameters have been read.
pub(crate) struct Accepted<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) work: BoxFuture<'static, Outcome<Served>>,
    pub(crate) job_uuid: String,
    pub(crate) headers: JobHeaders,
    pub(crate) with_schema: bool,
    pub(crate) request: &'a Parts,
}

/// Runs an operation; what the caller gets depends on what it asked for.
pub(crate) async fn execute(inner: &Arc<Inner>, accepted: Accepted<'_>) -> Result<Response, Rejection> {
    // A sync call keeps no record, but may not name that of another either.
    let names_job = accepted.headers.uuid.is_some() && accepted.operation.method != Method::Get;
    if names_job && inner.jobs.contains(&accepted.job_uuid) {
        return Err(used(&accepted.job_uuid));
    }
    let Some(ticket) = inner.in_flight.enter(inner.options.in_flight) else {
        return Ok(busy(inner));
    };
    match accepted.operation.execution {
        Execution::Sync => Ok(answer(inner, accepted, ticket).await),
        Execution::Async => answer_or_job(inner, accepted, ticket).await,
    }
}

async fn answer(inner: &Arc<Inner>, accepted: Accepted<'_>, ticket: Ticket) -> Response {
    let limit = accepted.headers.timeout.unwrap_or(inner.options.sync_timeout);
    let answer = start(inner, accepted.work, ticket, limit, None).await.await;
    received(inner, answer).respond(accepted.with_schema)
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
    let job = Job { uuid: job_uuid.clone(), webhook: headers.webhook, with_schema, at_once };
    let mut answer = start(inner, work, ticket, limit, Some(job)).await;
    let taken = || taken(options, request, &job_uuid, limit);
    if at_once {
        let applied = if wait == Wait::Not { wait.applied() } else { None };
        return Ok(with_preference(taken(), applied));
    }
    let settle = if let Wait::For(wait) = wait { wait } else { options.settle };
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
    /// Whether its caller waits for nothing.
    at_once: bool,
}

/// Runs the work. Once it waits for something, it goes on in a task of its
/// own: a caller that goes away does not stop it half-way. Much work never
/// waits, and a task would be a good part of what such a call costs.
async fn start(
    inner: &Arc<Inner>,
    work: BoxFuture<'static, Outcome<Served>>,
    ticket: Ticket,
    limit: Duration,
    job: Option<Job>,
) -> oneshot::Receiver<Answer> {
    let (done, answer) = oneshot::channel();
    let at_once = job.as_ref().is_some_and(|job| job.at_once);
    // Whoever serves no job has left out what nobody asked for.
    let with_schema = job.as_ref().is_none_or(|job| job.with_schema);
    let inner = Arc::clone(inner);
    let run = async move {
        let _ticket = ticket;
        let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
        let in_time = tokio::time::timeout(limit, &mut work).await;
        let is_late = in_time.is_err();
        let at = inner.options.version;
        let kept = job.filter(|job| !inner.jobs.forget(&job.uuid));
        let answer = match in_time {
            Ok(Ok(outcome)) => Answer::of(outcome, at, with_schema || kept.is_some()),
            Ok(Err(_)) => {
                tracing::error!("an operation panicked");
                Answer::error(&errors::internal(), at)
            }
            Err(_) => Answer::error(&errors::timeout(limit.as_secs()), at),
        };
        if let Some(job) = kept {
            finish(&inner, job, answer.clone());
        }
        // Whoever waited may have gone away, or has a job to poll.
        let _is_awaited = done.send(answer).is_ok();
        if is_late && work.await.is_err() {
            tracing::error!("an operation panicked after its time was over");
        }
    };
    let mut run = Box::pin(run.in_current_span());
    let is_done = !at_once && poll_fn(|context| Poll::Ready(run.as_mut().poll(context).is_ready())).await;
    if !is_done {
        tokio::spawn(run);
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
