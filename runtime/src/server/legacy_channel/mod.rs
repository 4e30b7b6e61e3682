//! Serving the platform's older channel; see [`message`].

mod message;

use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;

use self::message::{Message, Told};
use super::headers::JobHeaders;
use super::pipeline::{Inner, record, unreadable};
use super::rejection::Rejection;
use super::{answer, errors, ids, receive, run};
use crate::{Execution, Timestamp};

/// Below the channel's path: what a job comes to.
const RESULT: &str = "/result/";

impl Inner {
    /// Answers a request to the channel; `rest` is what follows its path.
    pub(crate) async fn message(
        self: &Arc<Self>,
        request: &Parts,
        rest: &str,
        body: &mut Body,
        request_id: &str,
    ) -> Result<Response, Rejection> {
        // Here, unlike elsewhere, a slash at the end makes no difference.
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        match (rest.strip_prefix(RESULT), &request.method) {
            (Some(uuid), &Method::GET) => self.result(uuid).await,
            (Some(_), method) => Err(Rejection::method_not_allowed(method, "GET")),
            (None, _) if !rest.is_empty() => Err(Rejection::not_found(request.uri.path())),
            (None, &Method::POST | &Method::PUT) => {
                let body = receive::receive(body, self.options.body_limit, self.options.body_timeout).await?;
                match self.take(request, &body, request_id).await? {
                    Ok(told) => Ok(answer::json(StatusCode::OK, told.json().to_string())),
                    // That is how the platform answers what it cannot read.
                    Err(problem) => Ok(answer::text(StatusCode::OK, problem)),
                }
            }
            (None, method) => Err(Rejection::method_not_allowed(method, "POST, PUT")),
        }
    }

    /// Does what a message asks for. The inner error is one of the message.
    async fn take(
        self: &Arc<Self>,
        request: &Parts,
        body: &[u8],
        request_id: &str,
    ) -> Result<Result<Told, String>, Rejection> {
        let (class, content) = match message::envelope(body) {
            Ok(found) => found,
            Err(problem) => return Ok(Err(problem)),
        };
        let Some((route, reply)) = self.table.message(&class) else {
            return Ok(Err(format!("no operation takes messages of the class {class}")));
        };
        record("operation", || route.operation.name);
        let Message { input, credentials, timeout } = match Message::read(route.operation, content) {
            Ok(message) => message,
            Err(problem) => return Ok(Err(problem)),
        };
        let begun = now();
        // Whoever speaks this language gets a job for whatever takes long.
        let job = (route.operation.execution == Execution::Async).then(ids::uuid);
        let headers = JobHeaders { uuid: job.clone(), timeout, webhook: None };
        let executed = match self.accept(request, route, input, credentials, request_id, Ok(headers)) {
            Ok(accepted) => run::execute(self, accepted).await,
            Err(rejection) => Err(rejection),
        };
        let (status, body) = match executed {
            Ok(response) => read(response).await?,
            Err(rejection) if rejection.status().is_server_error() => return Err(rejection),
            Err(rejection) => {
                let error = errors::invalid_arguments(rejection.to_string());
                read(answer::Answer::error(&error, self.options.version).respond(false)).await?
            }
        };
        if status == StatusCode::ACCEPTED {
            return Ok(Ok(Told { uuid: job, begun, end: None }));
        }
        let end = Some((message::result(reply, status, &body), now()));
        Ok(Ok(Told { uuid: None, begun, end }))
    }

    /// How a job goes.
    async fn result(&self, uuid: &str) -> Result<Response, Rejection> {
        let uuid = percent_decode_str(uuid).decode_utf8_lossy();
        let found = self.jobs.find(&uuid).await.map_err(|error| unreadable(&uuid, error))?;
        let job = found.ok_or_else(|| Rejection::no_such_job(&uuid))?;
        let reply = self.table.reply(&job.job.operation).unwrap_or(GENERIC);
        let end = job.result.map(|it| {
            let result = message::result(reply, it.answer.status, &it.answer.body);
            (result, at(it.ended))
        });
        let told = Told { uuid: Some(uuid.into_owned()), begun: at(job.job.submitted), end };
        Ok(answer::json(StatusCode::OK, told.json().to_string()))
    }
}

/// The class of an answer to a message that is not known any more.
const GENERIC: &str = "org.zstack.header.message.APIEvent";

async fn read(response: Response) -> Result<(StatusCode, bytes::Bytes), Rejection> {
    let status = response.status();
    // All answers of operations are in memory.
    let body = response.into_body().collect().await;
    let body = body.map_err(|error| Rejection::bad_request(error.to_string()))?;
    Ok((status, body.to_bytes()))
}

fn now() -> Timestamp {
    at(SystemTime::now())
}

fn at(time: SystemTime) -> Timestamp {
    let instant = jiff::Timestamp::try_from(time).unwrap_or_default();
    Timestamp::from_instant(instant, &TimeZone::UTC)
}
