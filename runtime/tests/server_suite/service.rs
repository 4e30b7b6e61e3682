//! A small service: what generated code and an implementer would write.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body as HttpBody, to_bytes};
use http::{HeaderMap, Request as HttpRequest, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zstack_runtime::record::{EnumShape, Field, Kind, Limits, Record, shape};
use zstack_runtime::server::{Api, Call, FinishedJob, Options, Outcome, Routes, RoutesOf};
use zstack_runtime::{Auth, Body, ErrorCode, Execution, Method, Operation, Request, Tags, Version, record};

pub(crate) const V1_0: Version = Version::new("1.0");
const V2_0: Version = Version::new("2.0");

macro_rules! operation {
    ($name:ident, $method:ident $path:literal, $execution:ident, $auth:ident, $body:expr) => {
        impl Request for $name {
            type Response = Answer;
            const OPERATION: &'static Operation = &Operation {
                name: stringify!($name),
                category: "thing",
                method: Method::$method,
                path: $path,
                paths: &[],
                since: Self::SHAPE.since,
                execution: Execution::$execution,
                auth: Auth::$auth,
                body: $body,
                message: None,
                tags: &[],
                request: Self::SHAPE,
                response: Answer::SHAPE,
            };
        }
    };
}

#[derive(Clone, Default)]
pub(crate) struct GetThing {
    uuid: String,
    names: Option<Vec<String>>,
    info: Option<BTreeMap<String, String>>,
    labels: Option<BTreeMap<String, Vec<String>>>,
    limit: Option<i32>,
    size: Option<i64>,
    force: Option<bool>,
    color: Option<String>,
    exact: Option<String>,
    level: Option<i32>,
    tags: Tags,
}
record! { GetThing, class "", since V1_0 {
    0 uuid: Field::new("uuid", Kind::String, V1_0).required().in_path(),
    1 names: Field::new("names", Kind::List(&Kind::String), V1_0).in_query(),
    2 info: Field::new("info", Kind::Map(&Kind::String), V1_0).in_query(),
    3 labels: Field::new("labels", Kind::Map(&Kind::List(&Kind::String)), V1_0).in_query(),
    4 limit: Field::new("limit", Kind::Integer, V1_0).in_query(),
    5 size: Field::new("size", Kind::Long, V1_0).in_query(),
    6 force: Field::new("force", Kind::Boolean, V1_0).in_query(),
    7 color: Field::new("color", Kind::String, V2_0).in_query(),
    8 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).in_query(),
    9 tags.user: Field::new("userTags", Kind::List(&Kind::String), V1_0).in_query(),
    10 exact: Field::new("exact", Kind::String, V1_0).in_query().limits(&Limits::NONE.no_trim()),
    11 level: Field::new("level", Kind::Integer, V1_0).in_query().limits(&Limits::NONE.values(&["1", "2", "4"])),
}}
operation!(GetThing, Get "/zstack/v1/things/{uuid}", Sync, Session, Body::None);

#[derive(Clone, Default)]
pub(crate) struct GetDrives {
    tags: Tags,
}
record! { GetDrives, class "", since V1_0 {
    0 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).in_query(),
}}
operation!(GetDrives, Get "/zstack/v1/things/drives", Sync, Session, Body::None);

#[derive(Clone, Default)]
pub(crate) struct RemoveThing {
    uuid: String,
    iso_uuid: Option<String>,
    numbers: Option<Vec<i32>>,
    tags: Tags,
}
record! { RemoveThing, class "", since V1_0 {
    0 uuid: Field::new("uuid", Kind::String, V1_0).required().in_path(),
    1 iso_uuid: Field::new("isoUuid", Kind::String, V1_0).in_query(),
    2 numbers: Field::new("numbers", Kind::List(&Kind::Integer), V1_0).in_query(),
    3 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).in_query(),
    4 tags.user: Field::new("userTags", Kind::List(&Kind::String), V1_0).in_query(),
}}
operation!(RemoveThing, Delete "/zstack/v1/things/{uuid}/iso", Async, Session, Body::None);

