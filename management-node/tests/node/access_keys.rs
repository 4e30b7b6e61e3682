//! Tests of access keys: creation, signed requests, deletion.

use axum::body::Body;
use axum::http::Request;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use zstack_node::app::Settings;
use zstack_node::model::ADMIN_UUID;
use zstack_runtime::signature::signature;

use crate::local::sample::{BARE_1, RESCUE};
use crate::local::{Answer, Local, code, inventory, read};

/// The time of the clock of [`Local`].
const DATE: &str = "Fri, 01 Jan 2027 12:00:00 Etc/UTC";

async fn create(local: &Local, fields: Value) -> Answer {
    let mut params = json!({"accountUuid": ADMIN_UUID, "userUuid": ADMIN_UUID});
    params.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    local.send("POST", "/zstack/v1/accesskeys", &json!({ "params": params }).to_string()).await
}

fn path() -> String {
    format!("/v1/images/iso/{RESCUE}/vm-candidates")
}

/// Requests candidates with these headers.
async fn request_candidates(local: &Local, authorization: &str, date: Option<&str>) -> Answer {
    let mut request = Request::get(format!("/zstack{}?x=y", path())).header("Authorization", authorization);
    if let Some(date) = date {
        // One client spells the header in lower case.
        request = request.header("date", date);
    }
    read(local.app.api().handle(request.body(Body::empty()).unwrap()).await).await
}

async fn signed_request(local: &Local, id: &str, secret: &str, date: &str) -> Answer {
    let signature = signature(secret, "GET", date, &path());
    request_candidates(local, &format!("ZStack {id}:{signature}"), Some(date)).await
}

#[tokio::test]
async fn requests_can_be_signed_with_a_key_until_it_is_deleted() {
    let local = Local::sample().await;
    let key = inventory(create(&local, json!({"description": "nightly"})).await);
    let (id, secret) = (key["AccessKeyID"].as_str().unwrap(), key["AccessKeySecret"].as_str().unwrap());
    assert_eq!((id.len(), secret.len()), (20, 40), "{key}");
    assert_eq!((&key["state"], &key["userUuid"]), (&json!("Enabled"), &json!(ADMIN_UUID)));
    let (status, answer) = signed_request(&local, id, secret, DATE).await;
    assert_eq!(status, 200, "{answer}");

    let (status, answer) = signed_request(&local, id, "another secret", DATE).await;
    assert_eq!(status, 403, "{answer}");
    assert!(answer.as_str().unwrap().contains("wrong accessKey signature"), "{answer}");
    for date in ["Fri, 01 Jan 2027 12:20:00 GMT", "Fri, 01 Jan 2027 11:40:00 GMT"] {
        let (status, answer) = signed_request(&local, id, secret, date).await;
        assert_eq!(status, 403, "{answer}");
        assert!(answer.as_str().unwrap().contains("requestTimeTooSkewed"), "{answer}");
    }
    for (authorization, date) in [
        ("ZStack x", Some(DATE)),
        ("ZStack a:b:c", Some(DATE)),
        ("ZStack a:b", None),
        ("ZStack a:b", Some("noon")),
    ] {
        let (status, answer) = request_candidates(&local, authorization, date).await;
        assert!(status == 400 && answer.is_string(), "{authorization}: {status} {answer}");
    }

    let uuid = key["uuid"].as_str().unwrap();
    for _ in 0..2 {
        let deleted =
            local.send("DELETE", &format!("/zstack/v1/accesskeys/{uuid}?deleteMode=Permissive"), "").await;
        assert_eq!(deleted, (200, json!({})));
    }
    let (status, answer) = signed_request(&local, id, secret, DATE).await;
    assert_eq!(status, 403, "{answer}");
    assert!(answer.as_str().unwrap().contains("access key id"), "{answer}");
}

#[tokio::test]
async fn a_key_can_be_created_with_a_given_id_and_secret() {
    let local = Local::sample().await;
    let (id, secret) = ("my-access-key", "not-so-secret");
    let fields = json!({"AccessKeyID": id, "AccessKeySecret": secret});
    assert_eq!(inventory(create(&local, fields.clone()).await)["AccessKeySecret"], secret);
    assert_eq!(signed_request(&local, id, secret, DATE).await.0, 200);
    assert_eq!(code(&create(&local, fields).await), "SYS.1007");
    for (fields, expected) in [
        (json!({"AccessKeyID": "too-short"}), "SYS.1007"),
        (json!({"AccessKeySecret": "x".repeat(41)}), "SYS.1007"),
        (json!({"AccessKeyID": "my:access:key"}), "SYS.1007"),
        (json!({"AccessKeyID": "my\0access-key"}), "SYS.1007"),
        (json!({"AccessKeyID": "my access key"}), "SYS.1007"),
        (json!({"AccessKeyID": "zugriffsschlüssel"}), "SYS.1007"),
        (json!({"AccessKeySecret": "not\0so\0secret"}), "SYS.1007"),
        (json!({"description": "a\u{1b}[31mb"}), "SYS.1007"),
        (json!({"resourceUuid": "x"}), "SYS.1007"),
        (json!({"accountUuid": RESCUE}), "SYS.1003"),
        (json!({"userUuid": RESCUE}), "SYS.1003"),
    ] {
        assert_eq!(code(&create(&local, fields.clone()).await), expected, "{fields}");
    }
    let deleted = local.send("DELETE", "/zstack/v1/accesskeys/x", "").await;
    assert_eq!(code(&deleted), "SYS.1003");
}

