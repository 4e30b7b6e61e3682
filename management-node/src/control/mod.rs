//! `/_node`, with which tests control the node.
//!
//! | request | effect |
//! |---|---|
//! | `GET /_node` | returns the active faults, and the number of calls of each operation |
//! | `POST /_node/reset` | deletes all data and resets the clock; `{"sample": true}` loads the sample |
//! | `GET /_node/inventory` | returns the whole cloud as an inventory file, with passwords and secrets |
//! | `POST /_node/inventory` | loads an inventory file: an exported one, or one such as `zstack-node sample` prints |
//! | `POST /_node/faults` | delays calls or makes them fail; returns an `id` |
//! | `GET /_node/clock` | returns the time of the node, and whether its clock is frozen |
//! | `POST /_node/clock` | freezes the clock (`frozen`), sets it (`now`), or advances it (`advance`, seconds) |
//! | `DELETE /_node/faults/{id}`, `DELETE /_node/faults` | removes one fault, or all; held calls proceed |
//!
//! Every other response is a JSON object; an error is `{"errors": ["…"]}`, with one
//! text for each problem.
//!
//! These requests can delete all data. So the node accepts them only from callers
//! on this machine, unless the operator allows others, and those that change
//! something need [`CONTROL_HEADER`].

mod access;
mod clock;
mod faults;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::{Method, Request, StatusCode};
use serde::Deserialize;
use serde_json::json;
use zstack_server::read_body;

use self::faults::Fault;
use crate::clock::VirtualClock;
use crate::hosts::Hosts;
use crate::inventory::{self, Export, Limits, LoadError, SAMPLE};
use crate::service::Node;
use crate::spec::Spec;
use crate::store::Store;
use crate::suggest::closest_name;

pub use self::access::CONTROL_HEADER;
pub(crate) use self::faults::Faults;

/// The callers that may use `/_node`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ControlAccess {
    /// None.
    Off,
    /// Callers on this machine.
    #[default]
    Loopback,
    /// All callers.
    All,
}

/// The maximum size of an inventory, in bytes. In the worst case, the parser
/// needs a hundred times as much memory.
const MAX_INVENTORY_BYTES: usize = 4 * 1024 * 1024;

/// The maximum size of other bodies, in bytes.
const MAX_JSON_BYTES: usize = 64 * 1024;

/// The maximum number of faults. Each call is compared with all of them.
const MAX_FAULTS: usize = 1000;

/// The supported requests.
const REQUESTS: &str = "GET /_node, POST /_node/reset, GET /_node/inventory, POST /_node/inventory, \
                        GET /_node/clock, POST /_node/clock, POST /_node/faults, DELETE /_node/faults and DELETE /_node/faults/<id>";

/// The maximum length of an operation name for which a similar one is suggested,
/// in bytes.
const MAX_NAME_BYTES: usize = 100;

/// Serves `/_node`.
pub(crate) struct Control<S> {
    pub(crate) access: ControlAccess,
    /// The maximum time for receiving the body of a request.
    pub(crate) body_timeout: Duration,
    pub(crate) hosts: Arc<Hosts>,
    pub(crate) store: Arc<S>,
    pub(crate) node: Arc<Node<S>>,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) spec: &'static Spec,
    /// The names of the operations that the API has, also those that the node does not perform.
    pub(crate) operations: Vec<&'static str>,
    /// Locked while an inventory is received and loaded, so one at a time.
    pub(crate) loading: tokio::sync::Mutex<()>,
}

/// An error response: a status, and a text for each problem.
struct ControlError {
    status: StatusCode,
    errors: Vec<String>,
    /// The methods of the path, if the method of the request is not one of them.
    allow: Option<&'static str>,
}

