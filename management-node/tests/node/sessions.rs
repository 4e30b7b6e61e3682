//! Tests of logging in and out and of the lifetime of sessions.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use zstack_node::app::Settings;
use zstack_node::model::{ADMIN_UUID, Changes, Edit, Session};
use zstack_node::rules::sessions::{MAX_SESSIONS, TIMEOUT};
use zstack_node::service::{LoginLimits, Node};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;
use zstack_node::uuids;
use zstack_server::RemoteAddress;

use crate::local::sample::{DB_1, RESCUE};
use crate::local::{Answer, Local, NOON, code, inventory, read};

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
    assert_eq!(wrong, local.try_log_in("unknown", "password").await);
    // The password is compared exactly as sent: it is not hashed, and its case matters.
    for password in ["password", &zstack_node::inventory::password_hash("password").to_uppercase()] {
        let body = format!(r#"{{"logInByAccount":{{"accountName":"admin","password":"{password}"}}}}"#);
        assert_eq!(code(&local.send("PUT", "/zstack/v1/accounts/login", &body).await), "ID.1000");
    }
    let body = r#"{"logInByAccount":{"accountName":"admin","password":"x","accountType":"ldap"}}"#;
    assert_eq!(code(&local.send("PUT", "/zstack/v1/accounts/login", body).await), "SYS.1007");
}

#[tokio::test]
async fn each_use_extends_the_session() {
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
async fn the_expiration_is_exact_although_it_is_stored_only_every_minute() {
    let local = Local::sample().await;
    let stored_expiration =
        async || local.app.store().session(&local.session).await.unwrap().unwrap().session.expired_date;
    local.clock.advance(60);
    assert_eq!(local.candidates(RESCUE).await.0, 200);
    assert_eq!(stored_expiration().await, NOON.plus_seconds(TIMEOUT));
    local.clock.advance(TIMEOUT - 1);
    assert_eq!(local.candidates(RESCUE).await.0, 200);
    assert_eq!(stored_expiration().await, NOON.plus_seconds(60 + TIMEOUT - 1 + TIMEOUT));
}

#[tokio::test]
async fn logging_out_ends_the_session_at_once() {
    let local = Local::sample().await;
    let path = format!("/zstack/v1/accounts/sessions/{}", local.session);
    for _ in 0..2 {
        let (status, answer) = local.send("DELETE", &path, "").await;
        assert_eq!((status, answer.to_string().as_str()), (200, "{}"));
        assert_eq!(code(&local.candidates(RESCUE).await), "ID.1001");
    }
}

/// Another connection holds the lock of the database, so that every write
/// waits for two seconds and fails.
#[tokio::test]
async fn calls_without_a_session_do_not_write_to_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let mut local = Local::over(SqliteStore::open(&path).unwrap(), true).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let login = local.try_log_in("admin", "password").await;
    assert_eq!(code(&login), "SYS.1000", "{login:?}");

    local.session = "f".repeat(32);
    for _ in 0..2 {
        let log_out = local.send("DELETE", "/zstack/v1/accounts/sessions/f", "").await;
        assert_eq!(log_out, (200, json!({})));
        assert!(!is_valid(&local, "f").await);
        assert_eq!(password_accepted(&local.try_log_in("admin", "guess").await), Some(false));
        assert_eq!(code(&local.candidates(RESCUE).await), "ID.1001");
        let job = uuids::random();
        let headers = [("X-Job-UUID", job.as_str())];
        let attach = format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}");
        assert_eq!(local.send_with("POST", &attach, &headers, "").await.0, 202);
        assert_eq!(local.app.api().drain(std::time::Duration::from_secs(10)).await, 0);
        let result = local.send("GET", &format!("/zstack/v1/api-jobs/{job}"), "").await;
        assert_eq!(code(&result), "ID.1001");
    }
}

#[tokio::test]
async fn a_missing_or_unknown_session_is_refused() {
    let mut local = Local::sample().await;
    for unknown in ["", "x", &"0".repeat(32)] {
        local.session = unknown.to_owned();
        assert_eq!(code(&local.candidates(RESCUE).await), "ID.1001");
    }
    // The missing image is reported first.
    assert_eq!(code(&local.candidates("unknown").await), "SYS.1003");
}

