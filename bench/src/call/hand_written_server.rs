//! The reference of the server: what somebody would write with axum and serde
//! who wants these operations and no more.
//!
//! It does what the API demands - the session, parameters of path, query
//! string and body, tags, a request id, jobs for long operations - and answers
//! the same bytes, from values with the same allocations. With tower's
//! layers it limits the time of a call, counts what is under way and catches
//! panics, as the generated server does. It does *not* limit the time of a
//! body, or go on with a call whose caller hung up, long operations aside, each
//! of which has a task.

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
use super::wire::SESSION;
use crate::Failure;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// How many calls may be under way, and how long one may take.
const IN_FLIGHT: usize = 10_000;
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// How long a caller waits for a long operation before it gets a job.
const SETTLE: Duration = Duration::from_secs(1);

struct App {
    one: VmInstance,
    many: Vec<VmInstance>,
    /// The jobs under way or done; a job that is under way has no answer.
    jobs: Mutex<HashMap<String, Option<Bytes>>>,
}

pub(crate) fn router() -> Result<Router, Failure> {
    let (one, many) = inventories()?;
    let app = App { one, many, jobs: Mutex::default() };
    Ok(Router::new()
        .route("/zstack/v1/accounts/login", put(missing))
        .route("/zstack/v1/accounts/sessions/{session}", delete(missing))
        .route("/zstack/v1/images/iso/{iso}/vm-candidates", get(candidates))
        .route("/zstack/v1/vm-instances/cdroms", post(missing))
        .route("/zstack/v1/vm-instances/{vm}/iso/{iso}", post(missing))
        .route("/zstack/v1/vm-instances/{vm}/iso", delete(missing))
        .route("/zstack/v1/vm-instances/{vm}/actions", put(actions))
        .with_state(Arc::new(app))
        .layer(GlobalConcurrencyLimitLayer::new(IN_FLIGHT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LIMIT))
        .layer(CatchPanicLayer::new()))
}

async fn missing() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

/// Why a request is refused.
struct Refusal(&'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, self.0).into_response()
    }
}

/// Tags, which every operation takes.
#[derive(Default)]
struct Tags {
    system_tags: Vec<String>,
    user_tags: Vec<String>,
}

impl Tags {
    fn in_query(query: Option<&str>) -> Self {
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

    /// Whether everything is to be checked and nothing done.
    fn is_dry_run(&self) -> bool {
        self.system_tags.iter().any(|tag| tag == "ephemeral::validationOnly")
    }
}

async fn candidates(
    State(app): State<Arc<App>>,
    Path(iso): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    check_session(&headers)?;
    if Tags::in_query(query.as_deref()).is_dry_run() {
        return Ok(json(&headers, Bytes::from_static(b"{}")));
    }
    let inventories = if iso == ISO_OF_MANY { app.many.clone() } else { vec![app.one.clone()] };
    Ok(json(&headers, encoded(&Inventories { inventories })))
}

/// The body of a PUT: what is to be done, and tags.
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
) -> Result<Response, Refusal> {
    check_session(&headers)?;
    let actions: Actions =
        serde_json::from_slice(&body).map_err(|_| Refusal("the body is no JSON object of the right form"))?;
    let Some(Reimage {}) = actions.reimage_vm_instance else {
        return Err(Refusal("the body names no action"));
    };
    let tags = Tags { system_tags: actions.system_tags, user_tags: actions.user_tags };
    let job = uuid();
    app.jobs().insert(job.clone(), None);
    let (done, answer) = oneshot::channel();
    tokio::spawn(reimage(Arc::clone(&app), tags, job.clone(), done));
    match tokio::time::timeout(SETTLE, answer).await {
        Ok(Ok(answer)) => Ok(json(&headers, answer)),
        _ => {
            Ok((StatusCode::ACCEPTED, format!(r#"{{"location":"/zstack/v1/api-jobs/{job}"}}"#))
                .into_response())
        }
    }
}

async fn reimage(app: Arc<App>, tags: Tags, job: String, done: oneshot::Sender<Bytes>) {
    let answer = if tags.is_dry_run() {
        Bytes::from_static(b"{}")
    } else {
        encoded(&Inventory { inventory: app.one.clone() })
    };
    let mut jobs = app.jobs();
    jobs.remove(&job);
    // A caller that has its job already polls for the answer.
    if let Err(answer) = done.send(answer) {
        jobs.insert(job, Some(answer));
    }
}

impl App {
    fn jobs(&self) -> std::sync::MutexGuard<'_, HashMap<String, Option<Bytes>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_session(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    match given.and_then(|it| it.strip_prefix("OAuth ")) {
        Some(SESSION) => Ok(()),
        _ => Err(Refusal("send `Authorization: OAuth <session uuid>`")),
    }
}

fn encoded(answer: &impl Serialize) -> Bytes {
    // An inventory without its lists, as the generated server has it.
    let mut json = Vec::with_capacity(1024);
    match serde_json::to_writer(&mut json, answer) {
        Ok(()) => json.into(),
        Err(_) => Bytes::new(),
    }
}

fn json(request: &HeaderMap, body: Bytes) -> Response {
    let id = match request.get(REQUEST_ID) {
        Some(id) => id.clone(),
        None => HeaderValue::from_str(&uuid()).unwrap_or(HeaderValue::from_static("")),
    };
    ([(CONTENT_TYPE, JSON), (REQUEST_ID, id)], body).into_response()
}

fn uuid() -> String {
    format!("{:032x}", rand::random::<u128>())
}
