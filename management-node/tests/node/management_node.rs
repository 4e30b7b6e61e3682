//! Tests of the operations that return properties of the node.

use std::sync::Arc;

use serde_json::json;
use zstack_node::app::{App, Settings};
use zstack_node::store::sqlite::SqliteStore;
use zstack_server::Options;

use crate::local::{Local, StoppedClock, assert_empty, code};

const ACTIONS: &str = "/zstack/v1/management-nodes/actions";

#[tokio::test]
async fn the_current_time_comes_from_the_clock() {
    let local = Local::sample().await;
    local.clock.advance(1);
    let (status, answer) = local.send("PUT", ACTIONS, r#"{"getCurrentTime":{}}"#).await;
    let time = json!({"MillionSeconds": 1_798_804_801_000_i64, "Seconds": 1_798_804_801});
    assert_eq!((status, answer), (200, json!({"currentTime": time, "success": true})));
}

#[tokio::test]
async fn the_version_is_the_emulated_release() {
    for (emulated, expected) in [(None, "5.2.1"), (Some("3.1.0"), "3.1.0"), (Some("9.0"), "5.2.1")] {
        let mut settings = Settings::default();
        if let Some(emulated) = emulated {
            settings.options = Options::default().version(emulated.parse().unwrap());
        }
        let clock = StoppedClock::new();
        let app =
            App::over(SqliteStore::temporary().unwrap(), settings, Arc::clone(&clock) as _).await.unwrap();
        let local = Local { app, clock, session: String::new() };
        let answer = local.send("PUT", ACTIONS, r#"{"getVersion":{}}"#).await;
        assert_eq!(answer, (200, json!({"version": expected, "success": true})));
    }
}

#[tokio::test]
async fn the_node_is_ready_and_lists_only_itself() {
    let local = Local::sample().await;
    let ready = "/zstack/v1/management-nodes/ready";
    assert_empty(&local.send("GET", ready, "").await);
    let other = local.send("GET", &format!("{ready}?managementNodeId={}", "0".repeat(32)), "").await;
    assert_eq!(code(&other), "SYS.1003");
    assert!(other.1["error"]["details"].as_str().unwrap().contains("[managementNodeId]"), "{}", other.1);
}
