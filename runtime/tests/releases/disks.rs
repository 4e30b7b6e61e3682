//! An API of two releases, 1.0 and 2.0, written as the generator writes it.

use std::sync::{Arc, Mutex};

use axum::body::{Body as HttpBody, to_bytes};
use http::StatusCode;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zstack_runtime::generated::*;
use zstack_runtime::server::{Api, Call, NewerParameters, Options, Outcome, RoutesOf};
use zstack_runtime::{decode, encode};

const V1_0: Version = Version::new("1.0");
const V2_0: Version = Version::new("2.0");

/// The older release.
pub(crate) const OLD: Version = Version::new("1.0");
/// The newer one, and the newest.
pub(crate) const NEW: Version = Version::new("2.0");

/// How a disk is written. The last one came later.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Format {
    Raw,
    Qcow2,
    Vmdk,
    Unrecognized(UnknownValue),
}

enumeration! { Format {
    Raw = "raw" since V1_0,
    Qcow2 = "qcow2" since V1_0,
    Vmdk = "vmdk" since V2_0,
}}

const FORMAT: Kind = Kind::Enum(enum_shape::<Format>);
const PART: Kind = Kind::Record(shape::<Part>);

#[derive(Clone, Default)]
pub(crate) struct Part {
    number: i32,
    format: Option<Format>,
    label: Option<String>,
}

record! { Part, class "org.example.Part", since V1_0 {
    0 number: Field::new("number", Kind::Integer, V1_0).required(),
    1 format: Field::new("format", FORMAT, V1_0),
    2 label: Field::new("label", Kind::String, V2_0),
}}

/// Every place in which a value of an enum and a field can stand.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    uuid: String,
    boot: Format,
    format: Option<Format>,
    formats: Option<Vec<Format>>,
    format_of: Option<BTreeMap<String, Format>>,
    part: Option<Part>,
    parts: Option<Vec<Part>>,
    stripes: Option<BTreeMap<String, Vec<Part>>>,
    spare: Option<Part>,
}

record! { Disk, class "org.example.Disk", since V1_0 {
    0 uuid: Field::new("uuid", Kind::String, V1_0).required(),
    1 boot: Field::new("boot", FORMAT, V1_0).required(),
    2 format: Field::new("format", FORMAT, V1_0),
    3 formats: Field::new("formats", Kind::List(&FORMAT), V1_0),
    4 format_of: Field::new("formatOf", Kind::Map(&FORMAT), V1_0),
    5 part: Field::new("part", PART, V1_0),
    6 parts: Field::new("parts", Kind::List(&PART), V1_0),
    7 stripes: Field::new("stripes", Kind::Map(&Kind::List(&PART)), V1_0),
    8 spare: Field::new("spare", PART, V2_0),
}}

#[derive(Clone, Default)]
pub(crate) struct CreateDisk {
    name: String,
    format: Option<Format>,
    formats: Option<Vec<Format>>,
    format_of: Option<BTreeMap<String, Format>>,
    part: Option<Part>,
    parts: Option<Vec<Part>>,
    stripes: Option<BTreeMap<String, Vec<Part>>>,
    erase: Option<bool>,
    owner: Option<String>,
    tags: Tags,
}

message! { CreateDisk, class "", since V1_0, takes tags {
    0 name: Field::new("name", Kind::String, V1_0).required(),
    1 format: Field::new("format", FORMAT, V1_0),
    2 formats: Field::new("formats", Kind::List(&FORMAT), V1_0),
    3 format_of: Field::new("formatOf", Kind::Map(&FORMAT), V1_0),
    4 part: Field::new("part", PART, V1_0),
    5 parts: Field::new("parts", Kind::List(&PART), V1_0),
    6 stripes: Field::new("stripes", Kind::Map(&Kind::List(&PART)), V1_0),
    7 erase: Field::new("erase", Kind::Boolean, V2_0),
    8 owner: Field::new("owner", Kind::String, V2_0).beside(),
    9 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).beside(),
    10 tags.user: Field::new("userTags", Kind::List(&Kind::String), V1_0).beside(),
}}

operation! { CreateDisk -> DiskResponse, "disk", since V1_0,
Post "/v1/disks", Key("params"), Async, None,
tag "ephemeral::dryRun" since V1_0, tag "layout::{layout}" since V2_0 }

/// Parameters of a query string.
#[derive(Clone, Default)]
pub(crate) struct DeleteDisk {
    uuid: String,
    format: Option<Format>,
    formats: Option<Vec<Format>>,
    format_of: Option<BTreeMap<String, Format>>,
    mode: Option<String>,
    tags: Tags,
}

