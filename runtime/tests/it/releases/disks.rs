//! An API with the releases 1.0 and 2.0, written like generated code.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::{Body as HttpBody, to_bytes};
use http::StatusCode;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zstack_runtime::server::{Api, Call, NewerParameters, Options, Outcome, RoutesOf};
use zstack_runtime::{
    Enumeration, Operation, Record, Request, Response, Tags, UnknownValue, Version, decode, encode,
};

/// The older release.
pub(crate) const OLD: Version = Version::new("1.0");
/// The newer release, which is the newest.
pub(crate) const NEW: Version = Version::new("2.0");

/// A format of disks. The last value came later.
#[derive(Clone, Debug, PartialEq, Enumeration)]
#[enumeration(since = "1.0")]
pub(crate) enum Format {
    #[value(name = "raw")]
    Raw,
    #[value(name = "qcow2")]
    Qcow2,
    #[value(name = "vmdk", since = "2.0")]
    Vmdk,
    Unrecognized(UnknownValue),
}

#[derive(Clone, Default, Record)]
#[record(class = "org.example.Part", since = "1.0")]
pub(crate) struct Part {
    number: i32,
    format: Option<Format>,
    #[field(since = "2.0")]
    label: Option<String>,
}

/// Every position that an enum value and a field can have.
#[derive(Clone, Default, Record)]
#[record(class = "org.example.Disk", since = "1.0")]
pub(crate) struct Disk {
    uuid: String,
    boot: Format,
    format: Option<Format>,
    formats: Option<Vec<Format>>,
    format_of: Option<BTreeMap<String, Format>>,
    part: Option<Part>,
    parts: Option<Vec<Part>>,
    stripes: Option<BTreeMap<String, Vec<Part>>>,
    #[field(since = "2.0")]
    spare: Option<Part>,
}

#[derive(Clone, Default, Operation)]
#[operation(
    POST = "/v1/disks",
    category = "disk",
    since = "1.0",
    body = "params",
    job,
    no_session,
    response = DiskResponse,
)]
#[tag(ephemeral = "ephemeral::{ephemeral}")]
#[tag(layout = "layout::{layout}", since = "2.0")]
pub(crate) struct CreateDisk {
    name: String,
    format: Option<Format>,
    formats: Option<Vec<Format>>,
    format_of: Option<BTreeMap<String, Format>>,
    part: Option<Part>,
    parts: Option<Vec<Part>>,
    stripes: Option<BTreeMap<String, Vec<Part>>>,
    #[param(since = "2.0")]
    erase: Option<bool>,
    #[param(beside, since = "2.0")]
    owner: Option<String>,
    #[param(beside)]
    tags: Tags,
}

/// Parameters in a query string.
#[derive(Clone, Default, Operation)]
#[operation(
    DELETE = "/v1/disks/{uuid}",
    category = "disk",
    since = "1.0",
    no_session,
    response = DiskResponse,
)]
#[tag(force = "force::{force}", since = "2.0")]
pub(crate) struct DeleteDisk {
    #[param(path)]
    uuid: String,
    #[param(query)]
    format: Option<Format>,
    #[param(query)]
    formats: Option<Vec<Format>>,
    #[param(query)]
    format_of: Option<BTreeMap<String, Format>>,
    #[param(query, since = "2.0")]
    mode: Option<String>,
    #[param(system(query))]
    tags: Tags,
}

/// An action on a path that had another one.
#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/v1/disks/{uuid}/actions",
    category = "disk",
    since = "1.0",
    action = "renameDisk",
    no_session,
    response = DiskResponse,
)]
pub(crate) struct RenameDisk {
    #[param(path)]
    uuid: String,
}

#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/v1/disks/{uuid}/actions",
    category = "disk",
    since = "2.0",
    action = "resizeDisk",
    no_session,
    response = DiskResponse,
)]
pub(crate) struct ResizeDisk {
    #[param(path)]
    uuid: String,
}

/// A method on a path that had another one.
#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/v1/disks/{uuid}",
    category = "disk",
    since = "2.0",
    no_session,
    response = DiskResponse,
)]
pub(crate) struct GetDisk {
    #[param(path)]
    uuid: String,
}

/// A method on a path that a single operation owned.
#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/v1/disks",
    category = "disk",
    since = "2.0",
    no_session,
    response = DiskResponse,
)]
pub(crate) struct ListDisks {}

/// A literal path in the position of an older path's variable.
#[derive(Clone, Default, Operation)]
#[operation(
    DELETE = "/v1/disks/spares",
    category = "disk",
    since = "2.0",
    no_session,
    response = DiskResponse,
)]
pub(crate) struct DeleteSpares {}

/// One of its paths has a later variable.
#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/v1/find-disk",
    alias = "/v1/find-disk/of/{owner}",
    category = "disk",
    since = "1.0",
    no_session,
    response = DiskResponse,
)]
pub(crate) struct FindDisk {
    #[param(query, since = "2.0")]
    owner: Option<String>,
}

#[derive(Clone, Default, Response)]
#[response(since = "1.0")]
pub(crate) struct DiskResponse {
    inventory: Option<Disk>,
}

/// Returns the answer that was set, and records requests.
#[derive(Default)]
struct Service {
    answer: Mutex<Option<DiskResponse>>,
    take_received: Mutex<Option<Value>>,
}

impl Service {
    async fn serve<R: Request<Response = DiskResponse>>(&self, _: Call, request: R) -> Outcome<DiskResponse> {
        *self.take_received.lock().unwrap() = Some(to_json(&request));
        Ok(self.answer.lock().unwrap().clone().unwrap_or_default())
    }
}

pub(crate) fn to_json(record: &impl Record) -> Value {
    serde_json::from_slice(&encode::to_vec(record)).unwrap()
}

pub(crate) fn from_json<R: Record>(json: Value) -> R {
    decode::from_slice(json.to_string().as_bytes()).unwrap()
}

/// A server that emulates a release.
pub(crate) struct Server {
    pub(crate) router: axum::Router,
    service: Arc<Service>,
}

impl Server {
    pub(crate) fn new(version: Version, newer: NewerParameters) -> Self {
        let service = Arc::new(Service::default());
        let routes = RoutesOf::new(Arc::clone(&service))
            .add(Service::serve::<CreateDisk>)
            .add(Service::serve::<DeleteDisk>)
            .add(Service::serve::<RenameDisk>)
            .add(Service::serve::<ResizeDisk>)
            .add(Service::serve::<GetDisk>)
            .add(Service::serve::<FindDisk>)
            .add(Service::serve::<ListDisks>)
            .add(Service::serve::<DeleteSpares>);
        let options = Options::default().version(version).newer_parameters(newer);
        let router = Api::builder().mount(routes.into()).options(options).build().unwrap().into_router();
        Self { router, service }
    }

    /// Creates a server that refuses later elements.
    pub(crate) fn at(version: Version) -> Self {
        Self::new(version, NewerParameters::Refuse)
    }

    pub(crate) fn answer(&self, disk: Value) {
        *self.service.answer.lock().unwrap() = Some(from_json(json!({"inventory": disk})));
    }

    /// Takes the request that the handler received.
    pub(crate) fn take_received(&self) -> Option<Value> {
        self.service.take_received.lock().unwrap().take()
    }

    /// Sends `GET /path`, with a body or without, and requests the schema. Returns status and text.
    pub(crate) async fn send(&self, line: &str, body: &Value) -> (StatusCode, String) {
        let (method, target) = line.split_once(' ').unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = http::Request::builder().method(method).uri(target).header("x-json-schema", "true");
        let request = request.body(HttpBody::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}
