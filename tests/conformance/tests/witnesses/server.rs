//! A server of a model; requests and the reactions to them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use serde_json::{Map, Value, json};
use zstack_conformance::dynamic::{self, Dynamic};
use zstack_conformance::{Answer, Echo};
use zstack_model::{Auth, Example, Execution, Method, Model, Operation, TypeShape};
use zstack_reference::http_example;
use zstack_runtime::encode;
use zstack_runtime::server::{Api, Options};

pub(crate) fn operation<'m>(model: &'m Model, name: &str) -> &'m Operation {
    model.operation(name).unwrap()
}

/// A request as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct SentRequest {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) body: String,
    pub(crate) session: bool,
    /// The parameters that the operation should get.
    given: Map<String, Value>,
    /// The execution of the operation, if the caller accepts a job.
    pub(crate) job: Option<Execution>,
}

impl SentRequest {
    /// Creates the request of a client of a model.
    pub(crate) fn of(model: &Model, name: &str, example: &Example) -> Self {
        let operation = operation(model, name);
        let request = http_example::request(model, operation, example);
        let body = request.body.unwrap_or_default();
        let body = serde_json::from_str::<Value>(&body).map(|json| json.to_string()).unwrap_or_default();
        Self {
            method: match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
                Method::Put => "PUT",
                Method::Delete => "DELETE",
            },
            target: request.target,
            body,
            session: operation.auth == Auth::Session,
            given: example.request.clone(),
            job: None,
        }
    }
}

impl fmt::Display for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)?;
        if self.body.is_empty() { Ok(()) } else { write!(f, " {}", self.body) }
    }
}

/// The reaction of a server to a request.
#[derive(Debug)]
pub(crate) struct Reaction {
    status: u16,
    pub(crate) body: String,
    /// The parameters that the operation got.
    received: Option<Map<String, Value>>,
}

impl Reaction {
    /// Describes the parameters that did not arrive unchanged.
    fn lost_parameters(&self, sent: &SentRequest) -> Vec<String> {
        let received = |name: &str| self.received.as_ref()?.get(name);
        let lost = sent.given.iter().filter(|(name, value)| received(name) != Some(value));
        let described = lost.map(|(name, _)| match received(name) {
            Some(other) => format!("with {name} {other}"),
            None => format!("without {name}"),
        });
        described.collect()
    }

    /// Returns whether the operation got all parameters, and the caller the expected status.
    pub(crate) fn is_success(&self, sent: &SentRequest) -> bool {
        let expected = if sent.job == Some(Execution::Async) { 202 } else { 200 };
        self.status == expected && self.received.is_some() && self.lost_parameters(sent).is_empty()
    }

    /// Describes it in one line.
    pub(crate) fn describe(&self, sent: &SentRequest) -> String {
        let status = self.status;
        if sent.job.is_some() {
            return format!("{status} {}", if status == 202 { "and a job" } else { "and the answer" });
        }
        let lost = self.lost_parameters(sent);
        let error: Value = serde_json::from_str(&self.body).unwrap_or_default();
        match (status, &self.received) {
            (200, Some(_)) if lost.is_empty() => "200".to_owned(),
            (200, Some(_)) => format!("200, but {}", lost.join(", ")),
            _ => match (error["error"]["code"].as_str(), error["error"]["details"].as_str()) {
                (Some(code), Some(details)) => format!("{status} {code} {details}"),
                _ => format!("{status} {}", self.body.replace('\n', "; ")),
            },
        }
    }
}

/// Returns a model without the removals of elements.
fn without_removals(model: &Model) -> Model {
    let mut model = model.clone();
    for operation in &mut model.operations {
        operation.retirement.removed = None;
        let parameters = operation.parameters.iter_mut().map(|parameter| &mut parameter.field);
        parameters.chain(&mut operation.response).for_each(|field| field.retirement.removed = None);
    }
    for ty in &mut model.types {
        match &mut ty.shape {
            TypeShape::Record { fields, .. } => {
                fields.iter_mut().for_each(|field| field.retirement.removed = None);
            }
            TypeShape::Enum { values } => values.iter_mut().for_each(|value| value.retirement.removed = None),
        }
    }
    model
}

/// A server of a model.
pub(crate) struct Server {
    echo: Arc<Echo>,
    operations: &'static [&'static zstack_runtime::Operation],
}

impl Server {
    /// Creates a server of all releases: it also has removed elements.
    pub(crate) fn of(model: &Model) -> Self {
        let server = Self { echo: Arc::default(), operations: dynamic::operations(&without_removals(model)) };
        // Enough for every operation of the fixture; records skip the rest.
        server.answers(&json!({"vm": {"state": "Running"}}));
        server
    }

    pub(crate) fn answers(&self, json: &Value) {
        self.echo.answer(Answer::Result(json.to_string().into_bytes()));
    }

    pub(crate) async fn send(&self, sent: &SentRequest) -> Reaction {
        let mut options = Options::default();
        options.force_jobs = sent.job.is_some();
        let routes = dynamic::routes(self.operations, &self.echo);
        let api = Api::builder().mount(routes).options(options).build().unwrap();
        let mut request = http::Request::builder().method(sent.method).uri(&sent.target);
        if sent.session {
            request = request.header("Authorization", "OAuth 36c27e8ff05c4780bf6d2fa65700f22e");
        }
        let request = request.body(axum::body::Body::from(sent.body.clone())).unwrap();
        let response = api.handle(request).await;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        // A job may still run.
        assert_eq!(api.drain(Duration::from_secs(60)).await, 0);
        let received = self.echo.take_received().map(|(_, json)| serde_json::from_slice(&json).unwrap());
        Reaction { status, body: String::from_utf8(body.to_vec()).unwrap(), received }
    }
}

/// Decodes an answer as a client of a model.
pub(crate) fn read(model: &Model, name: &str, body: &str) -> Result<Value, String> {
    let operations = dynamic::operations(model);
    let operation = operations.iter().find(|operation| operation.name == name).unwrap();
    let record = Dynamic::read(operation.response, body.as_bytes())?;
    Ok(serde_json::from_slice(&encode::to_vec(&record)).unwrap())
}
