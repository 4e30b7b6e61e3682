//! Interpretation of HTTP responses: results and errors.

use http::StatusCode;
use serde_json::json;
use zstack_runtime::Tagged;
use zstack_runtime::client::{Call, Error, ErrorKind};

use crate::client::operations::{AttachIso, Colour, CreateThing, DetachIso, GetThing, ThingResponse};
use crate::client::script::{JOB, Script, Step, accept_job, answer};

fn get() -> GetThing {
    GetThing { uuid: "t".into(), ..GetThing::default() }
}

fn attach() -> AttachIso {
    AttachIso { vm: "v".into(), iso: Some("i".into()), ..AttachIso::default() }
}

async fn result(status: u16, body: &str) -> Result<ThingResponse, Error> {
    get().call(&Script::new([answer(status, body)]).client()).await
}

async fn error(status: u16, body: &str) -> Error {
    result(status, body).await.unwrap_err()
}

#[tokio::test]
async fn decodes_results_leniently() {
    let answer = result(
        200,
        r#" {"future":[{"x":1}],"inventory":{"uuid":"u","size":"8.589934592E9","parts":null,
            "colour":"Octarine","later":{}},"schema":{"inventory":"x"}} "#,
    );
    let thing = answer.await.unwrap().inventory;
    assert_eq!(thing.uuid, "u");
    assert_eq!(thing.size, Some(8_589_934_592));
    assert_eq!(thing.parts, None);
    assert_eq!(thing.colour, Some(Colour::from("Octarine")));
}

#[tokio::test]
async fn operations_without_result_need_no_body() {
    for body in ["", "\n", "{}", r#"{"success":true}"#] {
        let detach = DetachIso { vm: "v".into(), ..DetachIso::default() };
        detach.call(&Script::new([answer(200, body)]).client()).await.unwrap();
    }
}

