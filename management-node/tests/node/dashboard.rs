//! Tests of `/_dashboard/jobs`.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;
use zstack_runtime::signature::signature;
use zstack_server::{Answer, Credentials, FinishedJob, Job, JobResult, JobStore};

use crate::local::sample::{DB_1, RESCUE};
use crate::local::{Local, code, inventory, read};

async fn request_jobs(local: &Local, method: &str, authorization: Option<&str>) -> (u16, Value) {
    let mut request = Request::builder().method(method).uri("/_dashboard/jobs");
    if let Some(authorization) = authorization {
        request = request.header("Authorization", authorization);
    }
    let response = local.app.answer(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    read(response).await
}

async fn jobs(local: &Local, session: &str) -> Vec<Value> {
    let (status, answer) = request_jobs(local, "GET", Some(&format!("OAuth {session}"))).await;
    assert_eq!(status, 200, "{answer}");
    answer["jobs"].as_array().unwrap().clone()
}

fn uuids(jobs: &[Value]) -> Vec<&str> {
    jobs.iter().map(|job| job["uuid"].as_str().unwrap()).collect()
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds)
}

fn job(number: u64, credentials: Credentials) -> Arc<Job> {
    Arc::new(Job {
        uuid: format!("{number:032}"),
        operation: "StopVmInstance".into(),
        submitted: at(number),
        timeout: Duration::from_secs(1800),
        webhook: None,
        with_schema: false,
        credentials,
    })
}

async fn begin(local: &Local, number: u64, credentials: Credentials) {
    assert!(local.app.store().begin(job(number, credentials), at(0)).await.unwrap());
}

fn session(uuid: &str) -> Credentials {
    Credentials::Session(uuid.to_owned())
}

#[tokio::test]
async fn sessions_are_checked_as_in_the_api() {
    let local = Local::sample().await;
    for wrong in [None, Some("Bearer x"), Some("")] {
        let (status, answer) = request_jobs(&local, "GET", wrong).await;
        assert!(status == 400 && answer.as_str().unwrap().contains("OAuth"), "{wrong:?} {answer}");
    }
    assert_eq!(code(&request_jobs(&local, "GET", Some("OAuth unknown")).await), "ID.1001");
    let mine = format!("OAuth {}", local.session);
    assert_eq!(request_jobs(&local, "GET", Some(&mine)).await, (200, json!({ "jobs": [] })));
    assert_eq!(request_jobs(&local, "POST", Some(&mine)).await.0, 405);
    local.clock.advance(100 * 24 * 3600);
    assert_eq!(code(&request_jobs(&local, "GET", Some(&mine)).await), "ID.1001");
}