#[derive(Clone, Default)]
pub(crate) struct AttachThing {
    thing_uuid: String,
    iso_uuid: String,
    tags: Tags,
}
record! { AttachThing, class "", since V1_0 {
    0 thing_uuid: Field::new("thingUuid", Kind::String, V1_0).required().in_path(),
    1 iso_uuid: Field::new("isoUuid", Kind::String, V1_0).required().in_path(),
    2 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).beside(),
    3 tags.user: Field::new("userTags", Kind::List(&Kind::String), V1_0).beside(),
}}
operation!(AttachThing, Post "/zstack/v1/things/{thingUuid}/iso/{isoUuid}", Async, Session, Body::Key("null"));

macro_rules! action {
    ($name:ident, $path:literal, $execution:ident, $auth:ident, $body:ident $key:literal, $variable:literal) => {
        #[derive(Clone, Default)]
        pub(crate) struct $name {
            uuid: String,
            mode: Option<String>,
            tags: Tags,
        }
        record! { $name, class "", since V1_0 {
            0 uuid: Field::new($variable, Kind::String, V1_0).required().in_path(),
            1 mode: Field::new("mode", Kind::String, V1_0),
            2 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).beside(),
            3 tags.user: Field::new("userTags", Kind::List(&Kind::String), V1_0).beside(),
        }}
        operation!($name, Put $path, $execution, $auth, Body::$body($key));
    };
}
action!(StartThing, "/zstack/v1/things/{uuid}/actions", Async, Session, Action "startThing", "uuid");
action!(StopThing, "/zstack/v1/things/{thingUuid}/actions", Async, Session, Action "stopThing", "thingUuid");
// Alone on their paths: the key of one encloses, that of the other selects.
action!(SetDefault, "/zstack/v1/things/{thingUuid}/drive/actions", Async, Session, Key "setDefault", "thingUuid");
action!(EraseThing, "/zstack/v1/things/{uuid}/disk/actions", Async, Session, Action "eraseThing", "uuid");

#[derive(Clone, Default)]
pub(crate) struct CreateThing {
    name: String,
    thing_uuid: String,
    size: Option<i64>,
    count: Option<i32>,
    on: Option<bool>,
    numbers: Option<Vec<i32>>,
    mode: Option<String>,
    nic: Option<Nic>,
    extra: Option<Value>,
    color: Option<String>,
    exact: Option<String>,
    level: Option<i32>,
    sizes: Option<Vec<i64>>,
    owner: Option<String>,
    tags: Tags,
}
record! { CreateThing, class "", since V1_0 {
    0 name: Field::new("name", Kind::String, V1_0).required().limits(&Limits::NONE.max_length(255)),
    1 thing_uuid: Field::new("thingUuid", Kind::String, V1_0).required().limits(&Limits::NONE.non_empty()),
    2 size: Field::new("size", Kind::Long, V1_0).limits(&Limits::NONE.range(1, 1_000_000_000_000)),
    3 count: Field::new("count", Kind::Integer, V1_0),
    4 on: Field::new("on", Kind::Boolean, V1_0),
    5 numbers: Field::new("numbers", Kind::List(&Kind::Integer), V1_0),
    6 mode: Field::new("mode", Kind::Enum(modes), V1_0),
    7 nic: Field::new("nic", Kind::Record(shape::<Nic>), V1_0),
    8 extra: Field::new("extra", Kind::Any, V1_0),
    9 color: Field::new("color", Kind::String, V2_0),
    10 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).beside(),
    11 tags.user: Field::new("userTags", Kind::List(&Kind::String), V1_0).beside(),
    12 exact: Field::new("exact", Kind::String, V1_0).limits(&Limits::NONE.max_length(4).no_trim()),
    13 level: Field::new("level", Kind::Integer, V1_0).limits(&Limits::NONE.values(&["1", "2", "4"])),
    14 sizes: Field::new("sizes", Kind::List(&Kind::Long), V1_0).limits(&Limits::NONE.values(&["-1", "8589934592"])),
    15 owner: Field::new("owner", Kind::String, V1_0).beside(),
}}
operation!(CreateThing, Post "/zstack/v1/things", Async, Session, Body::Key("params"));

fn modes() -> &'static EnumShape {
    const SHAPE: EnumShape =
        EnumShape::new("Mode", &[("Fast", Version::new("1.0")), ("Slow", Version::new("2.0"))]);
    &SHAPE
}

#[derive(Clone, Default)]
pub(crate) struct LogIn {
    name: String,
    tags: Tags,
}
record! { LogIn, class "", since V1_0 {
    0 name: Field::new("name", Kind::String, V1_0).required().limits(&Limits::NONE.max_length(10)),
    1 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V1_0).beside(),
}}
operation!(LogIn, Put "/zstack/v1/accounts/login", Sync, None, Body::Key("logIn"));

