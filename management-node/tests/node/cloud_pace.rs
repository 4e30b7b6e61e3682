//! Tests of operations that take time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use zstack_node::app::{App, Settings};
use zstack_node::pace::Pace;
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;
use zstack_server::Options;

use crate::calls::{delete, get, list, post, put};
use crate::control::{change_clock, control};
use crate::local::sample::{DB_1, KVM_1, OLD_1, RESCUE, TEMPLATE, WEB_1};
use crate::local::{Answer, Local, StoppedClock, assert_empty, code, inventory};

const JOB: &str = "0123456789abcdef0123456789abcdef";

/// The settings of a node at a pace, which waits for operations before it returns a job.
fn settings(pace: &str) -> Settings {
    let mut settings = Settings::default();
    settings.pace = pace.parse().unwrap();
    settings.options = Options::default().settle(Duration::from_secs(600));
    settings
}

/// Creates a node at a pace, with a frozen clock.
async fn node(settings: Settings) -> Local {
    let local = Local::with(settings).await;
    change_clock(&local, json!({"frozen": true})).await;
    local
}

async fn advance(local: &Local, seconds: u32) {
    change_clock(local, json!({"advance": seconds})).await;
}

/// Waits until the only document of a list has a value in a field.
async fn until(local: &Local, path: &str, field: &str, value: &str) {
    while list(local, path).await.first().is_none_or(|found| found[field] != value) {
        tokio::task::yield_now().await;
    }
}

/// The path of a VM instance.
fn at(vm: &str) -> String {
    format!("/vm-instances/{vm}")
}

#[tokio::test]
async fn vm_instances_go_through_intermediate_states() {
    let local = node(settings("realistic")).await;
    let path = at(WEB_1);
    for (action, seconds, through, last) in [
        ("stopVmInstance", 10, "Stopping", "Stopped"),
        ("startVmInstance", 5, "Starting", "Running"),
        ("rebootVmInstance", 12, "Rebooting", "Running"),
        ("pauseVmInstance", 1, "Pausing", "Paused"),
        ("resumeVmInstance", 1, "Resuming", "Running"),
    ] {
        let look = async {
            until(&local, &path, "state", through).await;
            advance(&local, seconds - 1).await;
            assert_eq!(list(&local, &path).await[0]["state"], through, "{action}");
            advance(&local, 1).await;
        };
        let (answer, ()) = tokio::join!(local.act(WEB_1, action, "{}"), look);
        let vm = inventory(answer);
        assert_eq!(vm["state"], last, "{action}");
        // The response is what queries return.
        assert_eq!(list(&local, &path).await, [vm]);
    }
    let look = async {
        until(&local, &path, "state", "Destroying").await;
        advance(&local, 4).await;
    };
    let (answer, ()) = tokio::join!(local.destroy(WEB_1), look);
    assert_empty(&answer);
    assert_eq!(list(&local, &path).await[0]["state"], "Destroyed");
    // What changes nothing takes no time, and neither does an error.
    assert_empty(&local.destroy(WEB_1).await);
    assert_eq!(code(&local.start(WEB_1).await), "VM.1001");
    assert!(local.app.store().documents_of("_RunningOperation").await.unwrap().is_empty());
}

#[tokio::test]
async fn operations_on_one_resource_wait_for_each_other() {
    let local = node(settings("0.5")).await;
    let path = at(WEB_1);
    let start = async {
        until(&local, &path, "state", "Stopping").await;
        local.start(WEB_1).await
    };
    let look = async {
        until(&local, &path, "state", "Stopping").await;
        // Other resources do not wait.
        inventory(
            put(&local, &format!("{}/actions", at(DB_1)), "updateVmInstance", json!({"name": "db"})).await,
        );
        advance(&local, 5).await;
        until(&local, &path, "state", "Starting").await;
        advance(&local, 3).await;
    };
    let (stopped, started, ()) = tokio::join!(local.stop(WEB_1), start, look);
    assert_eq!(inventory(stopped)["state"], "Stopped");
    assert_eq!(inventory(started)["state"], "Running");
}

