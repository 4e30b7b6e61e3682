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

use super::location;
use super::prefer::Wait;
use crate::server::answer::{self, Answer};
use crate::server::errors;
use crate::server::headers::JobHeaders;
use crate::server::in_flight::Ticket;
use crate::server::jobs::{Begun, Job, JobStoreError, RECOUNT, RunningJob};
use crate::server::options::Options;
use crate::server::pipeline::{Inner, unreadable};
use crate::server::rejection::Rejection;
use crate::server::routes::{BoxFuture, Outcome, Served};
use crate::server::webhook::{self, Handover};
use crate::{Method, Operation};

/// What a panic leaves behind.
type Panic = Box<dyn Any + Send>;

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// An operation whose parameters have been read.
pub(crate) struct Accepted<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) work: BoxFuture<'static, Outcome<Served>>,
    /// Of a long operation; others cannot become a job.
    pub(crate) running: Option<Arc<RunningJob>>,
    pub(crate) headers: JobHeaders,
    pub(crate) with_schema: bool,
    pub(crate) request: &'a Parts,
}

/// Runs an operation; what the caller gets depends on what it asked for.
pub(crate) async fn execute(inner: &Arc<Inner>, mut accepted: Accepted<'_>) -> Result<Response, Rejection> {
    // On the heap what most calls are not.
    match accepted.running.take() {
        Some(running) => Box::pin(answer_or_job(inner, accepted, running)).await,
        None => at_once(inner, accepted).await,
    }
}

async fn at_once(inner: &Arc<Inner>, accepted: Accepted<'_>) -> Result<Response, Rejection> {
    let Accepted { operation, work, headers, with_schema, .. } = accepted;
    // It keeps no record, but may not name that of another either.
    if let (Some(uuid), true) = (&headers.uuid, operation.method != Method::Get) {
        Box::pin(check_unused(inner, uuid)).await?;
    }
    let Some(ticket) = inner.in_flight.enter(inner.options.in_flight) else {
        return Ok(busy(inner));
    };
    let limit = headers.timeout.unwrap_or(inner.options.sync_timeout);
    let mut work = guarded(work);
    let answer = match once(&mut work).await {
        Poll::Ready(outcome) => concluded(inner, Some(outcome), limit, with_schema),
        Poll::Pending => received(inner, spawn(Run::new(inner, work, ticket, limit, with_schema)).await),
    };
    Ok(answer.respond(with_schema))
}

async fn check_unused(inner: &Inner, uuid: &str) -> Result<(), Rejection> {
    match inner.jobs.find(uuid).await {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err(used(uuid)),
        Err(error) => Err(unreadable(uuid, error)),
    }
}

async fn answer_or_job(
    inner: &Arc<Inner>,
    accepted: Accepted<'_>,
    running: Arc<RunningJob>,
) -> Result<Response, Rejection> {
    let Accepted { work, headers, with_schema, request, .. } = accepted;
    let options = &inner.options;
    if let Some(url) = &headers.webhook {
        webhook::check(inner, url)
            .map_err(|problem| Rejection::bad_request(format!("the header X-Web-Hook: {problem}")))?;
    }
    let Some(ticket) = inner.in_flight.enter(options.in_flight) else {
        return Ok(busy(inner));
    };
    let job = Arc::clone(running.job());
    // Who names a job, or says where to post its result, does not wait.
    let wait = Wait::read(&request.headers, options.longest_wait);
    let at_once = options.force_jobs || headers.want_job() || wait == Wait::Not;
    let run = |work| Run::of(inner, work, ticket, &running, with_schema);
    let mut work = guarded(work);
    if at_once {
        let known = match inner.is_known(&job.credentials).await {
            Ok(known) => known,
            Err(error) => return Ok(Answer::error(&error, options.version).respond(false)),
        };
        let (text, handover) = Handover::of(taken(options, request, &job));
        let begun = if known {
            let handover = job.webhook.is_some().then_some(handover);
            begin(run(work), &running, handover).await
        } else {
            // It is still private.
            let _ = running.publish_to_guest();
            let begun = inner.jobs.begin_as_guest(&job).await.map_err(|error| unrecorded(inner, error));
            match begun {
                Ok(Begun::Recorded) => drop(spawn(run(work))),
                // It gets what the job would have come to.
                Ok(Begun::Full) => {
                    return Ok(received(inner, spawn(run(work)).await).respond(with_schema));
                }
                Ok(Begun::Taken) | Err(_) => {}
            }
            begun
        };
        return match begun {
            Ok(Begun::Recorded) => {
                let applied = if wait == Wait::Not { wait.applied() } else { None };
                Ok(with_preference(answer::json(StatusCode::ACCEPTED, text), applied))
            }
            Ok(Begun::Taken) => Err(used(&job.uuid)),
            Ok(Begun::Full) => {
                let error = errors::too_many_jobs(options.max_jobs);
                Ok(retry_later(Answer::error(&error, options.version).respond(false), RECOUNT))
            }
            Err(error) => Ok(error.respond(false)),
        };
    }
    let settle = if let Wait::For(wait) = wait { wait } else { options.settle };
    // Who waits no time at all gets a job.
    if !settle.is_zero()
        && let Poll::Ready(outcome) = once(&mut work).await
    {
        let answer = concluded(inner, Some(outcome), job.timeout, with_schema);
        return Ok(with_preference(answer.respond(with_schema), wait.applied()));
    }
    let mut answer = spawn(run(work));
    let response = match tokio::time::timeout(settle, &mut answer).await {
        Ok(answer) => received(inner, answer).respond(with_schema),
        Err(_) if promise(inner, &running).await => {
            answer::json(StatusCode::ACCEPTED, taken(options, request, &job))
        }
        // It is about to be done, or cannot be polled for.
        Err(_) => received(inner, answer.await).respond(with_schema),
    };
    Ok(with_preference(response, wait.applied()))
}

