//! Repetition of requests.

use std::time::Duration;

use zstack_runtime::client::{Call, CallOptions, ErrorKind};

use crate::client::operations::{AttachIso, GetThing};
use crate::client::script::{JOB, Script, Step, accept_job, answer};

const DONE: &str = r#"{"inventory":{"uuid":"u"}}"#;
const LOST: Step = Step::Fail("reset");

fn get() -> GetThing {
    GetThing { uuid: "t".into(), ..GetThing::default() }
}

fn attach() -> AttachIso {
    AttachIso { vm: "v".into(), iso: Some("i".into()), ..AttachIso::default() }
}

#[tokio::test(start_paused = true)]
async fn tries_reads_three_times() {
    let script = Script::new([LOST, LOST, answer(200, DONE)]);
    get().call(&script.client()).await.unwrap();
    assert_eq!(script.count(), 3);

    let script = Script::new([LOST]);
    let error = get().call(&script.client()).await.unwrap_err();
    assert_eq!((error.kind(), script.count()), (ErrorKind::Transport, 3));

    let script = Script::new([LOST]);
    let client = script.builder().retries(0).build().unwrap();
    get().call(&client).await.unwrap_err();
    assert_eq!(script.count(), 1);

    // Not after the deadline.
    let script = Script::new([LOST]);
    let client = script.builder().retries(1000).deadline(Duration::from_secs(60)).build().unwrap();
    let start = tokio::time::Instant::now();
    get().call(&client).await.unwrap_err();
    assert!(start.elapsed() <= Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn does_not_repeat_after_responses_or_timeouts() {
    for step in [answer(500, "broken"), answer(502, "bad gateway"), answer(400, "no"), Step::Hang] {
        let script = Script::new([step]);
        get().call(&script.client()).await.unwrap_err();
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn sends_changes_once() {
    let script = Script::new([LOST]);
    attach().call(&script.client()).await.unwrap_err();
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn repeats_jobs_with_a_uuid() {
    // The first request did not arrive.
    let script = Script::new([LOST, accept_job(), answer(200, DONE)]);
    attach().start(&script.client()).await.unwrap().wait().await.unwrap();
    assert_eq!(script.header(0, "X-Job-UUID"), script.header(1, "X-Job-UUID"));

    // It arrived: the UUID is in use, and the job is running.
    let named = CallOptions::new().job_uuid(JOB);
    let script = Script::new([LOST, answer(400, "in use"), answer(202, "{}"), answer(200, DONE)]);
    attach().call(&script.client().with_options(named.clone())).await.unwrap();
    assert!(script.lines()[2].ends_with(&format!("/zstack/v1/api-jobs/{JOB}")), "{:?}", script.lines());

    // The job is done already.
    let script = Script::new([LOST, answer(400, "in use"), answer(200, DONE)]);
    attach().call(&script.client().with_options(named.clone())).await.unwrap();
    assert_eq!(script.count(), 3);

    // It is refused for another reason, which the error shows.
    let script = Script::new([LOST, answer(400, "isoUuid is malformed"), answer(404, "no such job")]);
    let error = attach().call(&script.client().with_options(named.clone())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.to_string().contains("isoUuid is malformed"), "{error}");

    // Nothing was lost: another caller had used the UUID.
    let script = Script::new([answer(400, "in use")]);
    let error = attach().call(&script.client().with_options(named)).await.unwrap_err();
    assert_eq!((error.kind(), script.count()), (ErrorKind::Rejected, 1));
}
