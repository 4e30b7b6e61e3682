//! Round trips: the server's handler gets what the client sends, and the client gets what the
//! handler answers.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use tokio::runtime::Runtime;
use zstack_runtime::client::{Call, Client};
use zstack_runtime::record::{Place, Record, Shape};
use zstack_runtime::{Query, Request, decode, encode};

use crate::{Answer, Echo, values};

/// Calls an operation `cases` times with valid requests and answers of every kind; `client` calls a
/// server whose handler uses `echo`.
///
/// # Errors
///
/// The smallest request or answer that arrived changed.
pub fn round_trip<R: Request>(
    runtime: &Runtime,
    client: &Client,
    echo: &Echo,
    cases: u32,
) -> Result<(), String> {
    let name = R::OPERATION.name;
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let values = (values::record(R::SHAPE), values::answer::<R>());
    let result = runner.run(&values, |(mut request, response)| {
        if R::OPERATION.is_query() {
            remove_dropped(&mut request, R::SHAPE);
        }
        let (request, response): (R, R::Response) = (read(&request)?, read(&response)?);
        echo.answer(Answer::Result(encode::to_vec(&response)));
        let answer = runtime.block_on(request.clone().call(client));
        let answer = answer.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let (called, received) =
            echo.take_received().ok_or_else(|| TestCaseError::fail("nothing was received"))?;
        prop_assert_eq!(called, name);
        prop_assert_eq!(String::from_utf8_lossy(&received), text(&request));
        prop_assert_eq!(text(&answer), text(&response));
        Ok(())
    });
    result.map_err(|error| format!("{name}: {error}"))
}

/// Removes what is dropped on purpose: a query whose path selects a record needs no query string,
/// and `fields` changes the answer.
fn remove_dropped(query: &mut Value, shape: &Shape) {
    let Value::Object(query) = query else { return };
    query.remove(Query::FIELDS.name);
    let in_path =
        |name: &str| shape.index_of(name).is_some_and(|index| shape.fields[index].place == Place::Path);
    if query.keys().any(|name| in_path(name)) {
        query.retain(|name, _| in_path(name));
    }
}

fn read<R: Record>(json: &Value) -> Result<R, TestCaseError> {
    decode::from_slice(json.to_string().as_bytes())
        .map_err(|error| TestCaseError::fail(format!("{json}: {error}")))
}

/// Returns the text that records are compared by.
fn text(record: &impl Record) -> String {
    String::from_utf8_lossy(&encode::to_vec(record)).into_owned()
}