/// Records a job, and then runs it. Both in one task: a caller that goes away
/// leaves no job that nobody runs.
async fn begin(run: Run, running: &Arc<RunningJob>, handover: Option<Handover>) -> Result<Begun, Answer> {
    // Nobody else has it yet.
    let _ = running.publish();
    let (tell, told) = oneshot::channel();
    let job = Arc::clone(running.job());
    let inner = Arc::clone(&run.inner);
    let task = async move {
        let begun = run.inner.jobs.begin(&job).await;
        let goes_on = matches!(begun, Ok(Begun::Recorded));
        // The caller may have gone away.
        let _ = tell.send(begun);
        if goes_on {
            // Whatever becomes of it is polled for.
            run.finish(oneshot::channel().0, handover).await;
        }
    };
    tokio::spawn(task.in_current_span());
    told.await.unwrap_or_else(|gone| Err(gone.into())).map_err(|error| unrecorded(&inner, error))
}

fn unrecorded(inner: &Inner, error: JobStoreError) -> Answer {
    tracing::error!(error, "a job could not be recorded");
    Answer::error(&errors::not_recorded(), inner.options.version)
}

/// Makes a job of an operation that is running already, and records it; `false`
/// where its caller has to wait, since it is about to be done or there is no
/// room for a job.
async fn promise(inner: &Inner, running: &RunningJob) -> bool {
    let job = running.job();
    let promised = async {
        match inner.is_known(&job.credentials).await {
            Ok(true) => {}
            Ok(false) => {
                return Ok(
                    running.publish_to_guest() && inner.jobs.begin_as_guest(job).await? == Begun::Recorded
                );
            }
            Err(error) => return Err(error.to_string().into()),
        }
        let Some(place) = inner.jobs.place().await? else { return Ok(false) };
        if !running.publish() {
            return Ok(false);
        }
        // Its UUID is one of ours: if there is a job of that already, it is
        // this one, and done.
        inner.jobs.begin_in(place, job).await.map(|_| true)
    };
    promised.await.unwrap_or_else(|error: JobStoreError| {
        tracing::error!(error, "a job could not be recorded; its caller waits");
        false
    })
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
fn spawn(run: Run) -> oneshot::Receiver<Answer> {
    let (done, answer) = oneshot::channel();
    tokio::spawn(run.finish(done, None).in_current_span());
    answer
}

/// An operation that runs in a task of its own.
struct Run {
    inner: Arc<Inner>,
    work: Work,
    ticket: Ticket,
    limit: Duration,
    running: Option<Arc<RunningJob>>,
    with_schema: bool,
}

impl Run {
    fn new(inner: &Arc<Inner>, work: Work, ticket: Ticket, limit: Duration, with_schema: bool) -> Self {
        Self { inner: Arc::clone(inner), work, ticket, limit, running: None, with_schema }
    }

    fn of(
        inner: &Arc<Inner>,
        work: Work,
        ticket: Ticket,
        running: &Arc<RunningJob>,
        with_schema: bool,
    ) -> Self {
        let run = Self::new(inner, work, ticket, running.job().timeout, with_schema);
        Self { running: Some(Arc::clone(running)), ..run }
    }

    async fn finish(self, done: oneshot::Sender<Answer>, handover: Option<Handover>) {
        let Self { inner, mut work, ticket: _ticket, limit, running, with_schema } = self;
        let in_time = tokio::time::timeout(limit, &mut work).await.ok();
        let is_late = in_time.is_none();
        // Whoever polls says then whether it wants the schema.
        let job = running.filter(|running| !running.seal());
        let answer = concluded(&inner, in_time, limit, with_schema || job.is_some());
        // Whoever waited may have gone away, or has a job to poll.
        let _is_awaited = done.send(answer.clone()).is_ok();
        let finish = async {
            match job {
                Some(running) if running.is_of_guest() => {
                    inner.jobs.finish_as_guest(running.job(), answer);
                }
                Some(running) => {
                    inner.jobs.finish(running.job(), answer).await;
                    webhook::deliver(&inner, running.job(), handover);
                }
                None => {}
            }
        };
        let rest = async {
            if is_late && work.await.is_err() {
                tracing::error!("an operation panicked after its time was over");
            }
        };
        tokio::join!(finish, rest);
    }
}

/// The answer that work comes to; `None` when its time is over.
fn concluded(
    inner: &Inner,
    in_time: Option<Result<Outcome<Served>, Panic>>,
    limit: Duration,
    with_schema: bool,
) -> Answer {
    let at = inner.options.version;
    match in_time {
        Some(Ok(outcome)) => Answer::of(outcome, at, with_schema),
        Some(Err(_)) => {
            tracing::error!("an operation panicked");
            Answer::error(&errors::internal(), at)
        }
        None => Answer::error(&errors::timeout(limit.as_secs()), at),
    }
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
    retry_later(Answer::error(&error, inner.options.version).respond(false), Duration::from_secs(1))
}

fn retry_later(mut response: Response, after: Duration) -> Response {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(after.as_secs()));
    response
}

/// What a caller is told that gets a job.
fn taken(options: &Options, request: &Parts, job: &Job) -> String {
    let timeout = u64::try_from(job.timeout.as_millis()).unwrap_or(u64::MAX);
    let location = location::of(options, request, &job.uuid);
    serde_json::json!({"apiTimeout": timeout, "location": location}).to_string()
}

fn with_preference(mut response: Response, applied: Option<HeaderValue>) -> Response {
    if let Some(applied) = applied {
        response.headers_mut().insert(PREFERENCE_APPLIED, applied);
    }
    response
}
