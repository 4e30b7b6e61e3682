//! Answers of a server that emulates a release.

use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value};
use zstack_client::{Call, Client, Error, ErrorKind};
use zstack_conformance::{Answer, PastObject, values};
use zstack_runtime::record::Record as _;
use zstack_runtime::{Execution, Request, decode, encode};
use zstack_server::NewerParameters;

use super::{OldServer, RELEASES, client, is_required, object, read, runtime, sample, to_json};
use crate::api::{Visit, selected_operations};

/// The number of answers of each operation, each at some release.
const CASES: u32 = 24;

/// Returns the request with the fewest parameters.
fn minimal_request<R: Request>() -> R {
    let mut request = sample(values::record(R::SHAPE));
    request.retain(|name, _| is_required(R::SHAPE, name));
    read(&request)
}

/// Collects the leaves of a JSON value by path; empty lists and objects are leaves, too.
fn leaves(value: &Value, path: String, to: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(name, value)| leaves(value, format!("{path}.{name}"), to));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, format!("{path}[{index}]"), to));
        }
        _ => drop(to.insert(path, value.clone())),
    }
}

/// Compares JSON with the expected value, and lists the differences.
fn assert_same(is: &Map<String, Value>, expected: &Map<String, Value>, context: &str) {
    let [mut found, mut wanted] = [BTreeMap::new(), BTreeMap::new()];
    leaves(&is.clone().into(), String::new(), &mut found);
    leaves(&expected.clone().into(), String::new(), &mut wanted);
    let only = |these: &BTreeMap<String, Value>, those: &BTreeMap<String, Value>| -> Vec<String> {
        these
            .iter()
            .filter(|(path, value)| those.get(*path) != Some(value))
            .map(|these| format!("{these:?}"))
            .collect()
    };
    let (too_much, missing) = (only(&found, &wanted), only(&wanted, &found));
    assert!(
        too_much.is_empty() && missing.is_empty(),
        "{context}: not of this release: {too_much:?}; missing: {missing:?}"
    );
}

/// Checks that a client decodes the answer of a release, or reports a required field that is
/// missing because of its value.
fn check_decoded<R: Request>(outcome: Result<R::Response, Error>, had: &Map<String, Value>, context: &str) {
    let readable = decode::from_slice::<R::Response>(Value::Object(had.clone()).to_string().as_bytes());
    match (outcome, readable) {
        (Ok(answer), Ok(_)) => assert_same(&to_json(&answer), had, context),
        (Err(error), Err(_)) => assert_eq!(error.kind(), ErrorKind::Unreadable, "{context}: {error}"),
        (Err(error), Ok(_)) => panic!("{context}: {error}"),
        (Ok(_), Err(error)) => panic!("{context} was read all the same: {error}"),
    }
}

struct FullAnswers {
    servers: Vec<OldServer>,
    client: Client,
    compared: usize,
    left_out: usize,
    jobs: usize,
}

impl Visit for FullAnswers {
    fn visit<R: Request>(&mut self) {
        let runtime = runtime();
        let request = minimal_request::<R>();
        let answer: R::Response = read(&sample(values::full_record(R::Response::SHAPE)));
        let newest = to_json(&answer);
        let mut http = self.client.to_http(&request).unwrap();
        http.headers_mut().insert("x-json-schema", "true".parse().unwrap());
        for server in &self.servers {
            let context = format!("{} at {}", R::OPERATION.name, server.release.name);
            let past = &server.release.past;
            if past.operation(R::OPERATION.name).is_none() {
                continue;
            }
            let PastObject { fields, later } = past.response(R::OPERATION.name, &newest);
            server.echo.answer(Answer::Result(encode::to_vec(&answer)));
            let response = runtime.block_on(server.transport.send(http.clone())).unwrap();
            let mut wire = object(json(response.body()));
            let schema = object(wire.remove("schema").expect(&context));
            assert_eq!(response.status(), 200, "{context}: {wire:?}");
            check_paths(&schema, &wire, &context);
            assert_same(&wire, &fields, &context);
            self.compared += 1;
            self.left_out += later.len();

            if R::OPERATION.execution == Execution::Async {
                let client = client(server.transport.clone());
                let job = runtime.block_on(async { request.clone().start(&client).await?.wait().await });
                check_decoded::<R>(job, &fields, &format!("the job of {context}"));
                self.jobs += 1;
            }
        }
    }
}

fn json(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|error| panic!("{body:?}: {error}"))
}

/// Checks that each path of a schema, such as `inventories[0].vmNics[1]`, is in the answer: clients
/// follow these paths.
fn check_paths(schema: &Map<String, Value>, answer: &Map<String, Value>, context: &str) {
    let answer = Value::Object(answer.clone());
    for path in schema.keys() {
        let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
        assert!(answer.pointer(&pointer).is_some_and(Value::is_object), "{context}: {path} leads nowhere");
    }
}

#[test]
fn answers_have_the_fields_of_every_release() {
    let servers = OldServer::all(NewerParameters::Refuse);
    let client = client(servers.first().unwrap().transport.clone());
    let mut full = FullAnswers { servers, client, compared: 0, left_out: 0, jobs: 0 };
    selected_operations(&mut full);
    assert!(full.compared > 300 && full.jobs > 100, "{} answers, {} jobs", full.compared, full.jobs);
    assert!(full.left_out > 1000, "{} values came later", full.left_out);
}

struct RandomAnswers(Vec<OldServer>);

impl Visit for RandomAnswers {
    fn visit<R: Request>(&mut self) {
        let runtime = runtime();
        let request = minimal_request::<R>();
        let clients: Vec<_> = self.0.iter().map(|server| client(server.transport.clone())).collect();
        let since = RELEASES.iter().position(|release| release.at >= R::OPERATION.since).unwrap();
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let cases = (values::answer::<R>(), since..RELEASES.len());
        let result = TestRunner::new(config).run(&cases, |(answer, release)| {
            let (server, client) = (&self.0[release], &clients[release]);
            let answer: R::Response = read(&object(answer));
            server.echo.answer(Answer::Result(encode::to_vec(&answer)));
            let outcome = runtime.block_on(request.clone().call(client));
            let had = server.release.past.response(R::OPERATION.name, &to_json(&answer));
            check_decoded::<R>(outcome, &had.fields, &format!("at {}", server.release.name));
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{}: {error}", R::OPERATION.name));
    }
}

#[test]
fn clients_decode_the_answers_of_every_release() {
    selected_operations(&mut RandomAnswers(OldServer::all(NewerParameters::Refuse)));
}
