//! Streams of the records of queries.

use proptest::prelude::*;
use zstack_runtime::Query;
use zstack_runtime::client::{Call as _, Client, Error, ErrorKind, Records};
use zstack_runtime::query::{QueryRequest, Sort};

use crate::client::node::{Node, QueryThing};
use crate::client::operations::Thing;
use crate::client::script::{Script, answer};

async fn all(mut records: Records<QueryThing>) -> Result<Vec<usize>, Error> {
    let mut found = Vec::new();
    while let Some(record) = records.next().await {
        found.push(record?.uuid.parse().unwrap());
    }
    Ok(found)
}

/// Returns limit and start of all queries.
fn requested_pages(node: &Node) -> Vec<(Option<i32>, Option<i32>)> {
    node.queries.lock().unwrap().iter().map(|query| (query.limit, query.start)).collect()
}

#[tokio::test]
async fn requests_pages_on_demand() {
    let node = Node::with_things(25);
    let client: Client = node.client();
    let mut records = client.stream(QueryThing::new()).page_size(10);
    assert!(requested_pages(&node).is_empty());
    records.next().await.unwrap().unwrap();
    assert_eq!(requested_pages(&node), [(Some(10), None)]);
    assert_eq!(all(records).await.unwrap(), (1..25).collect::<Vec<_>>());
    // The short page is the last one.
    assert_eq!(requested_pages(&node), [(Some(10), None), (Some(10), Some(10)), (Some(10), Some(20))]);
}

#[tokio::test]
async fn keeps_the_order_or_sorts_by_uuid() {
    let node = Node::with_things(1);
    let client = node.client();
    all(client.stream(QueryThing::new())).await.unwrap();
    all(client.stream(QueryThing::new().sort(Thing::SIZE.descending()))).await.unwrap();
    let sorts: Vec<_> = node.queries.lock().unwrap().iter().map(|query| query.sort.clone()).collect();
    assert_eq!(sorts, [Some(Sort::ascending("uuid")), Some(Sort::descending("size"))]);
}

#[tokio::test]
async fn finds_a_single_record_once() {
    let node = Node::with_things(1);
    let found = all(node.client().stream(QueryThing::new().uuid("x")).page_size(1)).await.unwrap();
    assert_eq!(found, [0]);
    assert_eq!(requested_pages(&node).len(), 1);
}

#[tokio::test]
async fn sends_conditions_but_not_count() {
    let node = Node::with_things(3);
    let query = QueryThing::new().query(Query::new().count()).filter(Thing::UUID.like("0%"));
    assert_eq!(all(node.client().stream(query)).await.unwrap().len(), 3);
    let queries = node.queries.lock().unwrap();
    assert_eq!(queries[0].conditions[0].to_string(), "uuid~=0%");
    assert_eq!(queries[0].count, None);
}

#[tokio::test]
async fn ends_after_an_error() {
    let page = r#"{"inventories":[{"uuid":"1"},{"uuid":"2"}]}"#;
    let script = Script::new([answer(200, page), answer(503, r#"{"error":{"code":"SYS.1000"}}"#)]);
    let mut records = script.client().stream(QueryThing::new()).page_size(2);
    for _ in 0..2 {
        records.next().await.unwrap().unwrap();
    }
    assert_eq!(records.next().await.unwrap().unwrap_err().code(), Some("SYS.1000"));
    assert!(records.next().await.is_none());
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn refuses_responses_without_records() {
    for (status, body) in
        [(200, ""), (204, ""), (200, "{}"), (200, r#"{"schema":{},"success":true}"#), (200, "<html>")]
    {
        let script = Script::new([answer(status, body)]);
        let error = QueryThing::new().call(&script.client()).await.map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{body}");
        assert_eq!(
            all(script.client().stream(QueryThing::new())).await.unwrap_err().kind(),
            ErrorKind::Unreadable
        );
    }
    let script = Script::new([answer(200, "{}")]);
    let error = QueryThing::new().call(&script.client()).await.map(drop).unwrap_err().to_string();
    assert!(error.contains("the response has neither `inventories` nor `total`"), "{error}");

    // A count is not a page of records.
    let script = Script::new([answer(200, r#"{"total":7}"#)]);
    assert_eq!(QueryThing::new().call(&script.client()).await.unwrap().total, Some(7));
    let error = all(script.client().stream(QueryThing::new())).await.unwrap_err();
    assert!(error.to_string().contains("it has no `inventories`"), "{error}");

    let script = Script::new([answer(200, r#"{"inventories":[],"error":{"code":"SYS.1000"}}"#)]);
    assert_eq!(all(script.client().stream(QueryThing::new())).await.unwrap_err().code(), Some("SYS.1000"));
    let script = Script::new([answer(200, r#"{"inventories":[]}"#)]);
    assert_eq!(all(script.client().stream(QueryThing::new())).await.unwrap(), [0; 0]);
}

#[cfg(feature = "blocking")]
#[test]
fn blocking_clients_iterate() {
    let node = Node::with_things(5);
    let client = zstack_runtime::client::blocking::Client::from_async(node.client()).unwrap();
    let found: Result<Vec<Thing>, Error> = client.records(QueryThing::new()).page_size(2).collect();
    let uuids: Vec<String> = found.unwrap().into_iter().map(|thing| thing.uuid).collect();
    assert_eq!(uuids, ["00000", "00001", "00002", "00003", "00004"]);
    client.log_out().unwrap();
    assert_eq!(node.sessions().len(), 0);

    let strict = Node::strict();
    let client = zstack_runtime::client::blocking::Client::from_async(strict.client()).unwrap();
    let mut records = client.records(QueryThing::new());
    assert!(records.next().unwrap().unwrap_err().is_session_expired());
    assert!(records.next().is_none());
}

proptest! {
    #[test]
    fn finds_all_records_whatever_the_page_size(
        things in 0usize..40,
        page in 1i32..12,
        limit in prop::option::of(0i32..50),
        start in prop::option::of(0i32..50),
    ) {
        let node = Node::with_things(things);
        let mut query = QueryThing::new();
        query.query_mut().limit = limit;
        query.query_mut().start = start;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let found = runtime.block_on(all(node.client().stream(query).page_size(page))).unwrap();
        let most = limit.map_or(usize::MAX, |limit| limit as usize);
        let expected: Vec<usize> = (0..things).skip(start.unwrap_or(0) as usize).take(most).collect();
        prop_assert_eq!(found, expected);
    }
}
