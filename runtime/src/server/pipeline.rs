//! The stages of a request, from top to bottom. Their order is the platform's: it decides which of
//! several mistakes is reported.
//!
//! | stage | does |
//! |---|---|
//! | [`route`](super::route) | finds the path, then, by method and body, the operation |
//! | [`receive`](super::receive) | reads the body, within limits |
//! | [`authenticate`](super::authenticate) | reads the credentials, checks the signature of an access key |
//! | [`intercept`](super::intercept) | lets the hook of the server admit or refuse the call |
//! | [`bind`](super::bind) | creates the call, and reads all parameters, through [`Incoming`](super::Incoming) |
//! | [`validate`](super::validate) | checks the constraints, as part of running: a job reports violations |
//! | [`run`](super::run) | runs the operation, and decides between answer and job |
//! | [`respond`](super::respond) | builds the HTTP response |

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::Method;
use http::request::Parts;

use super::authenticate::authenticate;
use super::bind::bind;
use super::headers::JobHeaders;
use super::intercept::Arrival;
use super::jobs::poll;
use super::legacy_channel;
use super::origin::refuse_foreign_form;
use super::receive::receive;
use super::rejection::Rejection;
use super::respond::respond;
use super::route::{normalize, select};
use super::run::run;
use super::shared::Shared;
use super::span::record;

/// Answers a request.
///
/// This future is allocated for each request. It only waits; functions that do not wait keep their
/// variables out of it.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    request: &Parts,
    body: &mut Body,
    request_id: &str,
) -> Result<Response, Rejection> {
    // Other methods have no parameters in a body.
    let has_body = matches!(request.method, Method::POST | Method::PUT);
    if has_body {
        refuse_foreign_form(request)?;
    }

    let path = normalize(request.uri.path());
    let job_path = shared.options.job_path.as_str();
    if let Some(uuid) = path.strip_prefix(job_path) {
        record("path", || job_path);
        return Box::pin(poll(&shared.jobs, request, uuid)).await;
    }
    if let Some(rest) = legacy_channel::strip_path(&shared.table, &path) {
        record("path", || legacy_channel::PATH);
        return Box::pin(legacy_channel::answer(shared, request, rest, body, request_id)).await;
    }

    let (endpoint, values) = shared.table.find(&path)?;
    record("path", || endpoint.template());
    let body = match has_body {
        // Boxed, since most requests have none.
        true => Some(Box::pin(receive(body, shared.options.body_limit, shared.options.body_timeout)).await?),
        false => None,
    };
    let hook = shared.extensions.intercept.as_deref();
    if let (Some(hook), Some(body)) = (hook, &body) {
        hook.observe_body(request, body);
    }
    let (route, mut input) = select(endpoint, &request.method, body)?;
    record("operation", || route.operation.name);
    if let Some(hook) = hook {
        hook.observe_operation(request, route.operation);
    }

    let keys = shared.extensions.access_keys.as_deref();
    let credentials = match authenticate(keys, route.operation.auth, request).await? {
        Ok(credentials) => credentials,
        Err(error) => return Ok(respond(shared.fail(&error))),
    };

    input.uri = request.uri.clone();
    input.variables = shared.table.variables(route, &values)?;
    let arrival = Arrival {
        operation: route.operation,
        credentials: &credentials,
        request: Some(request),
        input: &input,
    };
    let admission = shared.admit(arrival).await?;
    let job_headers = JobHeaders::read(&request.headers);
    let call = bind(shared, request, request_id, route, input, credentials, job_headers, admission)?;
    run(shared, call).await.map(respond)
}
