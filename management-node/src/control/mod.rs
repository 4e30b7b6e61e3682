//! `/_node`, with which tests control the node.
//!
//! | request | effect |
//! |---|---|
//! | `GET /_node` | returns the active faults, and the number of calls of each operation |
//! | `POST /_node/reset` | deletes all data and resets the clock; `{"sample": true}` loads the sample |
//! | `GET /_node/inventory` | returns the whole cloud as an inventory file, with passwords and secrets |
//! | `POST /_node/inventory` | loads an inventory file: an exported one, or one such as `zstack-node sample` prints |
//! | `GET /_node/clock` | returns the time of the node, and whether its clock is frozen |
//! | `POST /_node/clock` | freezes the clock (`frozen`), sets it (`now`), or advances it (`advance`, seconds) |
//! | `POST /_node/faults` | adds a fault; returns an `id` |
//! | `GET /_node/faults`, `GET /_node/faults/{id}` | returns the active faults |
//! | `POST /_node/faults/{id}/release` | lets the calls proceed that a fault holds |
//! | `DELETE /_node/faults/{id}`, `DELETE /_node/faults` | removes one fault, or all; held calls proceed |
//! | `GET /_node/requests`, `GET /_node/requests.har` | returns the newest requests with their responses |
//! | `GET /_node/requests/count` | returns the number of requests that pass a filter |
//! | `DELETE /_node/requests` | deletes the journal of requests |
//! | `POST /_node/worlds` | creates a private world; below it, requests return, reset and delete it, and save and restore its state |
//!
//! Every response but an inventory is a JSON object; an error is `{"errors": ["…"]}`, with one
//! text for each problem. A request applies to the world that it names, or to the database of the node.
//!
//! These requests can delete all data. So the node accepts them only from callers
//! on this machine, unless the operator allows others, and those that change
//! something need [`CONTROL_HEADER`].

mod access;
mod clock;
mod faults;
mod problem;
mod requests;
mod routes;
mod state;
mod worlds;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::http::request::Parts;
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use zstack_runtime::Operation;

use self::problem::{ControlError, read_text, respond, respond_with};
use self::routes::unknown_request;
use crate::hosts::Hosts;
use crate::inventory::Export;
use crate::journal::{self, HAR};
use crate::spec::Spec;
use crate::worlds::{World, Worlds};

pub use self::access::CONTROL_HEADER;
pub use crate::settings::ControlAccess;

/// The maximum size of an inventory, in bytes. In the worst case, the parser
/// needs a hundred times as much memory.
const MAX_INVENTORY_BYTES: usize = 4 * 1024 * 1024;

/// The maximum size of other bodies, in bytes.
const MAX_JSON_BYTES: usize = 64 * 1024;

/// Serves `/_node`.
pub(crate) struct Control {
    access: ControlAccess,
    /// The maximum time for receiving the body of a request.
    body_timeout: Duration,
    hosts: Arc<Hosts>,
    worlds: Arc<Worlds>,
    spec: &'static Spec,
    /// The operations that the API has, also those that the node does not perform.
    operations: Vec<&'static Operation>,
}

/// A successful answer.
enum ControlAnswer {
    Json(Value),
    /// The journal as an HTTP archive.
    Archive(Value),
    /// The whole cloud.
    Export,
}

impl Control {
    pub(crate) fn new(hosts: Arc<Hosts>, worlds: Arc<Worlds>) -> Self {
        let (settings, spec) = (&worlds.common.settings, worlds.common.spec);
        let (access, body_timeout) = (settings.control, settings.options.body_timeout);
        Self { access, body_timeout, hosts, spec, operations: spec.operations().all(), worlds }
    }

    /// Returns true for the paths of `/_node`.
    pub(crate) fn is_for(path: &str) -> bool {
        path == "/_node" || path.starts_with("/_node/")
    }

