//! Tests of long jobs and schedulers, whose work runs in the background.

use serde_json::{Value, json};

use crate::calls::{delete, list, post, put, uuid};
use crate::local::{Answer, Local, StoppedClock, assert_empty, code, inventory, sample};

async fn submit(local: &Local, operation: &str, data: Value) -> Answer {
    let params = json!({"jobName": format!("org.zstack.x.API{operation}Msg"), "jobData": data.to_string()});
    post(local, "/longjobs", params).await
}

async fn job(local: &Local, uuid: &str) -> Value {
    list(local, &format!("/longjobs/{uuid}")).await.remove(0)
}

/// Sends an action to a long job.
async fn act(local: &Local, job: &str, action: &str) -> Answer {
    put(local, &format!("/longjobs/{job}/actions"), action, json!({})).await
}

async fn state(local: &Local, vm: &str) -> Value {
    list(local, &format!("/vm-instances/{vm}")).await.remove(0)["state"].take()
}

#[tokio::test]
async fn long_jobs_run_operations_in_the_background() {
    let local = Local::sample().await;
    let submitted = inventory(submit(&local, "StopVmInstance", json!({"uuid": sample::WEB_1})).await);
    assert_eq!((&submitted["state"], &submitted["name"]), (&json!("Waiting"), &submitted["jobName"]));
    let stop = submitted["uuid"].as_str().unwrap();
    let progress = format!("/task-progresses/{}", submitted["apiId"].as_str().unwrap());
    assert_eq!(list(&local, &progress).await[0]["content"], "0");
    assert_eq!(state(&local, sample::WEB_1).await, "Running");
    local.app.run_due_work().await.unwrap();
    assert_eq!(state(&local, sample::WEB_1).await, "Stopped");
    let done = job(&local, stop).await;
    assert_eq!((&done["state"], &done["executeTime"]), (&json!("Succeeded"), &json!(0)));
    let result: Value = serde_json::from_str(done["jobResult"].as_str().unwrap()).unwrap();
    assert_eq!(result["uuid"], sample::WEB_1);
    assert_eq!(list(&local, &progress).await[0]["content"], "100");
    assert!(list(&local, "/task-progresses/unknown").await.is_empty());

    // The parameters are checked at once, and again when it runs.
    let refused = submit(&local, "StopVmInstance", json!({"uuid": "0".repeat(32)})).await;
    assert_eq!(code(&refused), "SYS.1003");
    for (operation, data) in [
        ("Unknown", json!({})),
        ("QueryZone", json!({})),
        ("CancelLongJob", json!({"uuid": stop})),
        ("StopVmInstance", json!([])),
    ] {
        assert_eq!(code(&submit(&local, operation, data).await), "SYS.1007", "{operation}");
    }
    let name = json!({"name": "a", "description": "d"});
    let first = inventory(submit(&local, "CreateZone", name.clone()).await);
    let zone = uuid(post(&local, "/zones", json!({"name": "b"})).await);
    let gone = inventory(submit(&local, "UpdateZone", json!({"uuid": zone, "name": "c"})).await);
    assert_empty(&delete(&local, &format!("/zones/{zone}")).await);
    let canceled = inventory(submit(&local, "CreateZone", name).await);
    let canceled = canceled["uuid"].as_str().unwrap();
    assert_eq!(code(&act(&local, canceled, "cleanLongJob").await), "SYS.1007");
    assert_eq!(code(&act(&local, canceled, "rerunLongJob").await), "SYS.1007");
    assert_eq!(code(&delete(&local, &format!("/longjobs/{canceled}")).await), "SYS.1007");
    assert_empty(&act(&local, canceled, "cancelLongJob").await);
    local.app.run_due_work().await.unwrap();
    assert_eq!(job(&local, first["uuid"].as_str().unwrap()).await["state"], "Succeeded");
    let failed = job(&local, gone["uuid"].as_str().unwrap()).await;
    assert_eq!(failed["state"], "Failed");
    assert!(failed["jobResult"].as_str().unwrap().contains("SYS.1003"), "{failed}");
    assert_eq!(job(&local, canceled).await["state"], "Canceled");
    assert_eq!(list(&local, "/zones?q=name=a").await.len(), 1);

    assert_eq!(code(&act(&local, stop, "cancelLongJob").await), "SYS.1007");
    assert_eq!(code(&act(&local, stop, "resumeLongJob").await), "SYS.1007");
    let again = inventory(act(&local, canceled, "rerunLongJob").await);
    assert_eq!(again["state"], "Waiting");
    local.app.run_due_work().await.unwrap();
    assert_eq!(list(&local, "/zones?q=name=a").await.len(), 2);
    for _ in 0..2 {
        assert_empty(&delete(&local, &format!("/longjobs/{canceled}")).await);
    }
}

