//! Jobs, with a paused clock.

use std::time::Duration;

use tokio::time::Instant;
use zstack_runtime::client::{Call, CallOptions, ErrorKind, PollPolicy, Progress};
use zstack_runtime::constraints::is_uuid;

use crate::client::operations::AttachIso;
use crate::client::script::{JOB, SESSION, Script, Step, accept_job, answer};

const DONE: &str = r#"{"inventory":{"uuid":"u"}}"#;

fn attach() -> AttachIso {
    AttachIso { vm: "v".into(), iso: Some("i".into()), ..AttachIso::default() }
}

fn running() -> Step {
    answer(202, "{}")
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_its_job() {
    let script = Script::new([accept_job(), running(), running(), running(), running(), answer(200, DONE)]);
    let answer = attach().call(&script.client()).await.unwrap();
    assert_eq!(answer.inventory.uuid, "u");
    assert_eq!(script.gaps(), [1.0, 2.0, 4.0, 4.0, 4.0]);
    // The location has another host; polls go to the host of the call.
    let lines = script.lines();
    assert_eq!(lines[0], "POST http://10.0.0.1:8080/zstack/v1/vms/v/iso/i");
    assert!(
        lines[1..].iter().all(|line| *line == format!("GET http://10.0.0.1:8080/zstack/v1/api-jobs/{JOB}"))
    );
    assert_eq!(script.header(0, "X-Job-UUID"), None);
    assert_eq!(script.header(1, "Authorization"), Some(format!("OAuth {SESSION}")));
}

#[tokio::test(start_paused = true)]
async fn jitter_only_shortens_delays() {
    let script = Script::new([accept_job(), running()]);
    let policy = PollPolicy::new()
        .initial(Duration::from_secs(4))
        .factor(1.0)
        .max_delay(Duration::from_secs(4))
        .jitter(0.5);
    let client = script.builder().poll(policy).deadline(Duration::from_secs(100)).build().unwrap();
    attach().call(&client).await.unwrap_err();
    let gaps = script.gaps();
    assert!(gaps.iter().all(|gap| (2.0..=4.0).contains(gap)), "{gaps:?}");
    assert!(gaps.len() > 24, "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn respects_retry_after() {
    let later = Step::Answer(202, "{}".into(), Some(30));
    let busy = Step::Answer(429, "slow down".into(), Some(60));
    let script = Script::new([accept_job(), later, busy, running(), answer(200, DONE)]);
    attach().call(&script.client()).await.unwrap();
    assert_eq!(script.gaps(), [1.0, 30.0, 60.0, 4.0]);
}

#[tokio::test(start_paused = true)]
async fn polls_again_after_temporary_failures() {
    let script = Script::new([
        accept_job(),
        Step::Fail("reset"),
        answer(502, "bad gateway"),
        answer(504, "gateway timeout"),
        answer(503, "<html>no upstream</html>"),
        Step::Hang,
        answer(200, DONE),
    ]);
    let start = Instant::now();
    attach().call(&script.client()).await.unwrap();
    assert_eq!(script.count(), 7);
    // 1 + 2 + 4 + 4 + 4, half a minute without a response, 4.
    assert_eq!(start.elapsed().as_secs(), 49);
}

#[tokio::test(start_paused = true)]
async fn jobs_fail_like_calls() {
    let script = Script::new([accept_job(), running(), answer(503, r#"{"error":{"code":"VM.1010"}}"#)]);
    let error = attach().call(&script.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.operation().unwrap().name, "AttachIso");
    assert_eq!(error.job_uuid(), Some(JOB));
    assert!(error.to_string().ends_with(&format!("; job {JOB}")), "{error}");

    let script = Script::new([accept_job(), answer(400, "what")]);
    assert_eq!(attach().call(&script.client()).await.unwrap_err().kind(), ErrorKind::Rejected);
}

#[tokio::test(start_paused = true)]
async fn reports_lost_jobs() {
    let script = Script::new([accept_job(), running(), answer(404, "no such job")]);
    let error = attach().call(&script.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JobLost);
    assert!(!error.is_not_found(), "that is about what the request names");
    assert_eq!(error.job_uuid(), Some(JOB));
}

#[tokio::test(start_paused = true)]
async fn jobs_continue_after_the_deadline() {
    let script = Script::new([accept_job(), running()]);
    let client = script.client().with_options(CallOptions::new().deadline(Duration::from_secs(100)));
    let start = Instant::now();
    let error = attach().call(&client).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 100);
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert!(error.is_timeout());
    assert_eq!(error.job_uuid(), Some(JOB));

    // The error includes the last failure, if there was any.
    let script = Script::new([accept_job(), Step::Fail("unplugged")]);
    let client = script.client().with_options(CallOptions::new().deadline(Duration::from_secs(9)));
    let error = attach().call(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert!(error.to_string().contains("unplugged"), "{error}");

    // A server that does not respond.
    let client = Script::new([Step::Hang]).builder().deadline(Duration::from_secs(9)).build().unwrap();
    let start = Instant::now();
    assert_eq!(attach().call(&client).await.unwrap_err().kind(), ErrorKind::Deadline);
    assert_eq!(start.elapsed().as_secs(), 9);

    // A poll without a response.
    let client =
        Script::new([accept_job(), Step::Hang]).builder().deadline(Duration::from_secs(9)).build().unwrap();
    let start = Instant::now();
    let error = attach().call(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.job_uuid()), (ErrorKind::Deadline, Some(JOB)));
    assert_eq!(start.elapsed().as_secs(), 9);
}

#[tokio::test(start_paused = true)]
async fn waits_as_long_as_the_server_allows() {
    async fn patience(api_timeout: &str) -> u64 {
        let body = format!(r#"{{"location":"/zstack/v1/api-jobs/{JOB}"{api_timeout}}}"#);
        let script = Script::new([answer(202, body), running()]);
        let start = Instant::now();
        assert_eq!(attach().call(&script.client()).await.unwrap_err().kind(), ErrorKind::Deadline);
        start.elapsed().as_secs()
    }
    assert_eq!(patience("").await, 30 * 60);
    assert_eq!(patience(r#","apiTimeout":600000"#).await, 660);
    assert_eq!(patience(r#","apiTimeout":"soon""#).await, 30 * 60);
}

#[tokio::test(start_paused = true)]
async fn tolerates_extreme_durations() {
    let body = format!(r#"{{"location":"/zstack/v1/api-jobs/{JOB}","apiTimeout":{}}}"#, u64::MAX);
    let for_ever = Step::Answer(202, "{}".into(), Some(u32::MAX));
    let script = Script::new([answer(202, body), for_ever, answer(200, DONE)]);
    attach().call(&script.client()).await.unwrap();

    let options = CallOptions::new().deadline(Duration::MAX).request_timeout(Duration::MAX);
    let script = Script::new([accept_job(), answer(200, DONE)]);
    attach().call(&script.client().with_options(options)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn resumes_started_jobs() {
    let script = Script::new([answer(202, "{}"), running(), running(), answer(200, DONE)]);
    let client = script.client();
    let job = attach().start(&client).await.unwrap();
    // There is no location, but the client knows the UUID.
    let name = script.header(0, "X-Job-UUID").unwrap();
    assert!(is_uuid(&name));
    assert_eq!(job.uuid(), name);
    assert_eq!(script.count(), 1);
    assert_eq!(job.poll().await.unwrap(), Progress::Running);

    let resumed = client.job::<AttachIso>(name.as_str());
    assert_eq!(resumed.wait().await.unwrap().inventory.uuid, "u");
    assert!(matches!(resumed.poll().await, Ok(Progress::Done(_))));
    assert_eq!(script.lines()[3], format!("GET http://10.0.0.1:8080/zstack/v1/api-jobs/{name}"));
    assert_eq!(format!("{job:?}"), format!("Job {{ operation: \"AttachIso\", uuid: {name:?}, .. }}"));
}

#[tokio::test(start_paused = true)]
async fn sends_job_uuid_and_api_timeout() {
    let script = Script::new([accept_job(), answer(200, DONE)]);
    let options = CallOptions::new().job_uuid(JOB).api_timeout(90);
    attach().call(&script.client().with_options(options)).await.unwrap();
    assert_eq!(script.header(0, "X-Job-UUID").as_deref(), Some(JOB));
    assert_eq!(script.header(0, "X-API-Timeout").as_deref(), Some("90"));

    // A call whose response was lost is found by its UUID.
    let script = Script::new([Step::Fail("reset")]);
    let error =
        attach().call(&script.client().with_options(CallOptions::new().job_uuid(JOB))).await.unwrap_err();
    assert_eq!(error.job_uuid(), Some(JOB));
    let sent = script.count();

    for bad in ["", "short", &"é".repeat(16), &"x".repeat(33), &"\n".repeat(32)] {
        let client = script.client().with_options(CallOptions::new().job_uuid(bad));
        assert_eq!(attach().call(&client).await.unwrap_err().kind(), ErrorKind::Invalid, "{bad:?}");
    }
    assert_eq!(script.count(), sent);
}

#[tokio::test(start_paused = true)]
async fn single_polls_report_failures() {
    let script = Script::new([answer(502, "bad gateway"), Step::Fail("reset"), answer(404, "gone")]);
    let job = script.client().job::<AttachIso>(JOB);
    for kind in [ErrorKind::Rejected, ErrorKind::Transport, ErrorKind::JobLost] {
        let error = job.poll().await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.job_uuid(), Some(JOB));
        assert_eq!(error.operation().unwrap().name, "AttachIso");
    }
    for bad in ["", ".", ".."] {
        assert_eq!(
            script.client().job::<AttachIso>(bad).wait().await.unwrap_err().kind(),
            ErrorKind::Invalid
        );
    }
    script.client().job::<AttachIso>("a/b").poll().await.unwrap_err();
    assert_eq!(script.lines()[3], "GET http://10.0.0.1:8080/zstack/v1/api-jobs/a%2Fb");
}

#[tokio::test(start_paused = true)]
async fn dropping_stops_polling() {
    let script = Script::new([accept_job(), running()]);
    let client = script.client();
    let waiting = tokio::time::timeout(Duration::from_secs(10), attach().call(&client));
    waiting.await.unwrap_err();
    let asked = script.count();
    assert!(asked > 1);
    tokio::time::sleep(Duration::from_secs(1000)).await;
    assert_eq!(script.count(), asked);
}
