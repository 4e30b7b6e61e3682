//! Access keys: made, used in place of a session, and taken away.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use zstack_node::model::ADMIN_UUID;
use zstack_runtime::signature::signature;

use crate::local::sample::RESCUE;
use crate::local::{Answer, Local, code, inventory, read};

/// Noon at the clock of [`Local`].
const DATE: &str = "Fri, 01 Jan 2027 12:00:00 Etc/UTC";

async fn create(local: &Local, fields: Value) -> Answer {
    let mut params = json!({"accountUuid": ADMIN_UUID, "userUuid": ADMIN_UUID});
    params.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    local.send("POST", "/zstack/v1/accesskeys", &json!({ "params": params }).to_string()).await
}

fn path() -> String {
    format!("/v1/images/iso/{RESCUE}/vm-candidates")
}

/// Asks for candidates with these headers.
async fn ask(local: &Local, authorization: &str, date: Option<&str>) -> Answer {
    let mut request = Request::get(format!("/zstack{}?x=y", path())).header("Authorization", authorization);
    if let Some(date) = date {
        // As one client spells it.
        request = request.header("date", date);
    }
    read(local.app.api().handle(request.body(Body::empty()).unwrap()).await).await
}

async fn ask_signed(local: &Local, id: &str, secret: &str, date: &str) -> Answer {
    let signature = signature(secret, "GET", date, &path());
    ask(local, &format!("ZStack {id}:{signature}"), Some(date)).await
}

#[tokio::test]
async fn a_key_takes_the_place_of_a_session_until_it_is_deleted() {
    let local = Local::sample().await;
    let key = inventory(create(&local, json!({"description": "nightly"})).await);
    let (id, secret) = (key["AccessKeyID"].as_str().unwrap(), key["AccessKeySecret"].as_str().unwrap());
    assert_eq!((id.len(), secret.len()), (20, 40), "{key}");
    assert_eq!((&key["state"], &key["userUuid"]), (&json!("Enabled"), &json!(ADMIN_UUID)));
    let (status, answer) = ask_signed(&local, id, secret, DATE).await;
    assert_eq!(status, 200, "{answer}");

    let (status, answer) = ask_signed(&local, id, "another secret", DATE).await;
    assert_eq!(status, 403, "{answer}");
    assert!(answer.as_str().unwrap().contains("wrong accessKey signature"), "{answer}");
    for date in ["Fri, 01 Jan 2027 12:20:00 GMT", "Fri, 01 Jan 2027 11:40:00 GMT"] {
        let (status, answer) = ask_signed(&local, id, secret, date).await;
        assert_eq!(status, 403, "{answer}");
        assert!(answer.as_str().unwrap().contains("requestTimeTooSkewed"), "{answer}");
    }
    for (authorization, date) in [
        ("ZStack x", Some(DATE)),
        ("ZStack a:b:c", Some(DATE)),
        ("ZStack a:b", None),
        ("ZStack a:b", Some("noon")),
    ] {
        let (status, answer) = ask(&local, authorization, date).await;
        assert!(status == 400 && answer.is_string(), "{authorization}: {status} {answer}");
    }

    let uuid = key["uuid"].as_str().unwrap();
    for _ in 0..2 {
        let deleted =
            local.send("DELETE", &format!("/zstack/v1/accesskeys/{uuid}?deleteMode=Permissive"), "").await;
        assert_eq!(deleted, (200, json!({})));
    }
    let (status, answer) = ask_signed(&local, id, secret, DATE).await;
    assert_eq!(status, 403, "{answer}");
    assert!(answer.as_str().unwrap().contains("access key id"), "{answer}");
}

#[tokio::test]
async fn a_key_may_be_given_its_id_and_its_secret() {
    let local = Local::sample().await;
    let (id, secret) = ("my-access-key", "not-so-secret");
    let given = json!({"AccessKeyID": id, "AccessKeySecret": secret});
    assert_eq!(inventory(create(&local, given.clone()).await)["AccessKeySecret"], secret);
    assert_eq!(ask_signed(&local, id, secret, DATE).await.0, 200);
    assert_eq!(code(&create(&local, given).await), "SYS.1007");
    for (fields, expected) in [
        (json!({"AccessKeyID": "too-short"}), "SYS.1007"),
        (json!({"AccessKeySecret": "x".repeat(41)}), "SYS.1007"),
        (json!({"resourceUuid": "x"}), "SYS.1007"),
        (json!({"accountUuid": RESCUE}), "SYS.1003"),
        (json!({"userUuid": RESCUE}), "SYS.1003"),
    ] {
        assert_eq!(code(&create(&local, fields.clone()).await), expected, "{fields}");
    }
    let deleted = local.send("DELETE", "/zstack/v1/accesskeys/x", "").await;
    assert_eq!(code(&deleted), "SYS.1003");
}