#[tokio::test]
async fn every_accepted_key_id_can_sign_requests() {
    let local = Local::sample().await;
    let printable: Vec<char> = ('!'..='~').filter(|character| *character != ':').collect();
    for (number, characters) in printable.chunks(13).enumerate() {
        let id = format!("key-{number:06}{}", characters.iter().take(10).collect::<String>());
        let other = format!("key-{number:06}{}", characters.iter().skip(3).collect::<String>());
        for id in [id, other] {
            let secret = "not so secret ü";
            let fields = json!({"AccessKeyID": id, "AccessKeySecret": secret});
            assert_eq!(inventory(create(&local, fields).await)["AccessKeyID"], id);
            assert_eq!(signed_request(&local, &id, secret, DATE).await.0, 200, "{id}");
        }
    }
}

/// Returns all UUIDs of the sample: those in the file, and the derived ones of the
/// parts of VM instances.
async fn used_uuids(local: &Local) -> Vec<String> {
    let is_uuid = |word: &&str| zstack_node::uuids::is_valid(word);
    let (_, vms) = local.send("GET", "/zstack/v1/vm-instances", "").await;
    let mut text = zstack_node::inventory::SAMPLE.to_owned();
    for vm in vms["inventories"].as_array().unwrap() {
        text.push_str(&vm["vmNics"].to_string());
        text.push_str(&vm["allVolumes"].to_string());
        text.push_str(&vm["vmCdRoms"].to_string());
    }
    let words = text.split(|character: char| !character.is_ascii_alphanumeric()).filter(is_uuid);
    let mut uuids: Vec<_> = words.map(str::to_owned).collect();
    uuids.sort_unstable();
    uuids.dedup();
    uuids
}

#[tokio::test]
async fn a_resource_uuid_must_be_unique_among_all_resources() {
    let local = Local::sample().await;
    let mut used = used_uuids(&local).await;
    assert!(used.len() > 30, "{}", used.len());
    assert!(used.iter().any(|uuid| uuid == ADMIN_UUID || uuid.starts_with('a')), "accounts");
    let key = inventory(create(&local, json!({})).await);
    used.push(key["uuid"].as_str().unwrap().to_owned());
    let count =
        async || local.send("GET", "/zstack/v1/vm-instances/cdroms?count=true", "").await.1["total"].clone();
    let drives = count().await;
    for uuid in &used {
        let drive = json!({"name": "cd", "vmInstanceUuid": BARE_1, "resourceUuid": uuid});
        for refused in [
            create(&local, json!({"resourceUuid": uuid})).await,
            local.create_cd_rom(&drive.to_string()).await,
        ] {
            assert_eq!(code(&refused), "SYS.1000", "{uuid}");
            assert!(refused.1["error"]["details"].as_str().unwrap().contains(uuid), "{}", refused.1);
        }
    }
    assert_eq!(count().await, drives);
    // A free UUID can be used once.
    let free = "0b3f5a7c9d1e4f20a4b6c8d0e2f40618";
    assert_eq!(inventory(create(&local, json!({"resourceUuid": free})).await)["uuid"], free);
    let drive = json!({"name": "cd", "vmInstanceUuid": BARE_1, "resourceUuid": free});
    assert_eq!(code(&local.create_cd_rom(&drive.to_string()).await), "SYS.1000");
}

#[tokio::test]
async fn dates_in_other_time_zones_are_refused() {
    let local = Local::sample().await;
    let key = inventory(create(&local, json!({})).await);
    let (id, secret) = (key["AccessKeyID"].as_str().unwrap(), key["AccessKeySecret"].as_str().unwrap());
    let (status, answer) = signed_request(&local, id, secret, "Fri, 01 Jan 2027 20:00:00 CST").await;
    let text = answer.as_str().unwrap();
    assert_eq!(status, 403, "{text}");
    for part in [
        "requestTimeTooSkewed",
        "`Fri, 01 Jan 2027 12:00:00` in the zone UTC",
        "UTC+08:00",
        "--zone Asia/Shanghai",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The advice of the error works.
    let mut settings = Settings::default();
    settings.zone = TimeZone::get("Asia/Shanghai").unwrap();
    let local = Local::with(settings).await;
    let key = inventory(create(&local, json!({})).await);
    let (id, secret) = (key["AccessKeyID"].as_str().unwrap(), key["AccessKeySecret"].as_str().unwrap());
    assert_eq!(signed_request(&local, id, secret, "Fri, 01 Jan 2027 20:00:00 CST").await.0, 200);
    assert_eq!(signed_request(&local, id, secret, "Fri, 01 Jan 2027 20:00:00 Asia/Shanghai").await.0, 200);
}
