//! The legacy channel of every release.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zstack_runtime::server::Options;

use super::{Server, UUID, cases, model};

/// Sends a message; returns the result of its operation, or the text of the refusal.
async fn result(server: &Server, class: &str) -> String {
    let content = json!({
        "zone": "z", "uuid": "u", "name": "web", "old": "x", "place": "there", "mode": "medium",
        "session": {"uuid": UUID},
    });
    let body = json!({class: content}).to_string();
    let reaction = server.send_json("POST", "/zstack/api", &body).await;
    let progress: Value = serde_json::from_str(&reaction.body).unwrap_or_default();
    let received = reaction.received.map(|(name, _)| name);
    // The job has another UUID on each server.
    let text = progress["result"].as_str().or(progress["state"].as_str()).unwrap_or(&reaction.body);
    format!("{} {received:?} {text}", reaction.status)
}

#[tokio::test]
async fn messages_work_like_those_of_the_slice() {
    let model = model();
    let cases = cases(&model, &Options::default());
    let operations = cases.iter().flat_map(|case| &case.slice.operations);
    let classes: BTreeSet<_> =
        operations.filter_map(|operation| operation.message.as_ref()).map(|message| &message.class).collect();
    assert!(classes.len() > 2, "{classes:?}");
    let mut refused = 0;
    for case in &cases {
        for class in &classes {
            let (is, should) = (result(&case.emulating, class).await, result(&case.sliced, class).await);
            assert_eq!(is, should, "{class} in {}", case.release);
            refused += usize::from(should.contains("no operation accepts messages"));
        }
    }
    assert!(refused > 0);
}
