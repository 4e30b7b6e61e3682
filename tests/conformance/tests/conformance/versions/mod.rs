//! Compares servers and clients of every release with the spec's YAML, for every operation.

mod answers;
mod callers;
mod messages;
mod parameters;
mod requests;
mod sockets;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};
use zstack_client::{Client, ClientBuilder, InProcess, PollPolicy, Transport};
use zstack_conformance::{Answer, Echo, PastApi, values};
use zstack_model::Model;
use zstack_runtime::record::{Record, Shape};
use zstack_runtime::{Request, Version, decode, encode};
use zstack_server::{NewerParameters, Options};

use crate::api::router;
use crate::sample::releases;
use crate::spec::model;

static NEWEST: LazyLock<Model> = LazyLock::new(model);

/// A sample of the declared releases, oldest first.
static RELEASES: LazyLock<Vec<Release>> = LazyLock::new(|| {
    let mut releases = releases(&NEWEST, 15);
    // A test names it.
    releases.push("2.3".parse().unwrap());
    releases.sort();
    releases.dedup();
    releases
        .into_iter()
        .map(|version| Release {
            at: version,
            past: PastApi::new(&NEWEST, &version),
            name: version.to_string(),
        })
        .collect()
});

/// A release, and the API as of it.
struct Release {
    name: String,
    at: Version,
    past: PastApi<'static>,
}

/// A server that emulates a release.
struct OldServer {
    release: &'static Release,
    newer: NewerParameters,
    echo: Arc<Echo>,
    transport: Arc<dyn Transport>,
}

impl OldServer {
    /// Creates a server in the same process.
    fn new(release: &'static Release, newer: NewerParameters) -> Self {
        let echo = Arc::new(Echo::default());
        let router = router(&echo, server_options(release, newer));
        Self { release, newer, echo, transport: Arc::new(InProcess::new(router)) }
    }

    /// Creates a server for each release.
    fn all(newer: NewerParameters) -> Vec<Self> {
        RELEASES.iter().map(|release| Self::new(release, newer)).collect()
    }
}

/// Returns the options of a server that emulates a release.
fn server_options(release: &Release, newer: NewerParameters) -> Options {
    Options::default().version(release.at).newer_parameters(newer)
}

/// Builds a client with a session.
fn client(transport: impl Transport) -> Client {
    build(builder(transport))
}

fn builder(transport: impl Transport) -> ClientBuilder {
    // Jobs end before the first poll.
    let poll = PollPolicy::new().initial(Duration::from_millis(1));
    Client::builder("http://node.test").transport(transport).retries(0).poll(poll)
}

fn build(builder: ClientBuilder) -> Client {
    builder.session("36c27e8ff05c4780bf6d2fa65700f22e").build().unwrap()
}

/// Sets the release of the server.
fn with_release(builder: ClientBuilder, release: &Release) -> ClientBuilder {
    builder.api_version(release.at)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn read<R: Record>(json: &Map<String, Value>) -> R {
    let text = Value::Object(json.clone()).to_string();
    decode::from_slice(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Encodes a record as JSON.
fn to_json(record: &impl Record) -> Map<String, Value> {
    serde_json::from_slice(&encode::to_vec(record)).unwrap()
}

/// Returns one of the values of a strategy, the same in every run.
fn sample(of: impl Strategy<Value = Value>) -> Map<String, Value> {
    object(of.new_tree(&mut TestRunner::deterministic()).unwrap().current())
}

fn object(json: Value) -> Map<String, Value> {
    let Value::Object(object) = json else { panic!("{json} is not an object") };
    object
}

/// Returns an answer with the fewest fields.
fn minimal_answer<R: Request>() -> Answer {
    let mut answer = sample(values::record(R::Response::SHAPE));
    answer.retain(|name, _| is_required(R::Response::SHAPE, name));
    let answer = object(values::successful::<R>(Value::Object(answer)));
    Answer::Result(encode::to_vec(&read::<R::Response>(&answer)))
}

fn is_required(shape: &Shape, name: &str) -> bool {
    shape.index_of(name).is_some_and(|index| shape.fields[index].required)
}
