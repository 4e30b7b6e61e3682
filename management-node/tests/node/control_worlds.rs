//! Tests of private worlds.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use zstack_server::JobStore as _;

use crate::control::{HEADERS, HERE, control, send_from};
use crate::local::sample::{DB_1, RESCUE, WEB_1};
use crate::local::{Answer, Local, code, inventory};

/// A private world, by its path.
struct World {
    local: Arc<Local>,
    name: String,
    session: String,
}

impl World {
    async fn create(local: &Arc<Local>, body: Value) -> Self {
        let (status, answer) = control(local, "POST", "/_node/worlds", &body).await;
        assert_eq!(status, 200, "{answer}");
        let text = |key: &str| answer[key].as_str().unwrap().to_owned();
        assert_eq!(text("path"), format!("/_world/{}", text("name")));
        Self { local: Arc::clone(local), name: text("name"), session: text("session") }
    }

    /// Sends a request to the API below the path of the world.
    async fn call(&self, method: &str, path: &str, body: &str) -> Answer {
        let session = format!("OAuth {}", self.session);
        let headers = [("Host", "localhost:8080"), ("Authorization", session.as_str())];
        let path = format!("/_world/{}/zstack/v1{path}", self.name);
        send_from(&self.local, HERE, &headers, method, &path, body).await
    }