/// Opens `count` sessions of the administrator, from noon on, one second apart.
async fn open_sessions(local: &Local, count: i64) -> Vec<String> {
    let session = |seconds| Session {
        user_uuid: None,
        uuid: uuids::random(),
        account_uuid: ADMIN_UUID.to_owned(),
        expired_date: NOON.plus_seconds(seconds + TIMEOUT),
        create_date: NOON.plus_seconds(seconds),
    };
    let sessions: Vec<_> = (0..count).map(session).collect();
    let edits = sessions.iter().cloned().map(Edit::create).collect();
    local.app.store().commit(Changes { guards: vec![], edits }).await.unwrap();
    sessions.into_iter().map(|session| session.uuid).collect()
}

#[tokio::test]
async fn at_the_session_limit_a_login_ends_the_longest_idle_session() {
    let mut local = Local::sample().await;
    let first = local.session.clone();
    let others = open_sessions(&local, MAX_SESSIONS - 1).await;
    local.clock.advance(MAX_SESSIONS);
    let use_session = async |local: &mut Local, session: &str| {
        local.session = session.to_owned();
        local.candidates(RESCUE).await.0
    };
    // The oldest session stays in use; the second is renewed for a year and used once.
    assert_eq!(use_session(&mut local, &first).await, 200);
    let path = format!("/zstack/v1/accounts/sessions/{}/renew", others[0]);
    let year = r#"{"renewSession":{"duration":31536000}}"#;
    assert_eq!(local.send("PUT", &path, year).await.0, 200);
    assert_eq!(use_session(&mut local, &others[0]).await, 200);
    local.clock.advance(60);
    assert_eq!(use_session(&mut local, &first).await, 200);
    let mut newest = Vec::new();
    for _ in 0..3 {
        newest.push(local.log_in("admin", "password").await);
    }
    for session in &others[1..4] {
        assert!(!is_valid(&local, session).await);
        local.session.clone_from(session);
        assert_eq!(code(&local.candidates(RESCUE).await), "ID.1001");
    }
    for session in others[4..].iter().chain([&first, &others[0]]).chain(&newest) {
        assert!(is_valid(&local, session).await, "{session}");
    }
    // A login with another account ends no session of the administrator, and
    // expired sessions do not count towards the limit.
    let alice = local.log_in("alice", "wonderland").await;
    assert!(is_valid(&local, &alice).await);
    local.clock.advance(TIMEOUT - 1);
    for session in [&first, &others[0], &newest[0]] {
        local.session.clone_from(session);
        assert_eq!(local.candidates(RESCUE).await.0, 200, "{session}");
    }
    local.log_in("admin", "password").await;
    assert!(is_valid(&local, &first).await);
}

#[tokio::test]
async fn after_a_restart_the_stored_expiration_decides_which_session_ends() {
    let local = Local::sample().await;
    let sessions = open_sessions(&local, MAX_SESSIONS - 1).await;
    // As after a restart, only the stored expirations are known.
    let edits = vec![Edit::ExtendSession {
        uuid: sessions[0].clone(),
        expired_date: NOON.plus_seconds(TIMEOUT + MAX_SESSIONS),
    }];
    local.app.store().commit(Changes { guards: vec![], edits }).await.unwrap();
    local.clock.advance(MAX_SESSIONS);
    local.log_in("admin", "password").await;
    let mut ended = Vec::new();
    for session in [&local.session].into_iter().chain(&sessions) {
        if !is_valid(&local, session).await {
            ended.push(session);
        }
    }
    // `local.session` and the first of `sessions` were opened at the same time.
    let candidates = [&local.session, &sessions[1]];
    assert!(ended.len() == 1 && candidates.contains(&ended[0]), "{ended:?}");
}