#[tokio::test]
async fn access_keys_are_checked_as_in_the_api() {
    const DATE: &str = "Fri, 01 Jan 2027 12:00:00 Etc/UTC";
    let local = Local::sample().await;
    let (admin, alice) = (local.session.clone(), local.log_in("alice", "wonderland").await);
    let key = inventory(local.send("POST", "/zstack/v1/accesskeys", &alice_key()).await);
    let id = key["AccessKeyID"].as_str().unwrap();
    let secret = key["AccessKeySecret"].as_str().unwrap();
    begin(&local, 1, session(&admin)).await;
    begin(&local, 2, session(&alice)).await;
    let request_jobs = async |signed: String, date: Option<&str>| {
        let mut request = Request::get("/_dashboard/jobs?x=y").header("Authorization", signed);
        if let Some(date) = date {
            request = request.header("Date", date);
        }
        let response = local.app.answer(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        read(response).await
    };
    let sign = |path: &str| format!("ZStack {id}:{}", signature(secret, "GET", DATE, path));
    let (status, answer) = request_jobs(sign("/_dashboard/jobs"), Some(DATE)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(uuids(answer["jobs"].as_array().unwrap()), [format!("{:032}", 2)]);
    for (signed, date, expected, text) in [
        (sign("/v1/api-jobs"), Some(DATE), 403, "wrong accessKey signature"),
        (sign("/_dashboard/jobs"), Some("Fri, 01 Jan 2027 12:20:00 GMT"), 403, "requestTimeTooSkewed"),
        (sign("/_dashboard/jobs"), None, 400, "Date"),
        ("ZStack unknown-key:x".to_owned(), Some(DATE), 403, "access key id"),
        ("ZStack x".to_owned(), Some(DATE), 400, "ZStack <AccessKeyID>:<signature>"),
    ] {
        let (status, answer) = request_jobs(signed, date).await;
        assert!(status == expected && answer.as_str().unwrap().contains(text), "{status} {answer}");
    }
}

#[tokio::test]
async fn an_account_sees_its_own_jobs_and_an_administrator_all() {
    let local = Local::sample().await;
    let (admin, alice) = (local.session.clone(), local.log_in("alice", "wonderland").await);
    let key = local.send("POST", "/zstack/v1/accesskeys", &alice_key()).await;
    let key = inventory(key)["AccessKeyID"].as_str().unwrap().to_owned();
    begin(&local, 1, session(&admin)).await;
    begin(&local, 2, session(&alice)).await;
    begin(&local, 3, session("unknown")).await;
    begin(&local, 4, Credentials::AccessKey(key)).await;
    begin(&local, 5, Credentials::None).await;
    let (all, own) = (jobs(&local, &admin).await, jobs(&local, &alice).await);
    let numbered = |numbers: &[u64]| numbers.iter().map(|number| format!("{number:032}")).collect::<Vec<_>>();
    assert_eq!(uuids(&all), numbered(&[5, 4, 3, 2, 1]));
    assert_eq!(uuids(&own), numbered(&[4, 2]));
}

fn alice_key() -> String {
    json!({"params": {"accountUuid": "a0000000000040008000000000000001", "userUuid": "a0000000000040008000000000000001"}})
        .to_string()
}

#[tokio::test]
async fn the_hundred_newest_jobs_are_listed() {
    let local = Local::sample().await;
    let admin = local.session.clone();
    // In another order than that of their times.
    for number in (1..=120).map(|index| index * 7 % 121) {
        begin(&local, number, session(&admin)).await;
    }
    let jobs = jobs(&local, &admin).await;
    let expected: Vec<_> = (21..=120).rev().map(|number| format!("{number:032}")).collect();
    assert_eq!(uuids(&jobs), expected);
}

#[tokio::test]
async fn a_job_is_listed_from_start_to_end() {
    let local = Local::sample().await;
    let admin = local.session.clone();
    begin(&local, 1, session(&admin)).await;
    assert_eq!(
        jobs(&local, &admin).await[0],
        json!({
            "uuid": format!("{:032}", 1),
            "operation": "StopVmInstance",
            "submitted": "2027-01-15T08:00:01Z",
            "state": "Processing",
        })
    );
    let body = Bytes::from_static(br#"{"error":{"code":"VM.1002","cause":{"code":"VM.1010"}}}"#);
    let answer = Answer { status: StatusCode::SERVICE_UNAVAILABLE, body, schema: None };
    let result = JobResult { answer, ended: at(3), expires: at(10_000) };
    let finished = FinishedJob { job: job(1, Credentials::None), result };
    JobStore::finish(local.app.store().as_ref(), finished).await.unwrap();
    let jobs = jobs(&local, &admin).await;
    assert_eq!(
        (&jobs[0]["state"], &jobs[0]["errorCode"], &jobs[0]["ended"]),
        (&json!("Failed"), &json!("VM.1002"), &json!("2027-01-15T08:00:03Z"))
    );
}

#[tokio::test]
async fn jobs_keep_their_account_across_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let mut local = Local::over(SqliteStore::open(&path).unwrap(), true).await;
    local.session = local.log_in("alice", "wonderland").await;
    let headers = [("X-Job-UUID", "0123456789abcdef0123456789abcdef")];
    let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
    // The VM instance is not alice's.
    assert_eq!(local.send_with("POST", &attach, &headers, "").await.0, 202);
    let ended_jobs = async |local: &Local| loop {
        let jobs = jobs(local, &local.session).await;
        if jobs[0]["state"] != "Processing" {
            return jobs;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    let listed = ended_jobs(&local).await;
    let summary = |job: &Value| (job["operation"].clone(), job["state"].clone(), job["errorCode"].clone());
    let expected = (json!("AttachIsoToVmInstance"), json!("Failed"), json!("SYS.1006"));
    assert_eq!((listed.len(), summary(&listed[0])), (1, expected.clone()));
    local.app.store().close().await;

    let mut local = Local::over(SqliteStore::open(&path).unwrap(), true).await;
    local.session = local.log_in("alice", "wonderland").await;
    let listed = jobs(&local, &local.session).await;
    assert_eq!((listed.len(), summary(&listed[0])), (1, expected));
}
