//! The stage that creates the call of a request and reads its parameters.

use std::sync::Arc;

use http::request::Parts;

use super::answer::EncodedResult;
use super::authenticate::Credentials;
use super::call::Call;
use super::headers::{self, JobHeaders};
use super::incoming::Incoming;
use super::intercept::Admission;
use super::jobs::{Job, RunningJob};
use super::outcome::{BoxFuture, Outcome};
use super::parameters::Input;
use super::rejection::Rejection;
use super::route::Route;
use super::shared::Shared;
use crate::{Execution, Operation};

/// A call whose parameters have been read.
pub(crate) struct BoundCall<'a> {
    pub(crate) operation: &'static Operation,
    /// Validates the parameters, and runs the operation.
    pub(crate) work: BoxFuture<'static, Outcome<EncodedResult>>,
    /// Set for a long operation; others cannot become a job.
    pub(crate) running: Option<Arc<RunningJob>>,
    pub(crate) headers: JobHeaders,
    pub(crate) with_schema: bool,
    pub(crate) request: &'a Parts,
    /// True if the caller of a long operation gets a job at once.
    pub(crate) as_job: bool,
}

/// Creates the call of an admitted request, and reads its parameters. Fails when parameters cannot be read,
/// or else when `job_headers` is an error.
#[expect(clippy::too_many_arguments, reason = "the stages before it produce one each")]
pub(crate) fn bind<'a>(
    shared: &Shared,
    request: &'a Parts,
    request_id: &str,
    route: &Route,
    input: Input,
    credentials: Credentials,
    job_headers: Result<JobHeaders, Rejection>,
    admission: Admission,
) -> Result<BoundCall<'a>, Rejection> {
    let operation = route.operation;
    let mut call = Call {
        credentials,
        remote_address: headers::remote_address(request, shared.options.trust_forwarded),
        version: shared.options.version,
        unimplemented: Some(Arc::clone(&shared.unimplemented)),
        context: admission.context.or_else(|| request.extensions.get().cloned()),
        ..Call::of_request(operation, request_id.to_owned())
    };
    if let Some(given) = job_headers.as_ref().ok().and_then(|headers| headers.uuid.clone()) {
        call.job_uuid = given.into();
    }
    // The platform adds the schema to the answer of every query.
    let with_schema =
        operation.is_query_in(shared.options.version) || headers::wants_schema(&request.headers);
    if let (Execution::Async, Ok(headers)) = (operation.execution, &job_headers) {
        call.running = Some(running_job(shared, &call, headers, with_schema));
    }
    let running = call.running.clone();
    let incoming = Incoming {
        call,
        input,
        // Each poll of a job says whether it wants the schema.
        with_schema: with_schema || operation.execution == Execution::Async,
        newer: shared.options.newer_parameters,
        intercept: shared.extensions.intercept.clone(),
    };
    let serve = &shared.services[route.service as usize].serve;
    let work = serve(route.index as usize, incoming)?;
    Ok(BoundCall {
        operation,
        work,
        running,
        headers: job_headers?,
        with_schema,
        request,
        as_job: admission.as_job,
    })
}

fn running_job(shared: &Shared, call: &Call, headers: &JobHeaders, with_schema: bool) -> Arc<RunningJob> {
    let job = Job {
        uuid: call.job_uuid().to_owned(),
        operation: call.operation.name.into(),
        submitted: shared.jobs.now(),
        timeout: headers.timeout.unwrap_or(shared.options.api_timeout),
        webhook: headers.webhook.clone(),
        with_schema,
        credentials: call.credentials().clone(),
    };
    Arc::new(RunningJob::new(Arc::clone(&shared.jobs), job))
}
