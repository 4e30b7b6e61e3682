//! Tests of jobs in the real process: when it is killed, when it stops, and when
//! callers disconnect.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use zstack_node::inventory::SAMPLE;

use crate::local::sample::{DB_1, RESCUE};
use crate::process::{Caller, Server, run};

/// The number of jobs, each on a VM instance of its own.
const JOBS: usize = 200;

/// The number of accepted jobs after which the node is stopped.
const ACCEPTED: usize = 60;

fn vm_uuid(number: usize) -> String {
    format!("d0000000000040008000000000001{number:03}")
}

fn job_uuid(number: usize) -> String {
    format!("{number:032}")
}

/// Returns the request of a job: attach an ISO, detach one, or create a drive.
fn request(number: usize) -> (&'static str, String, String) {
    let vm = vm_uuid(number);
    match number % 3 {
        0 => ("POST", format!("/vm-instances/{vm}/iso/{RESCUE}"), String::new()),
        1 => ("DELETE", format!("/vm-instances/{vm}/iso?isoUuid={RESCUE}"), String::new()),
        _ => {
            let body = format!(r#"{{"params":{{"name":"new","vmInstanceUuid":"{vm}"}}}}"#);
            ("POST", "/vm-instances/cdroms".to_owned(), body)
        }
    }
}

/// Counts the effects of a job.
fn effects(number: usize, vm: &Value) -> usize {
    let drives = vm["vmCdRoms"].as_array().unwrap();
    let with_iso = drives.iter().filter(|drive| drive["isoUuid"] == RESCUE).count();
    match number % 3 {
        0 => with_iso,
        1 => 1 - with_iso,
        _ => drives.iter().filter(|drive| drive["name"] == "new").count(),
    }
}

fn load(folder: &Path) -> std::path::PathBuf {
    let (file, database) = (folder.join("cloud.yaml"), folder.join("store.sqlite"));
    let vm = |number: usize| {
        let iso = if number % 3 == 1 { "Rescue CD" } else { "empty" };
        format!(
            "  - {{name: j-{number}, uuid: {}, image: Rocky Linux 9, primaryStorage: nfs, state: Stopped, cdRoms: [{{iso: {iso}}}]}}\n",
            vm_uuid(number)
        )
    };
    let vms: String = (0..JOBS).map(vm).collect();
    std::fs::write(&file, format!("{SAMPLE}{vms}")).unwrap();
    let output = run(&["load", file.to_str().unwrap(), "--database", database.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    database
}

/// Submits all jobs at once. Returns those that the node accepted before it ended.
async fn submit(caller: &Caller, enough: &Arc<Notify>) -> Vec<usize> {
    let count = Arc::new(AtomicUsize::new(0));
    let mut all = JoinSet::new();
    for number in 0..JOBS {
        let (caller, count, enough) = (caller.clone(), Arc::clone(&count), Arc::clone(enough));
        all.spawn(async move {
            let (method, path, body) = request(number);
            let answer = caller.send_with(method, &path, &[("X-Job-UUID", &job_uuid(number))], &body).await;
            let (status, answer) = answer.ok()?;
            assert_eq!(status, 202, "{answer}");
            if count.fetch_add(1, Ordering::SeqCst) + 1 == ACCEPTED {
                enough.notify_one();
            }
            Some(number)
        });
    }
    all.join_all().await.into_iter().flatten().collect()
}

async fn poll(caller: &Caller, uuid: &str) -> (u16, Value) {
    caller.send("GET", &format!("/api-jobs/{uuid}"), "").await.unwrap()
}

/// Checks that every accepted job has a result that agrees with its effects. Returns
/// the numbers of succeeded and failed jobs.
async fn check(caller: &Caller, accepted: &[usize]) -> (usize, usize) {
    let candidates = format!("/images/iso/{RESCUE}/vm-candidates");
    let (status, answer) = caller.send("GET", &candidates, "").await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let vms = answer["inventories"].as_array().unwrap();
    let (mut done, mut failed) = (0, 0);
    for number in 0..JOBS {
        let vm = vms.iter().find(|vm| vm["uuid"] == vm_uuid(number)).unwrap();
        let (status, answer) = poll(caller, &job_uuid(number)).await;
        let effects = effects(number, vm);
        match status {
            200 => {
                assert_eq!(effects, 1, "job {number} is done: {vm}");
                done += 1;
            }
            503 => {
                assert_eq!(effects, 0, "job {number} has failed: {answer}");
                assert!(answer["error"]["details"].as_str().unwrap().contains("restarted"), "{answer}");
                failed += 1;
            }
            _ => {
                assert_eq!((status, effects), (404, 0), "{answer}");
                assert!(!accepted.contains(&number), "job {number} is lost");
            }
        }
        let (method, path, body) = request(number);
        if status != 404 {
            let reused =
                caller.send_with(method, &path, &[("X-Job-UUID", &job_uuid(number))], &body).await.unwrap();
            assert_eq!(reused.0, 400, "{}", reused.1);
        }
    }
    (done, failed)
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_each_accepted_job_has_a_matching_result() {
    let folder = tempfile::tempdir().unwrap();
    let database = load(folder.path());
    let mut server = Server::on(&database);
    let caller = server.caller().with_session().await;
    let enough = Arc::new(Notify::new());
    let accepted = {
        let (caller, enough) = (caller.clone(), Arc::clone(&enough));
        tokio::spawn(async move { submit(&caller, &enough).await })
    };
    enough.notified().await;
    server.process.kill().unwrap();
    let accepted = accepted.await.unwrap();
    assert!(accepted.len() >= ACCEPTED);

    let server = Server::on(&database);
    let caller = Caller { url: server.url.clone(), ..caller };
    let (done, failed) = check(&caller, &accepted).await;
    assert!(done > 0, "the test is meaningless if no job succeeds");
    assert!(done + failed >= accepted.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_stop_finishes_the_accepted_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let database = load(folder.path());
    let server = Server::on(&database);
    let caller = server.caller().with_session().await;
    let enough = Arc::new(Notify::new());
    let accepted = {
        let (caller, enough) = (caller.clone(), Arc::clone(&enough));
        tokio::spawn(async move { submit(&caller, &enough).await })
    };
    enough.notified().await;
    let (code, _) = tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
    assert_eq!(code, Some(0));
    let accepted = accepted.await.unwrap();

    let server = Server::on(&database);
    let caller = Caller { url: server.url.clone(), ..caller };
    let (done, failed) = check(&caller, &accepted).await;
    assert_eq!(failed, 0);
    assert!(done >= accepted.len());
}

#[tokio::test]
async fn a_job_continues_after_its_caller_disconnects() {
    let server = Server::start(&["--sample"]);
    let caller = server.caller().with_session().await;
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    let request = format!(
        "POST /zstack/v1/vm-instances/{DB_1}/iso/{RESCUE} HTTP/1.1\r\nHost: localhost\r\nAuthorization: OAuth {}\r\n\
         X-Job-UUID: {}\r\nContent-Length: 0\r\n\r\n",
        caller.session,
        job_uuid(1)
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    drop(stream);
    // The job is unknown until the request arrives.
    let mut answer = poll(&caller, &job_uuid(1)).await;
    for _ in 0..1000 {
        if !matches!(answer.0, 202 | 404) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        answer = poll(&caller, &job_uuid(1)).await;
    }
    assert_eq!(answer.0, 200, "{}", answer.1);
    assert_eq!(answer.1["inventory"]["vmCdRoms"][0]["isoUuid"], RESCUE);
}
