//! Tests of the journal of requests.

use serde_json::{Value, json};
use zstack_node::app::Settings;
use zstack_node::inventory::password_hash;

use crate::control::{HEADERS, HERE, add_fault, control, send_from};
use crate::local::sample::{DB_1, RESCUE, WEB_1};
use crate::local::{Answer, Local};

/// Sends a request to the API as a client does.
pub(crate) async fn call(
    local: &Local,
    method: &str,
    path: &str,
    more: &[(&str, &str)],
    body: &str,
) -> Answer {
    let session = format!("OAuth {}", local.session);
    let headers = [&[("Host", "localhost:8080"), ("Authorization", session.as_str())], more].concat();
    send_from(local, HERE, &headers, method, &format!("/zstack/v1{path}"), body).await
}

async fn count(local: &Local, filter: &str) -> u64 {
    let path = format!("/_node/requests/count?{filter}");
    let (status, answer) = control(local, "GET", &path, &Value::Null).await;
    assert_eq!(status, 200, "{answer}");
    answer["count"].as_u64().unwrap()
}

async fn entries(local: &Local, filter: &str) -> Vec<Value> {
    let (status, answer) = control(local, "GET", &format!("/_node/requests?{filter}"), &Value::Null).await;
    assert_eq!(status, 200, "{answer}");
    answer["requests"].as_array().unwrap().clone()
}

/// Sends requests of all kinds.
async fn send_requests(local: &mut Local) {
    let log_in = json!({"logInByAccount": {"accountName": "alice", "password": password_hash("wonderland")}});
    let (status, answer) = call(local, "PUT", "/accounts/login", &[], &log_in.to_string()).await;
    assert_eq!(status, 200, "{answer}");
    let alice = answer["inventory"]["uuid"].as_str().unwrap().to_owned();
    local.clock.advance(60);
    let zone = json!({"params": {"name": "edge", "systemTags": ["consolePassword::swordfish"]}}).to_string();
    assert_eq!(call(local, "POST", "/zones", &[("X-Suite", "a")], &zone).await.0, 200);
    assert_eq!(call(local, "GET", &format!("/vm-instances/{WEB_1}?sessionId={alice}"), &[], "").await.0, 200);
    assert_eq!(
        call(local, "GET", &format!("/vm-instances?q=uuid={DB_1}"), &[("X-Suite", "b")], "").await.0,
        200
    );
    let admin = std::mem::replace(&mut local.session, alice);
    assert_eq!(call(local, "GET", "/zones", &[], "").await.0, 200);
    local.clock.advance(60);
    let attach = format!("/vm-instances/{DB_1}/iso/{RESCUE}");
    assert_eq!(call(local, "POST", &attach, &[], "").await.0, 503);
    local.session = admin;
    assert_eq!(call(local, "GET", "/nothing", &[], "").await.0, 404);
    assert_eq!(call(local, "POST", "/zones", &[], "password: hunter2").await.0, 400);
}

#[tokio::test]
async fn requests_can_be_filtered_and_counted() {
    let mut local = Local::sample().await;
    send_requests(&mut local).await;
    for (filter, expected) in [
        ("", 8),
        ("operation=QueryVmInstance", 2),
        ("operation=QueryVmInstance&operation=CreateZone", 3),
        ("status=200", 5),
        ("status=4xx", 2),
        ("status=503&status=404", 2),
        ("method=post&operation=AttachIsoToVmInstance", 1),
        ("account=alice", 2),
        ("account=admin&operation=CreateZone", 1),
        (&*format!("resource={DB_1}"), 2),
        ("resource=db-1", 2),
        ("resource=web-1&operation=QueryVmInstance", 1),
        ("resource=edge", 1),
        ("header=X-Suite", 2),
        ("header=x-suite:%20b", 1),
        ("since=2027-01-01T12:01:00Z", 7),
        ("since=2027-01-01T12:01:00Z&until=2027-01-01T12:02:00Z", 4),
        ("after=6", 2),
        ("limit=3", 3),
        ("path=/zstack/v1/nothing", 1),
    ] {
        assert_eq!(count(&local, filter).await, expected, "{filter}");
        assert_eq!(entries(&local, filter).await.len() as u64, expected, "{filter}");
    }
    // The resource that a request created.
    let created =
        entries(&local, "operation=CreateZone").await[0]["responseBody"]["inventory"]["uuid"].clone();
    assert_eq!(count(&local, &format!("resource={}", created.as_str().unwrap())).await, 1);
    let newest = entries(&local, "limit=1").await;
    assert_eq!(newest[0]["id"], 8);
    let query = "operatio=x&status=abc&since=now&limit=-1&header=%20&verbose=1";
    let (status, answer) = control(&local, "GET", &format!("/_node/requests?{query}"), &Value::Null).await;
    assert_eq!((status, answer["errors"].as_array().unwrap().len()), (400, 6), "{answer}");
    assert!(answer["errors"][0].as_str().unwrap().contains("did you mean `operation`?"), "{answer}");

    let deleted = control(&local, "DELETE", "/_node/requests", &Value::Null).await;
    assert_eq!(deleted, (200, json!({"deleted": 8})));
    assert_eq!(count(&local, "").await, 0);
}

