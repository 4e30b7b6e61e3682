//! `/_node`: what tests ask of the node itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use zstack_server::RemoteAddress;

use crate::local::sample::{DB_1, RESCUE, WEB_1};
use crate::local::{Answer, Local, code, inventory, read};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

async fn from(
    local: &Local,
    peer: IpAddr,
    headers: &[(&str, &str)],
    method: &str,
    path: &str,
    body: &str,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path).extension(RemoteAddress(peer));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    read(local.app.answer(request.body(Body::from(body.to_owned())).unwrap()).await).await
}

async fn control(local: &Local, method: &str, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    from(local, HERE, &[("Host", "localhost:8080")], method, path, &body).await
}

async fn fault(local: &Local, fault: Value) -> u64 {
    let (status, answer) = control(local, "POST", "/_node/faults", &fault).await;
    assert_eq!(status, 200, "{answer}");
    answer["id"].as_u64().unwrap()
}

#[tokio::test]
async fn a_reset_forgets_everything_and_can_fill_in_the_sample() {
    let mut local = Local::sample().await;
    let job = "/zstack/v1/api-jobs/0123456789abcdef0123456789abcdef";
    let named = [("X-Job-UUID", "0123456789abcdef0123456789abcdef")];
    let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
    assert_eq!(local.send_with("POST", &attach, &named, "").await.0, 202);
    while local.send("GET", job, "").await.0 == 202 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(local.send("GET", job, "").await.0, 200);
    let (status, answer) = control(&local, "POST", "/_node/reset", &json!({"sample": true})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(local.send("GET", job, "").await.0, 404);
    assert!(answer["loaded"].as_u64().unwrap() > 20, "{answer}");
    assert_eq!(code(&local.attach(DB_1, RESCUE).await), "ID.1001");
    local.session = local.log_in("admin", "password").await;
    inventory(local.attach(DB_1, RESCUE).await);

    assert_eq!(control(&local, "POST", "/_node/reset", &Value::Null).await, (200, json!({"loaded": 0})));
    local.session = local.log_in("admin", "password").await;
    assert_eq!(code(&local.attach(DB_1, RESCUE).await), "SYS.1003");

    let yaml = zstack_node::inventory::SAMPLE;
    let (status, answer) = from(&local, HERE, &[], "POST", "/_node/inventory", yaml).await;
    assert_eq!(status, 200, "{answer}");
    inventory(local.attach(DB_1, RESCUE).await);
    let (status, answer) = from(&local, HERE, &[], "POST", "/_node/inventory", "zones: 5").await;
    assert!(status == 400 && answer.as_str().unwrap().contains("inventory:1:"), "{status} {answer}");
}

#[tokio::test]
async fn the_call_that_was_named_fails_and_no_other() {
    let local = Local::sample().await;
    let error = json!({"code": "SYS.1009", "details": "no route"});
    fault(&local, json!({"operation": "AttachIsoToVmInstance", "from": 2, "error": error})).await;
    inventory(local.attach(DB_1, RESCUE).await);
    inventory(local.detach(DB_1, "").await);
    let refused = local.attach(DB_1, RESCUE).await;
    assert_eq!(code(&refused), "SYS.1009");
    assert_eq!(refused.1["error"]["details"], "no route");
    inventory(local.attach(DB_1, RESCUE).await);
    let (_, told) = control(&local, "GET", "/_node", &Value::Null).await;
    assert_eq!(told["calls"]["AttachIsoToVmInstance"], 3);
    assert_eq!(told["calls"]["DetachIsoFromVmInstance"], 1);
    assert_eq!((&told["faults"][0]["seen"], &told["faults"][0]["from"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn a_call_is_held_until_it_is_let_go() {
    let local = Arc::new(Local::sample().await);
    let id = fault(&local, json!({"operation": "AttachIsoToVmInstance", "hold": true, "calls": 2})).await;
    let held: Vec<_> = [DB_1, WEB_1]
        .map(|vm| {
            let local = Arc::clone(&local);
            tokio::spawn(async move { local.attach(vm, RESCUE).await })
        })
        .into();
    let waiting =
        async || control(&local, "GET", "/_node", &Value::Null).await.1["faults"][0]["waiting"].clone();
    while waiting().await != 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(held.iter().all(|it| !it.is_finished()));
    assert_eq!(control(&local, "DELETE", &format!("/_node/faults/{id}"), &Value::Null).await.0, 200);
    for call in held {
        inventory(call.await.unwrap());
    }
    assert_eq!(control(&local, "DELETE", &format!("/_node/faults/{id}"), &Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_long_operation_that_is_held_is_a_job_that_runs() {
    let local = Local::sample().await;
    fault(&local, json!({"operation": "AttachIsoToVmInstance", "hold": true})).await;
    let request = Request::post(format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}"))
        .header("Authorization", format!("OAuth {}", local.session))
        .header("X-Job-UUID", "0123456789abcdef0123456789abcdef");
    let (status, _) = read(local.app.answer(request.body(Body::empty()).unwrap()).await).await;
    assert_eq!(status, 202);
    let poll = || local.send("GET", "/zstack/v1/api-jobs/0123456789abcdef0123456789abcdef", "");
    assert_eq!(poll().await, (202, json!({})));
    control(&local, "DELETE", "/_node/faults", &Value::Null).await;
    let done = loop {
        match poll().await {
            (202, _) => tokio::time::sleep(Duration::from_millis(1)).await,
            done => break done,
        }
    };
    inventory(done);
}

#[tokio::test]
async fn only_this_machine_may_ask() {
    let local = Local::sample().await;
    let elsewhere = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    let mapped = IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped());
    for (peer, headers, expected) in [
        (HERE, &[("Host", "127.0.0.1:8080")][..], 200),
        (IpAddr::V6(Ipv6Addr::LOCALHOST), &[("Host", "[::1]:8080")], 200),
        (mapped, &[], 200),
        (HERE, &[("Host", "localhost:8080"), ("Origin", "http://localhost:8080")], 200),
        (elsewhere, &[], 403),
        (elsewhere, &[("X-Forwarded-For", "127.0.0.1")], 403),
        // A name that somebody made to lead here, and a page from elsewhere.
        (HERE, &[("Host", "evil.example:8080")], 403),
        (HERE, &[("Host", "localhost:8080"), ("Origin", "http://evil.example")], 403),
        (HERE, &[("Host", "localhost:8080"), ("Origin", "null")], 403),
    ] {
        let (status, answer) = from(&local, peer, headers, "GET", "/_node", "").await;
        assert_eq!(status, expected, "{peer} {headers:?} {answer}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_told() {
    let local = Local::sample().await;
    for (method, path, body, status, said) in [
        (
            "POST",
            "/_node/faults",
            json!({"operation": "AttachIso", "hold": true}),
            400,
            "AttachIsoToVmInstance",
        ),
        ("POST", "/_node/faults", json!({"operation": "LogOut"}), 400, "`delay`"),
        ("POST", "/_node/faults", json!({"operation": "LogOut", "hold": true, "from": 0}), 400, "from 1"),
        ("POST", "/_node/faults", json!({"operation": "LogOut", "held": true}), 400, "held"),
        ("POST", "/_node/faults", json!([]), 400, "cannot be read"),
        ("POST", "/_node/reset", json!({"samples": true}), 400, "samples"),
        ("DELETE", "/_node/faults/7", Value::Null, 404, "faults/7"),
        ("GET", "/_node/faults/7", Value::Null, 404, "POST /_node/faults"),
        ("PUT", "/_node", Value::Null, 404, "GET /_node"),
    ] {
        let (found, answer) = control(&local, method, path, &body).await;
        assert!(
            found == status && answer.as_str().unwrap().contains(said),
            "{method} {path} {body}: {answer}"
        );
    }
    // A path that only begins like it is the API's.
    assert_eq!(control(&local, "GET", "/_nodes", &Value::Null).await.0, 404);
}
