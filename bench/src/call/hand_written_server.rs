//! The reference server, as one would write these operations with axum and serde.
//!
//! It implements what the API requires (session, parameters of path, query string and body, tags,
//! request ID, jobs for long operations) and returns the same bytes, from values with the same
//! allocations. Like the generated server, it limits the time and the number of calls and catches
//! panics, with layers of tower. It does *not* limit the time for receiving a body, and a call
//! ends when its caller disconnects, except for long operations, which have a task each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use super::hand_written::{Inventories, Inventory, VmInstance};
use super::scenario::{ISO_OF_MANY, inventories};
use crate::Failure;
use crate::raw_http::SESSION;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// The maximum number of concurrent calls.
const IN_FLIGHT: usize = 10_000;
/// The time limit of a call.
const TIME_LIMIT: Duration = Duration::from_secs(5 * 60);

/// The time after which the caller of a long operation receives a job.
const WAIT_BEFORE_JOB: Duration = Duration::from_secs(1);

struct App {
    one: VmInstance,
    many: Vec<VmInstance>,
    /// The response of each job; `None` while the job is running.
    jobs: Mutex<HashMap<String, Option<Bytes>>>,
}

pub(crate) fn router() -> Result<Router, Failure> {
    let (one, many) = inventories()?;
    let app = App { one, many, jobs: Mutex::default() };
    Ok(Router::new()
        .route("/zstack/v1/accounts/login", put(respond_unimplemented))
        .route("/zstack/v1/accounts/sessions/{session}", delete(respond_unimplemented))
        .route("/zstack/v1/images/iso/{iso}/vm-candidates", get(candidates))
        .route("/zstack/v1/vm-instances/cdroms", post(respond_unimplemented))
        .route("/zstack/v1/vm-instances/{vm}/iso/{iso}", post(respond_unimplemented))
        .route("/zstack/v1/vm-instances/{vm}/iso", delete(respond_unimplemented))
        .route("/zstack/v1/vm-instances/{vm}/actions", put(actions))
        .with_state(Arc::new(app))
        .layer(GlobalConcurrencyLimitLayer::new(IN_FLIGHT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT))
        .layer(CatchPanicLayer::new()))
}

async fn respond_unimplemented() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

/// The reason why a request is rejected.
struct BadRequest(&'static str);

impl IntoResponse for BadRequest {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, self.0).into_response()
    }
}

/// The tags of a request.
#[derive(Default)]
struct Tags {
    system_tags: Vec<String>,
    user_tags: Vec<String>,
}

impl Tags {
    fn from_query(query: Option<&str>) -> Self {
        let mut tags = Self::default();
        for (key, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*key {
                "systemTags" => tags.system_tags.push(value.into_owned()),
                "userTags" => tags.user_tags.push(value.into_owned()),
                _ => {}
            }
        }
        tags
    }

    /// Reports whether the request must be checked only.
    fn is_dry_run(&self) -> bool {
        self.system_tags.iter().any(|tag| tag == "ephemeral::validationOnly")
    }
}

async fn candidates(
    State(app): State<Arc<App>>,
    Path(iso): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BadRequest> {
    check_session(&headers)?;
    if Tags::from_query(query.as_deref()).is_dry_run() {
        return Ok(json_response(&headers, Bytes::from_static(b"{}")));
    }
    let inventories = if iso == ISO_OF_MANY { app.many.clone() } else { vec![app.one.clone()] };
    Ok(json_response(&headers, encode(&Inventories { inventories })))
}

/// The body of a PUT: an action and tags.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Actions {
    reimage_vm_instance: Option<Reimage>,
    #[serde(default)]
    system_tags: Vec<String>,
    #[serde(default)]
    user_tags: Vec<String>,
}

#[derive(Deserialize)]
struct Reimage {}

async fn actions(
    State(app): State<Arc<App>>,
    Path(_vm): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BadRequest> {
    check_session(&headers)?;
    let actions: Actions = serde_json::from_slice(&body)
        .map_err(|_| BadRequest("the body must be a JSON object with an action"))?;
    let Some(Reimage {}) = actions.reimage_vm_instance else {
        return Err(BadRequest("the action of the body is unknown"));
    };
    let tags = Tags { system_tags: actions.system_tags, user_tags: actions.user_tags };
    let job = uuid();
    app.jobs().insert(job.clone(), None);
    let (done, response) = oneshot::channel();
    tokio::spawn(reimage(Arc::clone(&app), tags, job.clone(), done));
    match tokio::time::timeout(WAIT_BEFORE_JOB, response).await {
        Ok(Ok(response)) => Ok(json_response(&headers, response)),
        _ => {
            Ok((StatusCode::ACCEPTED, format!(r#"{{"location":"/zstack/v1/api-jobs/{job}"}}"#))
                .into_response())
        }
    }
}

async fn reimage(app: Arc<App>, tags: Tags, job: String, done: oneshot::Sender<Bytes>) {
    let response = if tags.is_dry_run() {
        Bytes::from_static(b"{}")
    } else {
        encode(&Inventory { inventory: app.one.clone() })
    };
    let mut jobs = app.jobs();
    jobs.remove(&job);
    // A caller that has already received the job polls for the response.
    if let Err(response) = done.send(response) {
        jobs.insert(job, Some(response));
    }
}

impl App {
    fn jobs(&self) -> std::sync::MutexGuard<'_, HashMap<String, Option<Bytes>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_session(headers: &HeaderMap) -> Result<(), BadRequest> {
    let header = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    match header.and_then(|header| header.strip_prefix("OAuth ")) {
        Some(SESSION) => Ok(()),
        _ => Err(BadRequest("send `Authorization: OAuth <session uuid>`")),
    }
}

fn encode(response: &impl Serialize) -> Bytes {
    // The initial capacity of the generated server, too.
    let mut json = Vec::with_capacity(1024);
    match serde_json::to_writer(&mut json, response) {
        Ok(()) => json.into(),
        Err(_) => Bytes::new(),
    }
}

fn json_response(request: &HeaderMap, body: Bytes) -> Response {
    let id = match request.get(REQUEST_ID) {
        Some(id) => id.clone(),
        None => HeaderValue::from_str(&uuid()).unwrap_or(HeaderValue::from_static("")),
    };
    ([(CONTENT_TYPE, JSON), (REQUEST_ID, id)], body).into_response()
}

fn uuid() -> String {
    format!("{:032x}", rand::random::<u128>())
}
