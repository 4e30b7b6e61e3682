//! Tests of stored jobs, also across restarts of the node.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zstack_node::app::Settings;
use zstack_node::model::{Changes, Edit, Guard, JobEdit};
use zstack_node::store::sqlite::SqliteStore;
use zstack_node::store::{Store as _, StoreError};
use zstack_server::{
    Answer, Credentials, FinishedJob, Job, JobResult, JobStore, MemoryJobs, Options, StoredJob,
};

use crate::local::sample::{BARE_1, DB_1, RESCUE};
use crate::local::{Local, NOON};
use crate::records;

fn uuid(number: u8) -> String {
    format!("{number:032}")
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds)
}

fn job(number: u8, webhook: Option<&str>) -> Arc<Job> {
    Arc::new(Job {
        uuid: uuid(number),
        operation: "AttachIsoToVmInstance".into(),
        submitted: at(0),
        timeout: Duration::from_secs(1800),
        webhook: webhook.map(str::to_owned),
        with_schema: number == 2,
        credentials: Credentials::None,
    })
}

fn finish_job(job: &Arc<Job>, body: &'static str, expires: SystemTime) -> FinishedJob {
    let schema = Some(Bytes::from_static(br#"{"inventory":"a"}"#));
    let answer = Answer { status: StatusCode::OK, body: Bytes::from_static(body.as_bytes()), schema };
    FinishedJob { job: Arc::clone(job), result: JobResult { answer, ended: at(1), expires } }
}

fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    (folder, path)
}

/// Checks an implementation of `JobStore`.
async fn check_job_store(store: &dyn JobStore) {
    let find = async |number| store.find(&uuid(number)).await.unwrap();
    let (one, two) = (job(1, None), job(2, Some("http://hook/")));
    assert_eq!(find(1).await, None);
    assert!(store.begin(Arc::clone(&one), at(0)).await.unwrap());
    assert!(!store.begin(Arc::clone(&one), at(0)).await.unwrap());
    assert_eq!(find(1).await, Some(StoredJob { job: Arc::clone(&one), result: None }));

    // The first result is kept, also of a job that was not begun.
    for job in [&one, &two] {
        for body in ["{}", r#"{"late":1}"#] {
            let first = finish_job(job, "{}", at(10));
            store.finish(finish_job(job, body, at(10))).await.unwrap();
            let stored = StoredJob { job: first.job, result: Some(first.result) };
            assert_eq!(store.find(&job.uuid).await.unwrap(), Some(stored));
        }
    }
    let left = async || -> Vec<String> {
        let left = store.unfinished_jobs().await.unwrap();
        left.iter().map(|stored| stored.job.uuid.clone()).collect()
    };
    assert_eq!(store.count().await.unwrap(), 2);
    let three = job(3, None);
    assert!(store.begin(Arc::clone(&three), at(1)).await.unwrap());
    let mut both = left().await;
    both.sort();
    assert_eq!(both, [uuid(2), uuid(3)]);
    store.finish_webhook(&uuid(2)).await.unwrap();
    store.finish_webhook(&uuid(9)).await.unwrap();
    assert_eq!(left().await, [uuid(3)]);

    // A UUID is free again at the moment at which its job expires.
    assert!(!store.begin(Arc::clone(&one), at(9)).await.unwrap());
    assert!(store.begin(Arc::clone(&one), at(10)).await.unwrap());
    assert_eq!(find(1).await.unwrap().result, None);
    store.delete_expired(at(9)).await.unwrap();
    assert!(find(2).await.is_some());
    store.delete_expired(at(1_000_000)).await.unwrap();
    assert!(find(2).await.is_none(), "finished, and expired");
    assert!(find(1).await.is_some() && find(3).await.is_some(), "not finished");
    assert_eq!(store.count().await.unwrap(), 2);
}

#[tokio::test]
async fn all_stores_keep_jobs_in_the_same_way() {
    check_job_store(&MemoryJobs::new()).await;
    check_job_store(&SqliteStore::temporary().unwrap()).await;
}

#[tokio::test]
async fn stored_jobs_are_read_when_the_file_is_opened_again() {
    let (_folder, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    let (one, two) = (job(1, Some("http://hook/?a=ä")), job(2, None));
    for job in [&one, &two] {
        assert!(store.begin(Arc::clone(job), at(0)).await.unwrap());
    }
    let done = finish_job(&one, r#"{"inventory":{"name":"ä"}}"#, at(10_800));
    JobStore::finish(&store, done.clone()).await.unwrap();
    store.close().await;
    assert!(store.begin(job(3, None), at(0)).await.is_err(), "it is closed");

    let store = SqliteStore::open(&path).unwrap();
    let done = StoredJob { job: one, result: Some(done.result) };
    assert_eq!(store.find(&uuid(1)).await.unwrap(), Some(done.clone()));
    assert!(!store.begin(job(1, None), at(1)).await.unwrap());
    assert_eq!(store.unfinished_jobs().await.unwrap(), [done, StoredJob { job: two, result: None }]);
}

#[tokio::test]
async fn a_job_and_its_change_are_stored_together() {
    let local = Local::sample().await;
    let store = local.app.store();
    let one = job(1, None);
    assert!(store.begin(Arc::clone(&one), at(0)).await.unwrap());
    let vm = store.documents(&[DB_1.to_owned()]).await.unwrap().remove(0);
    let instance = records::instance(store.as_ref(), DB_1).await;
    let changes = |revision| Changes {
        guards: vec![Guard { revision, ..Guard::changing(&vm) }],
        edits: vec![
            records::put(instance.clone()),
            Edit::Job(JobEdit::Finish(finish_job(&one, "{}", at(10)))),
        ],
    };
    assert_eq!(store.commit(changes(vm.revision + 1)).await, Err(StoreError::Conflict));
    assert_eq!(store.find(&one.uuid).await.unwrap().unwrap().result, None);
    store.commit(changes(vm.revision)).await.unwrap();
    assert!(store.find(&one.uuid).await.unwrap().unwrap().result.is_some());
}

/// A caller without a valid session, on either channel, gets 202 as usual, but
/// nothing is stored.
#[tokio::test]
async fn jobs_without_a_session_are_not_stored() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = format!("http://{}/hook", listener.local_addr().unwrap());
    let mut local = Local::sample().await;
    let admin = local.session.clone();
    local.clock.advance(7200);
    let begun = local.app.store().count().await.unwrap();
    let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
    let missing = format!("/zstack/v1/vm-instances/{RESCUE}/iso/{RESCUE}");
    let calls = [
        ("f", &attach, "ID.1001"),
        ("", &attach, "ID.1001"),
        (&admin, &attach, "ID.1001"),
        ("f", &missing, "SYS.1003"),
    ];
    for (number, (session, path, expected)) in (1..).zip(calls) {
        local.session = session.to_owned();
        let headers = [("X-Job-UUID", uuid(number)), ("X-Web-Hook", hook.clone())];
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, answer) = local.send_with("POST", path, &headers, "").await;
        assert_eq!(status, 202, "{answer}");
        let (status, answer) = poll_to_end(&local, number).await;
        assert_eq!((status, &answer["error"]["code"]), (503, &json!(expected)), "{answer}");
    }
    let message = json!({"org.zstack.header.vm.APIAttachIsoToVmInstanceMsg":
        {"vmInstanceUuid": DB_1, "isoUuid": RESCUE, "session": {"uuid": "f"}}});
    let (status, answer) = local.send("POST", "/zstack/api", &message.to_string()).await;
    assert_eq!(status, 200, "{answer}");
    let result = format!("/zstack/api/result/{}", answer["uuid"].as_str().unwrap());
    let result = loop {
        let (_, answer) = local.send("GET", &result, "").await;
        if let Some(result) = answer["result"].as_str() {
            break result.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    assert!(result.contains("ID.1001"), "{result}");
    assert_eq!(local.app.api().drain(Duration::from_secs(10)).await, 0);
    assert_eq!(local.app.store().count().await.unwrap(), begun);
    assert!(local.app.store().unfinished_jobs().await.unwrap().is_empty());

    // With a session, the job is stored and the webhook sent.
    local.session = local.log_in("admin", "password").await;
    let mine = uuid(9);
    let headers = [("X-Job-UUID", mine.as_str()), ("X-Web-Hook", hook.as_str())];
    assert_eq!(local.send_with("POST", &attach, &headers, "").await.0, 202);
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = [0; 4096];
    let count = stream.read(&mut bytes).await.unwrap();
    assert!(std::str::from_utf8(&bytes[..count]).unwrap().contains(&mine));
    assert_eq!(local.app.store().count().await.unwrap(), begun + 1);
}

#[tokio::test]
async fn the_number_of_jobs_is_limited() {
    let mut settings = Settings::default();
    settings.options = Options::default().max_jobs(1);
    let local = Local::with(settings).await;
    let (attach, detach) = (
        format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}"),
        format!("/zstack/v1/vm-instances/{DB_1}/iso"),
    );
    assert_eq!(local.send_with("POST", &attach, &[("X-Job-UUID", &uuid(1))], "").await.0, 202);
    let end = poll_to_end(&local, 1).await;
    assert_eq!(end.0, 200);
    let refused = local.send_with("DELETE", &detach, &[("X-Job-UUID", &uuid(2))], "").await;
    assert_eq!((refused.0, &refused.1["error"]["code"]), (503, &json!("SYS.1010")), "{}", refused.1);
    assert_eq!(local.detach(DB_1, "").await.0, 200, "its caller waits");
    assert_eq!(poll_to_end(&local, 1).await, end);
}

async fn poll(local: &Local, number: u8) -> (u16, Value) {
    local.send("GET", &format!("/zstack/v1/api-jobs/{}", uuid(number)), "").await
}

async fn poll_to_end(local: &Local, number: u8) -> (u16, Value) {
    loop {
        let answer = poll(local, number).await;
        if answer.0 != 202 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn open(path: &Path) -> Local {
    let mut local = Local::over(SqliteStore::open(path).unwrap(), true).await;
    local.session = local.log_in("admin", "password").await;
    local
}

#[tokio::test]
async fn jobs_survive_a_restart() {
    let (_folder, path) = file();
    let local = open(&path).await;
    let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
    let detach = format!("/zstack/v1/vm-instances/{BARE_1}/iso");
    let dry = r#"{"systemTags":["ephemeral::validationOnly"]}"#;
    // A change, an error, a success without a change, a dry run.
    let calls =
        [("POST", &attach, ""), ("POST", &attach, ""), ("DELETE", &detach, ""), ("POST", &attach, dry)];
    let mut ends = Vec::new();
    for (number, (method, path, body)) in (1..).zip(calls) {
        let uuid = uuid(number);
        let (status, answer) = local.send_with(method, path, &[("X-Job-UUID", &uuid)], body).await;
        assert_eq!(status, 202, "{answer}");
        assert!(answer["location"].as_str().unwrap().ends_with(&uuid), "{answer}");
        ends.push(poll_to_end(&local, number).await);
    }
    assert_eq!(ends[0].1["inventory"]["vmCdRoms"][0]["isoUuid"], RESCUE);
    assert_eq!((ends[0].0, ends[1].0, ends[2].0, ends[3].0), (200, 503, 200, 503));
    local.app.store().close().await;

    let local = open(&path).await;
    for (number, end) in (1..).zip(&ends) {
        assert_eq!(poll(&local, number).await, *end);
        let (status, text) = local.send_with("POST", &attach, &[("X-Job-UUID", &uuid(number))], "").await;
        assert_eq!(status, 400, "{text}");
        assert!(text.as_str().unwrap().contains(&uuid(number)), "{text}");
    }
    let path = format!("/zstack/v1/api-jobs/{}", uuid(1));
    let (_, answer) = local.send_with("GET", &path, &[("X-JSON-Schema", "true")], "").await;
    assert_eq!(answer["schema"]["inventory.vmCdRoms[0]"], "org.zstack.header.vm.cdrom.VmCdRomInventory");
}

#[tokio::test]
async fn immediate_answers_store_no_job() {
    let local = Local::sample().await;
    assert_eq!(local.attach(DB_1, RESCUE).await.0, 200);
    assert_eq!(local.attach(DB_1, RESCUE).await.0, 503);
    assert_eq!(local.detach(DB_1, "").await.0, 200);
    let all = at(1_000_000_000);
    local.app.store().delete_expired(all).await.unwrap();
    assert!(local.app.store().unfinished_jobs().await.unwrap().is_empty());
    let (status, _) = poll(&local, 1).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn interrupted_jobs_fail_and_their_webhooks_are_posted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = format!("http://{}/hook", listener.local_addr().unwrap());
    let (_folder, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    // One job was interrupted, and of the other only the webhook is missing.
    let expires = SystemTime::from(NOON.instant()) + Duration::from_secs(1000);
    let (one, two) = (job(1, Some(&hook)), job(2, Some(&hook)));
    for job in [&one, &two] {
        assert!(store.begin(Arc::clone(job), at(0)).await.unwrap());
    }
    JobStore::finish(&store, finish_job(&two, r#"{"inventory":{}}"#, expires)).await.unwrap();
    store.close().await;

    let local = open(&path).await;
    let (status, answer) = poll(&local, 1).await;
    assert_eq!((status, &answer["error"]["code"]), (503, &json!("SYS.1000")), "{answer}");
    assert!(answer["error"]["details"].as_str().unwrap().contains("restarted"), "{answer}");
    let mut posted = Vec::new();
    for _ in 0..2 {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut text = String::new();
        while !text.ends_with('}') {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).await.unwrap();
            text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        posted.push(text);
    }
    posted.sort_by_key(|text| text.contains(&uuid(2)));
    assert!(posted[0].contains("x-job-success: false") && posted[0].contains("restarted"), "{}", posted[0]);
    let with_schema = r#"{"inventory":{},"schema":{"inventory":"a"}}"#;
    assert!(posted[1].contains("x-job-success: true") && posted[1].ends_with(with_schema), "{}", posted[1]);
    assert_eq!(local.app.api().drain(Duration::from_secs(10)).await, 0);
    assert!(local.app.store().unfinished_jobs().await.unwrap().is_empty());
}
