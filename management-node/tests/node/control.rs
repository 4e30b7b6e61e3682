//! Tests of `/_node`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use zstack_node::app::Settings;
use zstack_node::control::{CONTROL_HEADER, ControlAccess};
use zstack_server::RemoteAddress;

use crate::calls::{list, post, uuid};
use crate::local::sample::{DB_1, RESCUE, WEB_1};
use crate::local::{Answer, Local, code, inventory, read};

pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The headers that tests send.
pub(crate) const HEADERS: &[(&str, &str)] = &[("Host", "localhost:8080"), (CONTROL_HEADER, "1")];

pub(crate) async fn send_from(
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

pub(crate) async fn control(local: &Local, method: &str, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send_from(local, HERE, HEADERS, method, path, &body).await
}

pub(crate) async fn add_fault(local: &Local, fault: Value) -> u64 {
    let (status, answer) = control(local, "POST", "/_node/faults", &fault).await;
    assert_eq!(status, 200, "{answer}");
    answer["id"].as_u64().unwrap()
}

#[tokio::test]
async fn a_reset_deletes_everything_and_can_load_the_sample() {
    let mut local = Local::sample().await;
    let job = "/zstack/v1/api-jobs/0123456789abcdef0123456789abcdef";
    let headers = [("X-Job-UUID", "0123456789abcdef0123456789abcdef")];
    let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
    assert_eq!(local.send_with("POST", &attach, &headers, "").await.0, 202);
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
    let (status, answer) = send_from(&local, HERE, HEADERS, "POST", "/_node/inventory", yaml).await;
    assert_eq!(status, 200, "{answer}");
    inventory(local.attach(DB_1, RESCUE).await);
    let (status, answer) =
        send_from(&local, HERE, HEADERS, "POST", "/_node/inventory", "zones: 5\nhosts: 5").await;
    let errors = answer["errors"].as_array().unwrap();
    assert!(status == 400 && errors.len() == 2, "{status} {answer}");
    assert!(errors[0].as_str().unwrap().starts_with("inventory:1:"), "{answer}");
    assert!(errors[1].as_str().unwrap().starts_with("inventory:2:"), "{answer}");
}

#[tokio::test]
async fn a_fault_fails_only_the_selected_call() {
    let local = Local::sample().await;
    let error = json!({"code": "SYS.1009", "details": "no route"});
    add_fault(&local, json!({"operation": "AttachIsoToVmInstance", "from": 2, "error": error})).await;
    inventory(local.attach(DB_1, RESCUE).await);
    inventory(local.detach(DB_1, "").await);
    let refused = local.attach(DB_1, RESCUE).await;
    assert_eq!(code(&refused), "SYS.1009");
    assert_eq!(refused.1["error"]["details"], "no route");
    inventory(local.attach(DB_1, RESCUE).await);
    let (_, report) = control(&local, "GET", "/_node", &Value::Null).await;
    assert_eq!(report["calls"]["AttachIsoToVmInstance"], 3);
    assert_eq!(report["calls"]["DetachIsoFromVmInstance"], 1);
    assert_eq!((&report["faults"][0]["seen"], &report["faults"][0]["from"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn a_held_call_waits_until_the_fault_is_deleted() {
    let local = Arc::new(Local::sample().await);
    let id = add_fault(&local, json!({"operation": "AttachIsoToVmInstance", "hold": true, "calls": 2})).await;
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
    assert!(held.iter().all(|call| !call.is_finished()));
    assert_eq!(control(&local, "DELETE", &format!("/_node/faults/{id}"), &Value::Null).await.0, 200);
    for call in held {
        inventory(call.await.unwrap());
    }
    assert_eq!(control(&local, "DELETE", &format!("/_node/faults/{id}"), &Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_held_long_operation_is_a_running_job() {
    let local = Local::sample().await;
    add_fault(&local, json!({"operation": "AttachIsoToVmInstance", "hold": true})).await;
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

const REMOTE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const LOCALHOST: (&str, &str) = ("Host", "localhost:8080");
const CONTROL: (&str, &str) = (CONTROL_HEADER, "1");

/// Returns the only error of a refusal.
fn refusal(answer: &Value) -> &str {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert!(errors.len() == 1 && answer.as_object().unwrap().len() == 1, "{answer}");
    errors[0].as_str().unwrap()
}

#[tokio::test]
async fn only_local_callers_are_allowed_by_default() {
    let local = Local::sample().await;
    let mapped = IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped());
    for (peer, headers, expected) in [
        (HERE, &[("Host", "127.0.0.1:8080")][..], 200),
        (IpAddr::V6(Ipv6Addr::LOCALHOST), &[("Host", "[::1]:8080")], 200),
        (mapped, &[("Host", "[::ffff:127.0.0.1]:8080")], 200),
        (HERE, &[LOCALHOST, ("Origin", "http://localhost:8080")], 200),
        (HERE, &[LOCALHOST, ("X-Forwarded-For", "127.0.0.1")], 200),
        (REMOTE, &[LOCALHOST], 403),
        (REMOTE, &[LOCALHOST, ("X-Forwarded-For", "127.0.0.1")], 403),
        (HERE, &[LOCALHOST, ("X-Forwarded-For", "192.0.2.1")], 403),
        (HERE, &[LOCALHOST, ("X-Real-IP", "192.0.2.1")], 403),
        (HERE, &[], 403),
        // A host name that an attacker points to this machine, and foreign pages.
        (HERE, &[("Host", "evil.example:8080")], 403),
        (HERE, &[("Host", "192.0.2.1")], 403),
        (HERE, &[LOCALHOST, ("Origin", "http://evil.example")], 403),
        (HERE, &[LOCALHOST, ("Origin", "null")], 403),
        (HERE, &[LOCALHOST, ("Sec-Fetch-Site", "cross-site")], 403),
    ] {
        // Reading needs no further header, and changing needs one.
        let (status, answer) = send_from(&local, peer, headers, "GET", "/_node", "").await;
        assert_eq!(status, expected, "{peer} {headers:?} {answer}");
        let all = [headers, &[CONTROL]].concat();
        let (status, answer) = send_from(&local, peer, &all, "DELETE", "/_node/faults", "").await;
        assert_eq!(status, expected, "{peer} {all:?} {answer}");
        if expected == 403 {
            refusal(&answer);
        }
    }
}

/// Reading an inventory must not block the only other thread of this test.
#[tokio::test]
async fn reading_an_inventory_does_not_block_other_requests() {
    let local = Arc::new(Local::sample().await);
    let keys: String = (0..10_000).map(|number| format!("key-{number}: x\n")).collect();
    let loading = {
        let local = Arc::clone(&local);
        tokio::spawn(async move { send_from(&local, HERE, HEADERS, "POST", "/_node/inventory", &keys).await })
    };
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(local.candidates(RESCUE).await.0, 200);
    assert!(!loading.is_finished());
    let (status, answer) = loading.await.unwrap();
    assert_eq!((status, answer["errors"].as_array().unwrap().len()), (400, 101), "{answer}");
}

#[tokio::test]
async fn control_requests_are_limited_in_size() {
    let local = Local::sample().await;
    for (path, size) in [("inventory", 4 << 20), ("faults", 64 << 10), ("reset", 64 << 10)] {
        let body = " ".repeat(size + 1);
        let (status, answer) =
            send_from(&local, HERE, HEADERS, "POST", &format!("/_node/{path}"), &body).await;
        assert!(status == 413 && answer.to_string().contains(&size.to_string()), "{path}: {answer}");
    }
    for _ in 0..1000 {
        add_fault(&local, json!({"operation": "LogOut", "delay": 1})).await;
    }
    let one_more = json!({"operation": "LogOut", "delay": 1});
    let (status, answer) = control(&local, "POST", "/_node/faults", &one_more).await;
    assert!(status == 400 && answer.to_string().contains("at most 1000 faults"), "{answer}");
    assert_eq!(control(&local, "DELETE", "/_node/faults", &Value::Null).await.0, 200);
    add_fault(&local, one_more).await;
}

#[tokio::test]
async fn changes_require_the_control_header() {
    for access in [ControlAccess::Loopback, ControlAccess::All] {
        let mut settings = Settings::default();
        settings.control = access;
        let local = Local::with(settings).await;
        for (method, path, body) in [
            ("POST", "/_node/reset", "{}"),
            ("POST", "/_node/inventory", ""),
            ("POST", "/_node/faults", r#"{"operation": "LogOut", "hold": true}"#),
            ("DELETE", "/_node/faults", ""),
            ("DELETE", "/_node/faults/1", ""),
            ("PUT", "/_node", ""),
            ("POST", "/_node/nothing", ""),
        ] {
            for headers in
                [&[LOCALHOST][..], &[LOCALHOST, (CONTROL_HEADER, "0")], &[LOCALHOST, (CONTROL_HEADER, "")]]
            {
                let (status, answer) = send_from(&local, HERE, headers, method, path, body).await;
                assert_eq!(status, 403, "{access:?} {method} {path} {headers:?} {answer}");
                assert!(refusal(&answer).contains("`X-ZStack-Node-Control: 1`"), "{answer}");
            }
        }
        assert_eq!(send_from(&local, HERE, &[LOCALHOST], "GET", "/_node", "").await.0, 200);
        // A host name has to be allowed, also if all callers are accepted.
        let (status, answer) =
            send_from(&local, HERE, &[("Host", "ci"), CONTROL], "POST", "/_node/reset", "{}").await;
        assert!(status == 403 && refusal(&answer).contains("--allowed-host"), "{answer}");
        inventory(local.attach(DB_1, RESCUE).await);
    }
}

#[tokio::test]
async fn the_control_option_selects_the_allowed_callers() {
    for (access, allowed, peer, host, expected) in [
        (ControlAccess::Off, None, HERE, "localhost", 403),
        (ControlAccess::Loopback, Some("ci"), HERE, "ci:8080", 200),
        (ControlAccess::Loopback, Some("ci"), REMOTE, "ci:8080", 403),
        (ControlAccess::All, Some("ci"), REMOTE, "ci:8080", 200),
        (ControlAccess::All, Some("192.0.2.9"), REMOTE, "192.0.2.9:8080", 200),
        (ControlAccess::All, None, REMOTE, "localhost", 200),
        (ControlAccess::All, None, REMOTE, "ci:8080", 403),
    ] {
        let mut settings = Settings::default();
        settings.control = access;
        settings.allowed_hosts = allowed.map(|host| host.parse().unwrap()).into_iter().collect();
        let local = Local::with(settings).await;
        let headers = [("Host", host), CONTROL, ("X-Forwarded-For", "127.0.0.1")];
        let (status, answer) = send_from(&local, peer, &headers, "POST", "/_node/reset", "").await;
        assert_eq!(status, expected, "{access:?} {allowed:?} {peer} {host}: {answer}");
    }
}

#[tokio::test]
async fn invalid_requests_are_explained() {
    let local = Local::sample().await;
    let faults = "/_node/faults";
    for (method, path, body, status, expected) in [
        (
            "POST",
            faults,
            json!({"operation": "AttachIso", "hold": true}),
            400,
            "; got `AttachIso`; did you mean `AttachIsoToVmInstance`?",
        ),
        ("POST", faults, json!({"operation": "LogOut"}), 400, "`delay`"),
        (
            "POST",
            faults,
            json!({"operation": "LogOut", "hold": true, "from": 0}),
            400,
            "`from` must be an integer, and at least 1; got `0`",
        ),
        (
            "POST",
            faults,
            json!({"operation": "LogOut", "hold": true, "calls": 0}),
            400,
            "`calls` must be at least",
        ),
        ("POST", faults, json!({"operation": "LogOut", "held": true}), 400, "held"),
        ("POST", faults, json!([]), 400, "the body is invalid"),
        ("POST", "/_node/reset", json!({"samples": true}), 400, "samples"),
        ("DELETE", "/_node/faults/7", Value::Null, 404, "/_node/faults/7 does not exist"),
        ("DELETE", "/_node/faults/x", Value::Null, 404, "/_node/faults/x does not exist"),
        ("GET", "/_node/faults/7", Value::Null, 404, "/_node/faults/7 does not exist"),
        ("PUT", "/_node/faults/7", Value::Null, 405, "allowed methods: GET, DELETE;"),
        ("GET", "/_node/reset", Value::Null, 405, "allowed methods: POST;"),
        ("PUT", "/_node", Value::Null, 405, "allowed methods: GET;"),
        ("PUT", faults, Value::Null, 405, "allowed methods: GET, POST, DELETE;"),
        ("GET", "/_node/nothing", Value::Null, 404, "POST /_node/faults"),
    ] {
        let (found, answer) = control(&local, method, path, &body).await;
        let text = refusal(&answer);
        assert!(found == status && text.contains(expected), "{method} {path} {body}: {found} {text}");
    }
    // No operation has a similar name.
    for operation in ["x", "Fly", &"AttachIsoToVmInstance".repeat(1_000)] {
        let (status, answer) =
            control(&local, "POST", faults, &json!({"operation": operation, "hold": true})).await;
        let text = refusal(&answer);
        assert!(status == 400 && !text.contains("did you mean") && text.len() < 2_000, "{operation}: {text}");
    }
    // Another path with the same beginning belongs to the API.
    assert_eq!(control(&local, "GET", "/_nodes", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn every_answer_is_json() {
    let local = Local::sample().await;
    for (headers, method, path) in [
        (HEADERS, "GET", "/_node"),
        (HEADERS, "POST", "/_node/reset"),
        (HEADERS, "PUT", "/_node"),
        (HEADERS, "GET", "/_node/nothing"),
        (&[LOCALHOST], "POST", "/_node/reset"),
        (&[], "GET", "/_node"),
    ] {
        let mut request = Request::builder().method(method).uri(path).extension(RemoteAddress(HERE));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = local.app.answer(request.body(Body::empty()).unwrap()).await;
        let allow = response.headers().get("allow").map(|header| header.to_str().unwrap());
        assert_eq!(allow, (method == "PUT").then_some("GET"), "{method} {path}");
        assert_eq!(response.headers()["content-type"], "application/json", "{method} {path}");
        assert_eq!(response.headers()["cache-control"], "no-store", "{method} {path}");
        assert!(read(response).await.1.is_object(), "{method} {path}");
    }
}

/// Changes the clock; returns the time that it shows then.
pub(crate) async fn change_clock(local: &Local, change: Value) -> String {
    let (status, answer) = control(local, "POST", "/_node/clock", &change).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(control(local, "GET", "/_node/clock", &Value::Null).await, (200, answer.clone()));
    answer["now"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_clock_can_be_frozen_set_and_advanced() {
    let mut local = Local::sample().await;
    let report = control(&local, "GET", "/_node/clock", &Value::Null).await;
    assert_eq!(report, (200, json!({"now": "2027-01-01T12:00:00Z", "frozen": false})));
    assert_eq!(change_clock(&local, json!({"advance": 60})).await, "2027-01-01T12:01:00Z");
    local.clock.advance(1);
    assert_eq!(change_clock(&local, json!({"frozen": true})).await, "2027-01-01T12:01:01Z");
    local.clock.advance(30);
    assert_eq!(change_clock(&local, json!({})).await, "2027-01-01T12:01:01Z");
    let leap = json!({"now": "2028-02-28T23:59:59Z", "advance": 1});
    assert_eq!(change_clock(&local, leap).await, "2028-02-29T00:00:00Z");

    // The session of the caller has expired, and so does the result of a job.
    assert_eq!(code(&local.attach(DB_1, RESCUE).await), "ID.1001");
    local.session = local.log_in("admin", "password").await;
    let job = "/zstack/v1/api-jobs/0123456789abcdef0123456789abcdef";
    let headers = [("X-Job-UUID", "0123456789abcdef0123456789abcdef")];
    let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
    assert_eq!(local.send_with("POST", &attach, &headers, "").await.0, 202);
    while local.send("GET", job, "").await.0 == 202 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for (seconds, status) in [(10_799, 200), (2, 404)] {
        change_clock(&local, json!({"advance": seconds})).await;
        assert_eq!(local.send("GET", job, "").await.0, status);
    }

    // A trigger starts its job before the response.
    local.session = local.log_in("admin", "password").await;
    let params = json!({"name": "j", "type": "stopVm", "targetResourceUuid": WEB_1});
    let job = uuid(post(&local, "/scheduler/jobs", params).await);
    let params = json!({"name": "t", "schedulerType": "simple", "schedulerInterval": 60, "repeatCount": 2});
    let trigger = uuid(post(&local, "/scheduler/triggers", params).await);
    inventory(post(&local, &format!("/scheduler/jobs/{job}/scheduler/triggers/{trigger}"), json!({})).await);
    change_clock(&local, json!({"advance": 60})).await;
    assert_eq!(list(&local, &format!("/vm-instances/{WEB_1}")).await[0]["state"], "Stopped");

    for wrong in [
        json!({"advance": -1}),
        json!({"now": "yesterday"}),
        json!({"now": "1969-12-31T23:59:59Z"}),
        json!({"now": "9999-12-31T23:59:59Z", "advance": 1}),
        json!({"speed": 2}),
    ] {
        let (status, answer) = control(&local, "POST", "/_node/clock", &wrong).await;
        assert!(status == 400 && answer["errors"][0].is_string(), "{wrong}: {status} {answer}");
    }
    assert_eq!(control(&local, "DELETE", "/_node/clock", &Value::Null).await.0, 405);
    assert_eq!(change_clock(&local, json!({"frozen": false})).await, "2028-02-29T03:01:01Z");
    local.clock.advance(5);
    assert_eq!(change_clock(&local, json!({})).await, "2028-02-29T03:01:06Z");
    assert_eq!(control(&local, "POST", "/_node/reset", &Value::Null).await.0, 200);
    let report = control(&local, "GET", "/_node/clock", &Value::Null).await;
    assert_eq!(report, (200, json!({"now": "2027-01-01T12:00:36Z", "frozen": false})));
}
