//! Tests of the node that emulates an older release.

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;
use zstack_node::app::Settings;
use zstack_server::{NewerParameters, Options};

use crate::local::sample::{DB_1, RESCUE, WEB_1, WINDOWS_1};
use crate::local::{Local, inventory, read};
use crate::process::Server;

/// Creates a node with the sample that emulates a release.
async fn at(version: &str, newer: NewerParameters) -> Local {
    let mut settings = Settings::default();
    settings.options = Options::default().version(version.parse().unwrap()).newer_parameters(newer);
    Local::with(settings).await
}

/// Collects the names of fields at any depth.
fn collect_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                names.push(name.clone());
                collect_names(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        _ => {}
    }
}

fn has(value: &Value, name: &str) -> bool {
    let mut names = Vec::new();
    collect_names(value, &mut names);
    names.iter().any(|found| found == name)
}

const LATER: [&str; 5] = ["ipVersion", "usedIps", "vmNicUuid", "vmCdRoms", "architecture"];

#[tokio::test]
async fn later_operations_are_missing() {
    let old = at("3.0.0", NewerParameters::Refuse).await;
    let create = old.create_cd_rom(&format!(r#"{{"name":"cd","vmInstanceUuid":"{DB_1}"}}"#)).await;
    let unknown = old.send("POST", "/zstack/v1/nothing", r#"{"params":{}}"#).await;
    assert_eq!((create.0, unknown.0), (404, 404), "{create:?}");
    assert_eq!(create.1, "there is no /zstack/v1/vm-instances/cdroms");
    let attached = inventory(old.attach(WEB_1, RESCUE).await);
    let detached = inventory(old.detach(WEB_1, "").await);
    for vm in [attached, detached] {
        for name in LATER {
            assert!(!has(&vm, name), "{name}: {vm}");
        }
        assert!(has(&vm, "vmNics") && has(&vm, "usedIpUuid"), "{vm}");
    }
}

#[tokio::test]
async fn operations_exist_from_their_release() {
    let local = at("3.3.0", NewerParameters::Refuse).await;
    let drive =
        inventory(local.create_cd_rom(&format!(r#"{{"name":"cd","vmInstanceUuid":"{DB_1}"}}"#)).await);
    assert_eq!(drive["name"], "cd");
    let vm = inventory(local.attach(WEB_1, RESCUE).await);
    for name in ["ipVersion", "usedIps", "vmNicUuid", "vmCdRoms"] {
        assert!(has(&vm, name), "{name}: {vm}");
    }
    assert!(!has(&vm, "architecture"), "{vm}");
    let newest = inventory(Local::sample().await.attach(WEB_1, RESCUE).await);
    assert!(LATER.iter().all(|name| has(&newest, name)), "{newest}");
}

#[tokio::test]
async fn later_parameters_are_refused() {
    let old = at("2.3.0", NewerParameters::Refuse).await;
    let refused = old.detach(WINDOWS_1, &format!("?isoUuid={RESCUE}")).await;
    let text = refused.1.as_str().unwrap();
    assert!(text.contains("[isoUuid] came with release 2.3.1; this server emulates 2.3.0"), "{text}");
    assert_eq!(refused.0, 400);
    // Nothing was detached: the VM still has two ISOs.
    assert_eq!(old.detach(WINDOWS_1, "").await.0, 503);
    let with = at("2.3.1", NewerParameters::Refuse).await;
    inventory(with.detach(WINDOWS_1, &format!("?isoUuid={RESCUE}")).await);
}

#[tokio::test]
async fn later_parameters_can_be_dropped() {
    let old = at("2.3.0", NewerParameters::Ignore).await;
    // The ignored parameter names an ISO that is not attached.
    inventory(old.attach(WEB_1, RESCUE).await);
    inventory(old.detach(WEB_1, &format!("?isoUuid={}", "0".repeat(32))).await);
}

#[tokio::test]
async fn later_system_tags_are_refused() {
    let path = format!("/zstack/v1/vm-instances/{WEB_1}/iso/{RESCUE}");
    let body = r#"{"null":{},"systemTags":["cdromUuid::70e8","a::b"]}"#;
    let refused = at("3.2.0", NewerParameters::Refuse).await.send("POST", &path, body).await;
    assert_eq!(refused.0, 400);
    let text = refused.1.as_str().unwrap();
    assert!(text.contains("[systemTags cdromUuid::{cdromUuid}] came with release 3.3.0"), "{text}");
    // In its release, the tag names a drive that does not exist.
    assert_eq!(at("3.3.0", NewerParameters::Refuse).await.send("POST", &path, body).await.0, 503);
    inventory(at("3.2.0", NewerParameters::Ignore).await.send("POST", &path, body).await);
}

#[tokio::test]
async fn later_fields_cannot_be_queried() {
    let old = at("3.0.0", NewerParameters::Ignore).await;
    let (status, answer) = old.send("GET", "/zstack/v1/vm-instances?q=vmNics.ipVersion=4", "").await;
    let details = answer["error"]["details"].as_str().unwrap();
    assert_eq!(status, 503);
    assert!(details.contains("[q] `vmNics.ipVersion` came with release 3.1.0"), "{details}");
    assert_eq!(old.send("GET", "/zstack/v1/vm-instances?q=vmNics.ip=1.2.3.4", "").await.0, 200);
}

#[tokio::test]
async fn an_option_selects_the_release() {
    let server = Server::start(&["--sample", "--api-version", "2.3.0", "--newer-parameters", "ignore"]);
    let caller = server.caller().with_session().await;
    let path = format!("/vm-instances/{WEB_1}/iso");
    let attached = caller.send("POST", &format!("{path}/{RESCUE}"), "").await.unwrap();
    assert!(!has(&inventory(attached), "ipVersion"));
    inventory(caller.send("DELETE", &format!("{path}?isoUuid={}", "0".repeat(32)), "").await.unwrap());
    for (option, value) in [("--newer-parameters", "drop"), ("--api-version", "zsv 4")] {
        let output = crate::process::run(&["serve", option, value]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(value));
    }
}

/// The document needs no session. Between two releases, it is that of the older one.
#[tokio::test]
async fn the_openapi_document_is_of_the_emulated_release() {
    for (version, release, has_cd_roms) in
        [("3.0.0", "3.0", false), ("3.2.9", "3.2.0", false), ("3.3.0", "3.3.0", true)]
    {
        let local = at(version, NewerParameters::Refuse).await;
        let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
        let (status, document) = read(local.app.answer(request).await).await;
        assert_eq!((status, &document["info"]["version"]), (200, &Value::from(release)));
        assert_eq!(document["paths"]["/vm-instances/cdroms"].is_object(), has_cd_roms, "{version}");
    }
}