#[tokio::test]
async fn long_jobs_have_the_rights_of_their_account() {
    let mut local = Local::sample().await;
    let alice = local.log_in("alice", "wonderland").await;
    let admin = std::mem::replace(&mut local.session, alice);
    assert_eq!(code(&submit(&local, "CreateZone", json!({"name": "z"})).await), "ID.1002");
    let volume = inventory(submit(&local, "CreateDataVolume", json!({"name": "v", "diskSize": 5})).await);
    // It also runs after the end of the session.
    let session = local.session.clone();
    assert_empty(&delete(&local, &format!("/accounts/sessions/{session}")).await);
    local.session = admin;
    local.app.run_due_work().await.unwrap();
    assert_eq!(job(&local, volume["uuid"].as_str().unwrap()).await["state"], "Succeeded");
    local.session = local.log_in("alice", "wonderland").await;
    assert_eq!(list(&local, "/volumes?q=name=v").await.len(), 1);
}

struct Scheduler {
    local: Local,
    job: String,
}

impl Scheduler {
    /// Creates a job for a target.
    async fn new(kind: &str, target: &str, parameters: Value) -> Self {
        let local = Local::sample().await;
        let params = json!({
            "name": "j", "type": kind, "targetResourceUuid": target, "parameters": parameters,
        });
        let job = uuid(post(&local, "/scheduler/jobs", params).await);
        Self { local, job }
    }

    async fn trigger(&self, params: Value) -> String {
        uuid(post(&self.local, "/scheduler/triggers", params).await)
    }

    async fn link(&self, trigger: &str, params: Value) -> Answer {
        let path = format!("/scheduler/jobs/{}/scheduler/triggers/{trigger}", self.job);
        post(&self.local, &path, params).await
    }

    /// Advances the clock, and does the work that is due then.
    async fn advance(&self, seconds: i64) {
        StoppedClock::advance(&self.local.clock, seconds);
        self.local.app.run_due_work().await.unwrap();
    }

    async fn history(&self) -> Vec<Value> {
        list(&self.local, &format!("/scheduler/job/history?q=schedulerJobUuid={}&sort=+id", self.job)).await
    }
}

