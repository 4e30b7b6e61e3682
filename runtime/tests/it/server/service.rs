//! A small service, written like generated code and its implementation.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body as HttpBody, to_bytes};
use http::{HeaderMap, Request as HttpRequest, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zstack_runtime::server::{Api, Call, FinishedJob, Options, Outcome, Routes, RoutesOf};
use zstack_runtime::{Enumeration, ErrorCode, Operation, Record, Request, Tags, UnknownValue, Version};

pub(crate) const V1_0: Version = Version::new("1.0");

#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/zstack/v1/things/{uuid}",
    category = "thing",
    since = "1.0",
    response = Answer,
)]
pub(crate) struct GetThing {
    #[param(path)]
    uuid: String,
    #[param(query)]
    names: Option<Vec<String>>,
    #[param(query)]
    info: Option<BTreeMap<String, String>>,
    #[param(query)]
    labels: Option<BTreeMap<String, Vec<String>>>,
    #[param(query)]
    limit: Option<i32>,
    #[param(query)]
    size: Option<i64>,
    #[param(query)]
    force: Option<bool>,
    #[param(query, since = "2.0")]
    color: Option<String>,
    #[param(query)]
    tags: Tags,
    #[param(query, no_trim)]
    exact: Option<String>,
    #[param(query, values("1", "2", "4"))]
    level: Option<i32>,
}

#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/zstack/v1/things/drives",
    category = "thing",
    since = "1.0",
    response = Answer,
)]
pub(crate) struct GetDrives {
    #[param(system(query))]
    tags: Tags,
}

#[derive(Clone, Default, Operation)]
#[operation(
    DELETE = "/zstack/v1/things/{uuid}/iso",
    category = "thing",
    since = "1.0",
    job,
    response = Answer,
)]
pub(crate) struct RemoveThing {
    #[param(path)]
    uuid: String,
    #[param(query)]
    iso_uuid: Option<String>,
    #[param(query)]
    numbers: Option<Vec<i32>>,
    #[param(query)]
    tags: Tags,
}

#[derive(Clone, Default, Operation)]
#[operation(
    POST = "/zstack/v1/things/{thingUuid}/iso/{isoUuid}",
    category = "thing",
    since = "1.0",
    body = "null",
    job,
    response = Answer,
)]
pub(crate) struct AttachThing {
    #[param(path)]
    thing_uuid: String,
    #[param(path)]
    iso_uuid: String,
    #[param(beside)]
    tags: Tags,
}

macro_rules! action {
    ($name:ident, $path:literal, $key:ident = $word:literal, $variable:literal) => {
        #[derive(Clone, Default, Operation)]
        #[operation(PUT = $path, category = "thing", since = "1.0", $key = $word, job, response = Answer)]
        pub(crate) struct $name {
            #[param(path, name = $variable)]
            uuid: String,
            mode: Option<String>,
            #[param(beside)]
            tags: Tags,
        }
    };
}
action!(StartThing, "/zstack/v1/things/{uuid}/actions", action = "startThing", "uuid");
action!(StopThing, "/zstack/v1/things/{thingUuid}/actions", action = "stopThing", "thingUuid");
// Each is alone on its path: the key of one encloses, that of the other selects.
action!(SetDefault, "/zstack/v1/things/{thingUuid}/drive/actions", body = "setDefault", "thingUuid");
action!(EraseThing, "/zstack/v1/things/{uuid}/disk/actions", action = "eraseThing", "uuid");

#[derive(Clone, Default, Operation)]
#[operation(
    POST = "/zstack/v1/things",
    category = "thing",
    since = "1.0",
    body = "params",
    job,
    response = Answer,
)]
pub(crate) struct CreateThing {
    #[param(max_length = 255)]
    name: String,
    #[param(non_empty)]
    thing_uuid: String,
    #[param(range(1, 1_000_000_000_000))]
    size: Option<i64>,
    count: Option<i32>,
    on: Option<bool>,
    numbers: Option<Vec<i32>>,
    mode: Option<Mode>,
    nic: Option<Nic>,
    extra: Option<Value>,
    #[param(since = "2.0")]
    color: Option<String>,
    #[param(beside)]
    tags: Tags,
    #[param(max_length = 4, no_trim)]
    exact: Option<String>,
    #[param(values("1", "2", "4"))]
    level: Option<i32>,
    #[param(values("-1", "8589934592"))]
    sizes: Option<Vec<i64>>,
    #[param(beside)]
    owner: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Enumeration)]
#[enumeration(since = "1.0")]
enum Mode {
    Fast,
    #[value(since = "2.0")]
    Slow,
    Unrecognized(UnknownValue),
}

#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/zstack/v1/accounts/login",
    category = "thing",
    since = "1.0",
    body = "logIn",
    no_session,
    response = Answer,
)]
pub(crate) struct LogIn {
    #[param(max_length = 10)]
    name: String,
    #[param(system(beside))]
    tags: Tags,
}

#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/zstack/v1/ghosts",
    category = "thing",
    since = "2.0",
    no_session,
    response = Answer,
)]
pub(crate) struct GetGhost {}

#[derive(Clone, Default, Record)]
#[record(since = "1.0")]
pub(crate) struct Answer {
    inventory: Option<Thing>,
    received: Option<Value>,
}

#[derive(Clone, Default, Record)]
#[record(class = "org.example.Thing", since = "1.0")]
pub(crate) struct Thing {
    uuid: String,
    nics: Option<Vec<Nic>>,
    addresses: Option<Vec<String>>,
    #[field(since = "2.0")]
    spare: Option<Nic>,
}

#[derive(Clone, Default, Record)]
#[record(class = "org.example.Nic", since = "1.0")]
pub(crate) struct Nic {
    device_id: i32,
    ips: Option<Vec<Ip>>,
}