#[derive(Clone, Default)]
pub(crate) struct GetGhost {}
record! { GetGhost, class "", since V2_0 {} }
operation!(GetGhost, Get "/zstack/v1/ghosts", Sync, None, Body::None);

#[derive(Clone, Default)]
pub(crate) struct Answer {
    inventory: Option<Thing>,
    seen: Option<Value>,
}
record! { Answer, class "", since V1_0 {
    0 inventory: Field::new("inventory", Kind::Record(shape::<Thing>), V1_0),
    1 seen: Field::new("seen", Kind::Any, V1_0),
}}

#[derive(Clone, Default)]
pub(crate) struct Thing {
    uuid: String,
    nics: Option<Vec<Nic>>,
    addresses: Option<Vec<String>>,
    spare: Option<Nic>,
}
record! { Thing, class "org.example.Thing", since V1_0 {
    0 uuid: Field::new("uuid", Kind::String, V1_0).required(),
    1 nics: Field::new("nics", Kind::List(&Kind::Record(shape::<Nic>)), V1_0),
    2 addresses: Field::new("addresses", Kind::List(&Kind::String), V1_0),
    3 spare: Field::new("spare", Kind::Record(shape::<Nic>), V2_0),
}}

#[derive(Clone, Default)]
pub(crate) struct Nic {
    device_id: i32,
    ips: Option<Vec<Ip>>,
}
record! { Nic, class "org.example.Nic", since V1_0 {
    0 device_id: Field::new("deviceId", Kind::Integer, V1_0).required(),
    1 ips: Field::new("ips", Kind::List(&Kind::Record(shape::<Ip>)), V1_0),
}}

#[derive(Clone, Default)]
pub(crate) struct Ip {
    ip: String,
}
record! { Ip, class "org.example.Ip", since V1_0 {
    0 ip: Field::new("ip", Kind::String, V1_0),
}}

/// How many operations began and ended.
#[derive(Default)]
pub(crate) struct Service {
    pub(crate) begun: AtomicUsize,
    pub(crate) done: AtomicUsize,
    /// What was there to commit, each time that somebody asked.
    pub(crate) commits: Mutex<Vec<Option<FinishedJob>>>,
}

/// Does what the system tags of the request say, and answers what it saw.
async fn behave<R: Request<Response = Answer> + Serialize>(
    service: &Service,
    call: Call,
    request: R,
) -> Outcome<Answer> {
    service.begun.fetch_add(1, Ordering::SeqCst);
    let mut answer = Answer::default();
    let seen = seen(&call, &request);
    for tag in &call.tags().system {
        match tag.split_once("::").unwrap_or((tag, "")) {
            ("sleep", millis) => tokio::time::sleep(Duration::from_millis(millis.parse().unwrap())).await,
            ("fail", code) => return Err(Box::new(ErrorCode::new(code, "It failed", "as told"))),
            ("panic", _) => panic!("as told"),
            ("thing", _) => answer.inventory = Some(thing()),
            ("commit", _) => {
                answer.seen = Some(seen.clone());
                service.commits.lock().unwrap().push(call.finishing(&answer));
            }
            _ => {}
        }
    }
    service.done.fetch_add(1, Ordering::SeqCst);
    answer.seen = Some(seen);
    Ok(answer)
}

fn seen<R: Serialize>(call: &Call, request: &R) -> Value {
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
            _ => incoming.unserved(),
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

    /// `PUT /path`, with a session unless a header says otherwise.
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

    /// What a job that was taken comes to.
    pub(crate) async fn poll(&self, taken: &Reply) -> Reply {
        let location = taken.json()["location"].as_str().unwrap().to_owned();
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

    /// The request that the handler saw.
    pub(crate) fn seen(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()["seen"]["request"].clone()
    }

    pub(crate) fn error(&self) -> (String, String) {
        assert_eq!(self.status, 503, "{}", self.text);
        let error = &self.json()["error"];
        (error["code"].as_str().unwrap().to_owned(), error["details"].as_str().unwrap().to_owned())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The text of a refusal.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "text/plain;charset=UTF-8");
        assert!(!self.text.is_empty());
        &self.text
    }
}
