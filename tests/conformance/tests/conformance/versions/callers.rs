//! Requests of a client that knows the release of its server.

use std::cell::Cell;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value};
use zstack_client::{BoxFuture, Call, Client, Error, ErrorKind, Transport, TransportError};
use zstack_conformance::{LaterPart, PartKind};
use zstack_runtime::{Operation, Request};
use zstack_server::NewerParameters;

use super::{
    OldServer, RELEASES, Release, build, builder, client, minimal_answer, read, requests, runtime, to_json,
    with_release,
};
use crate::api::{Visit, selected_operations};

/// The number of requests of each operation, each at every release.
const CASES: u32 = 8;

/// Records copies of requests.
#[derive(Clone)]
struct Recording {
    inner: Arc<dyn Transport>,
    sent: Arc<Mutex<Vec<http::Request<Bytes>>>>,
}

impl Recording {
    fn new(inner: Arc<dyn Transport>) -> Self {
        Self { inner, sent: Arc::default() }
    }

    fn take(&self) -> Vec<http::Request<Bytes>> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

impl Transport for Recording {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.sent.lock().unwrap().push(request.clone());
        self.inner.send(request)
    }
}

/// Splits a request into method, target, headers and body.
fn parts(request: http::Request<Bytes>) -> (http::Method, String, http::HeaderMap, Bytes) {
    let (parts, body) = request.into_parts();
    (parts.method, parts.uri.to_string(), parts.headers, body)
}

/// Clients of every release, with a server of the newest.
struct Callers {
    server: OldServer,
    sent: Recording,
    /// A client that knows no release.
    newest: Client,
    with_release: Vec<(&'static Release, Client)>,
    calls: Cell<usize>,
    refusals: Cell<usize>,
}

impl Callers {
    fn new() -> Self {
        let server = OldServer::new(RELEASES.last().unwrap(), NewerParameters::Refuse);
        let sent = Recording::new(server.transport.clone());
        let with_release = RELEASES
            .iter()
            .map(|release| (release, build(with_release(builder(sent.clone()), release))))
            .collect();
        Self {
            newest: client(sent.clone()),
            server,
            sent,
            with_release,
            calls: Cell::default(),
            refusals: Cell::default(),
        }
    }

    fn check<R: Request>(
        &self,
        runtime: &tokio::runtime::Runtime,
        given: &Map<String, Value>,
    ) -> Result<(), TestCaseError> {
        let request = read::<R>(given);
        let expected = parts(self.newest.to_http(&request).unwrap());
        for (release, client) in &self.with_release {
            let outcome = runtime.block_on(request.clone().call(client)).map(|_| ());
            let (sent, received) = (self.sent.take(), self.server.echo.take_received());
            let later = release.past.parameters(R::OPERATION.name, given).later;
            if release.past.operation(R::OPERATION.name).is_some() && later.is_empty() {
                outcome.map_err(|error| TestCaseError::fail(error.to_string()))?;
                let sent: Vec<_> = sent.into_iter().map(parts).collect();
                prop_assert_eq!(&sent, std::slice::from_ref(&expected), "at {}", release.name);
                let (_, received) = received.unwrap();
                let received: Map<_, _> = serde_json::from_slice(&received).unwrap();
                prop_assert_eq!(received, to_json(&request));
                self.calls.update(|calls| calls + 1);
            } else {
                prop_assert!(sent.is_empty() && received.is_none(), "at {}: {sent:?}", release.name);
                check_reason(&outcome.unwrap_err(), R::OPERATION, release, &later)?;
                self.refusals.update(|refusal| refusal + 1);
            }
        }
        Ok(())
    }
}

/// Checks that the error lists the required release of every part, and of nothing else.
fn check_reason(
    error: &Error,
    operation: &Operation,
    release: &Release,
    later: &[LaterPart],
) -> Result<(), TestCaseError> {
    prop_assert_eq!(error.kind(), ErrorKind::TooNew, "{}", error);
    let mut needs: Vec<_> = later
        .iter()
        .map(|LaterPart { path, part, since }| match part {
            PartKind::Field => format!("parameter `{path}` needs release {since}"),
            PartKind::Tag(pattern) => format!("system tag `{pattern}` needs release {since}"),
            PartKind::Value(text) | PartKind::Named(text) => {
                format!("`{text}` in parameter `{path}` needs release {since}")
            }
        })
        .collect();
    if operation.since > release.at {
        needs.push(format!("the operation needs release {}", operation.since));
    }
    let text = error.to_string();
    prop_assert!(!needs.is_empty(), "{} is of release {}: {text}", operation.name, release.name);
    prop_assert!(text.contains(operation.name) && text.contains(&release.name), "{text}");
    for need in &needs {
        prop_assert!(text.contains(need.as_str()), "no {need} in: {text}");
    }
    prop_assert_eq!(text.matches("needs release").count(), needs.len(), "{}", text);
    Ok(())
}

impl Visit for Callers {
    fn visit<R: Request>(&mut self) {
        self.server.echo.answer(minimal_answer::<R>());
        let runtime = runtime();
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let result =
            TestRunner::new(config).run(&requests::any::<R>(), |request| self.check::<R>(&runtime, &request));
        result.unwrap_or_else(|error| panic!("{}: {error}", R::OPERATION.name));
    }
}

#[test]
fn clients_send_nothing_too_new() {
    let mut callers = Callers::new();
    selected_operations(&mut callers);
    let (calls, refusals) = (callers.calls.get(), callers.refusals.get());
    assert!(calls > 1000 && refusals > 300, "{calls} calls, {refusals} refusals");
}