    /// Sends a control request for the world.
    async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let path = format!("/_world/{}/_node{path}", self.name);
        let (status, answer) = control(&self.local, method, &path, &body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Sends a control request about the world.
    async fn manage(&self, method: &str, path: &str, body: Value) -> Value {
        let path = format!("/_node/worlds/{}{path}", self.name);
        let (status, answer) = control(&self.local, method, &path, &body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    async fn create_zone(&self, name: &str) {
        let body = json!({"params": {"name": name}}).to_string();
        inventory(self.call("POST", "/zones", &body).await);
    }

    async fn zones(&self) -> Vec<String> {
        let (status, answer) = self.call("GET", "/zones?sort=%2Bname", "").await;
        assert_eq!(status, 200, "{answer}");
        let zones = answer["inventories"].as_array().unwrap().iter();
        zones.map(|zone| zone["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_world_is_empty_or_has_the_requested_content() {
    let local = Arc::new(Local::sample().await);
    let empty = World::create(&local, json!({})).await;
    assert!(empty.zones().await.is_empty());
    let sample = World::create(&local, json!({"name": "sample", "sample": true})).await;
    assert_eq!(sample.zones().await, ["Shanghai"]);
    let yaml = "zones:\n  - {name: from-file}\n";
    let loaded = World::create(&local, json!({"name": "loaded", "inventory": yaml})).await;
    assert_eq!(loaded.zones().await, ["from-file"]);
    loaded.create_zone("later").await;
    let copy = World::create(&local, json!({"name": "copy", "copy": "loaded"})).await;
    assert_eq!(copy.zones().await, ["from-file", "later"]);
    let default = World::create(&local, json!({"name": "copy-2", "copy": "default"})).await;
    assert_eq!(default.zones().await, ["Shanghai"]);
    // Each returns to the state in which it was created.
    for world in [&empty, &sample, &loaded, &copy] {
        let before = world.zones().await;
        world.create_zone("temporary").await;
        world.control("POST", "/faults", json!({"operation": "*", "error": {"code": "X"}})).await;
        world.manage("POST", "/reset", Value::Null).await;
        assert_eq!(world.control("GET", "/requests/count", Value::Null).await["count"], 0);
        let expected = if world.name == "loaded" { vec!["from-file".to_owned()] } else { before };
        assert_eq!(world.zones().await, expected, "{}", world.name);
    }
    let (_, all) = control(&local, "GET", "/_node/worlds", &Value::Null).await;
    assert_eq!(all["worlds"].as_array().unwrap().len(), 5);
    for world in all["worlds"].as_array().unwrap() {
        let path = format!("/_node/worlds/{}", world["name"].as_str().unwrap());
        assert_eq!(control(&local, "GET", &path, &Value::Null).await, (200, world.clone()));
        assert_eq!(control(&local, "DELETE", &path, &Value::Null).await, (200, json!({})));
        assert_eq!(control(&local, "DELETE", &path, &Value::Null).await.0, 404);
    }
    let (status, text) = sample.call("GET", "/zones", "").await;
    assert!(status == 404 && text.as_str().unwrap().contains("there is no world `sample`"), "{text}");
}

#[tokio::test]
async fn a_request_names_its_world_by_header_path_host_session_or_job() {
    let local = Arc::new(Local::sample().await);
    let one = World::create(&local, json!({"name": "one"})).await;
    let two = World::create(&local, json!({"name": "two"})).await;
    one.create_zone("first").await;
    two.create_zone("second").await;
    let own = format!("OAuth {}", one.session);
    let local_session = format!("OAuth {}", local.session);
    let zone = async |path: &str, headers: &[(&str, &str)]| {
        let (status, answer) = send_from(&local, HERE, headers, "GET", path, "").await;
        assert_eq!(status, 200, "{answer}");
        answer["inventories"][0]["name"].as_str().unwrap().to_owned()
    };
    let host = ("Host", "localhost:8080");
    let authorization = ("Authorization", own.as_str());
    for (path, headers, expected) in [
        ("/zstack/v1/zones", &[host, authorization, ("X-ZStack-World", "one")][..], "first"),
        ("/_world/one/zstack/v1/zones", &[host, authorization], "first"),
        ("/zstack/v1/zones", &[("Host", "one.world.localhost:8080"), authorization], "first"),
        // The session alone is enough.
        ("/zstack/v1/zones", &[host, authorization], "first"),
        ("/zstack/v1/zones", &[host, ("Authorization", &local_session)], "Shanghai"),
        ("/_world/default/zstack/v1/zones", &[host, ("Authorization", &local_session)], "Shanghai"),
    ] {
        assert_eq!(zone(path, headers).await, expected, "{path} {headers:?}");
    }
    // A session is valid in its world only.
    let headers = [host, authorization, ("X-ZStack-World", "two")];
    assert_eq!(code(&send_from(&local, HERE, &headers, "GET", "/zstack/v1/zones", "").await), "ID.1001");

    // The location of a job has the path of the world, and its UUID alone is enough, too.
    let sample = World::create(&local, json!({"name": "three", "sample": true})).await;
    let session = format!("OAuth {}", sample.session);
    let job = "0123456789abcdef0123456789abcdef";
    let headers = [host, ("Authorization", session.as_str()), ("X-Job-UUID", job)];
    let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
    let (status, answer) = send_from(&local, HERE, &headers, "POST", &attach, "").await;
    assert_eq!(status, 202, "{answer}");
    let location = format!("http://localhost:8080/_world/three/zstack/v1/api-jobs/{job}");
    assert_eq!(answer["location"], location);
    for path in [location.trim_start_matches("http://localhost:8080"), &format!("/zstack/v1/api-jobs/{job}")]
    {
        let headers = [host];
        let poll = || send_from(&local, HERE, &headers, "GET", path, "");
        while poll().await.0 == 202 {
            tokio::task::yield_now().await;
        }
        assert_eq!(poll().await.0, 200, "{path}");
    }
    assert!(local.app.store().find(job).await.unwrap().is_none());
}

#[tokio::test]
async fn worlds_share_nothing() {
    let local = Arc::new(Local::sample().await);
    let one = World::create(&local, json!({"name": "one", "sample": true})).await;
    let two = World::create(&local, json!({"name": "two", "sample": true})).await;
    one.control(
        "POST",
        "/faults",
        json!({"operation": "QueryZone", "error": {"code": "SYS.1234"}, "calls": "all"}),
    )
    .await;
    one.control("POST", "/clock", json!({"now": "2030-01-01T00:00:00Z", "frozen": true})).await;
    assert_eq!(two.zones().await, ["Shanghai"]);
    assert_eq!(local.send("GET", "/zstack/v1/zones", "").await.0, 200);
    assert_eq!(two.control("GET", "/clock", Value::Null).await["frozen"], false);
    assert_eq!(two.control("GET", "", Value::Null).await["calls"], json!({"QueryZone": 1}));
    assert_eq!(one.control("GET", "/requests/count", Value::Null).await["count"], 0);
    assert_eq!(two.control("GET", "/requests/count", Value::Null).await["count"], 1);
    // The session has expired in the one, whose clock is years ahead.
    assert_eq!(code(&one.call("GET", "/zones", "").await), "SYS.1234");
    one.control("DELETE", "/faults", Value::Null).await;
    assert_eq!(code(&one.call("GET", "/zones", "").await), "ID.1001");
    one.manage("POST", "/reset", Value::Null).await;
    assert_eq!(one.zones().await, ["Shanghai"]);
    // Resetting the node does not reset its worlds.
    assert_eq!(control(&local, "POST", "/_node/reset", &Value::Null).await.0, 200);
    assert_eq!(two.zones().await, ["Shanghai"]);
}

#[tokio::test]
async fn a_snapshot_restores_documents_sessions_jobs_and_the_clock() {
    let local = Arc::new(Local::sample().await);
    let world = World::create(&local, json!({"name": "w", "sample": true})).await;
    world.control("POST", "/clock", json!({"now": "2030-01-01T00:00:00Z", "frozen": true})).await;
    let world = World {
        session: world.manage("POST", "/reset", Value::Null).await["session"].as_str().unwrap().to_owned(),
        ..world
    };
    world.control("POST", "/clock", json!({"advance": 60, "frozen": true})).await;
    world.create_zone("kept").await;
    let saved = world.manage("POST", "/snapshots", Value::Null).await;
    assert_eq!(saved, json!({"snapshot": "1"}));
    let clock = world.control("GET", "/clock", Value::Null).await;
    world.create_zone("lost").await;
    assert_eq!(world.call("DELETE", &format!("/vm-instances/{WEB_1}"), "").await.0, 200);
    world.control("POST", "/clock", json!({"advance": 3600})).await;
    world.control("POST", "/faults", json!({"operation": "QueryZone", "hold": true})).await;
    let named = world.manage("POST", "/snapshots", json!({"name": "later"})).await;
    assert_eq!(named, json!({"snapshot": "later"}));

    assert_eq!(world.manage("POST", "/snapshots/1/restore", Value::Null).await, json!({}));
    assert_eq!(world.zones().await, ["kept", "Shanghai"]);
    assert_eq!(
        world.call("GET", &format!("/vm-instances/{WEB_1}"), "").await.1["inventories"][0]["state"],
        "Running"
    );
    assert_eq!(world.control("GET", "/clock", Value::Null).await, clock);
    assert_eq!(world.control("GET", "/faults", Value::Null).await, json!({"faults": []}));
    // What is created now does not collide with the lost zone.
    world.create_zone("new").await;
    world.manage("POST", "/snapshots/later/restore", Value::Null).await;
    assert_eq!(world.zones().await, ["kept", "lost", "Shanghai"]);

    assert_eq!(world.manage("GET", "/snapshots", Value::Null).await, json!({"snapshots": ["1", "later"]}));
    world.manage("DELETE", "/snapshots/1", Value::Null).await;
    let gone = control(&local, "POST", "/_node/worlds/w/snapshots/1/restore", &Value::Null).await;
    assert!(gone.0 == 404 && gone.1.to_string().contains("no snapshot `1`"), "{gone:?}");
}

#[tokio::test]
async fn the_database_of_the_node_has_snapshots_too() {
    let local = Arc::new(Local::sample().await);
    let snapshots = "/_node/worlds/default/snapshots";
    let (_, saved) = control(&local, "POST", snapshots, &Value::Null).await;
    assert_eq!(saved, json!({"snapshot": "1"}));
    assert_eq!(local.destroy(WEB_1).await.0, 200);
    let restored = control(&local, "POST", &format!("{snapshots}/1/restore"), &Value::Null).await;
    assert_eq!(restored, (200, json!({})));
    // The session is part of the snapshot.
    let vm = local.send("GET", &format!("/zstack/v1/vm-instances/{WEB_1}"), "").await;
    assert_eq!(vm.1["inventories"][0]["state"], "Running");
    for (method, path) in [("POST", "/_node/worlds/default/reset"), ("DELETE", "/_node/worlds/default")] {
        let (status, answer) = control(&local, method, path, &Value::Null).await;
        assert!(status == 400 && answer.to_string().contains("POST /_node/reset"), "{answer}");
    }
}

#[tokio::test]
async fn requests_for_worlds_are_explained() {
    let local = Arc::new(Local::sample().await);
    World::create(&local, json!({"name": "taken"})).await;
    for (body, expected) in [
        (json!({"name": "taken"}), "the world `taken` exists"),
        (json!({"name": "default"}), "`name` must have 1 to 64 letters"),
        (json!({"name": "-x"}), "`name` must have"),
        (json!({"name": "a/b"}), "`name` must have"),
        (json!({"name": "x".repeat(65)}), "`name` must have"),
        (json!({"nam": "x"}), "`nam` is unknown; did you mean `name`?"),
        (json!({"sample": true, "copy": "default"}), "exclude each other"),
        (json!({"inventory": "zones: 5"}), "inventory:1:"),
    ] {
        let (status, answer) = control(&local, "POST", "/_node/worlds", &body).await;
        assert!(
            status == 400 && answer["errors"][0].as_str().unwrap().contains(expected),
            "{body}: {answer}"
        );
    }
    assert_eq!(control(&local, "POST", "/_node/worlds", &json!({"copy": "x"})).await.0, 404);
    assert_eq!(control(&local, "PUT", "/_node/worlds", &Value::Null).await.0, 405);
    assert_eq!(control(&local, "GET", "/_node/worlds/taken/x", &Value::Null).await.0, 404);
    // Access control is that of all requests to /_node.
    let headers = [("Host", "localhost:8080")];
    let refused = send_from(&local, HERE, &headers, "POST", "/_world/taken/_node/worlds", "{}").await;
    assert_eq!(refused.0, 403);
    assert_eq!(send_from(&local, HERE, HEADERS, "GET", "/_world/taken/_node/worlds", "").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_worlds_work_in_parallel_without_cross_talk() {
    let local = Arc::new(Local::sample().await);
    let suites = (0..64).map(|number| {
        let local = Arc::clone(&local);
        tokio::spawn(async move {
            let world = World::create(&local, json!({"name": format!("suite-{number}")})).await;
            for round in 0..3 {
                for zone in 0..5 {
                    world.create_zone(&format!("{number}-{zone}")).await;
                }
                let expected: Vec<_> = (0..5).map(|zone| format!("{number}-{zone}")).collect();
                assert_eq!(world.zones().await, expected, "round {round}");
                let count = world.control("GET", "/requests/count?operation=CreateZone", Value::Null).await;
                assert_eq!(count["count"], 5);
                world.manage("POST", "/reset", Value::Null).await;
                assert!(world.zones().await.is_empty());
            }
            world.session
        })
    });
    let mut sessions = BTreeSet::new();
    for suite in suites.collect::<Vec<_>>() {
        sessions.insert(suite.await.unwrap());
    }
    assert_eq!(sessions.len(), 64);
    assert_eq!(local.send("GET", "/zstack/v1/zones", "").await.1["inventories"].as_array().unwrap().len(), 1);
}