/// Logs in from the given address.
async fn log_in_from(local: &Local, address: &str, name: &str, password: &str) -> Answer {
    let hash = zstack_node::inventory::password_hash(password);
    let body = json!({"logInByAccount": {"accountName": name, "password": hash}}).to_string();
    let mut request = Request::put("/zstack/v1/accounts/login").body(Body::from(body)).unwrap();
    request.extensions_mut().insert(RemoteAddress(address.parse().unwrap()));
    read(local.app.api().handle(request).await).await
}

fn details(answer: &Answer) -> &str {
    answer.1["error"]["details"].as_str().unwrap()
}

/// Returns whether the password was accepted, or `None` if it was not checked.
fn password_accepted(answer: &Answer) -> Option<bool> {
    match answer.0 {
        200 => Some(true),
        _ if details(answer).contains("try again in") => {
            assert_eq!(code(answer), "ID.1000");
            None
        }
        _ => {
            assert_eq!(code(answer), "ID.1000");
            Some(false)
        }
    }
}

#[tokio::test]
async fn wrong_passwords_delay_further_logins_for_longer_and_longer() {
    let local = Local::sample().await;
    let (here, there) = ("192.0.2.1", "192.0.2.2");
    let mut checked = 0;
    for _ in 0..2000 {
        checked += u32::from(password_accepted(&log_in_from(&local, here, "admin", "guess").await).is_some());
    }
    assert_eq!(checked, 5);
    let waiting = log_in_from(&local, here, "admin", "password").await;
    assert!(details(&waiting).contains("try again in 1 second."), "{waiting:?}");
    // The answer does not reveal whether the account exists.
    for _ in 0..5 {
        assert_eq!(password_accepted(&log_in_from(&local, here, "unknown", "guess").await), Some(false));
    }
    assert_eq!(log_in_from(&local, here, "unknown", "guess").await, waiting);
    // The administrator can log in from other addresses, and from this one later.
    assert_eq!(password_accepted(&log_in_from(&local, there, "admin", "password").await), Some(true));
    assert_eq!(password_accepted(&log_in_from(&local, here, "alice", "wonderland").await), Some(true));
    for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
        local.clock.advance(wait - 1);
        assert_eq!(password_accepted(&log_in_from(&local, here, "admin", "password").await), None, "{wait}");
        local.clock.advance(1);
        assert_eq!(
            password_accepted(&log_in_from(&local, here, "admin", "guess").await),
            Some(false),
            "{wait}"
        );
    }
    local.clock.advance(60);
    assert_eq!(password_accepted(&log_in_from(&local, here, "admin", "password").await), Some(true));
    assert_eq!(password_accepted(&log_in_from(&local, here, "admin", "guess").await), Some(false));
    assert_eq!(password_accepted(&log_in_from(&local, here, "admin", "password").await), Some(true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_attempts_are_all_counted() {
    let local = Arc::new(Local::sample().await);
    let attempts = (0..200).map(|_| {
        let local = Arc::clone(&local);
        tokio::spawn(
            async move { password_accepted(&log_in_from(&local, "192.0.2.1", "admin", "guess").await) },
        )
    });
    let mut checked = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        checked += u32::from(attempt.await.unwrap().is_some());
    }
    assert_eq!(checked, 5);
}

#[tokio::test]
async fn correct_passwords_are_never_delayed() {
    let local = Local::sample().await;
    for _ in 0..30 {
        assert_eq!(
            password_accepted(&log_in_from(&local, "192.0.2.1", "admin", "password").await),
            Some(true)
        );
    }
}

#[tokio::test]
async fn the_login_limit_also_applies_to_the_legacy_channel() {
    let local = Local::sample().await;
    let mut checked = 0;
    for _ in 0..20 {
        let login = json!({"org.zstack.header.identity.APILogInByAccountMsg": {"accountName": "admin", "password": "x"}});
        let (status, answer) = local.send("POST", "/zstack/api", &login.to_string()).await;
        assert_eq!(status, 200, "{answer}");
        let result = answer["result"].as_str().unwrap();
        assert!(result.contains("ID.1000"), "{result}");
        checked += u32::from(!result.contains("try again in"));
    }
    assert_eq!(checked, 5);
    assert_eq!(password_accepted(&local.try_log_in("admin", "password").await), None);
}

#[tokio::test]
async fn the_login_limits_can_be_configured() {
    let mut settings = Settings::default();
    settings.login = LoginLimits { free_attempts: 2, longest_wait: 3 };
    let local = Local::with(settings).await;
    for (advance, expected) in [
        (0, Some(false)),
        (0, Some(false)),
        (0, None),
        (1, Some(false)),
        (2, Some(false)),
        (2, None),
        (1, Some(false)),
    ] {
        local.clock.advance(advance);
        assert_eq!(password_accepted(&local.try_log_in("admin", "guess").await), expected);
    }
    let mut settings = Settings::default();
    settings.login = LoginLimits { free_attempts: 0, longest_wait: 60 };
    let local = Local::with(settings).await;
    for _ in 0..100 {
        assert_eq!(password_accepted(&local.try_log_in("admin", "guess").await), Some(false));
    }
}

#[tokio::test]
async fn expired_sessions_are_deleted() {
    let local = Local::sample().await;
    let clock = Arc::clone(&local.clock);
    let node = Node::new(Arc::clone(local.app.store()), clock, jiff::tz::TimeZone::UTC);
    let is_stored = async || local.app.store().session(&local.session).await.unwrap().is_some();
    local.clock.advance(TIMEOUT);
    node.clean_up_sessions().await.unwrap();
    assert!(is_stored().await, "the stored expiration may be up to a minute old");
    local.clock.advance(62);
    node.clean_up_sessions().await.unwrap();
    assert!(!is_stored().await);
}

async fn is_valid(local: &Local, session: &str) -> bool {
    let (status, answer) =
        local.send("GET", &format!("/zstack/v1/accounts/sessions/{session}/valid"), "").await;
    assert_eq!((status, answer.as_object().unwrap().len()), (200, 1), "{answer}");
    answer["valid"].as_bool().unwrap()
}

#[tokio::test]
async fn validating_a_session_does_not_extend_it() {
    let local = Local::sample().await;
    assert!(is_valid(&local, &local.session).await);
    assert!(!is_valid(&local, "unknown").await);
    local.clock.advance(30);
    // The expiration kept in memory counts, not the stored one.
    assert_eq!(local.candidates(RESCUE).await.0, 200);
    local.clock.advance(TIMEOUT - 1);
    assert!(is_valid(&local, &local.session).await);
    local.clock.advance(1);
    assert!(!is_valid(&local, &local.session).await);
    assert_eq!(code(&local.candidates(RESCUE).await), "ID.1001");
}

#[tokio::test]
async fn renewing_extends_a_session_and_never_shortens_it() {
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
    // Using it does not shorten it either.
    local.clock.advance(TIMEOUT + 1);
    assert!(is_valid(&local, &other).await);
    assert!(!is_valid(&local, &local.session).await);
}

#[tokio::test]
async fn only_unexpired_sessions_of_the_same_account_can_be_renewed() {
    let mut local = Local::sample().await;
    let admin = local.session.clone();
    let alice = local.log_in("alice", "wonderland").await;
    let renew = async |local: &Local, session: &str| {
        let path = format!("/zstack/v1/accounts/sessions/{session}/renew");
        local.send("PUT", &path, r#"{"renewSession":{"duration":86400}}"#).await
    };
    assert_eq!(renew(&local, &alice).await.0, 200, "the administrator may renew all sessions");
    local.session = alice;
    assert_eq!(code(&renew(&local, &admin).await), "SYS.1006");
    assert_eq!(code(&renew(&local, "unknown").await), "SYS.1003");
    local.clock.advance(TIMEOUT + 1);
    // The session has expired but is still stored.
    assert_eq!(code(&renew(&local, &admin).await), "SYS.1003");
    assert!(!is_valid(&local, &admin).await);
    let alice = local.session.clone();
    assert_eq!(renew(&local, &alice).await.0, 200);
    // A missing session is reported before the caller's expired session.
    local.session = admin;
    assert_eq!(code(&renew(&local, "unknown").await), "SYS.1003");
    assert_eq!(code(&renew(&local, &alice).await), "ID.1001");
}
