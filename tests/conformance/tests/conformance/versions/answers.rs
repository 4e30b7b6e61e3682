//! What a server that plays a release leaves of every answer.

use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value};
use zstack_client::{Call, Client, Error, ErrorKind};
use zstack_conformance::{Answer, Had, values};
use zstack_runtime::record::Record as _;
use zstack_runtime::{Execution, Request, decode, encode};
use zstack_server::NewerParameters;

use super::{Playing, RELEASES, client, is_required, object, read, runtime, sample, written};
use crate::api::{Visit, every_operation};

/// How many answers of each operation are compared, each at some release.
const CASES: u32 = 24;

/// The request with the fewest parameters.
fn least<R: Request>() -> R {
    let mut request = sample(values::record(R::SHAPE));
    request.retain(|name, _| is_required(R::SHAPE, name));
    read(&request)
}

/// Each value of some JSON by its path; what is empty is a value, too.
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

/// Holds JSON against what it is to be, and names what differs.
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

/// A client reads what a release had of an answer; or says that it cannot,
/// where a required field is gone with its value.
fn is_read<R: Request>(outcome: Result<R::Response, Error>, had: &Map<String, Value>, context: &str) {
    let readable = decode::from_slice::<R::Response>(Value::Object(had.clone()).to_string().as_bytes());
    match (outcome, readable) {
        (Ok(answer), Ok(_)) => assert_same(&written(&answer), had, context),
        (Err(error), Err(_)) => assert_eq!(error.kind(), ErrorKind::Unreadable, "{context}: {error}"),
        (Err(error), Ok(_)) => panic!("{context}: {error}"),
        (Ok(_), Err(error)) => panic!("{context} was read all the same: {error}"),
    }
}

struct FullAnswers {
    servers: Vec<Playing>,
    client: Client,
    compared: usize,
    left_out: usize,
    jobs: usize,
}

impl Visit for FullAnswers {
    fn visit<R: Request>(&mut self) {
        let runtime = runtime();
        let request = least::<R>();
        let answer: R::Response = read(&sample(values::full_record(R::Response::SHAPE)));
        let newest = written(&answer);
        let mut http = self.client.to_http(&request).unwrap();
        http.headers_mut().insert("x-json-schema", "true".parse().unwrap());
        for server in &self.servers {
            let context = format!("{} at {}", R::OPERATION.name, server.release.name);
            let past = &server.release.past;
            if past.operation(R::OPERATION.name).is_none() {
                continue;
            }
            let Had { fields, later } = past.response(R::OPERATION.name, &newest);
            server.echo.answer(Answer::Result(encode::to_vec(&answer)));
            let response = runtime.block_on(server.transport.send(http.clone())).unwrap();
            let mut wire = object(json(response.body()));
            let schema = object(wire.remove("schema").expect(&context));
            assert_eq!(response.status(), 200, "{context}: {wire:?}");
            leads_somewhere(&schema, &wire, &context);
            assert_same(&wire, &fields, &context);
            self.compared += 1;
            self.left_out += later.len();

            if R::OPERATION.execution == Execution::Async {
                let client = client(server.transport.clone());
                let job = runtime.block_on(async { request.clone().start(&client).await?.wait().await });
                is_read::<R>(job, &fields, &format!("the job of {context}"));
                self.jobs += 1;
            }
        }
    }
}

fn json(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|error| panic!("{body:?}: {error}"))
}

/// Each path of a schema, such as `inventories[0].vmNics[1]`, is one of the
/// answer: readers of a schema follow it.
fn leads_somewhere(schema: &Map<String, Value>, answer: &Map<String, Value>, context: &str) {
    let answer = Value::Object(answer.clone());
    for path in schema.keys() {
        let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
        assert!(answer.pointer(&pointer).is_some_and(Value::is_object), "{context}: {path} leads nowhere");
    }
}

#[test]
fn every_field_of_an_answer_at_every_release() {
    let servers = Playing::all(NewerParameters::Refuse);
    let client = client(servers.first().unwrap().transport.clone());
    let mut full = FullAnswers { servers, client, compared: 0, left_out: 0, jobs: 0 };
    every_operation(&mut full);
    assert!(full.compared > 300 && full.jobs > 100, "{} answers, {} jobs", full.compared, full.jobs);
    assert!(full.left_out > 1000, "{} values came later", full.left_out);
}

struct RandomAnswers(Vec<Playing>);

impl Visit for RandomAnswers {
    fn visit<R: Request>(&mut self) {
        let runtime = runtime();
        let request = least::<R>();
        let clients: Vec<_> = self.0.iter().map(|it| client(it.transport.clone())).collect();
        let since = RELEASES.iter().position(|release| release.at >= R::OPERATION.since).unwrap();
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let cases = (values::answer::<R>(), since..RELEASES.len());
        let result = TestRunner::new(config).run(&cases, |(answer, release)| {
            let (server, client) = (&self.0[release], &clients[release]);
            let answer: R::Response = read(&object(answer));
            server.echo.answer(Answer::Result(encode::to_vec(&answer)));
            let outcome = runtime.block_on(request.clone().call(client));
            let had = server.release.past.response(R::OPERATION.name, &written(&answer));
            is_read::<R>(outcome, &had.fields, &format!("at {}", server.release.name));
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{}: {error}", R::OPERATION.name));
    }
}

#[test]
fn what_a_client_reads_is_what_the_release_had() {
    every_operation(&mut RandomAnswers(Playing::all(NewerParameters::Refuse)));
}
