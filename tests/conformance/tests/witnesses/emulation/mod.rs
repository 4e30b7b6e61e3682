//! Servers that emulate a release, compared with servers of the slice of that release.

mod documents;
mod messages;
mod reactions;
mod refusals;

use std::sync::Arc;

use axum::body::Body;
use http_body_util::BodyExt as _;
use serde_json::{Map, Value, json};
use zstack_conformance::dynamic;
use zstack_conformance::{Answer, Echo};
use zstack_model::{Example, Model, Version};
use zstack_runtime::Operation;
use zstack_runtime::server::{Api, NewerParameters, Options};

use crate::server::SentRequest;
use crate::spec::Spec;

const UUID: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

/// The fixture of `diff`, with a change of every attribute that is visible on the wire.
fn model() -> Model {
    let mut spec = Spec::base();
    for (place, value) in [
        (
            "CreateVm/history",
            json!([
                {"in": "2.0", "attribute": "body", "from": "create"},
                {"in": "3.0", "attribute": "method", "from": "PUT"},
                {"in": "3.0", "attribute": "path", "from": "/zones/{zone}/machines"},
                {"in": "3.0", "attribute": "paths"},
                {"in": "3.0", "attribute": "execution", "from": "sync"},
                {"in": "4.0", "attribute": "auth", "from": "none"},
            ]),
        ),
        ("CreateVm/parameters/name/history", json!([{"in": "2.0", "attribute": "required", "from": false}])),
        (
            "CreateVm/parameters/note/history",
            json!([
                {"in": "3.0", "attribute": "maxLength", "from": 10},
                {"in": "4.0", "attribute": "minLength"},
            ]),
        ),
        ("CreateVm/parameters/cpus/history", json!([{"in": "3.0", "attribute": "range", "from": [1, 2]}])),
        (
            "CreateVm/parameters/password/history",
            json!([{"in": "3.0", "attribute": "noTrim", "from": false}]),
        ),
        (
            "CreateVm/parameters/mode/history",
            json!([{"in": "4.0", "attribute": "values", "from": ["fast", "medium"]}]),
        ),
        (
            "CreateVm/parameters/code/history",
            json!([{"in": "3.0", "attribute": "pattern", "from": "[a-z]+"}]),
        ),
        // Texts have no unit.
        ("CreateVm/parameters/memory/unit", Value::Null),
        ("Vm/fields/memory/unit", Value::Null),
        ("CreateVm/parameters/memory/history", json!([{"in": "3.0", "attribute": "type", "from": "String"}])),
        ("CreateVm/parameters/hosts/history", json!([{"in": "4.0", "attribute": "nonEmpty", "from": false}])),
        ("CreateVm/parameters/tags/history", json!([{"in": "4.0", "attribute": "enclosed", "from": true}])),
        ("CreateVm/parameters/old/history", json!([{"in": "3.0", "attribute": "required", "from": true}])),
        (
            "StopVm/history",
            json!([
                {"in": "2.0", "attribute": "method", "from": "DELETE"},
                {"in": "2.0", "attribute": "body", "from": "none"},
            ]),
        ),
        ("StopVm/parameters/force/history", json!([{"in": "3.0", "attribute": "in", "from": "query"}])),
        ("Bus/values/Scsi/removed", json!("4.0")),
        ("Disk/fields/size/history", json!([{"in": "2.0", "attribute": "required", "from": false}])),
        ("Disk/fields/bus/history", json!([{"in": "4.0", "attribute": "required", "from": true}])),
        (
            "Disk/fields/+",
            json!({"name": "label", "type": "String", "required": true, "since": "0.6", "description": "A text.",
                "deprecated": "2.0", "removed": "4.0", "replacement": "bus"}),
        ),
        ("Vm/history", json!([{"in": "3.0", "attribute": "javaClass", "from": "org.vm.OldVm"}])),
        ("Vm/fields/memory/history", json!([{"in": "3.0", "attribute": "type", "from": "String"}])),
        ("Vm/fields/owner/deprecated", json!("3.0")),
        ("Vm/fields/owner/removed", json!("4.0")),
        ("State/values/Stopped/deprecated", json!("2.0")),
        ("State/values/Stopped/removed", json!("4.0")),
    ] {
        spec.set(place, value);
    }
    spec.model()
}

/// The fields of the answers to all operations, as the newest tables decode them, with VM instances in a
/// state.
fn answer(state: &str) -> Value {
    let vm = json!({
        "id": UUID, "state": state, "memory": 5, "nics": [{"mac": "m"}], "owner": "me", "size": 3,
    });
    json!({
        "vm": vm, "warnings": ["w"], "zone": {"name": "z"}, "place": "there", "what": {"text": "x"},
        "inventories": [vm],
    })
}

/// A server with the tables of a model.
struct Server {
    api: Api,
    echo: Arc<Echo>,
}

/// The reaction of a server to a request.
#[derive(Debug, PartialEq)]
struct Reaction {
    status: u16,
    body: String,
    /// The operation, and its parameters.
    received: Option<(&'static str, Value)>,
}

impl Server {
    fn new(operations: &'static [&'static Operation], options: Options) -> Self {
        let echo = Arc::new(Echo::default());
        // Servers of a slice keep the values that their release does not have: enums are open.
        echo.answer(Answer::Result(answer("Running").to_string().into_bytes()));
        let api = Api::builder().mount(dynamic::routes(operations, &echo)).options(options).build().unwrap();
        Self { api, echo }
    }

    async fn send(&self, sent: &SentRequest) -> Reaction {
        self.send_json(sent.method, &sent.target, &sent.body).await
    }

    async fn send_json(&self, method: &str, target: &str, body: &str) -> Reaction {
        let request = http::Request::builder()
            .method(method)
            .uri(target)
            .header("Authorization", format!("OAuth {UUID}"))
            .header("X-JSON-Schema", "true")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response = self.api.handle(request).await;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let received = self.echo.take_received().map(|(name, json)| {
            let mut received: Value = serde_json::from_slice(&json).unwrap();
            texts_of_numbers(&mut received);
            (name, received)
        });
        Reaction { status, body: without_reasons(str::from_utf8(&body).unwrap()), received }
    }
}

/// Handlers get the newest type of a parameter.
fn texts_of_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => *value = number.to_string().into(),
        Value::Object(fields) => fields.values_mut().for_each(texts_of_numbers),
        _ => {}
    }
}

/// Removes the statements about releases, which only an emulating server makes.
fn without_reasons(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(end) = text.find("; this server emulates ") {
        let start = text[..end].rfind("; `").unwrap_or(end);
        let rest = &text[end + "; this server emulates ".len()..];
        let rest = rest.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
        text = format!("{}{rest}", &text[..start]);
    }
    text
}

/// A release with both servers.
struct Case {
    release: Version,
    slice: Model,
    emulating: Server,
    sliced: Server,
}

fn cases(model: &Model, options: &Options) -> Vec<Case> {
    let whole = dynamic::operations(model);
    let case = |release: &zstack_model::Release| {
        let release = release.version;
        let slice = model.at(&release);
        let at = options.clone().version(release);
        Case {
            emulating: Server::new(whole, at.newer_parameters(NewerParameters::Ignore)),
            sliced: Server::new(dynamic::operations(&slice), options.clone()),
            slice,
            release,
        }
    };
    model.service.releases.iter().map(case).collect()
}

fn example(request: &Map<String, Value>) -> Example {
    let name = "Request".to_owned();
    Example { name, since: None, request: request.clone(), status: 200, response: Value::Null }
}
