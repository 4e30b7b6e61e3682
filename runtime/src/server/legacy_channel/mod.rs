//! The platform's legacy channel, which has one path for all operations; the class of a message
//! selects the operation.
//!
//! `POST /zstack/api` accepts an object with one key, the class, and below it the parameters, the
//! tags and the session. Short operations are answered at once; `GET /zstack/api/result/{uuid}`
//! shows the progress of long ones. This module only translates; operations and jobs are those of
//! the rest of the API.

mod message;

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

use self::message::{LegacyMessage, Progress, now, timestamp};
use super::bind::bind;
use super::errors;
use super::headers::JobHeaders;
use super::intercept::Arrival;
use super::receive::receive;
use super::rejection::Rejection;
use super::respond::json;
use super::route::Table;
use super::run::run;
use super::shared::Shared;
use super::span::record;
use crate::{Execution, new_uuid};

/// The path of the channel.
pub(crate) const PATH: &str = "/zstack/api";

/// The progress of a job, below the path of the channel.
const RESULT: &str = "/result/";

/// The class of replies to operations of an earlier process that this one does not serve.
const GENERIC_REPLY: &str = "org.zstack.header.message.APIEvent";

/// Returns the rest of a path of the channel, if any operation accepts messages.
pub(crate) fn strip_path<'p>(table: &Table, path: &'p str) -> Option<&'p str> {
    if table.has_messages() { path.strip_prefix(PATH) } else { None }
}

/// Answers a request to the channel; `rest` is the part after its path.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    request: &Parts,
    rest: &str,
    body: &mut Body,
    request_id: &str,
) -> Result<Response, Rejection> {
    // Unlike elsewhere, a trailing slash makes no difference.
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let progress = match (rest.strip_prefix(RESULT), &request.method) {
        (Some(uuid), &Method::GET) => progress_of_job(shared, uuid).await?,
        (Some(_), method) => return Err(Rejection::method_not_allowed(method, "GET")),
        (None, _) if !rest.is_empty() => return Err(Rejection::not_found(request.uri.path())),
        (None, &Method::POST | &Method::PUT) => {
            let body = receive(body, shared.options.body_limit, shared.options.body_timeout).await?;
            if let Some(hook) = &shared.extensions.intercept {
                hook.observe_body(request, &body);
            }
            run_message(shared, request, &body, request_id).await?
        }
        (None, method) => return Err(Rejection::method_not_allowed(method, "POST, PUT")),
    };
    Ok(json(StatusCode::OK, progress.to_json().to_string()))
}

/// Runs the operation of a message.
async fn run_message(
    shared: &Arc<Shared>,
    request: &Parts,
    body: &[u8],
    request_id: &str,
) -> Result<Progress, Rejection> {
    let (class, content) = message::read_envelope(body).map_err(Rejection::unreadable_message)?;
    let unlisted = || shared.table.unlisted_message(&class).filter(|_| shared.options.unlisted_messages);
    let Some((route, reply_class)) = shared.table.message(&class).or_else(unlisted) else {
        let problem = format!("no operation accepts messages of the class {class}");
        return Err(Rejection::unreadable_message(problem));
    };
    record("operation", || route.operation.name);
    if let Some(hook) = &shared.extensions.intercept {
        hook.observe_operation(request, route.operation);
    }
    let message = LegacyMessage::read(route.operation, content, shared.options.version)
        .map_err(Rejection::unreadable_message)?;
    let LegacyMessage { input, credentials, timeout } = message;
    let arrival = Arrival {
        operation: route.operation,
        credentials: &credentials,
        request: Some(request),
        input: &input,
    };
    let admission = shared.admit(arrival).await?;
    let begun = now();
    // Clients of this channel get a job for every long operation.
    let job = (route.operation.execution == Execution::Async).then(new_uuid);
    let headers = JobHeaders { uuid: job.clone(), timeout, webhook: None };
    let bound = bind(shared, request, request_id, route, input, credentials, Ok(headers), admission);
    let replied = match bound {
        Ok(call) => run(shared, call).await,
        Err(rejection) => Err(rejection),
    };
    let reply = match replied {
        Ok(reply) if reply.status == StatusCode::ACCEPTED => {
            return Ok(Progress { uuid: job, begun, end: None });
        }
        Ok(reply) => reply,
        Err(rejection) if rejection.status().is_server_error() => return Err(rejection),
        Err(rejection) => shared.fail(&errors::invalid_arguments(rejection.to_string())),
    };
    let result = message::encode_result(&reply_class, reply.status, &reply.body);
    Ok(Progress { uuid: None, begun, end: Some((result, now())) })
}

async fn progress_of_job(shared: &Shared, uuid: &str) -> Result<Progress, Rejection> {
    let uuid = percent_decode_str(uuid).decode_utf8_lossy();
    let stored = shared.jobs.look_up(&uuid).await?.ok_or_else(|| Rejection::no_such_job(&uuid))?;
    let reply_class = shared.table.reply(&stored.job.operation).unwrap_or(GENERIC_REPLY);
    let end = stored.result.map(|result| {
        let answer = result.answer;
        (message::encode_result(reply_class, answer.status, &answer.body), timestamp(result.ended))
    });
    let begun = timestamp(stored.job.submitted);
    Ok(Progress { uuid: Some(uuid.into_owned()), begun, end })
}