#[tokio::test]
async fn schedulers_run_jobs_at_their_times() {
    let scheduler = Scheduler::new("startVm", sample::BARE_1, json!({})).await;
    let local = &scheduler.local;
    let created = list(local, "/scheduler/jobs").await.remove(0);
    assert_eq!(
        (&created["state"], &created["jobClassName"], &created["jobData"]),
        (&json!("Enabled"), &json!("org.zstack.scheduler.vm.StartVmInstanceJob"), &json!("{}"))
    );
    for wrong in [
        json!({"name": "t", "schedulerType": "simple"}),
        json!({"name": "t", "schedulerType": "cron"}),
        json!({"name": "t", "schedulerType": "cron", "cron": "every day"}),
    ] {
        assert_eq!(code(&post(local, "/scheduler/triggers", wrong).await), "SYS.1007");
    }
    let params = json!({"name": "t", "schedulerType": "simple", "schedulerInterval": 60, "repeatCount": 2});
    let trigger = scheduler.trigger(params).await;
    scheduler.advance(600).await;
    assert!(scheduler.history().await.is_empty());
    // Each minute from the creation of the trigger, so now.
    inventory(scheduler.link(&trigger, json!({})).await);
    assert_eq!(code(&scheduler.link(&trigger, json!({})).await), "SYS.1007");
    assert_eq!(list(local, "/scheduler/jobs").await[0]["triggersUuid"], json!([trigger]));
    assert_eq!(list(local, "/scheduler/triggers").await[0]["jobsUuid"], json!([scheduler.job]));
    scheduler.advance(0).await;
    let first = scheduler.history().await;
    assert_eq!(
        (first.len(), &first[0]["success"], &first[0]["jobType"], &first[0]["triggerUuid"]),
        (1, &json!(true), &json!("startVm"), &json!(trigger)),
        "{first:?}"
    );
    assert_eq!(state(local, sample::BARE_1).await, "Running");
    scheduler.advance(59).await;
    assert_eq!(scheduler.history().await.len(), 1);
    scheduler.advance(1).await;
    // The VM instance already runs.
    assert_eq!(scheduler.history().await.len(), 2);
    scheduler.advance(600).await;
    assert_eq!(scheduler.history().await.len(), 2);

    // More runs; a disabled job has none.
    let more = json!({"repeatCount": 0, "schedulerInterval": 10, "startTime": 0, "name": "u"});
    let at = format!("/scheduler/triggers/{trigger}/actions");
    assert_eq!(inventory(put(local, &at, "updateSchedulerTrigger", more).await)["name"], "u");
    let change = |event: &str| {
        let params = json!({"stateEvent": event});
        let path = format!("/schedulers/{}", scheduler.job);
        async move { put(local, &path, "changeSchedulerState", params).await }
    };
    inventory(change("disable").await);
    scheduler.advance(100).await;
    assert_eq!(scheduler.history().await.len(), 2);
    inventory(change("enable").await);
    scheduler.advance(100).await;
    assert_eq!(scheduler.history().await.len(), 3);
    let at = format!("/scheduler/jobs/{}/actions", scheduler.job);
    let renamed = json!({"name": "k", "parameters": {"a": 1}});
    let renamed = inventory(put(local, &at, "updateSchedulerJob", renamed).await);
    assert_eq!((&renamed["name"], &renamed["jobData"]), (&json!("k"), &json!("{\"a\":1}")));
    assert_empty(&delete(local, &format!("/scheduler/triggers/{trigger}")).await);
    assert_eq!(list(local, "/scheduler/jobs").await[0]["triggersUuid"], json!([]));
    scheduler.advance(100).await;
    assert_eq!(scheduler.history().await.len(), 3);
    assert_empty(&delete(local, &format!("/scheduler/jobs/{}", scheduler.job)).await);
}

#[tokio::test]
async fn snapshots_are_taken_by_cron() {
    let volume = {
        let local = Local::sample().await;
        let vm = list(&local, &format!("/vm-instances/{}", sample::DB_1)).await.remove(0);
        vm["rootVolumeUuid"].as_str().unwrap().to_owned()
    };
    let scheduler = Scheduler::new("volumeSnapshot", &volume, json!({"description": "nightly"})).await;
    let local = &scheduler.local;
    // Noon is now.
    let cron = json!({"name": "t", "schedulerType": "cron", "cron": "0 0/30 * * * ?"});
    let trigger = scheduler.trigger(cron).await;
    inventory(scheduler.link(&trigger, json!({"triggerNow": true})).await);
    let found = async || list(local, &format!("/volume-snapshots?q=volumeUuid={volume}")).await;
    let before = found().await.len();
    scheduler.advance(0).await;
    assert_eq!((scheduler.history().await.len(), found().await.len()), (1, before + 1));
    for (minutes, snapshots) in [(0, 2), (29, 2), (1, 3), (30, 4)] {
        scheduler.advance(minutes * 60).await;
        let history = scheduler.history().await;
        assert_eq!(found().await.len(), before + snapshots, "{minutes} {history:?}");
        assert!(history.iter().all(|run| run["success"] == true), "{history:?}");
    }
    assert_eq!(scheduler.history().await.len(), 4);
}

#[tokio::test]
async fn jobs_that_the_node_cannot_do_fail() {
    let scheduler = Scheduler::new("localRaidSelfTest", sample::KVM_1, json!({})).await;
    let params = json!({"name": "t", "schedulerType": "simple", "schedulerInterval": 60});
    let trigger = scheduler.trigger(params).await;
    inventory(scheduler.link(&trigger, json!({})).await);
    scheduler.advance(0).await;
    let history = scheduler.history().await;
    assert_eq!((history.len(), &history[0]["success"]), (1, &json!(false)));
    assert!(history[0]["resultDump"].as_str().unwrap().contains("SYS.1014"), "{history:?}");
}
