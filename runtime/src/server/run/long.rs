//! Long operations: their callers wait for the answer, or get a job to poll.

use std::sync::Arc;
use std::task::Poll;

use http::request::Parts;
use http::uri::Authority;
use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::prefer::Wait;
use super::task::{Task, Work, busy, catch_panic, encode_outcome, poll_once, receive_answer};
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

/// Runs a long operation. Its caller gets a job at once if it requested one, and after a while
/// otherwise.
pub(super) async fn run_long(
    shared: &Arc<Shared>,
    call: BoundCall<'_>,
    running: Arc<RunningJob>,
) -> Result<Reply, Rejection> {
    let BoundCall { work, headers, with_schema, request, as_job, .. } = call;
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
    if options.force_jobs || as_job || headers.want_job() || wait == Wait::None {
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

    /// Stores a job, starts it, and replies with it.
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
            // Nothing else knows the operation yet, so this succeeds.
            let _ = running.publish_to_guest();
            let begun = shared.jobs.begin_as_guest(job).await;
            match begun {
                Ok(Begun::Stored) => drop(task.spawn()),
                // There is no room for the job, so its caller gets the result.
                Ok(Begun::Full) => {
                    let answer = receive_answer(shared, task.spawn().await);
                    return Ok(Reply::answer(answer, self.with_schema));
                }
                Ok(Begun::Taken) | Err(_) => {}
            }
            begun
        };
        match begun {
            Ok(Begun::Stored) => {
                let preference_applied = if self.wait == Wait::None { self.wait.to_header() } else { None };
                Ok(Reply { preference_applied, ..Reply::job(body) })
            }
            Ok(Begun::Taken) => Err(Rejection::job_uuid_in_use(&job.uuid)),
            Ok(Begun::Full) => {
                let reply = shared.fail(&errors::too_many_jobs(options.max_jobs));
                Ok(Reply { retry_after: Some(RECOUNT), ..reply })
            }
            Err(error) => {
                tracing::error!(error, "failed to store a job");
                Ok(shared.fail(&errors::not_recorded()))
            }
        }
    }

    /// Starts the operation, and replies with its answer, or with a job if it takes too long.
    async fn give_answer_or_job(&self, mut work: Work, ticket: Ticket) -> Reply {
        let Self { shared, running, with_schema, wait, .. } = *self;
        let settle = if let Wait::For(wait) = wait { wait } else { shared.options.settle };
        // A caller that does not wait gets a job.
        if !settle.is_zero()
            && let Poll::Ready(outcome) = poll_once(&mut work).await
        {
            let answer = encode_outcome(shared, Some(outcome), running.job().timeout, with_schema);
            return Reply { preference_applied: wait.to_header(), ..Reply::answer(answer, with_schema) };
        }
        let mut answer = self.task(work, ticket).spawn();
        let reply = match tokio::time::timeout(settle, &mut answer).await {
            Ok(answer) => Reply::answer(receive_answer(shared, answer), with_schema),
            Err(_) if self.become_job().await => Reply::job(self.job_body()),
            // The operation is about to end, or the limit of jobs is reached.
            Err(_) => Reply::answer(receive_answer(shared, answer.await), with_schema),
        };
        Reply { preference_applied: wait.to_header(), ..reply }
    }

    /// Makes a running operation a stored job. Returns `false` if its caller has to wait, since the
    /// operation is about to end or the limit of jobs is reached.
    async fn become_job(&self) -> bool {
        self.try_become_job().await.unwrap_or_else(|error| {
            tracing::error!(error, "failed to store a job; its caller waits");
            false
        })
    }

    async fn try_become_job(&self) -> Result<bool, JobStoreError> {
        let Self { shared, running, .. } = self;
        let job = running.job();
        match shared.has_valid_session(&job.credentials).await {
            Ok(true) => {}
            Ok(false) => {
                return Ok(
                    running.publish_to_guest() && shared.jobs.begin_as_guest(job).await? == Begun::Stored
                );
            }
            Err(error) => return Err(error.to_string().into()),
        }
        let Some(room) = shared.jobs.reserve().await? else { return Ok(false) };
        if !running.publish() {
            return Ok(false);
        }
        // The server chose the UUID: if there is a job with it already, it is this one, and has
        // ended.
        shared.jobs.begin_in(room, job).await.map(|_| true)
    }

    /// Returns the body of the reply with the job.
    fn job_body(&self) -> String {
        let job = self.running.job();
        let timeout = u64::try_from(job.timeout.as_millis()).unwrap_or(u64::MAX);
        let location = location(&self.shared.options, self.request, &job.uuid);
        serde_json::json!({"apiTimeout": timeout, "location": location}).to_string()
    }
}

/// Stores a job, and then runs it, in one task: if the caller disconnects, no stored job is left
/// that does not run.
async fn begin(
    task: Task,
    running: &Arc<RunningJob>,
    handover: Option<Handover>,
) -> Result<Begun, JobStoreError> {
    // Nothing else knows the operation yet, so this succeeds.
    let _ = running.publish();
    let (sender, receiver) = oneshot::channel();
    let job = Arc::clone(running.job());
    let store_and_run = async move {
        let begun = task.shared.jobs.begin(&job).await;
        let is_stored = matches!(begun, Ok(Begun::Stored));
        // The caller may have disconnected.
        let _ = sender.send(begun);
        if is_stored {
            // Callers poll for its answer; the channel is not used.
            task.finish(oneshot::channel().0, handover).await;
        }
    };
    tokio::spawn(store_and_run.in_current_span());
    receiver.await.unwrap_or_else(|error| Err(error.into()))
}

/// Returns the URL of a job, for the sender of `request`.
fn location(options: &Options, request: &Parts, job_uuid: &str) -> String {
    let path = &options.job_path;
    // A job UUID may be any 32 characters.
    let uuid = zstack_vocabulary::encode(job_uuid);
    let prefix = &options.location_prefix;
    match &options.location_base {
        Some(base) => format!("{}{prefix}{path}{uuid}", base.trim_end_matches('/')),
        None => format!("http://{}{prefix}{path}{uuid}", safe_host(request)),
    }
}

/// Returns the host in a request. Clients connect to it, so it must be a host and port, and nothing
/// else.
fn safe_host(request: &Parts) -> &str {
    let is_host = |host: &&str| !host.contains('@') && host.parse::<Authority>().is_ok();
    host(request).filter(is_host).unwrap_or("localhost")
}
