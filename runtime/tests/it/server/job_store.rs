//! Job stores: how the server uses them, and handles failing and persistent ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::json;
use tokio::time::Instant;
use zstack_runtime::server::{
    BoxFuture, FinishedJob, Job, JobStore, JobStoreError, MemoryJobs, Options, StoredJob,
};

use crate::server::service::{JOB, Reply, Server, THING};

/// Calls AttachThing with these tags.
async fn attach(server: &Server, tags: &[&str], headers: &[(&str, &str)]) -> Reply {
    server.send(&format!("POST {THING}/iso/i1"), headers, json!({"systemTags": tags}).to_string()).await
}

async fn poll(server: &Server) -> Reply {
    server.send(&format!("GET /zstack/v1/api-jobs/{JOB}"), &[], "").await
}

async fn drain(server: &Server) {
    assert_eq!(server.api.drain(Duration::from_secs(1_000_000)).await, 0);
}

fn commits(server: &Server) -> Vec<Option<FinishedJob>> {
    server.service.commits.lock().unwrap().clone()
}

/// Fails this many times.
struct Failing {
    jobs: MemoryJobs,
    begins: AtomicUsize,
    finishes: AtomicUsize,
}

impl Failing {
    fn new(begins: usize, finishes: usize) -> Arc<Self> {
        Arc::new(Self { jobs: MemoryJobs::new(), begins: begins.into(), finishes: finishes.into() })
    }
}

fn fails(times: &AtomicUsize) -> Result<(), JobStoreError> {
    match times.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
        Ok(_) => Err("the disk is full".into()),
        Err(_) => Ok(()),
    }
}

impl JobStore for Failing {
    fn begin(&self, job: Arc<Job>, now: SystemTime) -> BoxFuture<'_, Result<bool, JobStoreError>> {
        Box::pin(async move {
            fails(&self.begins)?;
            self.jobs.begin(job, now).await
        })
    }

    fn finish(&self, job: FinishedJob) -> BoxFuture<'_, Result<(), JobStoreError>> {
        Box::pin(async move {
            fails(&self.finishes)?;
            self.jobs.finish(job).await
        })
    }

    fn find<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<Option<StoredJob>, JobStoreError>> {
        Box::pin(async move {
            if uuid.starts_with("unreadable") {
                Err("the disk is broken".into())
            } else {
                self.jobs.find(uuid).await
            }
        })
    }

    fn finish_webhook<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<(), JobStoreError>> {
        self.jobs.finish_webhook(uuid)
    }

    fn unfinished_jobs(&self) -> BoxFuture<'_, Result<Vec<StoredJob>, JobStoreError>> {
        self.jobs.unfinished_jobs()
    }

    fn count(&self) -> BoxFuture<'_, Result<usize, JobStoreError>> {
        self.jobs.count()
    }

    fn delete_expired(&self, now: SystemTime) -> BoxFuture<'_, Result<(), JobStoreError>> {
        self.jobs.delete_expired(now)
    }
}

#[tokio::test(start_paused = true)]
async fn does_not_run_jobs_that_cannot_be_stored() {
    let server = Server::new(Options::default().job_store(Failing::new(1, 0)));
    let refused = attach(&server, &[], &[("x-job-uuid", JOB)]).await;
    let (code, details) = refused.error();
    assert_eq!(code, "SYS.1000");
    assert!(details.contains("nothing was done"), "{details}");
    drain(&server).await;
    assert_eq!(server.service.begun.load(Ordering::SeqCst), 0);
    assert_eq!(attach(&server, &[], &[("x-job-uuid", JOB)]).await.status, 202);
}

