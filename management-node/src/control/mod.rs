//! `/_node`: requests of tests to the node itself, next to the API.
//!
//! | | |
//! |---|---|
//! | `GET /_node` | returns the faults that are set, and how often each operation was called |
//! | `POST /_node/reset` | deletes all data; `{"sample": true}` loads the sample |
//! | `POST /_node/inventory` | loads an inventory, the YAML of `zstack-node sample` |
//! | `POST /_node/faults` | delays calls or makes them fail; returns an `id` |
//! | `DELETE /_node/faults/{id}`, `DELETE /_node/faults` | removes one, or all; held calls go on |
//!
//! Every response is a JSON object; a refusal is `{"errors": ["…"]}`, one text
//! for each problem.
//!
//! A caller of this can erase the store. So it serves callers on this machine
//! only, unless the operator opens it to others, and requests that change
//! something need [`CONTROL_HEADER`].

mod access;
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
use crate::clock::Clock;
use crate::hosts::Hosts;
use crate::inventory::{self, Limits, LoadError, SAMPLE, meant};
use crate::service::Node;
use crate::store::Store;

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
    /// All that reach the node.
    Anybody,
}

/// The maximum size of an inventory, in bytes. A parser needs a hundred times
/// as much memory in the worst case.
const LARGEST_INVENTORY: usize = 4 * 1024 * 1024;

/// The maximum size of other bodies, in bytes.
const LARGEST_JSON: usize = 64 * 1024;

/// The maximum number of faults. Each call of an operation passes all of them.
const MOST_FAULTS: usize = 1000;

/// The requests that there are.
const REQUESTS: &str = "GET /_node, POST /_node/reset, POST /_node/inventory, POST /_node/faults, \
                        DELETE /_node/faults and DELETE /_node/faults/<id>";

/// The length of the longest operation name that is compared with the known
/// ones for a suggestion, in bytes.
const LONGEST_NAME: usize = 100;

/// Serves `/_node`.
pub(crate) struct Control<S> {
    pub(crate) access: ControlAccess,
    /// How long the body of a request may take.
    pub(crate) body_timeout: Duration,
    pub(crate) hosts: Arc<Hosts>,
    pub(crate) store: Arc<S>,
    pub(crate) node: Arc<Node<S>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) faults: Arc<Faults>,
    /// The names of all operations.
    pub(crate) operations: Vec<&'static str>,
    /// Held by the one caller whose inventory is received and loaded.
    pub(crate) loading: tokio::sync::Mutex<()>,
}

/// A refusal: a status, and a text for each problem.
struct Refused {
    status: StatusCode,
    errors: Vec<String>,
    /// The methods of the path, where it has not the one of the request.
    allow: Option<&'static str>,
}

impl Refused {
    fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, errors: vec![text.into()], allow: None }
    }

    fn bad(text: impl Into<String>) -> Self {
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

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    sample: bool,
}

impl<S: Store> Control<S> {
    /// Whether a path is one of these.
    pub(crate) fn is_for(path: &str) -> bool {
        path == "/_node" || path.starts_with("/_node/")
    }

    pub(crate) async fn answer(&self, request: Request<Body>, peer: Option<IpAddr>) -> Response {
        match self.try_answer(request, peer).await {
            Ok(json) => respond(StatusCode::OK, &json),
            Err(refused) => {
                tracing::info!(status = refused.status.as_u16(), errors = ?refused.errors, "/_node refused a request");
                refused.into_response()
            }
        }
    }

    async fn try_answer(
        &self,
        request: Request<Body>,
        peer: Option<IpAddr>,
    ) -> Result<serde_json::Value, Refused> {
        let (parts, body) = request.into_parts();
        access::check(self.access, &self.hosts, &parts, peer)?;
        let path = parts.uri.path().trim_start_matches("/_node").trim_start_matches('/');
        match (&parts.method, path) {
            (&Method::GET, "") => {
                let (faults, calls) = self.faults.told();
                Ok(json!({ "faults": faults, "calls": calls }))
            }
            (&Method::POST, "reset") => self.reset(&text(body, LARGEST_JSON, self.body_timeout).await?).await,
            (&Method::POST, "inventory") => self.load(body).await,
            (&Method::POST, "faults") => self.add(&text(body, LARGEST_JSON, self.body_timeout).await?),
            (&Method::DELETE, "faults") => {
                self.faults.clear();
                Ok(json!({}))
            }
            (&Method::DELETE, path) => match path.strip_prefix("faults/").map(str::parse) {
                Some(Ok(id)) if self.faults.remove(id) => Ok(json!({})),
                Some(_) => {
                    let text = format!("there is no /_node/{path}; GET /_node lists the faults that are set");
                    Err(Refused::new(StatusCode::NOT_FOUND, text))
                }
                None => Err(unknown(&parts.method, path)),
            },
            (method, path) => Err(unknown(method, path)),
        }
    }

