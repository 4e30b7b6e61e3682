//! Long operations: their callers wait for the answer, or get a job to poll.

use std::sync::Arc;
use std::task::Poll;

use http::request::Parts;
use http::uri::Authority;
use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::prefer::Wait;
use super::task::{Task, Work, busy, catch_panic, conclude, poll_once, received};
use crate::server::bind::BoundCall;
use crate::server::errors;
use crate::server::headers::host;
use crate::server::in_flight::Ticket;
use crate::server::jobs::{Begun, JobStoreError, RECOUNT, RunningJob};
use crate::server::options::Options;
use crate::server::rejection::Rejection;
use crate::server::respond::Reply;
use crate::server::shared::Shared;
use crate::server::webhook::Handover;

/// Runs a long operation. Its caller gets a job at once if it asked for one, and
/// after a while otherwise.
pub(super) async fn run_long(
    shared: &Arc<Shared>,
    call: BoundCall<'_>,
    running: Arc<RunningJob>,
) -> Result<Reply, Rejection> {
    let BoundCall { work, headers, with_schema, request, .. } = call;
    let options = &shared.options;
    if let Some(url) = &headers.webhook {
        shared
            .webhooks
            .check(url)
            .map_err(|problem| Rejection::bad_request(format!("the header X-Web-Hook: {problem}")))?;
    }
    let Some(ticket) = shared.in_flight.enter(options.in_flight) else {
        return Ok(busy(shared));
    };
    let wait = Wait::read(&request.headers, options.longest_wait);
    let call = LongCall { shared, request, running: &running, with_schema, wait };
    let work = catch_panic(work);
    if options.force_jobs || headers.want_job() || wait == Wait::Not {
        call.give_job(work, ticket).await
    } else {
        Ok(call.give_answer_or_job(work, ticket).await)
    }
}

struct LongCall<'a> {
    shared: &'a Arc<Shared>,
    request: &'a Parts,
    running: &'a Arc<RunningJob>,
    with_schema: bool,
    wait: Wait,
}

