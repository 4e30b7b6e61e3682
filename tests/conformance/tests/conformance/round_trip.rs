//! Round trips: the server's handler gets what the client sends, and the client gets what the
//! handler answers.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use zstack_client::{Call, ErrorCode, ErrorKind};
use zstack_conformance::{Answer, round_trip, values};
use zstack_runtime::record::Record;
use zstack_runtime::{Request, decode, encode};
use zstack_server::Options;

use crate::api::{Visit, loopback, selected_operations};

/// Cases per operation, unless `ROUND_TRIPS` is another number.
const CASES: u32 = 50;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn read<R: Record>(json: &Value) -> R {
    decode::from_slice(json.to_string().as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// Returns the text that records are compared by.
fn text(record: &impl Record) -> String {
    String::from_utf8(encode::to_vec(record)).unwrap()
}

struct RoundTrip;

impl Visit for RoundTrip {
    fn visit<R: Request>(&mut self) {
        let (client, echo) = loopback(Options::default());
        let cases = std::env::var("ROUND_TRIPS").map_or(CASES, |number| number.parse().unwrap());
        round_trip::<R>(&runtime(), &client, &echo, cases).unwrap();
    }
}

#[test]
fn values_arrive_unchanged_in_both_directions() {
    selected_operations(&mut RoundTrip);
}

struct Refused;

impl Visit for Refused {
    fn visit<R: Request>(&mut self) {
        let (client, echo) = loopback(Options::default());
        let cause = ErrorCode::new("VM.1010", "wrong state", "it is Destroyed");
        let code = ErrorCode::new("SYS.1006", "operation failed", "no \"quotes\" <lost>").with_cause(cause);
        echo.answer(Answer::Refusal(Box::new(code.clone())));
        let mut runner = TestRunner::deterministic();
        let request = values::record(R::SHAPE).new_tree(&mut runner).unwrap().current();
        let error = runtime().block_on(read::<R>(&request).call(&client)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
        assert_eq!(error.error_code(), Some(&code));
        assert_eq!(error.operation().map(|operation| operation.name), Some(R::OPERATION.name));
        assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
        assert!(error.has_code("VM.1010"));
        for part in [R::OPERATION.name, "503", "SYS.1006", "VM.1010", "it is Destroyed"] {
            assert!(error.to_string().contains(part), "{part} is not in: {error}");
        }
    }
}

#[test]
fn errors_arrive_unchanged() {
    selected_operations(&mut Refused);
}

/// Requests a job, whose result equals the answer.
struct Jobs;

impl Visit for Jobs {
    fn visit<R: Request>(&mut self) {
        if R::OPERATION.execution == zstack_runtime::Execution::Sync {
            return;
        }
        let (client, echo) = loopback(Options::default());
        let mut runner = TestRunner::deterministic();
        let request = values::record(R::SHAPE).new_tree(&mut runner).unwrap().current();
        let response: R::Response = read(&values::answer::<R>().new_tree(&mut runner).unwrap().current());
        echo.answer(Answer::Result(encode::to_vec(&response)));
        let answer = runtime().block_on(async {
            let job = read::<R>(&request).start(&client).await.unwrap();
            job.wait().await.unwrap()
        });
        assert_eq!(text(&answer), text(&response));
    }
}

#[test]
fn jobs_have_the_result_of_the_call() {
    selected_operations(&mut Jobs);
}