impl ControlError {
    fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, errors: vec![text.into()], allow: None }
    }

    fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    fn into_response(self) -> Response {
        let mut response = respond(self.status, &json!({ "errors": self.errors }));
        if let Some(allow) = self.allow {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

/// A successful answer.
enum ControlAnswer {
    Json(serde_json::Value),
    /// The whole cloud.
    Export,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    sample: bool,
}

impl<S: Store> Control<S> {
    /// Returns true for the paths of `/_node`.
    pub(crate) fn is_for(path: &str) -> bool {
        path == "/_node" || path.starts_with("/_node/")
    }

    pub(crate) async fn answer(&self, request: Request<Body>, peer: Option<IpAddr>) -> Response {
        match self.try_answer(request, peer).await {
            Ok(ControlAnswer::Json(json)) => respond(StatusCode::OK, &json),
            Ok(ControlAnswer::Export) => respond_with(
                StatusCode::OK,
                "application/yaml",
                Body::new(Export::start(self.spec.kinds(), Arc::clone(&self.store))),
            ),
            Err(refused) => {
                tracing::info!(status = refused.status.as_u16(), errors = ?refused.errors, "refused a request to /_node");
                refused.into_response()
            }
        }
    }

    async fn try_answer(
        &self,
        request: Request<Body>,
        peer: Option<IpAddr>,
    ) -> Result<ControlAnswer, ControlError> {
        let (parts, body) = request.into_parts();
        access::check(self.access, &self.hosts, &parts, peer)?;
        let path = parts.uri.path().trim_start_matches("/_node").trim_start_matches('/');
        if (&parts.method, path) == (&Method::GET, "inventory") {
            return Ok(ControlAnswer::Export);
        }
        let json = match (&parts.method, path) {
            (&Method::GET, "") => {
                let (faults, calls) = self.faults.report();
                Ok(json!({ "faults": faults, "calls": calls }))
            }
            (&Method::POST, "reset") => {
                self.reset(&read_text(body, MAX_JSON_BYTES, self.body_timeout).await?).await
            }
            (&Method::POST, "inventory") => self.load(body).await,
            (&Method::GET, "clock") => Ok(clock::report(&self.clock)),
            (&Method::POST, "clock") => {
                self.change_clock(&read_text(body, MAX_JSON_BYTES, self.body_timeout).await?).await
            }
            (&Method::POST, "faults") => {
                self.add_fault(&read_text(body, MAX_JSON_BYTES, self.body_timeout).await?)
            }
            (&Method::DELETE, "faults") => {
                self.faults.clear();
                Ok(json!({}))
            }
            (&Method::DELETE, path) => match path.strip_prefix("faults/").map(str::parse) {
                Some(Ok(id)) if self.faults.remove(id) => Ok(json!({})),
                Some(_) => {
                    let text = format!("/_node/{path} does not exist; GET /_node lists the active faults");
                    Err(ControlError::new(StatusCode::NOT_FOUND, text))
                }
                None => Err(unknown_request(&parts.method, path)),
            },
            (method, path) => Err(unknown_request(method, path)),
        };
        json.map(ControlAnswer::Json)
    }

    async fn reset(&self, body: &str) -> Result<serde_json::Value, ControlError> {
        let Reset { sample } = if body.trim().is_empty() { Reset::default() } else { parse_json(body)? };
        self.clock.reset();
        let inventory = sample.then_some(("sample.yaml", SAMPLE));
        let count =
            inventory::reset(self.spec.kinds(), inventory, self.store.as_ref(), self.clock.as_ref()).await;
        let count = count.map_err(|error| load_failure(&error))?;
        let created = self.node.create_built_in_documents(&self.spec.operations().plans).await;
        created.map_err(|error| unavailable(&error))?;
        self.faults.clear();
        self.node.clear_sessions();
        tracing::info!(count, "deleted all data, and loaded the records of a new inventory");
        Ok(json!({ "loaded": count }))
    }

    /// Changes the clock, and does the work that is due then.
    async fn change_clock(&self, body: &str) -> Result<serde_json::Value, ControlError> {
        let report = clock::change(&self.clock, body)?;
        self.node.run_due_work(&self.spec.operations().plans).await.map_err(|error| unavailable(&error))?;
        Ok(report)
    }

    /// Loads an inventory. The lock covers receiving it: a body takes much memory.
    async fn load(&self, body: Body) -> Result<serde_json::Value, ControlError> {
        let _turn = self.loading.lock().await;
        let body = read_text(body, MAX_INVENTORY_BYTES, self.body_timeout).await?;
        let (store, clock) = (self.store.as_ref(), self.clock.as_ref());
        let kinds = self.spec.kinds();
        let loaded = inventory::load_kinds(kinds, Limits::REMOTE, "inventory", &body, store, clock).await;
        Ok(json!({ "loaded": loaded.map_err(|error| load_failure(&error))? }))
    }

    fn add_fault(&self, body: &str) -> Result<serde_json::Value, ControlError> {
        let fault: Fault = parse_json(body)?;
        if !self.operations.contains(&fault.operation.as_str()) {
            return Err(self.unknown_operation(&fault.operation));
        }
        if fault.delay.is_none() && !fault.hold && fault.error.is_none() {
            return Err(ControlError::bad_request(
                "a fault needs an effect: `delay` (a number of milliseconds), `hold` (true) or `error` (an object with \
                 a `code`)",
            ));
        }
        for (name, value) in [("from", fault.from), ("calls", fault.calls)] {
            if value == 0 {
                return Err(ControlError::bad_request(format!("`{name}` must be at least 1; got 0")));
            }
        }
        let id = self.faults.add(fault, MAX_FAULTS).ok_or_else(|| {
            ControlError::bad_request(format!(
                "at most {MAX_FAULTS} faults can be active at a time; remove one with DELETE /_node/faults/<id>, or all \
                 with DELETE /_node/faults"
            ))
        })?;
        Ok(json!({ "id": id }))
    }

    fn unknown_operation(&self, name: &str) -> ControlError {
        let nearest = if name.len() > MAX_NAME_BYTES {
            None
        } else {
            closest_name(name, self.operations.iter().copied())
        };
        let nearest = nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
        let shown: String = name.chars().take(MAX_NAME_BYTES).collect();
        ControlError::bad_request(format!(
            "`operation` must be the name of an operation, such as AttachIsoToVmInstance; got `{shown}`{nearest}; \
             `zstack-node coverage` lists all of them"
        ))
    }
}

async fn read_text(body: Body, max_bytes: usize, timeout: Duration) -> Result<String, ControlError> {
    let bytes = read_body(body, max_bytes, timeout).await;
    let bytes = bytes.map_err(|refusal| ControlError::new(refusal.status(), refusal.to_string()))?;
    String::from_utf8(bytes.into())
        .map_err(|error| ControlError::bad_request(format!("the body is not UTF-8: {error}")))
}

fn parse_json<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, ControlError> {
    serde_json::from_str(body)
        .map_err(|error| ControlError::bad_request(format!("the body is invalid: {error}")))
}

fn load_failure(error: &LoadError) -> ControlError {
    match error {
        LoadError::Problems { name, problems } => ControlError {
            errors: problems.iter().map(|problem| format!("{name}:{problem}")).collect(),
            ..ControlError::new(StatusCode::BAD_REQUEST, "")
        },
        _ => unavailable(error),
    }
}

/// The error for a failure of the node.
fn unavailable(error: &impl std::error::Error) -> ControlError {
    ControlError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
}

/// The error for a path or method that is not supported.
fn unknown_request(method: &Method, path: &str) -> ControlError {
    let is_fault = path.strip_prefix("faults/").is_some_and(|id| !id.contains('/'));
    let allow = match path {
        "" => "GET",
        "reset" => "POST",
        "inventory" | "clock" => "GET, POST",
        "faults" => "POST, DELETE",
        _ if is_fault => "DELETE",
        _ => {
            let text = format!("/_node/{path} does not exist; supported requests: {REQUESTS}");
            return ControlError::new(StatusCode::NOT_FOUND, text);
        }
    };
    let text = format!(
        "{method} is not allowed on this path; allowed methods: {allow}; supported requests: {REQUESTS}"
    );
    ControlError { allow: Some(allow), ..ControlError::new(StatusCode::METHOD_NOT_ALLOWED, text) }
}

fn respond(status: StatusCode, json: &serde_json::Value) -> Response {
    respond_with(status, "application/json", Body::from(json.to_string()))
}

fn respond_with(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
