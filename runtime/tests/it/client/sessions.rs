//! Clients that log in automatically.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use zstack_runtime::client::{Call, CallOptions, Client, Error, ErrorKind};

use crate::client::node::{Node, PASSWORD, create, get};
use crate::client::script::{JOB, Script, Step, answer};

fn count(counter: &std::sync::atomic::AtomicUsize) -> usize {
    counter.load(Ordering::SeqCst)
}

/// Runs this many calls concurrently.
async fn many(client: &Client, calls: usize) -> Vec<Result<String, Error>> {
    let calls: Vec<_> = (0..calls)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                if number % 2 == 0 {
                    get().call(&client).await.map(|response| response.inventory.uuid)
                } else {
                    create().call(&client).await.map(|response| response.inventory.uuid)
                }
            })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_calls_log_in_once() {
    let node = Arc::new(Node::default());
    let client = node.client();
    assert_eq!(client.session(), None);
    for log_ins in 1..=3 {
        for answered in many(&client, 64).await {
            answered.unwrap();
        }
        assert_eq!(count(&node.log_ins), log_ins);
        assert_eq!(count(&node.done), 64 * log_ins);
        assert_eq!(client.session().as_deref(), Some(node.sessions()[0].as_str()));
        node.expire();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_calls_try_a_wrong_password_once() {
    let node = Arc::new(Node::default());
    let client = node.builder().login("admin", "wrong").build().unwrap();
    for answered in many(&client, 64).await {
        let error = answered.unwrap_err();
        assert!(error.is_authentication_failed(), "{error}");
        assert_eq!(error.operation().unwrap().name, "LogInByAccount");
    }
    // One for all calls that were waiting; a task may have started later.
    let tried = count(&node.log_ins);
    assert!(tried < 64, "{tried}");
    get().call(&client).await.unwrap_err();
    assert_eq!(count(&node.log_ins), tried + 1, "a later call tries again");
}

#[tokio::test]
async fn starts_a_refused_job_again() {
    let node = Arc::new(Node::default());
    let client = node.client();
    let as_job = client.with_options(CallOptions::new().respond_async());
    create().call(&as_job).await.unwrap();
    node.expire();
    create().call(&as_job).await.unwrap();
    assert_eq!((count(&node.log_ins), count(&node.refused), count(&node.done)), (2, 1, 2));

    // A caller that waits for a job gets the error; the next call logs in.
    node.expire();
    let job = create().start(&client).await.unwrap();
    assert!(job.wait().await.unwrap_err().is_session_expired());
    assert_eq!(client.session(), None);
    create().start(&client).await.unwrap().wait().await.unwrap();

    // A UUID that the caller chose has been used.
    node.expire();
    let named = client.with_options(CallOptions::new().job_uuid(JOB));
    assert!(create().call(&named).await.unwrap_err().is_session_expired());
    get().call(&client).await.unwrap();
}

#[tokio::test]
async fn gives_up_after_the_second_refusal() {
    let node = Node::strict();
    let error = get().call(&node.client()).await.unwrap_err();
    assert!(error.is_session_expired(), "{error}");
    assert_eq!((count(&node.log_ins), count(&node.refused)), (2, 2));
    // A session that the caller set is not replaced.
    let client = node.client().with_session("abc");
    get().call(&client).await.unwrap_err();
    assert_eq!((count(&node.log_ins), count(&node.refused)), (2, 3));
}

#[tokio::test]
async fn log_out_ends_the_session() {
    let node = Arc::new(Node::default());
    let client = node.client();
    client.log_out().await.unwrap();
    get().call(&client).await.unwrap();
    assert_eq!(node.sessions().len(), 1);
    client.log_out().await.unwrap();
    assert_eq!(node.sessions().len(), 0);
    assert_eq!(client.session(), None);
    get().call(&client).await.unwrap();
    assert_eq!(count(&node.log_ins), 2);
    assert_eq!(count(&node.refused), 0);

    let session = client.session().unwrap();
    let other = node.builder().session(&session).build().unwrap();
    other.log_out().await.unwrap();
    assert_eq!(node.sessions().len(), 0);
}

fn session(uuid: &str, expires: &str) -> Step {
    let created = "Nov 14, 2017 10:00:00 AM";
    answer(
        200,
        format!(r#"{{"inventory":{{"uuid":"{uuid}","expiredDate":"{expires}","createDate":"{created}"}}}}"#),
    )
}

#[tokio::test(start_paused = true)]
async fn does_not_use_expired_sessions() {
    let ok = || answer(200, r#"{"inventory":{"uuid":"t"}}"#);
    let two_hours = "Nov 14, 2017 12:00:00 PM";
    let script = Script::new([session("s1", two_hours), ok(), ok(), session("s2", two_hours), ok()]);
    let client = script.builder().login("admin", PASSWORD).build().unwrap();
    get().call(&client).await.unwrap();
    // Each use prolongs it by two hours.
    for _ in 0..2 {
        tokio::time::advance(Duration::from_secs(119 * 60)).await;
        if script.count() == 2 {
            get().call(&client).await.unwrap();
        }
    }
    tokio::time::advance(Duration::from_secs(60)).await;
    get().call(&client).await.unwrap();
    let sessions: Vec<_> = (0..5).map(|index| script.header(index, "Authorization")).collect();
    let oauth = |uuid: &str| Some(format!("OAuth {uuid}"));
    assert_eq!(sessions, [None, oauth("s1"), oauth("s1"), None, oauth("s2")]);
}

#[tokio::test(start_paused = true)]
async fn log_in_respects_the_deadline() {
    let script = Script::new([Step::Hang]);
    let client = script.builder().login("admin", PASSWORD).build().unwrap();
    let hurried = client.with_options(CallOptions::new().deadline(Duration::from_secs(2)));
    let call = get();
    let (first, second) = tokio::join!(call.clone().call(&hurried), call.call(&hurried));
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    }
    assert_eq!(script.count(), 1);
}

/// Proxies change the status; a body with an error is neither a session nor a result.
#[tokio::test]
async fn detects_refused_sessions_whatever_the_status() {
    let wrong = answer(200, r#"{"error":{"code":"ID.1000","description":"wrong"}}"#);
    let client = Script::new([wrong]).builder().login("admin", "x").build().unwrap();
    let error = get().call(&client).await.unwrap_err();
    assert!(error.is_authentication_failed(), "{error}");
    assert_eq!(error.operation().unwrap().name, "LogInByAccount");
    assert_eq!(client.session(), None);

    let expired = answer(200, r#"{"error":{"code":"ID.1001"}}"#);
    let two_hours = "Nov 14, 2017 12:00:00 PM";
    let thing = answer(200, r#"{"inventory":{"uuid":"t"}}"#);
    let script = Script::new([session("s1", two_hours), expired, session("s2", two_hours), thing]);
    let client = script.builder().login("admin", PASSWORD).build().unwrap();
    assert_eq!(get().call(&client).await.unwrap().inventory.uuid, "t");
    assert_eq!(client.session().as_deref(), Some("s2"));
}

#[tokio::test]
async fn sends_nothing_without_credentials() {
    let script = Script::new([answer(200, "{}")]);
    let client = script.client().without_session();
    let error = get().call(&client).await.unwrap_err();
    assert!(error.to_string().contains(".login("), "{error}");
    client.log_out().await.unwrap();
    assert_eq!(script.count(), 0);
}
