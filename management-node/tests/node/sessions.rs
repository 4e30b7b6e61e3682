//! Logging in and out, and how long a session holds.

use zstack_node::model::{ADMIN_UUID, Session};
use zstack_node::model::{Changes, Edit};
use zstack_node::rules::sessions::{MAX_SESSIONS, TIMEOUT};
use zstack_node::store::Store as _;
use zstack_node::uuids;

use crate::local::sample::RESCUE;
use crate::local::{Local, NOON, code, inventory};

#[tokio::test]
async fn logging_in_opens_a_session() {
    let local = Local::sample().await;
    let (status, answer) = local.try_log_in("admin", "password").await;
    assert_eq!(status, 200, "{answer}");
    let session = &answer["inventory"];
    assert_eq!(session["accountUuid"], ADMIN_UUID);
    assert_eq!(session["userUuid"], ADMIN_UUID);
    assert_eq!(session["createDate"], "Jan 1, 2027 12:00:00 PM");
    assert_eq!(session["expiredDate"], "Jan 1, 2027 2:00:00 PM");
    assert_eq!(session["noSessionEvaluation"], false);
    assert!(uuids::is_valid(session["uuid"].as_str().unwrap()));
    assert_ne!(session["uuid"], local.session);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let local = Local::sample().await;
    let wrong = local.try_log_in("admin", "wonderland").await;
    assert_eq!(code(&wrong), "ID.1000");
    assert_eq!(wrong, local.try_log_in("nobody", "password").await);
    // The text is compared as it came: neither hashed nor folded.
    for password in ["password", &zstack_node::inventory::password_hash("password").to_uppercase()] {
        let body = format!(r#"{{"logInByAccount":{{"accountName":"admin","password":"{password}"}}}}"#);
        assert_eq!(code(&local.send("PUT", "/zstack/v1/accounts/login", &body).await), "ID.1000");
    }
    let body = r#"{"logInByAccount":{"accountName":"admin","password":"x","accountType":"ldap"}}"#;
    assert_eq!(code(&local.send("PUT", "/zstack/v1/accounts/login", body).await), "SYS.1007");
}

#[tokio::test]
async fn every_use_moves_the_end() {
    let local = Local::sample().await;
    for _ in 0..3 {
        local.clock.advance(TIMEOUT - 1);
        assert_eq!(local.candidates(RESCUE).await.0, 200);
    }
    local.clock.advance(TIMEOUT);
    let expired = local.candidates(RESCUE).await;
    assert_eq!(code(&expired), "ID.1001");
    assert!(expired.1["error"]["details"].as_str().unwrap().contains("Session expired"));
}

#[tokio::test]
async fn the_end_is_exact_though_it_is_written_only_every_minute() {
    let local = Local::sample().await;
    let on_record =
        async || local.app.store().session(&local.session).await.unwrap().unwrap().session.expired_date;
    local.clock.advance(60);
    assert_eq!(local.candidates(RESCUE).await.0, 200);
    assert_eq!(on_record().await, NOON.plus_seconds(TIMEOUT));
    local.clock.advance(TIMEOUT - 1);
    assert_eq!(local.candidates(RESCUE).await.0, 200);
    assert_eq!(on_record().await, NOON.plus_seconds(60 + TIMEOUT - 1 + TIMEOUT));
}

#[tokio::test]
async fn logging_out_ends_it_at_once() {
    let local = Local::sample().await;
    let path = format!("/zstack/v1/accounts/sessions/{}", local.session);
    for _ in 0..2 {
        let (status, answer) = local.send("DELETE", &path, "").await;
        assert_eq!((status, answer.to_string().as_str()), (200, "{}"));
        assert_eq!(code(&local.candidates(RESCUE).await), "ID.1001");
    }
}

#[tokio::test]
async fn no_session_and_an_unknown_one() {
    let mut local = Local::sample().await;
    for unknown in ["", "x", &"0".repeat(32)] {
        local.session = unknown.to_owned();
        assert_eq!(code(&local.candidates(RESCUE).await), "ID.1001");
    }
    // What does not exist is reported first.
    assert_eq!(code(&local.candidates("nowhere").await), "SYS.1003");
}

#[tokio::test]
async fn an_account_has_so_many_sessions_and_no_more() {
    let local = Local::sample().await;
    let session = |_| {
        Edit::create(Session {
            uuid: uuids::random(),
            account_uuid: ADMIN_UUID.to_owned(),
            expired_date: NOON.plus_seconds(TIMEOUT),
            create_date: NOON,
        })
    };
    // There is one already, and one more will do.
    let edits = (2..MAX_SESSIONS).map(session).collect();
    local.app.store().commit(Changes { guards: vec![], edits }).await.unwrap();
    local.log_in("admin", "password").await;
    assert_eq!(code(&local.try_log_in("admin", "password").await), "ID.1006");
    local.log_in("alice", "wonderland").await;
    // Those that have ended do not count.
    local.clock.advance(TIMEOUT);
    local.log_in("admin", "password").await;
}

#[tokio::test]
async fn ended_sessions_are_forgotten() {
    use std::sync::Arc;
    use zstack_node::service::Node;

    let local = Local::sample().await;
    let clock = Arc::clone(&local.clock);
    let node = Node::new(Arc::clone(local.app.store()), clock, jiff::tz::TimeZone::UTC);
    let known = async || local.app.store().session(&local.session).await.unwrap().is_some();
    local.clock.advance(TIMEOUT);
    node.clean_up_sessions().await.unwrap();
    assert!(known().await, "what is on record may lag behind by a minute");
    local.clock.advance(62);
    node.clean_up_sessions().await.unwrap();
    assert!(!known().await);
}

async fn is_valid(local: &Local, session: &str) -> bool {
    let (status, answer) =
        local.send("GET", &format!("/zstack/v1/accounts/sessions/{session}/valid"), "").await;
    assert_eq!((status, answer.as_object().unwrap().len()), (200, 1), "{answer}");
    answer["valid"].as_bool().unwrap()
}

#[tokio::test]
async fn validating_tells_the_truth_and_prolongs_nothing() {
    let local = Local::sample().await;
    assert!(is_valid(&local, &local.session).await);
    assert!(!is_valid(&local, "nowhere").await);
    local.clock.advance(30);
    // The end that is kept in memory counts, not only the one on record.
    assert_eq!(local.candidates(RESCUE).await.0, 200);
    local.clock.advance(TIMEOUT - 1);
    assert!(is_valid(&local, &local.session).await);
    local.clock.advance(1);
    assert!(!is_valid(&local, &local.session).await);
    assert_eq!(code(&local.candidates(RESCUE).await), "ID.1001");
}

#[tokio::test]
async fn renewing_prolongs_and_never_shortens() {
    let local = Local::sample().await;
    let other = local.log_in("admin", "password").await;
    let renew = async |session: &str, params: &str| {
        let path = format!("/zstack/v1/accounts/sessions/{session}/renew");
        local.send("PUT", &path, &format!(r#"{{"renewSession":{params}}}"#)).await
    };
    let end = |answer| inventory(answer)["expiredDate"].clone();
    local.clock.advance(3600);
    assert_eq!(end(renew(&other, "{}").await), "Jan 1, 2027 3:00:00 PM");
    assert_eq!(end(renew(&other, r#"{"duration":86400}"#).await), "Jan 2, 2027 1:00:00 PM");
    assert_eq!(end(renew(&other, r#"{"duration":60}"#).await), "Jan 2, 2027 1:00:00 PM");
    for duration in [59, 31_536_001] {
        assert_eq!(code(&renew(&other, &format!(r#"{{"duration":{duration}}}"#)).await), "SYS.1007");
    }
    // A use of it does not shorten it either.
    local.clock.advance(TIMEOUT + 1);
    assert!(is_valid(&local, &other).await);
    assert!(!is_valid(&local, &local.session).await);
}

#[tokio::test]
async fn renewing_is_for_ones_own_sessions_that_hold() {
    let mut local = Local::sample().await;
    let admin = local.session.clone();
    let alice = local.log_in("alice", "wonderland").await;
    let renew = async |local: &Local, session: &str| {
        let path = format!("/zstack/v1/accounts/sessions/{session}/renew");
        local.send("PUT", &path, r#"{"renewSession":{"duration":86400}}"#).await
    };
    assert_eq!(renew(&local, &alice).await.0, 200, "admin may");
    local.session = alice;
    assert_eq!(code(&renew(&local, &admin).await), "SYS.1006");
    assert_eq!(code(&renew(&local, "nowhere").await), "SYS.1003");
    local.clock.advance(TIMEOUT + 1);
    // It has ended, but nobody has cleaned up yet.
    assert_eq!(code(&renew(&local, &admin).await), "SYS.1003");
    assert!(!is_valid(&local, &admin).await);
    let alice = local.session.clone();
    assert_eq!(renew(&local, &alice).await.0, 200);
    // What does not exist is reported before who asks.
    local.session = admin;
    assert_eq!(code(&renew(&local, "nowhere").await), "SYS.1003");
    assert_eq!(code(&renew(&local, &alice).await), "ID.1001");
}