#[tokio::test]
async fn new_resources_show_that_they_are_not_ready() {
    let local = node(settings("realistic")).await;
    let cluster = list(&local, &format!("/hosts/{KVM_1}")).await.remove(0)["clusterUuid"].take();
    let host = |address: &str| {
        json!({
            "name": "new", "clusterUuid": cluster, "managementIp": address, "username": "root", "password": "x",
        })
    };
    let root = list(&local, &at(DB_1)).await.remove(0)["rootVolumeUuid"].take();
    let root = root.as_str().unwrap();
    let offering = list(&local, "/instance-offerings").await.remove(0)["uuid"].take();
    let network = list(&local, "/l3-networks").await.remove(0)["uuid"].take();
    let vm = json!({
        "name": "new", "instanceOfferingUuid": offering, "imageUuid": TEMPLATE, "l3NetworkUuids": [network],
    });
    let image = json!({
        "name": "new", "url": "http://images/new.qcow2", "format": "qcow2",
        "backupStorageUuids": ["b5000000000040008000000000000001"],
    });
    let sftp = json!({
        "name": "new", "hostname": "10.1.0.2", "username": "root", "password": "secret", "url": "/zstack_bs",
    });
    let zone = "20000000000040008000000000000001";
    let nfs = json!({"name": "new", "url": "10.1.0.3:/nfs", "zoneUuid": zone});
    let data = json!({
        "name": "new", "diskSize": 1 << 30, "primaryStorageUuid": "95000000000040008000000000000001",
    });
    let snapshots = format!("/volumes/{root}/volume-snapshots");
    for (path, params, lists, seconds, field, through, last) in [
        ("/vm-instances", vm.clone(), "/vm-instances", 10, "state", "Starting", "Running"),
        ("/hosts/kvm", host("10.0.0.1"), "/hosts", 60, "status", "Connecting", "Connected"),
        ("/images", image, "/images", 30, "status", "Downloading", "Ready"),
        ("/backup-storage/sftp", sftp, "/backup-storage", 15, "status", "Connecting", "Connected"),
        ("/primary-storage/nfs", nfs, "/primary-storage", 5, "status", "Connecting", "Connected"),
        ("/volumes/data", data, "/volumes", 2, "status", "Creating", "Ready"),
        (&snapshots, json!({"name": "new"}), "/volume-snapshots", 3, "status", "Creating", "Ready"),
    ] {
        let found = format!("{lists}?q=name=new");
        let look = async {
            until(&local, &found, field, through).await;
            advance(&local, seconds - 1).await;
            assert_eq!(list(&local, &found).await[0][field], through, "{path}");
            advance(&local, 1).await;
        };
        let (answer, ()) = tokio::join!(post(&local, path, params), look);
        let created = inventory(answer);
        assert_eq!(created[field], last, "{path}");
        assert_eq!(list(&local, &found).await, [created], "{path}");
    }

    // Several are created at the same time; one that is only recorded takes no time.
    let look = async {
        while list(&local, "/hosts?q=status=Connecting").await.len() < 2 {
            tokio::task::yield_now().await;
        }
        advance(&local, 60).await;
    };
    let (one, two) =
        (post(&local, "/hosts/kvm", host("10.0.0.2")), post(&local, "/hosts/kvm", host("10.0.0.3")));
    let (one, two, ()) = tokio::join!(one, two, look);
    assert_eq!(
        (&inventory(one)["status"], &inventory(two)["status"]),
        (&json!("Connected"), &json!("Connected"))
    );
    let mut recorded = vm;
    recorded["strategy"] = json!("JustCreate");
    assert_eq!(inventory(post(&local, "/vm-instances", recorded).await)["state"], "Created");
    let recorded = json!({"name": "recorded", "diskSize": 1 << 30});
    assert_eq!(inventory(post(&local, "/volumes/data", recorded).await)["status"], "NotInstantiated");
}