    /// Answers a request, which applies to a world.
    pub(crate) async fn answer(
        &self,
        world: &Arc<World>,
        request: Request<Body>,
        peer: Option<IpAddr>,
    ) -> Response {
        let (parts, body) = request.into_parts();
        match self.try_answer(world, &parts, body, peer).await {
            Ok(ControlAnswer::Json(json)) => respond(StatusCode::OK, &json),
            Ok(ControlAnswer::Archive(json)) => {
                respond_with(StatusCode::OK, HAR, Body::from(json.to_string()))
            }
            Ok(ControlAnswer::Export) => {
                let export = Export::start(self.spec.kinds(), Arc::clone(&world.store));
                respond_with(StatusCode::OK, "application/yaml", Body::new(export))
            }
            Err(refused) => {
                tracing::info!(status = refused.status.as_u16(), errors = ?refused.errors, "refused a request to /_node");
                refused.into_response()
            }
        }
    }

    async fn try_answer(
        &self,
        world: &Arc<World>,
        request: &Parts,
        body: Body,
        peer: Option<IpAddr>,
    ) -> Result<ControlAnswer, ControlError> {
        access::check(self.access, &self.hosts, request, peer)?;
        let path = request.uri.path().trim_start_matches("/_node").trim_start_matches('/');
        let segments: Vec<_> = path.split('/').collect();
        let text = |limit| read_text(body, limit, self.body_timeout);
        let method = &request.method;
        let json = match (method.as_str(), &*segments) {
            ("GET", ["inventory"]) => return Ok(ControlAnswer::Export),
            ("GET", ["requests.har"]) => {
                return requests::read(world, request, journal::archive).await.map(ControlAnswer::Archive);
            }
            ("GET", ["requests"]) if requests::wants_archive(request) => {
                return requests::read(world, request, journal::archive).await.map(ControlAnswer::Archive);
            }
            ("GET", ["requests"]) => requests::read(world, request, journal::list).await,
            ("GET", ["requests", "count"]) => requests::count(world, request).await,
            ("DELETE", ["requests"]) => Ok(json!({ "deleted": world.journal.clear() })),
            ("GET", [""]) => Ok(faults::report(world)),
            ("POST", ["reset"]) => state::reset(world, self.spec, &text(MAX_JSON_BYTES).await?).await,
            ("POST", ["inventory"]) => state::load(world, self.spec, text(MAX_INVENTORY_BYTES)).await,
            ("GET", ["clock"]) => Ok(clock::report(&world.clock)),
            ("POST", ["clock"]) => state::change_clock(world, &text(MAX_JSON_BYTES).await?).await,
            ("GET", ["faults"]) => Ok(faults::list(world)),
            ("POST", ["faults"]) => self.add_fault(world, &text(MAX_JSON_BYTES).await?).await,
            ("DELETE", ["faults"]) => faults::clear(world).await,
            ("GET", ["faults", id]) => faults::find(world, id),
            ("DELETE", ["faults", id]) => faults::remove(world, id).await,
            ("POST", ["faults", id, "release"]) => faults::release(world, id),
            (_, ["worlds", rest @ ..]) => self
                .answer_for_worlds(method, rest, text(MAX_INVENTORY_BYTES))
                .await?
                .ok_or_else(|| unknown_request(method, path)),
            _ => Err(unknown_request(method, path)),
        };
        json.map(ControlAnswer::Json)
    }

    async fn add_fault(&self, world: &World, body: &str) -> Result<Value, ControlError> {
        faults::add(world, self.spec, &self.operations, body).await
    }

    /// Answers a request below `/_node/worlds`; `None` if there is no such request.
    async fn answer_for_worlds(
        &self,
        method: &Method,
        path: &[&str],
        body: impl Future<Output = Result<String, ControlError>>,
    ) -> Result<Option<Value>, ControlError> {
        let worlds = &self.worlds;
        let answer = match (method.as_str(), path) {
            ("GET", []) => worlds::list(worlds),
            ("POST", []) => worlds::create(worlds, &body.await?).await?,
            ("GET", [name]) => worlds::find(worlds, name)?,
            ("DELETE", [name]) => worlds::delete(worlds, name).await?,
            ("POST", [name, "reset"]) => worlds::reset(worlds, name).await?,
            ("GET", [name, "snapshots"]) => worlds::list_snapshots(worlds, name)?,
            ("POST", [name, "snapshots"]) => worlds::save(worlds, name, &body.await?).await?,
            ("DELETE", [name, "snapshots", snapshot]) => worlds::forget(worlds, name, snapshot)?,
            ("POST", [name, "snapshots", snapshot, "restore"]) => {
                worlds::restore(worlds, name, snapshot).await?
            }
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }
}