#[derive(Clone, Default, Record)]
#[record(class = "org.example.Ip", since = "1.0")]
pub(crate) struct Ip {
    ip: String,
}

/// Counters of operations that began and ended.
#[derive(Default)]
pub(crate) struct Service {
    pub(crate) begun: AtomicUsize,
    pub(crate) done: AtomicUsize,
    /// The results of `Call::finished_job`.
    pub(crate) commits: Mutex<Vec<Option<FinishedJob>>>,
}

/// Behaves as the system tags of the request say, and returns what it received.
async fn behave<R: Request<Response = Answer> + Serialize>(
    service: &Service,
    call: Call,
    request: R,
) -> Outcome<Answer> {
    service.begun.fetch_add(1, Ordering::SeqCst);
    let mut answer = Answer::default();
    let received = describe_request(&call, &request);
    for tag in &call.tags().system {
        match tag.split_once("::").unwrap_or((tag, "")) {
            ("sleep", millis) => tokio::time::sleep(Duration::from_millis(millis.parse().unwrap())).await,
            ("fail", code) => return Err(Box::new(ErrorCode::new(code, "It failed", "as requested"))),
            ("panic", _) => panic!("as requested"),
            ("thing", _) => answer.inventory = Some(thing()),
            ("commit", _) => {
                answer.received = Some(received.clone());
                service.commits.lock().unwrap().push(call.finished_job(&answer));
            }
            _ => {}
        }
    }
    service.done.fetch_add(1, Ordering::SeqCst);
    answer.received = Some(received);
    Ok(answer)
}

fn describe_request<R: Serialize>(call: &Call, request: &R) -> Value {
    json!({
        "operation": call.operation().name,
        "request": serde_json::to_value(request).unwrap(),
        "session": call.credentials().session(),
        "jobUuid": call.job_uuid(),
        "requestId": call.request_id(),
        "remote": call.remote_address(),
    })
}

fn thing() -> Thing {
    let nic = |device_id, ips: &[&str]| Nic {
        device_id,
        ips: Some(ips.iter().map(|ip| Ip { ip: (*ip).to_owned() }).collect()),
    };
    Thing {
        uuid: "t".to_owned(),
        nics: Some(vec![nic(0, &["1.1.1.1", "2.2.2.2"]), nic(1, &[])]),
        addresses: Some(vec!["a".to_owned()]),
        spare: Some(nic(7, &[])),
    }
}

pub(crate) fn routes(service: &Arc<Service>) -> Vec<Routes> {
    let things = RoutesOf::new(Arc::clone(service))
        .add(behave::<GetThing>)
        .add(behave::<GetDrives>)
        .add(behave::<RemoveThing>)
        .add(behave::<AttachThing>)
        .add(behave::<StartThing>)
        .add(behave::<StopThing>)
        .add(behave::<SetDefault>)
        .add(behave::<EraseThing>)
        .add(behave::<CreateThing>)
        .into();
    let service = Arc::clone(service);
    let others = Routes::new(&[LogIn::OPERATION, GetGhost::OPERATION], move |index, incoming| {
        let service = Arc::clone(&service);
        match index {
            0 => incoming
                .serve(move |call, request: LogIn| async move { behave(&service, call, request).await }),
            _ => incoming.refuse_unimplemented(),
        }
    });
    vec![things, others]
}

/// A server under test.
pub(crate) struct Server {
    pub(crate) api: Api,
    pub(crate) router: axum::Router,
    pub(crate) service: Arc<Service>,
}

pub(crate) const THING: &str = "/zstack/v1/things/t1";
pub(crate) const JOB: &str = "0123456789abcdef0123456789abcdef";

impl Server {
    pub(crate) fn new(options: Options) -> Self {
        let service = Arc::new(Service::default());
        let api = Api::builder().mount_all(routes(&service)).options(options).build().unwrap();
        Self { router: api.clone().into_router(), api, service }
    }

    /// Sends `PUT /path`, with a session unless a header sets another.
    pub(crate) async fn send(
        &self,
        line: &str,
        headers: &[(&str, &str)],
        body: impl Into<HttpBody>,
    ) -> Reply {
        let mut request = request(line, headers, body);
        if !request.headers().contains_key("authorization") {
            request.headers_mut().insert("authorization", "OAuth s1".parse().unwrap());
        }
        self.send_as_is(request).await
    }

    pub(crate) async fn send_as_is(&self, request: HttpRequest<HttpBody>) -> Reply {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Polls an accepted job.
    pub(crate) async fn poll(&self, accepted: &Reply) -> Reply {
        let location = accepted.json()["location"].as_str().unwrap().to_owned();
        self.send_as_is(request(&format!("GET {location}"), &[], "")).await
    }
}

pub(crate) fn request(
    line: &str,
    headers: &[(&str, &str)],
    body: impl Into<HttpBody>,
) -> HttpRequest<HttpBody> {
    let (method, target) = line.split_once(' ').unwrap();
    let mut request = HttpRequest::builder().method(method).uri(target).header("host", "mn.example:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).unwrap()
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json;charset=UTF-8", "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// Returns the request that the handler received.
    pub(crate) fn received_request(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()["received"]["request"].clone()
    }

    pub(crate) fn error(&self) -> (String, String) {
        assert_eq!(self.status, 503, "{}", self.text);
        let error = &self.json()["error"];
        (error["code"].as_str().unwrap().to_owned(), error["details"].as_str().unwrap().to_owned())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Returns the text of a refusal with this status.
    #[track_caller]
    pub(crate) fn rejection_text(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "text/plain;charset=UTF-8");
        assert!(!self.text.is_empty());
        &self.text
    }
}
