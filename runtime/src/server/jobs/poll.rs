use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

use super::registry::Jobs;
use crate::server::headers::wants_schema;
use crate::server::rejection::Rejection;
use crate::server::respond::{Reply, json, respond};

/// Answers a poll of a job. No session is needed: the UUID of a job is its
/// secret.
pub(crate) async fn poll(jobs: &Jobs, request: &Parts, uuid: &str) -> Result<Response, Rejection> {
    if request.method != Method::GET {
        return Err(Rejection::method_not_allowed(&request.method, "GET"));
    }
    let uuid = percent_decode_str(uuid).decode_utf8_lossy();
    let job = jobs.look_up(&uuid).await?.ok_or_else(|| Rejection::no_such_job(&uuid))?;
    Ok(match job.result {
        None => json(StatusCode::ACCEPTED, "{}"),
        Some(result) => respond(Reply::answer(result.answer, wants_schema(&request.headers))),
    })
}