message! { DeleteDisk, class "", since V1_0, takes tags {
    0 uuid: Field::new("uuid", Kind::String, V1_0).required().in_path(),
    1 format: Field::new("format", FORMAT, V1_0).in_query(),
    2 formats: Field::new("formats", Kind::List(&FORMAT), V1_0).in_query(),
    3 format_of: Field::new("formatOf", Kind::Map(&FORMAT), V1_0).in_query(),
    4 mode: Field::new("mode", Kind::String, V2_0).in_query(),
    5 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).in_query(),
}}

operation! { DeleteDisk -> DiskResponse, "disk", since V1_0,
Delete "/v1/disks/{uuid}", None, Sync, None, tag "force::{force}" since V2_0 }

/// An action of a path that has had another one.
#[derive(Clone, Default)]
pub(crate) struct RenameDisk {
    uuid: String,
}

message! { RenameDisk, class "", since V1_0 {
    0 uuid: Field::new("uuid", Kind::String, V1_0).required().in_path(),
}}

operation! { RenameDisk -> DiskResponse, "disk", since V1_0,
Put "/v1/disks/{uuid}/actions", Action("renameDisk"), Sync, None }

#[derive(Clone, Default)]
pub(crate) struct ResizeDisk {
    uuid: String,
}

message! { ResizeDisk, class "", since V2_0 {
    0 uuid: Field::new("uuid", Kind::String, V2_0).required().in_path(),
}}

operation! { ResizeDisk -> DiskResponse, "disk", since V2_0,
Put "/v1/disks/{uuid}/actions", Action("resizeDisk"), Sync, None }

/// A method of a path that has had another one.
#[derive(Clone, Default)]
pub(crate) struct GetDisk {
    uuid: String,
}

message! { GetDisk, class "", since V2_0 {
    0 uuid: Field::new("uuid", Kind::String, V2_0).required().in_path(),
}}

operation! { GetDisk -> DiskResponse, "disk", since V2_0, Get "/v1/disks/{uuid}", None, Sync, None }

/// A method of a path that one operation owned.
#[derive(Clone, Default)]
pub(crate) struct ListDisks {}

message! { ListDisks, class "", since V2_0 {} }

operation! { ListDisks -> DiskResponse, "disk", since V2_0, Get "/v1/disks", None, Sync, None }

/// A path of its own, in the place of an older path's variable.
#[derive(Clone, Default)]
pub(crate) struct DeleteSpares {}

message! { DeleteSpares, class "", since V2_0 {} }

operation! { DeleteSpares -> DiskResponse, "disk", since V2_0, Delete "/v1/disks/spares", None, Sync, None }

/// One of its paths has a variable that came later.
#[derive(Clone, Default)]
pub(crate) struct FindDisk {
    owner: Option<String>,
}

message! { FindDisk, class "", since V1_0 {
    0 owner: Field::new("owner", Kind::String, V2_0).in_query(),
}}

operation! { FindDisk -> DiskResponse, "disk", since V1_0,
Get "/v1/find-disk" or "/v1/find-disk/of/{owner}", None, Sync, None }

#[derive(Clone, Default)]
pub(crate) struct DiskResponse {
    inventory: Option<Disk>,
}

message! { DiskResponse, class "", since V1_0 {
    0 inventory: Field::new("inventory", Kind::Record(shape::<Disk>), V1_0),
}}

/// Answers what it was told to, and keeps what it was asked.
#[derive(Default)]
struct Service {
    answer: Mutex<Option<DiskResponse>>,
    received: Mutex<Option<Value>>,
}

impl Service {
    async fn serve<R: Request<Response = DiskResponse>>(&self, _: Call, request: R) -> Outcome<DiskResponse> {
        *self.received.lock().unwrap() = Some(written(&request));
        Ok(self.answer.lock().unwrap().clone().unwrap_or_default())
    }
}

pub(crate) fn written(record: &impl Record) -> Value {
    serde_json::from_slice(&encode::to_vec(record)).unwrap()
}

pub(crate) fn read<R: Record>(json: Value) -> R {
    decode::from_slice(json.to_string().as_bytes()).unwrap()
}

/// A server of a release.
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

    /// One that refuses what came later.
    pub(crate) fn at(version: Version) -> Self {
        Self::new(version, NewerParameters::Refuse)
    }

    pub(crate) fn answer(&self, disk: Value) {
        *self.service.answer.lock().unwrap() = Some(read(json!({"inventory": disk})));
    }

    /// What the handler got.
    pub(crate) fn received(&self) -> Option<Value> {
        self.service.received.lock().unwrap().take()
    }

    /// Status and text of the answer to `GET /path`, with a body or without;
    /// with its schema.
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
