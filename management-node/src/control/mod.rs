//! `/_node`: what tests ask of the node itself, beside the API.
//!
//! | | |
//! |---|---|
//! | `GET /_node` | the faults that are set, and how often each operation was called |
//! | `POST /_node/reset` | forgets everything; `{"sample": true}` fills in the sample |
//! | `POST /_node/inventory` | loads an inventory, the YAML of `zstack-node sample` |
//! | `POST /_node/faults` | lets calls wait or fail; answers an `id` |
//! | `DELETE /_node/faults/{id}`, `DELETE /_node/faults` | removes one, or all; held calls go on |
//!
//! Whoever reaches this can erase the store, so it answers this machine alone
//! unless the operator says otherwise, and no page of a browser that came from
//! elsewhere.

mod faults;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Method, Request, StatusCode};
use serde::Deserialize;
use serde_json::json;
use zstack_server::read_body;

use self::faults::Fault;
use crate::clock::Clock;
use crate::inventory::{self, LoadError, SAMPLE};
use crate::service::Node;
use crate::store::Store;

pub(crate) use self::faults::Faults;

/// Who may use `/_node`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ControlAccess {
    /// Nobody.
    Off,
    /// Callers on this machine.
    #[default]
    Loopback,
    /// Whoever reaches the node.
    Anybody,
}

/// The largest inventory that is read, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

/// Answers `/_node`.
pub(crate) struct Control<S> {
    pub(crate) access: ControlAccess,
    /// How long the body of a request may take.
    pub(crate) body_timeout: Duration,
    pub(crate) store: Arc<S>,
    pub(crate) node: Arc<Node<S>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) faults: Arc<Faults>,
    /// The names of all operations.
    pub(crate) operations: Vec<&'static str>,
}

/// A request that is not answered: status and text.
struct Refused(StatusCode, String);

impl Refused {
    fn bad(text: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, text.into())
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
            Ok(json) => response(StatusCode::OK, "application/json", json.to_string()),
            Err(Refused(status, text)) => response(status, "text/plain;charset=UTF-8", text),
        }
    }

    async fn try_answer(
        &self,
        request: Request<Body>,
        peer: Option<IpAddr>,
    ) -> Result<serde_json::Value, Refused> {
        self.check_access(request.headers(), peer)?;
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().trim_start_matches("/_node").trim_start_matches('/');
        match (&parts.method, path) {
            (&Method::GET, "") => {
                let (faults, calls) = self.faults.told();
                Ok(json!({ "faults": faults, "calls": calls }))
            }
            (&Method::POST, "reset") => self.reset(&text(body, self.body_timeout).await?).await,
            (&Method::POST, "inventory") => self.load(&text(body, self.body_timeout).await?).await,
            (&Method::POST, "faults") => self.add(&text(body, self.body_timeout).await?),
            (&Method::DELETE, "faults") => {
                self.faults.clear();
                Ok(json!({}))
            }
            (&Method::DELETE, path) => match path.strip_prefix("faults/").map(str::parse) {
                Some(Ok(id)) if self.faults.remove(id) => Ok(json!({})),
                Some(_) => Err(Refused(StatusCode::NOT_FOUND, format!("there is no such fault: {path}"))),
                None => Err(unknown(&parts.method, path)),
            },
            (method, path) => Err(unknown(method, path)),
        }
    }

    fn check_access(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> Result<(), Refused> {
        let forbidden = |text: &str| Err(Refused(StatusCode::FORBIDDEN, text.to_owned()));
        match self.access {
            ControlAccess::Off => return forbidden("/_node is off; see --control"),
            ControlAccess::Loopback if !peer.is_some_and(is_loopback) => {
                return forbidden("/_node is for this machine alone; see --control");
            }
            ControlAccess::Loopback if !names_this_machine(headers) => {
                return forbidden("/_node is for this machine alone, by the name localhost or an address");
            }
            ControlAccess::Loopback | ControlAccess::Anybody => {}
        }
        let header = |name: HeaderName| headers.get(name).and_then(|it| it.to_str().ok());
        match (header(ORIGIN), header(HOST)) {
            (Some(origin), host) if origin.strip_prefix("http://") != host => {
                forbidden("/_node is not for pages that came from elsewhere")
            }
            _ => Ok(()),
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

    async fn load(&self, body: &str) -> Result<serde_json::Value, Refused> {
        let loaded = inventory::load("inventory", body, self.store.as_ref(), self.clock.as_ref()).await;
        Ok(json!({ "loaded": loaded.map_err(|error| refused(&error))? }))
    }

    fn add(&self, body: &str) -> Result<serde_json::Value, Refused> {
        let fault: Fault = read(body)?;
        if !self.operations.contains(&fault.operation.as_str()) {
            let near = |it: &&&str| strsim::jaro_winkler(it, &fault.operation);
            let nearest = self.operations.iter().max_by(|a, b| near(a).total_cmp(&near(b)));
            let nearest = nearest.map_or(String::new(), |it| format!("; did you mean {it}?"));
            return Err(Refused::bad(format!("there is no operation `{}`{nearest}", fault.operation)));
        }
        if fault.delay.is_none() && !fault.hold && fault.error.is_none() {
            return Err(Refused::bad(
                "nothing is to happen: give `delay` in milliseconds, `hold` or `error`",
            ));
        }
        if fault.from == 0 {
            return Err(Refused::bad("`from` counts from 1: the next call"));
        }
        Ok(json!({ "id": self.faults.add(fault) }))
    }
}

fn is_loopback(peer: IpAddr) -> bool {
    peer.to_canonical().is_loopback()
}

/// Whether the caller calls the node by an address or as `localhost`. A page
/// in a browser calls it by the page's own name, when that name was made to
/// lead here.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let named = headers.get(HOST).and_then(|it| it.to_str().ok()?.parse::<Authority>().ok());
    named.is_none_or(|it| {
        let host = it.host().trim_matches(['[', ']']);
        host == "localhost" || host.parse::<IpAddr>().is_ok()
    })
}

async fn text(body: Body, at_most: Duration) -> Result<String, Refused> {
    let bytes = read_body(body, LARGEST, at_most).await;
    let bytes = bytes.map_err(|refusal| Refused(refusal.status(), refusal.to_string()))?;
    String::from_utf8(bytes.into()).map_err(|error| Refused::bad(format!("the body is no UTF-8: {error}")))
}

fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, Refused> {
    serde_json::from_str(body).map_err(|error| Refused::bad(format!("the body cannot be read: {error}")))
}

fn refused(error: &LoadError) -> Refused {
    let status = match error {
        LoadError::Problems { .. } => StatusCode::BAD_REQUEST,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    Refused(status, error.to_string())
}

fn unknown(method: &Method, path: &str) -> Refused {
    let text = format!(
        "there is no {method} /_node/{path}; there are GET /_node, POST /_node/reset, POST /_node/inventory, \
         POST /_node/faults, DELETE /_node/faults and DELETE /_node/faults/<id>"
    );
    Refused(StatusCode::NOT_FOUND, text)
}

fn response(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(content_type));
    response
}
