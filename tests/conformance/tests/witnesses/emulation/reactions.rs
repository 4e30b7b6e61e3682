//! Requests of clients of every release, to servers of every release.

use serde_json::{Map, Value, json};
use zstack_runtime::server::Options;

use super::{Case, UUID, cases, example, model};
use crate::server::SentRequest;

/// Values of parameters: at the limits of all releases, and beyond.
fn values() -> Vec<(&'static str, Value)> {
    let disk = |fields: Value| ("disk", fields);
    vec![
        ("name", json!("web")),
        ("note", json!("")),
        ("note", json!("x")),
        ("note", json!("x".repeat(10))),
        ("note", json!("x".repeat(11))),
        ("note", json!("x".repeat(101))),
        ("cpus", json!(0)),
        ("cpus", json!(2)),
        ("cpus", json!(3)),
        ("cpus", json!(9)),
        ("password", json!("  secret ")),
        ("mode", json!("fast")),
        ("mode", json!("slow")),
        ("mode", json!("medium")),
        ("code", json!("1234")),
        ("code", json!("abcd")),
        ("memory", json!(5)),
        ("memory", json!("6")),
        ("hosts", json!([])),
        ("hosts", json!([UUID])),
        ("tags", json!(["a", "b"])),
        ("old", json!("x")),
        ("gone", json!("x")),
        ("new", json!("x")),
        disk(json!({"size": 1})),
        disk(json!({"size": 1, "bus": "Ide"})),
        disk(json!({"bus": "Virtio", "label": "a"})),
        disk(json!({"size": 1, "bus": "Scsi", "label": "a"})),
        disk(json!({"size": 1, "bus": "Ide", "label": "a"})),
        disk(json!({"size": 1, "bus": "Nvme", "label": "a"})),
        ("force", json!(true)),
        ("depth", json!(1)),
        ("what", json!({"text": "x", "kind": "Two"})),
        ("limit", json!(3)),
    ]
}

/// Requests of an operation: with the parameters that some release requires, without one of them,
/// and with one more.
fn requests(operation: &zstack_model::Operation) -> Vec<Map<String, Value>> {
    let has = |name: &str| {
        operation.parameters.iter().any(|parameter| parameter.field.name == name)
            || operation.query && name == "limit"
    };
    let base = [("zone", "z"), ("uuid", "u"), ("name", "web"), ("old", "x"), ("place", "there")];
    let base: Map<_, _> = base
        .into_iter()
        .filter(|(name, _)| has(name))
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let mut requests = vec![base.clone()];
    for name in ["name", "old", "place"] {
        let mut without = base.clone();
        requests.extend(without.remove(name).map(|_| without));
    }
    for (name, value) in values().into_iter().filter(|(name, _)| has(name)) {
        let mut with = base.clone();
        with.insert(name.to_owned(), value);
        requests.push(with);
    }
    requests
}

/// Sends the requests of clients of every release to both servers of every release. Returns the
/// number of calls that arrived, and of those that did not.
async fn compare(options: Options) -> (usize, usize) {
    let model = model();
    let cases = cases(&model, &options);
    let (mut arrived, mut refused) = (0, 0);
    for client in &cases {
        for operation in &client.slice.operations {
            for request in requests(operation) {
                let sent = SentRequest::of(&client.slice, &operation.name, &example(&request));
                for Case { release, emulating, sliced, .. } in &cases {
                    let (is, should) = (emulating.send(&sent).await, sliced.send(&sent).await);
                    let context = format!("a client of {} calls {release}: {sent}", client.release);
                    // The job of an answer has another UUID on each server.
                    match should.status {
                        202 => assert_eq!((is.status, is.received), (202, should.received), "{context}"),
                        _ => assert_eq!(is, should, "{context}"),
                    }
                    *(if matches!(should.status, 200 | 202) { &mut arrived } else { &mut refused }) += 1;
                }
            }
        }
    }
    (arrived, refused)
}

#[tokio::test]
async fn servers_react_like_the_slice_of_their_release() {
    let (arrived, refused) = compare(Options::default()).await;
    assert!(arrived > 200 && refused > 500, "{arrived} {refused}");
}

/// The status shows the execution, and the job reports violations.
#[tokio::test]
async fn servers_start_jobs_like_the_slice_of_their_release() {
    let mut options = Options::default();
    options.force_jobs = true;
    compare(options).await;
}