#[tokio::test]
async fn deleted_resources_exist_until_the_end() {
    let local = node(settings("realistic")).await;
    // An error takes no time.
    assert_eq!(local.expunge(WEB_1).await.0, 503);
    // The operation is running before the clock advances.
    let job = format!("/zstack/v1{}/actions", at(OLD_1));
    let sent = local.send_with("PUT", &job, &[("X-Job-UUID", JOB)], r#"{"expungeVmInstance":{}}"#).await;
    assert_eq!(sent.0, 202);
    while poll(&local).await.0 == 202 {
        assert!(list(&local, "/vm-instances").await.len() >= 7);
        advance(&local, 1).await;
    }
    assert_eq!(poll(&local).await, (200, json!({})));
    assert!(list(&local, &at(OLD_1)).await.is_empty());
    // Locks are free again.
    assert_eq!(code(&local.expunge(OLD_1).await), "SYS.1003");
}

async fn poll(local: &Local) -> Answer {
    get(local, &format!("/api-jobs/{JOB}")).await
}

async fn poll_to_end(local: &Local) -> Answer {
    loop {
        let answer = poll(local).await;
        if answer.0 != 202 {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn jobs_run_for_the_time() {
    let mut settings = settings("realistic");
    settings.options = settings.options.settle(Duration::ZERO);
    let local = node(settings).await;
    let path = format!("/zstack/v1{}/actions", at(WEB_1));
    let sent = local.send_with("PUT", &path, &[("X-Job-UUID", JOB)], r#"{"stopVmInstance":{}}"#).await;
    assert_eq!(sent.0, 202);
    until(&local, &at(WEB_1), "state", "Stopping").await;
    advance(&local, 9).await;
    assert_eq!(poll(&local).await.0, 202);
    // A snapshot shows the cloud as it is after the operation.
    let (status, exported) = control(&local, "GET", "/_node/inventory", &Value::Null).await;
    let exported = exported.as_str().unwrap();
    assert!(status == 200 && !exported.contains("Stopping") && !exported.contains("_pending"), "{exported}");
    advance(&local, 1).await;
    let (status, answer) = poll_to_end(&local).await;
    assert_eq!((status, &answer["inventory"]["state"]), (200, &json!("Stopped")));

    // Other callers get a job when the operation takes longer than they wait.
    let (status, answer) = local.start(WEB_1).await;
    let location = answer["location"].as_str().unwrap();
    assert_eq!(status, 202, "{answer}");
    let job = location.split_once("/zstack").unwrap().1;
    until(&local, &at(WEB_1), "state", "Starting").await;
    assert_eq!(local.send("GET", &format!("/zstack{job}"), "").await.0, 202);
    // The operation ends when all data is deleted meanwhile.
    assert_eq!(control(&local, "POST", "/_node/reset", &Value::Null).await.0, 200);
}

#[tokio::test]
async fn schedulers_do_not_hold_the_clock() {
    let local = node(settings("realistic")).await;
    let params = json!({"name": "j", "type": "stopVm", "targetResourceUuid": WEB_1});
    let job = inventory(post(&local, "/scheduler/jobs", params).await);
    let params = json!({"name": "t", "schedulerType": "simple", "schedulerInterval": 60, "repeatCount": 1});
    let trigger = inventory(post(&local, "/scheduler/triggers", params).await);
    let [job, trigger] = [job, trigger].map(|found| found["uuid"].as_str().unwrap().to_owned());
    inventory(post(&local, &format!("/scheduler/jobs/{job}/scheduler/triggers/{trigger}"), json!({})).await);
    advance(&local, 60).await;
    until(&local, &at(WEB_1), "state", "Stopping").await;
    advance(&local, 10).await;
    until(&local, &at(WEB_1), "state", "Stopped").await;
    assert_empty(&delete(&local, &format!("/scheduler/jobs/{job}")).await);
}

#[tokio::test]
async fn a_restart_settles_what_was_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let open = async |pace: Pace| {
        let mut settings = Settings::default();
        (settings.sample, settings.pace) = (true, pace);
        let clock = StoppedClock::new();
        let app = App::over(SqliteStore::open(&path).unwrap(), settings, Arc::clone(&clock) as _).await;
        let mut local = Local { app: app.unwrap(), clock, session: String::new() };
        local.session = local.log_in("admin", "password").await;
        local
    };
    let local = open(Pace::REALISTIC).await;
    change_clock(&local, json!({"frozen": true})).await;
    let attached = inventory(local.attach(WEB_1, RESCUE).await);
    let job = format!("/zstack/v1{}/actions", at(WEB_1));
    assert_eq!(local.send_with("PUT", &job, &[("X-Job-UUID", JOB)], r#"{"stopVmInstance":{}}"#).await.0, 202);
    until(&local, &at(WEB_1), "state", "Stopping").await;
    local.app.store().close().await;

    let local = open(Pace::NONE).await;
    let vm = list(&local, &at(WEB_1)).await.remove(0);
    assert_eq!((&vm["state"], &vm["vmCdRoms"]), (&json!("Stopped"), &attached["vmCdRoms"]));
    assert!(local.app.store().documents_of("_RunningOperation").await.unwrap().is_empty());
    assert_eq!(code(&poll(&local).await), "SYS.1000");
    assert_eq!(inventory(local.start(WEB_1).await)["state"], "Running");
}
