//! Jobs and immediate answers.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, advance};
use zstack_runtime::server::Options;

use crate::server::service::{JOB, Reply, Server, THING, request};

/// Calls AttachThing, which takes this long.
async fn attach(server: &Server, millis: u64, headers: &[(&str, &str)]) -> Reply {
    let body = json!({"systemTags": [format!("sleep::{millis}"), "thing"]}).to_string();
    server.send(&format!("POST {THING}/iso/i1"), headers, body).await
}

async fn drain(server: &Server) {
    assert_eq!(server.api.drain(Duration::from_secs(1_000_000)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn accepts_jobs_with_a_uuid_at_once() {
    let server = Server::new(Options::default());
    let begun = Instant::now();
    let taken = attach(&server, 5000, &[("x-job-uuid", JOB)]).await;
    assert_eq!((taken.status.as_u16(), begun.elapsed()), (202, Duration::ZERO));
    let location = format!("http://mn.example:8080/zstack/v1/api-jobs/{JOB}");
    assert_eq!(taken.json(), json!({"apiTimeout": 1_800_000, "location": location}));
    let running = server.poll(&taken).await;
    assert_eq!((running.status.as_u16(), running.text.as_str()), (202, "{}"));
    drain(&server).await;
    let done = server.poll(&taken).await;
    assert_eq!(done.json()["received"]["jobUuid"], JOB);
    assert!(done.json().get("schema").is_none());
    assert_eq!(server.poll(&taken).await.text, done.text);
    let with_schema = request(&format!("GET {location}"), &[("x-json-schema", "true")], "");
    let with_schema = server.send_as_is(with_schema).await.json();
    assert_eq!(with_schema["schema"]["inventory.nics[0]"], "org.example.Nic");
}

#[tokio::test(start_paused = true)]
async fn a_failed_job_is_503() {
    let server = Server::new(Options::default());
    for (tag, code) in [("fail::VM.1014", "VM.1014"), ("panic", "SYS.1000")] {
        let body = json!({"systemTags": [tag]}).to_string();
        let line = format!("POST {THING}/iso/i1");
        let taken = server.send(&line, &[("x-web-hook", "http://127.0.0.1:9")], body).await;
        assert_eq!(taken.status, 202);
        drain(&server).await;
        assert_eq!(server.poll(&taken).await.error().0, code);
    }
}

#[tokio::test(start_paused = true)]
async fn slow_operations_become_jobs() {
    let server = Server::new(Options::default());
    let begun = Instant::now();
    assert_eq!(attach(&server, 900, &[]).await.received_request()["isoUuid"], "i1");
    assert_eq!(begun.elapsed().as_millis(), 900);
    let begun = Instant::now();
    let taken = attach(&server, 3000, &[]).await;
    assert_eq!((taken.status.as_u16(), begun.elapsed().as_millis()), (202, 1000));
    assert_eq!(server.poll(&taken).await.status, 202);
    drain(&server).await;
    assert_eq!(server.poll(&taken).await.status, 200);
    // A sync operation has no job, however long it takes and whatever is sent.
    let reply =
        server.send(&format!("GET {THING}?systemTags=sleep::20000"), &[("x-job-uuid", JOB)], "").await;
    assert_eq!(reply.status, 200);
    server.send(&format!("GET /zstack/v1/api-jobs/{JOB}"), &[], "").await.rejection_text(404);
}

#[tokio::test(start_paused = true)]
async fn respects_prefer() {
    let server = Server::new(Options::default().longest_wait(Duration::from_secs(10)));
    for (prefer, millis, status, waited, applied) in [
        ("wait=5", 3000, 200, 3000, Some("wait=5")),
        ("wait=2", 3000, 202, 2000, Some("wait=2")),
        ("wait=600", 60_000, 202, 10_000, Some("wait=10")),
        ("wait=0", 1, 202, 0, Some("wait=0")),
        ("respond-async", 1, 202, 0, Some("respond-async")),
        ("respond-async, wait=2", 1500, 200, 1500, Some("wait=2")),
        ("handling=strict", 3000, 202, 1000, None),
    ] {
        let begun = Instant::now();
        let reply = attach(&server, millis, &[("prefer", prefer)]).await;
        assert_eq!(reply.status, status, "{prefer}");
        // The paused clock ticks in milliseconds.
        assert!(begun.elapsed().as_millis().abs_diff(waited) <= 1, "{prefer}: {:?}", begun.elapsed());
        assert_eq!(reply.header("preference-applied"), applied, "{prefer}");
    }
    // A caller that chooses a job UUID does not wait, whatever it prefers.
    let reply = attach(&server, 1, &[("prefer", "wait=5"), ("x-job-uuid", JOB)]).await;
    assert_eq!((reply.status.as_u16(), reply.header("preference-applied")), (202, None));
}

#[tokio::test(start_paused = true)]
async fn force_jobs_answers_every_long_operation_with_a_job() {
    let server =
        Server::new(Options::default().force_jobs(true).location_base("https://api.example/".to_owned()));
    let taken = attach(&server, 0, &[]).await;
    assert_eq!(taken.status, 202);
    let location = taken.json()["location"].as_str().unwrap().to_owned();
    let uuid = location.strip_prefix("https://api.example/zstack/v1/api-jobs/").unwrap();
    assert!(zstack_runtime::constraints::is_uuid(uuid));
}

#[tokio::test(start_paused = true)]
async fn job_uuids_are_unique_until_they_expire() {
    let server = Server::new(Options::default());
    let named = [("x-job-uuid", JOB)];
    assert_eq!(attach(&server, 10, &named).await.status, 202);
    assert!(attach(&server, 10, &named).await.rejection_text(400).contains(JOB), "while it runs");
    drain(&server).await;
    assert!(attach(&server, 10, &named).await.rejection_text(400).contains(JOB), "while it is kept");
    for line in [format!("DELETE {THING}/iso"), "PUT /zstack/v1/accounts/login".to_owned()] {
        server.send(&line, &named, r#"{"logIn":{"name":"a"}}"#).await.rejection_text(400);
    }
    server.send(&format!("GET {THING}"), &named, "").await.received_request();
    assert_eq!(server.service.begun.load(Ordering::SeqCst), 2);
    advance(Duration::from_secs(10_800)).await;
    server.send(&format!("GET /zstack/v1/api-jobs/{JOB}"), &[], "").await.rejection_text(404);
    assert_eq!(attach(&server, 10, &named).await.status, 202);
}

#[tokio::test(start_paused = true)]
async fn any_32_characters_name_a_job() {
    let server = Server::new(Options::default());
    let name = "a/b c?d#e%f\"g{h}i\\j~k-l.m_n:0123";
    assert_eq!(name.len(), 32);
    let taken = attach(&server, 0, &[("x-job-uuid", name)]).await;
    drain(&server).await;
    assert_eq!(server.poll(&taken).await.json()["received"]["jobUuid"], name);
}

#[tokio::test(start_paused = true)]
async fn late_operations_fail_but_continue() {
    let server = Server::new(Options::default());
    let headers = [("x-job-uuid", JOB), ("x-api-timeout", "2")];
    let taken = attach(&server, 5000, &headers).await;
    assert_eq!(taken.json()["apiTimeout"], 2000);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(server.poll(&taken).await.error().0, "SYS.1001");
    assert_eq!((server.api.in_flight(), server.service.done.load(Ordering::SeqCst)), (1, 0));
    drain(&server).await;
    assert_eq!(server.service.done.load(Ordering::SeqCst), 1);
    assert_eq!(server.poll(&taken).await.error().0, "SYS.1001");
    // Zero means no preference.
    assert_eq!(attach(&server, 5000, &[("x-api-timeout", "0")]).await.json()["apiTimeout"], 1_800_000);
    let sync = server.send(&format!("GET {THING}?systemTags=sleep::400000"), &[], "").await;
    assert_eq!(sync.error().0, "SYS.1001");
}

#[tokio::test(start_paused = true)]
async fn limits_running_operations() {
    let server = Server::new(Options::default().in_flight(2));
    let first = attach(&server, 5000, &[("prefer", "respond-async")]).await;
    let second = attach(&server, 6000, &[("prefer", "respond-async")]).await;
    let refused = attach(&server, 1, &[]).await;
    assert_eq!((refused.error().0.as_str(), refused.header("retry-after")), ("SYS.1010", Some("1")));
    server.send(&format!("GET {THING}"), &[], "").await.error();
    assert_eq!(server.poll(&first).await.status, 202);
    assert_eq!(server.api.drain(Duration::from_secs(1)).await, 2);
    drain(&server).await;
    assert_eq!(
        (server.poll(&first).await.status.as_u16(), server.poll(&second).await.status.as_u16()),
        (200, 200)
    );
    attach(&server, 1, &[]).await.received_request();
}

/// Answers that are ready when the settle window closes: nothing is lost, whichever is first. With
/// the real clock and real threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn loses_no_answer_at_the_end_of_the_window() {
    let server = std::sync::Arc::new(Server::new(Options::default().settle(Duration::from_millis(5))));
    let calls = (0..400).map(|index| {
        let server = std::sync::Arc::clone(&server);
        tokio::spawn(async move {
            let reply = attach(&server, 4 + index % 3, &[]).await;
            match reply.status.as_u16() {
                200 => reply,
                _ => {
                    drain(&server).await;
                    server.poll(&reply).await
                }
            }
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().received_request()["isoUuid"], "i1");
    }
    assert_eq!(server.service.done.load(Ordering::SeqCst), 400);
}
