//! Tests of faults: what they select, and their effects.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::calls::{get, list, post, put};
use crate::control::{HEADERS, HERE, add_fault, control, send_from};
use crate::interop::wire::Wire;
use crate::local::sample::{DB_1, KVM_1, RESCUE, WEB_1};
use crate::local::{Answer, Local, code, inventory};

const JOB: &str = "0123456789abcdef0123456789abcdef";

async fn fault(local: &Local, id: u64) -> Value {
    let (status, answer) = control(local, "GET", &format!("/_node/faults/{id}"), &Value::Null).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn remove_all(local: &Local) {
    assert_eq!(control(local, "DELETE", "/_node/faults", &Value::Null).await.0, 200);
}

/// Sends a query with a header.
async fn zones(local: &Local, headers: &[(&str, &str)]) -> Answer {
    local.send_with("GET", "/zstack/v1/zones", headers, "").await
}

#[tokio::test]
async fn selectors_are_joined_by_and() {
    let mut local = Local::sample().await;
    let admin = local.session.clone();
    let alice = local.log_in("alice", "wonderland").await;
    let error = json!({"code": "SYS.1009"});
    // The fault, and the calls that it affects: by alice, for a VM instance, with a header.
    let with = |more: Value| {
        let mut fault = json!({"calls": "all", "error": error});
        fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fault
    };
    for (selectors, affected) in [
        (json!({"operation": "*"}), [true, true, true, true]),
        (json!({"operation": "QueryVmInstance"}), [false, false, true, true]),
        (json!({"operation": "*", "account": "alice"}), [false, true, false, false]),
        (json!({"operation": "*", "resource": WEB_1}), [false, false, true, false]),
        (json!({"operation": "*", "resource": "web-1"}), [false, false, true, false]),
        (json!({"operation": "*", "header": {"name": "X-Suite"}}), [false, true, false, true]),
        (json!({"operation": "*", "header": {"name": "x-suite", "value": "b"}}), [false, false, false, true]),
        (
            json!({"operation": "*", "account": "admin", "header": {"name": "X-Suite"}}),
            [false, false, false, true],
        ),
        (json!({"operation": "QueryZone", "resource": WEB_1}), [false; 4]),
    ] {
        let id = add_fault(&local, with(selectors.clone())).await;
        let calls: [(&str, String, Option<&str>); 4] = [
            (&admin, "/zstack/v1/zones".to_owned(), None),
            (&alice, "/zstack/v1/zones".to_owned(), Some("a")),
            (&admin, format!("/zstack/v1/vm-instances/{WEB_1}"), None),
            (&admin, format!("/zstack/v1/vm-instances?q=uuid={DB_1}"), Some("b")),
        ];
        for ((session, path, suite), expected) in calls.into_iter().zip(affected) {
            local.session = session.to_owned();
            let headers: Vec<_> = suite.map(|suite| ("X-Suite", suite)).into_iter().collect();
            let (status, answer) = local.send_with("GET", &path, &headers, "").await;
            assert_eq!(status == 503, expected, "{selectors} {path} {suite:?}: {answer}");
        }
        let hits = affected.iter().filter(|affected| **affected).count();
        assert_eq!(fault(&local, id).await["hits"], hits, "{selectors}");
        remove_all(&local).await;
    }
    // A name in a request that creates the resource.
    local.session = admin;
    let named = json!({"operation": "CreateZone", "resource": "edge", "error": error});
    add_fault(&local, named).await;
    inventory(post(&local, "/zones", json!({"name": "core"})).await);
    assert_eq!(code(&post(&local, "/zones", json!({"name": "edge"})).await), "SYS.1009");
    inventory(post(&local, "/zones", json!({"name": "edge"})).await);
}

#[tokio::test]
async fn numbers_and_chance_choose_calls() {
    let local = Local::sample().await;
    let affected = async |fault: Value| {
        let id = add_fault(&local, fault).await;
        let mut affected = Vec::new();
        for number in 1..=12 {
            if zones(&local, &[]).await.0 != 200 {
                affected.push(number);
            }
        }
        let report = self::fault(&local, id).await;
        assert_eq!((&report["seen"], &report["hits"]), (&json!(12), &json!(affected.len())), "{report}");
        remove_all(&local).await;
        affected
    };
    let with = |more: Value| {
        let mut fault = json!({"operation": "QueryZone", "error": {"code": "SYS.1000"}});
        fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fault
    };
    for (options, expected) in [
        (json!({}), vec![1]),
        (json!({"from": 3}), vec![3]),
        (json!({"calls": 3}), vec![1, 2, 3]),
        (json!({"from": 2, "calls": 2}), vec![2, 3]),
        (json!({"every": 5}), vec![1, 6, 11]),
        (json!({"from": 5, "every": 5}), vec![5, 10]),
        (json!({"every": 2, "calls": 2}), vec![1, 3]),
        (json!({"probability": 0}), vec![]),
        (json!({"probability": 1, "calls": 2}), vec![1, 2]),
    ] {
        assert_eq!(affected(with(options.clone())).await, expected, "{options}");
    }
    let seeded = with(json!({"probability": 0.5, "seed": 7}));
    let (first, second) = (affected(seeded.clone()).await, affected(seeded).await);
    assert_eq!(first, second);
    assert!((1..=11).contains(&first.len()), "{first:?}");
    // Without a seed, the listing shows the one that repeats the choices.
    let id = add_fault(&local, with(json!({"probability": 0.5}))).await;
    assert!(fault(&local, id).await["seed"].is_u64());
}

#[tokio::test]
async fn several_faults_affect_a_call_in_order() {
    let local = Local::sample().await;
    let calls = json!({"operation": "QueryZone", "calls": "all"});
    let with = |more: Value| {
        let mut fault = calls.clone();
        fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fault
    };
    let delay = add_fault(&local, with(json!({"delay": 1}))).await;
    let first = add_fault(&local, with(json!({"error": {"code": "SYS.1001"}, "calls": 1}))).await;
    let second = add_fault(&local, with(json!({"error": {"code": "SYS.1002"}}))).await;
    assert_eq!(code(&zones(&local, &[]).await), "SYS.1001");
    assert_eq!(code(&zones(&local, &[]).await), "SYS.1002");
    for (id, seen, hits) in [(delay, 2, 2), (first, 2, 1), (second, 2, 1)] {
        let report = fault(&local, id).await;
        assert_eq!((&report["seen"], &report["hits"]), (&json!(seen), &json!(hits)), "{report}");
    }
    let (_, all) = control(&local, "GET", "/_node/faults", &Value::Null).await;
    assert_eq!(all["faults"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn delays_and_statuses_replace_the_call() {
    let local = Local::sample().await;
    let uniform = json!({"uniform": {"min": 20, "max": 40}});
    add_fault(&local, json!({"operation": "QueryZone", "delay": uniform, "seed": 1})).await;
    let begun = Instant::now();
    assert_eq!(zones(&local, &[]).await.0, 200);
    assert!(begun.elapsed() >= Duration::from_millis(20));

    add_fault(&local, json!({"operation": "CreateZone", "status": 502, "body": "bad gateway", "delay": 1}))
        .await;
    assert_eq!(post(&local, "/zones", json!({"name": "z"})).await, (502, json!("bad gateway")));
    assert!(list(&local, "/zones?q=name=z").await.is_empty());
    add_fault(&local, json!({"operation": "CreateZone", "status": 429})).await;
    let (status, text) = post(&local, "/zones", json!({"name": "z"})).await;
    assert!(status == 429 && text.as_str().unwrap().contains("/_node/faults"), "{text}");
    inventory(post(&local, "/zones", json!({"name": "z"})).await);
}

#[tokio::test]
async fn a_hanging_job_is_processing_until_it_is_released() {
    let local = Arc::new(Local::sample().await);
    let id = add_fault(&local, json!({"operation": "*", "hang": true, "calls": 2})).await;
    // Operations that are not long have no jobs.
    assert_eq!(zones(&local, &[]).await.0, 200);
    // Its caller gets a job at once, although it requested none.
    let (status, answer) = local.attach(DB_1, RESCUE).await;
    assert_eq!(status, 202, "{answer}");
    let location = answer["location"].as_str().unwrap().rsplit_once("/zstack").unwrap().1.to_owned();
    let path = format!("/zstack{location}");
    let poll = || local.send("GET", &path, "");
    assert_eq!(poll().await.0, 202);
    while fault(&local, id).await["waiting"] != 1 {
        tokio::task::yield_now().await;
    }
    let release = format!("/_node/faults/{id}/release");
    assert_eq!(control(&local, "POST", &release, &Value::Null).await, (200, json!({"released": 1})));
    let done = loop {
        match poll().await {
            (202, _) => tokio::task::yield_now().await,
            done => break done,
        }
    };
    inventory(done);
    // The fault is still there, and affects the next call.
    let (status, answer) = local.detach(DB_1, "").await;
    assert_eq!(status, 202, "{answer}");
    remove_all(&local).await;
    assert_eq!(control(&local, "POST", &release, &Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_lost_webhook_is_not_posted() {
    let local = Local::sample().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = format!("http://{}/hook", listener.local_addr().unwrap());
    add_fault(&local, json!({"operation": "AttachIsoToVmInstance", "loseWebhook": true})).await;
    let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
    let headers = [("X-Job-UUID", JOB), ("X-Web-Hook", hook.as_str())];
    assert_eq!(local.send_with("POST", &attach, &headers, "").await.0, 202);
    // The job has ended, and no webhook is pending.
    assert_eq!(local.app.api().drain(Duration::from_secs(10)).await, 0);
    inventory(local.send("GET", &format!("/zstack/v1/api-jobs/{JOB}"), "").await);
    let other = JOB.replace('0', "a");
    let headers = [("X-Job-UUID", other.as_str()), ("X-Web-Hook", hook.as_str())];
    let detach = format!("/zstack/v1/vm-instances/{DB_1}/iso");
    assert_eq!(local.send_with("DELETE", &detach, &headers, "").await.0, 202);
    // The first webhook that arrives is that of the second job.
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = [0; 4096];
    let count = stream.read(&mut bytes).await.unwrap();
    let text = std::str::from_utf8(&bytes[..count]).unwrap();
    assert!(text.contains(&other) && !text.contains(JOB), "{text}");
}

#[tokio::test]
async fn a_connection_is_closed_before_or_in_the_answer() {
    let wire = Wire::sample();
    let answer = async |fault: Value| {
        let headers = [("x-zstack-node-control", "1")];
        let added = wire.with_headers("POST", "/_node/faults", &headers, &fault.to_string()).await;
        assert_eq!(added.status, 200, "{added:?}");
        let mut stream = TcpStream::connect(wire.address()).await.unwrap();
        let request = format!(
            "GET /zstack/v1/zones HTTP/1.1\r\nhost: localhost\r\nauthorization: OAuth {}\r\n\r\n",
            wire.session
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // The end of the stream, or a reset.
        let _ = stream.read_to_end(&mut bytes).await;
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(answer(json!({"operation": "QueryZone", "cut": "beforeAnswer"})).await, "");
    let text = answer(json!({"operation": "QueryZone", "cut": "midAnswer"})).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2, "{text}");
    assert_eq!(wire.send("GET", "/zstack/v1/zones", "").await.status, 200);
}

#[tokio::test]
async fn a_disconnected_host_returns_with_its_vm_instances() {
    let local = Local::sample().await;
    let host = || async { list(&local, &format!("/hosts/{KVM_1}")).await[0]["status"].clone() };
    let states = || async {
        let vms = list(&local, &format!("/vm-instances?q=hostUuid={KVM_1}&sort=%2Buuid")).await;
        vms.iter().map(|vm| vm["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = states().await;
    assert!(before.contains(&"Running".to_owned()), "{before:?}");
    let id = add_fault(&local, json!({"disconnect": "kvm-1"})).await;
    assert_eq!(host().await, "Disconnected");
    assert!(states().await.iter().all(|state| state == "Unknown"));
    // It cannot be connected again as long as the fault exists, and not be disconnected twice.
    let reconnect =
        async || put(&local, &format!("/hosts/{KVM_1}/actions"), "reconnectHost", json!({})).await;
    assert_eq!(code(&reconnect().await), "HOST.1010");
    let (status, answer) = control(&local, "POST", "/_node/faults", &json!({"disconnect": KVM_1})).await;
    assert!(status == 400 && answer.to_string().contains("disconnects `40"), "{answer}");
    // A VM instance that is stopped in the meantime stays so.
    let vm = list(&local, &format!("/vm-instances?q=hostUuid={KVM_1}")).await[0]["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    inventory(local.stop(&vm).await);
    let path = format!("/_node/faults/{id}");
    assert_eq!(control(&local, "DELETE", &path, &Value::Null).await.0, 200);
    assert_eq!(host().await, "Connected");
    assert_eq!(states().await.len(), before.len() - 1);
    assert!(states().await.iter().all(|state| state == "Running" || state == "Paused"));
    assert_eq!(get(&local, &format!("/vm-instances/{vm}")).await.1["inventories"][0]["state"], "Stopped");
    inventory(reconnect().await);
}

#[tokio::test]
async fn a_disconnected_storage_allocates_nothing() {
    let local = Local::sample().await;
    let storages = async || {
        let all = list(&local, "/primary-storage?q=name=nfs").await;
        all[0]["status"].as_str().unwrap().to_owned()
    };
    add_fault(&local, json!({"disconnect": "nfs"})).await;
    assert_eq!(storages().await, "Disconnected");
    remove_all(&local).await;
    assert_eq!(storages().await, "Connected");
}

#[tokio::test]
async fn all_problems_of_a_fault_are_reported() {
    let local = Local::sample().await;
    for (fault, expected) in [
        (
            json!({"operation": "Fly", "delay": -1, "probability": 2, "header": {"value": "x"}, "cut": "now", "x": 1}),
            &[
                "`header.name` is missing",
                "`probability` must be a number from 0 to 1; got `2`",
                "`delay` must be a number of milliseconds",
                "`cut` must be beforeAnswer or midAnswer; got `now`",
                "`x` is unknown; known keys",
                "`operation` must be the name of an operation",
            ][..],
        ),
        (
            json!({"operation": "*", "delay": {"uniform": {"min": 9, "max": 3}}}),
            &["`delay.uniform.min` must be at most `max`; got 9 and 3"],
        ),
        (
            json!({"operation": "*", "delay": {"normal": {"mean": 3}}}),
            &["`delay.normal.deviation` is required"],
        ),
        (json!({"operation": "QueryZone", "hang": true}), &["`hang` needs a long operation"]),
        (
            json!({"operation": "*", "hold": true, "hang": true, "error": {"code": "X"}, "status": 500}),
            &["`hold` and `hang`", "`error` and `status`", "`hang` and `status`"],
        ),
        (json!({"operation": "*", "error": {}}), &["`error.code` is missing"]),
        (json!({"operation": "*", "hold": true, "seed": 1, "body": "x"}), &["`body` needs", "`seed` needs"]),
        (json!({"hold": true}), &["`operation` is missing"]),
        (json!({"operation": "*"}), &["a fault needs an effect"]),
        (
            json!({"disconnect": "moon"}),
            &["`disconnect`: no host or storage has the UUID or the name `moon`"],
        ),
        (json!({"disconnect": "kvm-1", "delay": 1}), &["`delay` and `disconnect`"]),
        (json!([]), &["the body is invalid: it must be a JSON object"]),
    ] {
        let (status, answer) =
            send_from(&local, HERE, HEADERS, "POST", "/_node/faults", &fault.to_string()).await;
        let errors: Vec<_> =
            answer["errors"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        let all_found = expected.iter().all(|text| errors.iter().any(|error| error.contains(text)));
        assert!(status == 400 && all_found && errors.len() == expected.len(), "{fault}: {errors:#?}");
    }
}
