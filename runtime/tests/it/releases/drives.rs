//! An API with the releases 1.0 to 3.0, which changed and removed elements, written like generated code.

use std::sync::{Arc, Mutex};

use axum::body::to_bytes;
use serde_json::Value;
use zstack_runtime::client::{Client, InProcess};
use zstack_runtime::server::{Api, Call, Options, Outcome, RoutesOf};
use zstack_runtime::{Enumeration, Operation, Query, Record, Request, Response, UnknownValue, Version};

use crate::releases::disks::{from_json, to_json};

#[derive(Clone, Debug, PartialEq, Enumeration)]
#[enumeration(since = "1.0")]
pub(crate) enum Mode {
    Fast,
    #[value(removed = "3.0", replacement = "Fast")]
    Slow,
    Unrecognized(UnknownValue),
}

#[derive(Clone, Default, Record)]
#[record(since = "1.0")]
pub(crate) struct Part {
    // Before 2.0, a part needed no number, but a kind.
    #[field(history(until = "2.0", required = false))]
    number: i32,
    #[field(history(until = "2.0", required = true))]
    kind: Option<String>,
    #[field(removed = "3.0", replacement = "See `kind`.")]
    label: Option<String>,
}

#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/v1/drives/{uuid}",
    category = "drive",
    since = "1.0",
    body = "params",
    no_session,
    response = DriveResponse,
    message = "org.example.RenameMsg",
    reply = "org.example.RenameReply",
    history(until = "2.0", POST = "/v1/drives/{uuid}/rename", action = "renameDrive", message = None, reply = None),
    history(until = "3.0", job = true, alias = "/v1/drive/{uuid}"),
)]
pub(crate) struct RenameDrive {
    #[param(path)]
    uuid: String,
    #[param(max_length = 5, history(until = "2.0", required = false, max_length = 8))]
    name: String,
    #[param(history(until = "2.0", query, required = true))]
    note: Option<String>,
    #[param(removed = "3.0", replacement = "name", required)]
    title: Option<String>,
    #[param(history(until = "2.0", type = i32))]
    size: Option<String>,
    #[param(beside, history(until = "3.0", body))]
    owner: Option<String>,
    mode: Option<Mode>,
    part: Option<Part>,
}

/// Removed by the newest release.
#[derive(Clone, Default, Operation)]
#[operation(
    DELETE = "/v1/drives/{uuid}",
    category = "drive",
    since = "1.0",
    removed = "3.0",
    no_session,
    response = DriveResponse,
)]
pub(crate) struct DeleteDrive {
    #[param(path)]
    uuid: String,
}

/// Has the route of the removed operation.
#[derive(Clone, Default, Operation)]
#[operation(
    DELETE = "/v1/drives/{id}",
    category = "drive",
    since = "3.0",
    no_session,
    response = DriveResponse,
)]
pub(crate) struct EraseDrive {
    #[param(path)]
    id: String,
}

/// A query since the second release.
#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/v1/drives",
    category = "drive",
    since = "1.0",
    no_session,
    lists = Drive,
    response = ListDrivesResponse,
)]
pub(crate) struct ListDrives {
    #[param(since = "2.0", removed = "4.0")]
    query: Query,
}

#[derive(Clone, Default, Response)]
#[response(since = "1.0")]
pub(crate) struct ListDrivesResponse {
    pub(crate) inventories: Option<Vec<Drive>>,
}

#[derive(Clone, Default, Response)]
#[response(since = "1.0")]
pub(crate) struct DriveResponse {
    pub(crate) inventory: Option<Drive>,
}

#[derive(Clone, Default, Record)]
#[record(class = "org.example.Drive", since = "1.0", history(until = "2.0", class = "org.example.Disk"))]
pub(crate) struct Drive {
    // Read from older servers, which lack it.
    #[field(history(until = "2.0", required = false))]
    pub(crate) uuid: String,
    #[field(history(until = "2.0", type = i32))]
    size: Option<String>,
    #[field(history(until = "2.0", type = bool))]
    state: Option<String>,
    #[field(history(until = "2.0", type = String))]
    count: Option<i64>,
    #[field(removed = "3.0", required)]
    title: Option<String>,
    mode: Option<Mode>,
}

/// Returns the answer that was set, and records requests.
#[derive(Default)]
pub(crate) struct Service {
    pub(crate) answer: Mutex<Value>,
    pub(crate) received: Mutex<Option<Value>>,
}

impl Service {
    fn drive(&self) -> Option<Drive> {
        Some(self.answer.lock().unwrap().clone()).filter(|json| !json.is_null()).map(from_json)
    }

    async fn serve<R: Request<Response = DriveResponse>>(
        &self,
        _: Call,
        request: R,
    ) -> Outcome<DriveResponse> {
        *self.received.lock().unwrap() = Some(to_json(&request));
        Ok(DriveResponse { inventory: self.drive() })
    }

    async fn list(&self, _: Call, _: ListDrives) -> Outcome<ListDrivesResponse> {
        Ok(ListDrivesResponse { inventories: Some(Vec::from_iter(self.drive())) })
    }
}

pub(crate) struct Server {
    pub(crate) api: Api,
    pub(crate) service: Arc<Service>,
}

impl Server {
    pub(crate) fn at(version: Version) -> Self {
        let service = Arc::new(Service::default());
        let routes = RoutesOf::new(Arc::clone(&service))
            .add(Service::serve::<RenameDrive>)
            .add(Service::serve::<DeleteDrive>)
            .add(Service::serve::<EraseDrive>)
            .add(Service::list);
        let options = Options::default().version(version);
        let api = Api::builder().mount(routes.into()).options(options).build().unwrap();
        Self { api, service }
    }

    pub(crate) fn client(&self, version: Version) -> Client {
        let transport = InProcess::new(self.api.clone().into_router());
        Client::builder("http://node.test").transport(transport).api_version(version).build().unwrap()
    }

    pub(crate) async fn send(&self, line: &str, body: &Value) -> (u16, String) {
        let (method, target) = line.split_once(' ').unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = http::Request::builder().method(method).uri(target).header("x-json-schema", "true");
        let response = self.api.handle(request.body(body.into()).unwrap()).await;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

pub(crate) const V1: Version = Version::new("1.0");
pub(crate) const V2: Version = Version::new("2.0");
pub(crate) const V3: Version = Version::new("3.0");