impl LongCall<'_> {
    fn task(&self, work: Work, ticket: Ticket) -> Task {
        let (shared, running) = (Arc::clone(self.shared), Arc::clone(self.running));
        let limit = running.job().timeout;
        Task { shared, work, ticket, limit, running: Some(running), with_schema: self.with_schema }
    }

    /// Records a job, begins it, and replies with it.
    async fn give_job(&self, work: Work, ticket: Ticket) -> Result<Reply, Rejection> {
        let Self { shared, running, .. } = self;
        let (options, job) = (&shared.options, running.job());
        let task = self.task(work, ticket);
        let is_known = match shared.has_valid_session(&job.credentials).await {
            Ok(is_known) => is_known,
            Err(error) => return Ok(shared.fail(&error)),
        };
        let (body, handover) = Handover::new(self.job_body());
        let begun = if is_known {
            begin(task, running, job.webhook.is_some().then_some(handover)).await
        } else {
            // Nothing else knows of the operation yet, so it can become a job.
            let _ = running.publish_to_guest();
            let begun = shared.jobs.begin_as_guest(job).await;
            match begun {
                Ok(Begun::Recorded) => drop(task.spawn()),
                // The caller gets the result of the job that there is no room for.
                Ok(Begun::Full) => {
                    let answer = received(shared, task.spawn().await);
                    return Ok(Reply::answer(answer, self.with_schema));
                }
                Ok(Begun::Taken) | Err(_) => {}
            }
            begun
        };
        match begun {
            Ok(Begun::Recorded) => {
                let preference_applied = if self.wait == Wait::Not { self.wait.applied() } else { None };
                Ok(Reply { preference_applied, ..Reply::job(body) })
            }
            Ok(Begun::Taken) => Err(Rejection::job_uuid_in_use(&job.uuid)),
            Ok(Begun::Full) => {
                let reply = shared.fail(&errors::too_many_jobs(options.max_jobs));
                Ok(Reply { retry_after: Some(RECOUNT), ..reply })
            }
            Err(error) => {
                tracing::error!(error, "a job could not be recorded");
                Ok(shared.fail(&errors::not_recorded()))
            }
        }
    }

    /// Begins the operation, and replies with its answer, or with a job when it
    /// takes too long.
    async fn give_answer_or_job(&self, mut work: Work, ticket: Ticket) -> Reply {
        let Self { shared, running, with_schema, wait, .. } = *self;
        let settle = if let Wait::For(wait) = wait { wait } else { shared.options.settle };
        // A caller that waits no time at all gets a job.
        if !settle.is_zero()
            && let Poll::Ready(outcome) = poll_once(&mut work).await
        {
            let answer = conclude(shared, Some(outcome), running.job().timeout, with_schema);
            return Reply { preference_applied: wait.applied(), ..Reply::answer(answer, with_schema) };
        }
        let mut answer = self.task(work, ticket).spawn();
        let reply = match tokio::time::timeout(settle, &mut answer).await {
            Ok(answer) => Reply::answer(received(shared, answer), with_schema),
            Err(_) if self.promise().await => Reply::job(self.job_body()),
            // It is about to end, or there is no room for a job.
            Err(_) => Reply::answer(received(shared, answer.await), with_schema),
        };
        Reply { preference_applied: wait.applied(), ..reply }
    }

    /// Makes a job of an operation that is running already, and records it;
    /// `false` where its caller has to wait, since the operation is about to end
    /// or there is no room for a job.
    async fn promise(&self) -> bool {
        self.try_promise().await.unwrap_or_else(|error| {
            tracing::error!(error, "a job could not be recorded; its caller waits");
            false
        })
    }

    async fn try_promise(&self) -> Result<bool, JobStoreError> {
        let Self { shared, running, .. } = self;
        let job = running.job();
        match shared.has_valid_session(&job.credentials).await {
            Ok(true) => {}
            Ok(false) => {
                return Ok(
                    running.publish_to_guest() && shared.jobs.begin_as_guest(job).await? == Begun::Recorded
                );
            }
            Err(error) => return Err(error.to_string().into()),
        }
        let Some(place) = shared.jobs.place().await? else { return Ok(false) };
        if !running.publish() {
            return Ok(false);
        }
        // The UUID is one of ours: if there is a job of that already, it is this
        // one, and has ended.
        shared.jobs.begin_in(place, job).await.map(|_| true)
    }

    /// The body of the reply with a job.
    fn job_body(&self) -> String {
        let job = self.running.job();
        let timeout = u64::try_from(job.timeout.as_millis()).unwrap_or(u64::MAX);
        let location = location(&self.shared.options, self.request, &job.uuid);
        serde_json::json!({"apiTimeout": timeout, "location": location}).to_string()
    }
}

/// Records a job, and then runs it. Both in one task: a caller that disconnects
/// leaves no recorded job that does not run.
async fn begin(
    task: Task,
    running: &Arc<RunningJob>,
    handover: Option<Handover>,
) -> Result<Begun, JobStoreError> {
    // Nothing else knows of the operation yet, so it can become a job.
    let _ = running.publish();
    let (sender, receiver) = oneshot::channel();
    let job = Arc::clone(running.job());
    let record_and_run = async move {
        let begun = task.shared.jobs.begin(&job).await;
        let is_recorded = matches!(begun, Ok(Begun::Recorded));
        // The caller may have disconnected.
        let _ = sender.send(begun);
        if is_recorded {
            // Its answer is polled for, and not received.
            task.finish(oneshot::channel().0, handover).await;
        }
    };
    tokio::spawn(record_and_run.in_current_span());
    receiver.await.unwrap_or_else(|error| Err(error.into()))
}

/// The URL of a job, for the sender of `request`.
fn location(options: &Options, request: &Parts, job_uuid: &str) -> String {
    let path = &options.job_path;
    // A job UUID may be any 32 characters.
    let uuid = zstack_vocabulary::encode(job_uuid);
    match &options.location_base {
        Some(base) => format!("{}{path}{uuid}", base.trim_end_matches('/')),
        None => format!("http://{}{path}{uuid}", safe_host(request)),
    }
}

/// The host that the request names. Clients connect to the result, so it must be
/// a host and a port, and nothing else.
fn safe_host(request: &Parts) -> &str {
    let is_host = |host: &&str| !host.contains('@') && host.parse::<Authority>().is_ok();
    host(request).filter(is_host).unwrap_or("localhost")
}