#[tokio::test(start_paused = true)]
async fn waits_if_a_running_operation_cannot_become_a_job() {
    let server = Server::new(Options::default().job_store(Failing::new(1, 0)));
    let begun = Instant::now();
    attach(&server, &["sleep::5000"], &[]).await.received_request();
    assert_eq!(begun.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn stores_answers_after_failures_of_the_store() {
    let server = Server::new(Options::default().job_store(Failing::new(0, 3)));
    assert_eq!(attach(&server, &["thing"], &[("x-job-uuid", JOB)]).await.status, 202);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!((poll(&server).await.status.as_u16(), server.api.in_flight()), (202, 1));
    drain(&server).await;
    assert_eq!(poll(&server).await.status, 200);
    assert_eq!(server.service.begun.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn unreadable_stores_do_not_fail_jobs() {
    let server = Server::new(Options::default().job_store(Failing::new(0, 0)));
    let uuid = "unreadable0000000000000000000000";
    server.send(&format!("GET /zstack/v1/api-jobs/{uuid}"), &[], "").await.rejection_text(500);
    let named = [("x-job-uuid", uuid)];
    server
        .send("PUT /zstack/v1/accounts/login", &named, r#"{"logIn":{"name":"a"}}"#)
        .await
        .rejection_text(500);
}

#[tokio::test(start_paused = true)]
async fn next_server_resumes_jobs() {
    let store = Arc::new(MemoryJobs::new());
    let options = || Options::default().job_store(Arc::clone(&store) as Arc<dyn JobStore>);
    let first = Server::new(options());
    assert_eq!(attach(&first, &["sleep::100000"], &[("x-job-uuid", JOB)]).await.status, 202);
    let second = Server::new(options());
    assert_eq!(poll(&second).await.status, 202);
    assert_eq!(second.api.resume().await.unwrap(), 1);
    let (code, details) = poll(&second).await.error();
    assert_eq!(code, "SYS.1000");
    assert!(details.contains("restarted") && details.contains("AttachThing"), "{details}");
    assert!(attach(&second, &[], &[("x-job-uuid", JOB)]).await.rejection_text(400).contains(JOB));
    // A second time does nothing, and a late result changes nothing.
    assert_eq!(second.api.resume().await.unwrap(), 0);
    drain(&first).await;
    poll(&second).await.error();
}

#[tokio::test(start_paused = true)]
async fn commits_answers_of_jobs_with_their_changes() {
    let server = Server::new(Options::default());
    // Each attempt calls `finished_job` again.
    let taken = attach(&server, &["thing", "commit", "commit"], &[("x-job-uuid", JOB)]).await;
    assert_eq!(taken.status, 202);
    drain(&server).await;
    let done = poll(&server).await;
    let commits = commits(&server);
    assert_eq!(commits.len(), 2);
    for commit in commits {
        let FinishedJob { job, result } = commit.unwrap();
        assert_eq!((job.uuid.as_str(), &*job.operation), (JOB, "AttachThing"));
        assert_eq!((result.answer.status, &*result.answer.body), (done.status, done.text.as_bytes()));
        let schema: serde_json::Value = serde_json::from_slice(&result.answer.schema.unwrap()).unwrap();
        assert_eq!(schema["inventory"], "org.example.Thing");
        let kept = result.expires.duration_since(job.submitted).unwrap();
        assert_eq!(kept, Duration::from_secs(10_800));
    }
}

#[tokio::test(start_paused = true)]
async fn no_job_appears_after_the_commit() {
    let server = Server::new(Options::default());
    let begun = Instant::now();
    attach(&server, &["commit", "sleep::5000", "commit"], &[]).await.received_request();
    assert_eq!(begun.elapsed().as_secs(), 5);
    assert_eq!(commits(&server), [None, None]);
    // If the commit is at the end, there is a job by then.
    let taken = attach(&server, &["sleep::5000", "commit"], &[]).await;
    assert_eq!(taken.status, 202);
    drain(&server).await;
    assert!(commits(&server)[2].is_some());
    // Sync operations have no jobs.
    server.send(&format!("GET {THING}?systemTags=commit"), &[], "").await.received_request();
    assert!(commits(&server)[3].is_none());
}

#[tokio::test(start_paused = true)]
async fn polls_jobs_by_encoded_uuid() {
    let server = Server::new(Options::default());
    for uuid in [&JOB[..31], "0123456789abcdef0123456789abcdef0"] {
        let refused = attach(&server, &[], &[("x-job-uuid", uuid)]).await;
        assert!(refused.rejection_text(400).contains("X-Job-UUID"));
    }
    let taken = attach(&server, &[], &[("x-job-uuid", JOB)]).await;
    assert!(taken.json()["location"].as_str().unwrap().ends_with(&format!("/zstack/v1/api-jobs/{JOB}")));
    drain(&server).await;
    let path = format!("/zstack/v1/api-jobs/{JOB}");
    for method in ["POST", "PUT", "DELETE"] {
        server.send(&format!("{method} {path}"), &[], "").await.rejection_text(405);
    }
    server.send("GET /zstack/v1/api-jobs/none", &[], "").await.rejection_text(404);
    let without_session = crate::server::service::request(&format!("GET {path}"), &[], "");
    assert_eq!(server.send_as_is(without_session).await.status, 200);
}