#[tokio::test]
async fn entries_have_bodies_without_secrets() {
    let mut local = Local::sample().await;
    let admin = local.session.clone();
    send_requests(&mut local).await;
    add_fault(&local, json!({"operation": "QueryZone", "error": {"code": "SYS.1000"}})).await;
    call(&local, "GET", "/zones", &[], "").await;
    let all = entries(&local, "").await;
    let created = &all[1];
    assert_eq!(created["requestBody"]["params"]["name"], "edge");
    assert_eq!(created["requestBody"]["params"]["systemTags"], json!(["consolePassword::***"]));
    assert_eq!(created["responseBody"]["inventory"]["name"], "edge");
    assert_eq!(created["requestHeaders"]["authorization"], "OAuth ***");
    assert_eq!(created["requestHeaders"]["x-suite"], "a");
    assert_eq!(created["time"], "2027-01-01T12:01:00Z");
    assert_eq!(all[2]["query"], "sessionId=***");
    assert_eq!(all[7]["requestBody"], "17 bytes that are not JSON");
    assert_eq!(all[8]["faults"], json!([1]));
    let text = Value::from(all).to_string();
    let archive = control(&local, "GET", "/_node/requests.har", &Value::Null).await.1.to_string();
    for text in [text, archive] {
        for secret in [&*admin, &password_hash("wonderland"), "swordfish", "hunter2"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn the_archive_has_the_fields_of_har_1_2() {
    let mut local = Local::sample().await;
    send_requests(&mut local).await;
    let (_, archive) = control(&local, "GET", "/_node/requests.har", &Value::Null).await;
    // The same for a client that asks for this media type.
    let headers = [HEADERS, &[("Accept", "application/har+json")]].concat();
    let accepted = send_from(&local, HERE, &headers, "GET", "/_node/requests?status=404", "").await;
    assert_eq!(accepted.1["log"]["entries"].as_array().unwrap().len(), 1);

    assert_eq!(archive["log"]["version"], "1.2");
    assert!(
        archive["log"]["creator"]["name"].is_string() && archive["log"]["creator"]["version"].is_string()
    );
    let entries = archive["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 8);
    for entry in entries {
        let at = |pointer: &str| entry.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {entry}"));
        for text in [
            "/startedDateTime",
            "/request/method",
            "/request/url",
            "/request/httpVersion",
            "/response/statusText",
            "/response/httpVersion",
            "/response/redirectURL",
            "/response/content/mimeType",
        ] {
            assert!(at(text).is_string(), "{text}: {entry}");
        }
        for number in [
            "/time",
            "/request/headersSize",
            "/request/bodySize",
            "/response/status",
            "/response/headersSize",
            "/response/bodySize",
            "/response/content/size",
            "/timings/send",
            "/timings/wait",
            "/timings/receive",
        ] {
            assert!(at(number).is_number(), "{number}: {entry}");
        }
        for list in ["/request/cookies", "/response/cookies"] {
            assert!(at(list).as_array().unwrap().is_empty(), "{list}");
        }
        for pairs in ["/request/headers", "/request/queryString", "/response/headers"] {
            let is_pair = |pair: &Value| pair["name"].is_string() && pair["value"].is_string();
            assert!(at(pairs).as_array().unwrap().iter().all(is_pair), "{pairs}: {entry}");
        }
        assert!(at("/cache").is_object());
        let url = at("/request/url").as_str().unwrap();
        assert!(url.starts_with("http://localhost:8080/zstack/v1/"), "{url}");
        if let Some(data) = entry.pointer("/request/postData") {
            assert!(data["mimeType"].is_string() && data["text"].is_string(), "{data}");
        }
        // Other fields have an underscore.
        let known = ["startedDateTime", "time", "request", "response", "cache", "timings"];
        assert!(entry.as_object().unwrap().keys().all(|key| known.contains(&&**key) || key.starts_with('_')));
    }
    assert_eq!(entries[0]["_operation"], "LogInByAccount");
}

#[tokio::test]
async fn the_journal_is_bounded() {
    let mut settings = Settings::default();
    settings.journal.entries = 3;
    let local = Local::with(settings).await;
    for _ in 0..5 {
        call(&local, "GET", "/zones", &[], "").await;
    }
    let ids: Vec<_> = entries(&local, "").await.iter().map(|entry| entry["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [3, 4, 5]);

    let mut settings = Settings::default();
    settings.journal.bytes = 8 * 1024;
    let local = Local::with(settings).await;
    for _ in 0..50 {
        call(&local, "GET", "/zones", &[], "").await;
    }
    assert!((1..=8).contains(&count(&local, "").await));

    let mut settings = Settings::default();
    settings.journal.entries = 0;
    let local = Local::with(settings).await;
    call(&local, "GET", "/zones", &[], "").await;
    assert_eq!(count(&local, "").await, 0);
}

#[tokio::test]
async fn messages_of_the_legacy_channel_are_recorded() {
    let local = Local::sample().await;
    let message = json!({"org.zstack.header.vm.APIQueryVmInstanceMsg":
        {"conditions": [{"name": "uuid", "op": "=", "value": WEB_1}], "session": {"uuid": local.session}}});
    let headers = [("Host", "localhost:8080")];
    let (status, answer) =
        send_from(&local, HERE, &headers, "POST", "/zstack/api", &message.to_string()).await;
    assert_eq!(status, 200, "{answer}");
    let entry =
        &entries(&local, &format!("operation=QueryVmInstance&resource={WEB_1}&account=admin")).await[0];
    let body = &entry["requestBody"]["org.zstack.header.vm.APIQueryVmInstanceMsg"];
    assert_eq!(body["session"]["uuid"], "***");
}
