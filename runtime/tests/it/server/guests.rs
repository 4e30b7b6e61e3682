//! Jobs of callers without a valid session, and the limit of stored jobs.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, advance};
use zstack_runtime::server::{
    Api, BoxFuture, JobStore, MemoryJobs, Options, Outcome, Sessions, WebhookAllow,
};

use crate::server::service::{JOB, Reply, Server, Service, THING, routes};
use crate::server::webhooks::Recorder;

/// Knows one session.
struct One;

impl Sessions for One {
    fn is_valid<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Outcome<bool>> {
        Box::pin(async move { Ok(uuid == "valid") })
    }
}

const VALID: (&str, &str) = ("authorization", "OAuth valid");
const NONE: (&str, &str) = ("authorization", "OAuth f");

fn server(options: Options) -> Server {
    let service = Arc::new(Service::default());
    let api = Api::builder().mount_all(routes(&service)).options(options).sessions(Arc::new(One));
    let api = api.build().unwrap();
    Server { router: api.clone().into_router(), api, service }
}

async fn attach(server: &Server, tags: &[&str], headers: &[(&str, &str)]) -> Reply {
    server.send(&format!("POST {THING}/iso/i1"), headers, json!({"systemTags": tags}).to_string()).await
}

async fn drain(server: &Server) {
    assert_eq!(server.api.drain(Duration::from_secs(1_000_000)).await, 0);
}

async fn poll(server: &Server, uuid: &str) -> Reply {
    server.send(&format!("GET /zstack/v1/api-jobs/{uuid}"), &[], "").await
}

fn uuid(number: usize) -> String {
    format!("{number:032}")
}

/// Tags that make the operation fail like a handler that finds no session.
const REFUSED: &str = "fail::ID.1001";

#[tokio::test(start_paused = true)]
async fn jobs_of_guests_are_neither_stored_nor_posted() {
    let (store, recorder) = (Arc::new(MemoryJobs::new()), Recorder::default());
    let options = recorder.options().webhook_allow(WebhookAllow::everywhere());
    let server = server(options.job_store(Arc::clone(&store) as Arc<dyn JobStore>));
    let headers = |who, uuid| [who, ("x-web-hook", "http://hook.example/"), ("x-job-uuid", uuid)];
    // Also if the handler would commit its answer with a change.
    let (first, second, other) = (uuid(1), uuid(2), uuid(3));
    assert_eq!(attach(&server, &["sleep::100", REFUSED], &headers(NONE, &first)).await.status, 202);
    assert_eq!(attach(&server, &["thing", "commit"], &headers(NONE, &second)).await.status, 202);
    assert_eq!(poll(&server, &first).await.status, 202);
    drain(&server).await;
    assert_eq!(poll(&server, &first).await.error().0, "ID.1001");
    assert_eq!(poll(&server, &second).await.json()["inventory"]["uuid"], "t");
    assert_eq!(*server.service.commits.lock().unwrap(), [None]);
    assert_eq!((store.count().await.unwrap(), recorder.count()), (0, 0));
    // Its UUID is in use, like that of any job.
    for who in [NONE, VALID] {
        assert!(attach(&server, &[], &headers(who, &first)).await.rejection_text(400).contains(&first));
    }
    // Jobs of callers with a session are stored and posted.
    assert_eq!(attach(&server, &["thing"], &headers(VALID, &other)).await.status, 202);
    drain(&server).await;
    assert_eq!((store.count().await.unwrap(), recorder.count()), (1, 1));
    assert!(attach(&server, &[], &headers(NONE, &other)).await.rejection_text(400).contains(&other));
    // It can be polled for minutes, not for hours.
    advance(Duration::from_secs(300)).await;
    poll(&server, &first).await.rejection_text(404);
    assert_eq!(poll(&server, &other).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn slow_operations_of_guests_become_such_jobs() {
    let store = Arc::new(MemoryJobs::new());
    let server = server(Options::default().job_store(Arc::clone(&store) as Arc<dyn JobStore>));
    let begun = Instant::now();
    let taken = attach(&server, &["sleep::3000", REFUSED], &[NONE]).await;
    assert_eq!((taken.status.as_u16(), begun.elapsed().as_secs()), (202, 1));
    drain(&server).await;
    assert_eq!(server.poll(&taken).await.error().0, "ID.1001");
    assert_eq!(store.count().await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn guests_get_the_result_at_the_limit() {
    let server = server(Options::default());
    for number in 0..1000 {
        let headers = [NONE, ("x-job-uuid", &uuid(number))];
        assert_eq!(attach(&server, &["sleep::5000", REFUSED], &headers).await.status, 202, "{number}");
    }
    let begun = Instant::now();
    assert_eq!(
        attach(&server, &["sleep::2000", REFUSED], &[NONE, ("x-job-uuid", JOB)]).await.error().0,
        "ID.1001"
    );
    assert_eq!(begun.elapsed().as_secs(), 2);
    assert_eq!(attach(&server, &["sleep::2000", REFUSED], &[NONE]).await.error().0, "ID.1001");
    poll(&server, JOB).await.rejection_text(404);
    // Callers with a session are not affected.
    assert_eq!(attach(&server, &[], &[VALID, ("x-job-uuid", JOB)]).await.status, 202);
    drain(&server).await;
    assert_eq!(poll(&server, &uuid(0)).await.error().0, "ID.1001");
    assert_eq!(poll(&server, JOB).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn limits_stored_jobs() {
    let server = server(Options::default().max_jobs(2));
    let (first, second) = (uuid(1), uuid(2));
    let named = |uuid| [VALID, ("x-job-uuid", uuid)];
    assert_eq!(attach(&server, &[], &named(&first)).await.status, 202);
    let patient = [VALID, ("x-job-uuid", &second), ("x-api-timeout", "1000000")];
    assert_eq!(attach(&server, &["sleep::20000000"], &patient).await.status, 202);
    let begun = || server.service.begun.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(begun(), 2);
    for headers in [&named(JOB)[..], &[VALID, ("prefer", "respond-async")]] {
        let refused = attach(&server, &[], headers).await;
        let (code, details) = refused.error();
        assert_eq!((code.as_str(), refused.header("retry-after")), ("SYS.1010", Some("10")));
        assert!(details.contains("2 stored jobs") && details.contains("nothing was done"), "{details}");
    }
    assert_eq!(begun(), 2);
    // Other callers wait for their answers, however long it takes.
    attach(&server, &["sleep::5000"], &[VALID]).await.received_request();
    server.send(&format!("GET {THING}"), &[VALID], "").await.received_request();
    // Running jobs and results are still there.
    assert_eq!(
        (poll(&server, &first).await.status.as_u16(), poll(&server, &second).await.status.as_u16()),
        (200, 202)
    );
    // Results make room when they expire; running jobs do not.
    advance(Duration::from_secs(10_800)).await;
    assert_eq!(attach(&server, &[], &named(JOB)).await.status, 202);
    assert_eq!(attach(&server, &[], &named(&uuid(3))).await.error().0, "SYS.1010");
    assert_eq!(poll(&server, &second).await.status, 202);
}