    async fn reset(&self, body: &str) -> Result<serde_json::Value, Refused> {
        let Reset { sample } = if body.trim().is_empty() { Reset::default() } else { read(body)? };
        let inventory = sample.then_some(("sample.yaml", SAMPLE));
        let count = inventory::reset(inventory, self.store.as_ref(), self.clock.as_ref()).await;
        let count = count.map_err(|error| refused(&error))?;
        self.faults.clear();
        self.node.forget_sessions();
        tracing::info!(count, "the store was reset");
        Ok(json!({ "loaded": count }))
    }

    /// One at a time, from the first byte: a body takes much memory.
    async fn load(&self, body: Body) -> Result<serde_json::Value, Refused> {
        let _turn = self.loading.lock().await;
        let body = text(body, LARGEST_INVENTORY, self.body_timeout).await?;
        let (store, clock) = (self.store.as_ref(), self.clock.as_ref());
        let loaded = inventory::load_within(Limits::REMOTE, "inventory", &body, store, clock).await;
        Ok(json!({ "loaded": loaded.map_err(|error| refused(&error))? }))
    }

    fn add(&self, body: &str) -> Result<serde_json::Value, Refused> {
        let fault: Fault = read(body)?;
        if !self.operations.contains(&fault.operation.as_str()) {
            return Err(self.unknown_operation(&fault.operation));
        }
        if fault.delay.is_none() && !fault.hold && fault.error.is_none() {
            return Err(Refused::bad(
                "a fault needs an effect: `delay`, a number of milliseconds, `hold`, which is true, or `error`, an \
                 object with a `code`",
            ));
        }
        for (name, value) in [("from", fault.from), ("calls", fault.calls)] {
            if value == 0 {
                return Err(Refused::bad(format!("`{name}` must be at least 1; got 0")));
            }
        }
        let id = self.faults.add(fault, MOST_FAULTS).ok_or_else(|| {
            Refused::bad(format!(
                "at most {MOST_FAULTS} faults can be set at a time; remove one with DELETE /_node/faults/<id>, or all \
                 with DELETE /_node/faults"
            ))
        })?;
        Ok(json!({ "id": id }))
    }

    fn unknown_operation(&self, name: &str) -> Refused {
        let nearest =
            if name.len() > LONGEST_NAME { None } else { meant(name, self.operations.iter().copied()) };
        let nearest = nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
        let shown: String = name.chars().take(LONGEST_NAME).collect();
        let all = self.operations.join(", ");
        Refused::bad(format!("`operation` must be one of {all}; got `{shown}`{nearest}"))
    }
}

async fn text(body: Body, largest: usize, at_most: Duration) -> Result<String, Refused> {
    let bytes = read_body(body, largest, at_most).await;
    let bytes = bytes.map_err(|refusal| Refused::new(refusal.status(), refusal.to_string()))?;
    String::from_utf8(bytes.into()).map_err(|error| Refused::bad(format!("the body is not UTF-8: {error}")))
}

fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, Refused> {
    serde_json::from_str(body).map_err(|error| Refused::bad(format!("the body is not valid: {error}")))
}

fn refused(error: &LoadError) -> Refused {
    match error {
        LoadError::Problems { name, problems } => Refused {
            errors: problems.iter().map(|problem| format!("{name}:{problem}")).collect(),
            ..Refused::new(StatusCode::BAD_REQUEST, "")
        },
        _ => Refused::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
    }
}

/// Refuses what is not in the table.
fn unknown(method: &Method, path: &str) -> Refused {
    let is_fault = path.strip_prefix("faults/").is_some_and(|id| !id.contains('/'));
    let allow = match path {
        "" => "GET",
        "reset" | "inventory" => "POST",
        "faults" => "POST, DELETE",
        _ if is_fault => "DELETE",
        _ => {
            let text = format!("there is no /_node/{path}; there are {REQUESTS}");
            return Refused::new(StatusCode::NOT_FOUND, text);
        }
    };
    let text = format!("{method} is not for this path, which takes {allow}; there are {REQUESTS}");
    Refused { allow: Some(allow), ..Refused::new(StatusCode::METHOD_NOT_ALLOWED, text) }
}

fn respond(status: StatusCode, json: &serde_json::Value) -> Response {
    let mut response = Response::new(Body::from(json.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