#[tokio::test]
async fn decoding_errors_name_the_position() {
    for (body, text) in [
        ("null", "null instead of a ThingResponse object"),
        ("[]", "a ThingResponse object"),
        ("{\"inventory\":", "EOF"),
        ("{}", ".inventory: required in ThingResponse, but missing"),
        (r#"{"inventory":7}"#, ".inventory: "),
        (r#"{"inventory":{"uuid":"u","size":1.5}}"#, ".inventory.size: 1.5 is not a"),
        (r#"{"inventory":{"uuid":"u","size":9223372036854775808}}"#, ".inventory.size: "),
        (r#"{"inventory":{"uuid":"u","parts":[{"uuid":"p"},{}]}}"#, ".inventory.parts[1].uuid: required"),
        (r#"{"inventory":{"uuid":"u"}} x"#, "trailing"),
    ] {
        let error = error(200, body).await;
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{body}");
        assert_eq!(error.status(), Some(StatusCode::OK));
        assert_eq!(error.body(), body);
        let story = error.to_string();
        assert!(story.starts_with("GetThing (GET /zstack/v1/things/{uuid}/details): "), "{story}");
        assert!(story.contains(text), "{story}");
        assert!(error.underlying().is_some_and(|underlying| underlying.is::<serde_json::Error>()));
    }
}

#[tokio::test]
async fn operations_with_a_result_need_a_body() {
    for (status, body) in [(200, ""), (200, " \n"), (204, ""), (201, "")] {
        let error = error(status, body).await;
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{status}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        let story = error.to_string();
        assert!(
            story.contains("the response has no body; expected a JSON object with `inventory`"),
            "{story}"
        );
    }
    // A page of a proxy does not pass for a result, even where there is nothing to decode.
    let detach = DetachIso { vm: "v".into(), ..DetachIso::default() };
    for body in ["<html>log in</html>", "null", "[]", "OK"] {
        let error = detach.clone().call(&Script::new([answer(200, body)]).client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{body}");
        assert_eq!(error.body(), body);
    }
    detach.call(&Script::new([answer(204, "")]).client()).await.unwrap();
}

/// Bodies of failures, and the code in them.
const FAILURES: [(&str, ErrorKind, Option<&str>); 7] = [
    (r#"{"error":{"code":"VM.1010","description":"d"}}"#, ErrorKind::Refused, Some("VM.1010")),
    (r#"{"inventory":{"uuid":"u"},"error":{"code":"VM.1010"}}"#, ErrorKind::Refused, Some("VM.1010")),
    (r#"{"error":{"code":"VM.1010","opaque":[1]},"success":true}"#, ErrorKind::Refused, Some("VM.1010")),
    (r#"{"error":{}}"#, ErrorKind::Unreadable, None),
    (r#"{"error":"out of order"}"#, ErrorKind::Unreadable, None),
    (r#"{"success":false}"#, ErrorKind::Refused, None),
    (r#"{"inventory":{"uuid":"u"},"success":false,"error":null}"#, ErrorKind::Refused, None),
];

#[tokio::test(start_paused = true)]
async fn detects_failures_whatever_their_status() {
    for (body, kind, code) in FAILURES {
        for status in [200, 201, 202, 203] {
            let failed = |error: Error, what: &str| {
                assert_eq!(error.kind(), kind, "{what}, {status} {body}: {error}");
                assert_eq!(error.code(), code, "{what}, {status} {body}");
                assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{what}, {body}");
                assert_eq!(error.body(), body, "{what}, {status}");
            };
            let client = || Script::new([answer(status, body)]).client();
            failed(get().call(&client()).await.unwrap_err(), "a call");
            failed(attach().call(&client()).await.unwrap_err(), "a long call");
            failed(attach().start(&client()).await.unwrap_err(), "a start");
            failed(attach().dry_run(&client()).await.unwrap_err(), "a dry run");
            let detach = DetachIso { vm: "v".into(), ..DetachIso::default() };
            failed(detach.call(&client()).await.unwrap_err(), "a call without a result");
            failed(client().log_out().await.unwrap_err(), "a log-out");
            failed(client().probe_version().await.unwrap_err(), "a probe");
            failed(client().job::<AttachIso>(JOB).poll().await.unwrap_err(), "a poll");

            let as_job = || Script::new([accept_job(), answer(202, "{}"), answer(status, body)]);
            let error = attach().call(&as_job().client()).await.unwrap_err();
            assert_eq!(error.job_uuid(), Some(JOB));
            failed(error, "a job");
            let job = attach().start(&as_job().client()).await.unwrap();
            failed(job.wait().await.unwrap_err(), "a job that is waited for");
        }
    }
    // The same bodies without a failure are not failures.
    for body in [
        r#"{"inventory":{"uuid":"u"},"error":null}"#,
        r#"{"inventory":{"uuid":"u","error":{"code":"VM.1010"}},"success":true}"#,
    ] {
        assert_eq!(result(200, body).await.unwrap().inventory.uuid, "u", "{body}");
        let script = Script::new([accept_job(), answer(200, body)]);
        assert_eq!(attach().call(&script.client()).await.unwrap().inventory.uuid, "u", "{body}");
    }
}

#[tokio::test]
async fn refusals_have_a_code() {
    let body = json!({"error": {
        "code": "SYS.1006", "description": "An operation failed", "details": "cannot\nattach", "cost": "12ms",
        "opaque": {"deep": [1]}, "later": true,
        "cause": {"code": "VM.1010", "description": "Not allowed in this state", "details": "it is Destroyed",
            "causes": [{"code": "L3.1000"}]},
    }});
    // The platform sends 503; a more fitting status makes no difference.
    for status in [503, 400, 409, 500] {
        let error = error(status, &body.to_string()).await;
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.code(), Some("SYS.1006"));
        assert!(error.has_code("SYS.1006") && error.has_code("VM.1010") && error.has_code("L3.1000"));
        assert!(!error.has_code("VM.101"));
        assert!(error.is_wrong_state() && !error.is_not_found() && !error.is_session_expired());
        assert_eq!(error.error_code().unwrap().cost.as_deref(), Some("12ms"));
    }
    assert_eq!(
        error(503, &body.to_string()).await.to_string(),
        "GetThing (GET /zstack/v1/things/{uuid}/details): refused [503 Service Unavailable]: \
         SYS.1006 An operation failed: cannot attach; caused by VM.1010 Not allowed in this state: it is Destroyed"
    );
}

#[tokio::test]
async fn predicates_recognize_their_codes() {
    let coded = |code: &str| json!({"error": {"code": code}}).to_string();
    assert!(error(503, &coded("ID.1001")).await.is_session_expired());
    assert!(error(503, &coded("ID.1000")).await.is_authentication_failed());
    assert!(error(503, &coded("ID.1002")).await.is_permission_denied());
    assert!(error(503, &coded("SYS.1003")).await.is_not_found());
    assert!(error(503, &coded("SYS.1007")).await.is_invalid_argument());
    assert!(error(503, &coded("SYS.1001")).await.is_timeout());
    assert!(error(404, "no such path").await.is_not_found());
}

#[tokio::test]
async fn keeps_the_code_of_malformed_errors() {
    // A field of the wrong type does not hide the others.
    let broken =
        r#"{"error":{"code":"VM.1010","details":"d","opaque":[1],"cause":{"code":"X.1","cost":{}}}}"#;
    let refused = error(503, broken).await;
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert_eq!(refused.error_code().unwrap().details.as_deref(), Some("d"));
    assert!(refused.has_code("VM.1010") && refused.has_code("X.1"));
    assert_eq!(refused.body(), broken);

    // Cut off.
    let cut = error(503, r#"{"error":{"code" : "VM.1010","descr"#).await;
    assert_eq!(cut.kind(), ErrorKind::Unreadable);
    assert_eq!(cut.code(), Some("VM.1010"));
    assert_eq!(cut.status(), Some(StatusCode::SERVICE_UNAVAILABLE));

    for body in
        ["{}", r#"{"error":null}"#, r#"{"error":{}}"#, r#"{"error":"x"}"#, r#"{"error":{"code":7}}"#, "{"]
    {
        let error = error(503, body).await;
        assert!(matches!(error.kind(), ErrorKind::Unreadable | ErrorKind::Refused), "{body}");
        assert_eq!(error.body(), body);
        assert!(error.to_string().contains("503"), "{error}");
    }
}

#[tokio::test]
async fn rejections_show_the_beginning_of_their_text() {
    let long = format!("<html>\r\n{}", "é".repeat(100_000));
    for (status, body, text) in [
        (400, "no such action", "rejected [400 Bad Request]: no such action"),
        (404, "", "rejected [404 Not Found]"),
        (500, "\u{fffd}\u{0}", "rejected [500 Internal Server Error]: "),
        (503, "upstream gone", "rejected [503 Service Unavailable]: upstream gone"),
        (302, "", "rejected [302 Found]"),
        (502, long.as_str(), "… (200008 bytes)"),
    ] {
        let error = error(status, body).await;
        assert_eq!(error.kind(), ErrorKind::Rejected, "{status}");
        let story = error.to_string();
        assert!(story.contains(text), "{story}");
        assert!(story.len() < 500 && !story.contains(['\n', '\r', '\0']), "{story}");
        assert_eq!(error.body().len(), body.len());
    }
}

#[tokio::test]
async fn accepted_calls_need_a_job() {
    for body in [
        "",
        "{}",
        "<html>",
        r#"{"location":null}"#,
        r#"{"location":7}"#,
        r#"{"location":"http://h/other/path"}"#,
        r#"{"location":"http://h/zstack/v1/api-jobs/"}"#,
        r#"{"location":"http://h/zstack/v1/api-jobs/%2e%2e"}"#,
    ] {
        let script = Script::new([answer(202, body)]);
        let error = attach().call(&script.client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{body}");
        assert!(error.to_string().contains("has no job"), "{error}");
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn missing_responses_are_transport_errors() {
    let error = get().call(&Script::new([Step::Fail("unplugged")]).client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.status(), None);
    assert!(error.to_string().ends_with("no response: unplugged"), "{error}");
    assert!(!error.is_timeout());

    let limit = std::time::Duration::from_secs(7);
    let client = Script::new([Step::Hang]).builder().request_timeout(limit).build().unwrap();
    let start = tokio::time::Instant::now();
    let error = get().call(&client).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 7);
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.is_timeout() && error.to_string().contains("within 7 s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn refuses_results_of_dry_runs() {
    let script = Script::new([answer(200, "{}")]);
    attach().system_tag("a").dry_run(&script.client()).await.unwrap();

    let script = Script::new([accept_job(), answer(200, r#"{"schema":{},"success":true}"#)]);
    attach().dry_run(&script.client()).await.unwrap();

    // A body that is not an object proves nothing about the dry run.
    for body in ["", "<html>", "null", "[]"] {
        let error = attach().dry_run(&Script::new([answer(200, body)]).client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{body}");
    }

    // A server that does not know the tag has performed the operation.
    let script = Script::new([answer(200, r#"{"inventory":{"uuid":"u"}}"#)]);
    let error = attach().dry_run(&script.client()).await.unwrap_err();
    assert!(error.to_string().contains("was performed"), "{error}");

    let script = Script::new([accept_job(), answer(503, r#"{"error":{"code":"SYS.1007"}}"#)]);
    let error = attach().dry_run(&script.client()).await.unwrap_err();
    assert!(error.is_invalid_argument());
    assert_eq!(error.job_uuid(), Some(JOB));
}

#[tokio::test]
async fn a_200_is_the_result_of_a_long_operation_too() {
    let script = Script::new([answer(200, r#"{"inventory":{"uuid":"u"}}"#)]);
    let client = script.client();
    assert_eq!(CreateThing::default().call(&client).await.unwrap().inventory.uuid, "u");
    let job = CreateThing::default().start(&client).await.unwrap();
    assert_eq!(job.wait().await.unwrap().inventory.uuid, "u");
    assert!(matches!(job.poll().await, Ok(zstack_runtime::client::Progress::Done(_))));
    assert_eq!(script.count(), 2);
}
