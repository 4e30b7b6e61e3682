//! Refused requests, by the platform's table of failures.

use http::header::HOST;
use zstack_runtime::Version;
use zstack_runtime::server::Options;

use crate::server::service::{JOB, Server, THING, request};

fn server() -> Server {
    Server::new(Options::default().body_limit(1024))
}

#[tokio::test]
async fn names_unknown_paths() {
    let server = server();
    for path in [
        "/",
        "/zstack/v1",
        "/zstack/v1/nothing",
        "/zstack/v1/things/",
        "/zstack/v1/things/t1/",
        "/zstack/v1/things//",
        "/zstack/v1/things/t1/actions/more",
        "/zstack/v1/api-jobs",
    ] {
        let reply = server.send(&format!("GET {path}"), &[], "").await;
        let named = path.replace("//", "/");
        assert!(reply.rejection_text(404).contains(&named), "{path}: {}", reply.text);
    }
}

#[tokio::test]
async fn lists_allowed_methods() {
    let server = server();
    for (line, allow) in [
        ("POST /zstack/v1/things/t1", "GET"),
        ("PUT /zstack/v1/things/t1", "GET"),
        ("GET /zstack/v1/things", "POST, PUT"),
        ("DELETE /zstack/v1/things/t1/actions", "PUT"),
        ("PATCH /zstack/v1/things/t1/iso", "DELETE"),
        ("OPTIONS /zstack/v1/things/t1/iso", "DELETE"),
        ("BREW /zstack/v1/things", "POST, PUT"),
        ("POST /zstack/v1/things/t1/actions", "PUT"),
        // The platform may have other actions there.
        ("POST /zstack/v1/things/t1/disk/actions", "PUT"),
        ("GET /zstack/v1/accounts/login", "POST, PUT"),
        ("DELETE /zstack/v1/accounts/login", "POST, PUT"),
        ("POST /zstack/v1/api-jobs/abc", "GET"),
        ("DELETE /zstack/v1/api-jobs/abc", "GET"),
    ] {
        let reply = server.send(line, &[], "").await;
        reply.rejection_text(405);
        assert_eq!(reply.header("allow"), Some(allow), "{line}");
    }
    let head = server.send("HEAD /zstack/v1/things/t1", &[], "").await;
    assert_eq!((head.status.as_u16(), head.header("allow")), (405, Some("GET")));
}

#[tokio::test]
async fn post_and_put_are_alike_on_paths_of_one_operation() {
    let server = server();
    for (target, body, seen) in [
        ("accounts/login", r#"{"logIn":{"name":"a"}}"#, r#"{"name":"a","systemTags":[]}"#),
        // The key is that of the operation, whatever the method.
        ("things", r#"{"params":{"name":"a","thingUuid":"t"}}"#, r#"{"name":"a","thingUuid":"t"}"#),
        ("things/t1/iso/i1", r#"{"null":{}}"#, r#"{"thingUuid":"t1","isoUuid":"i1"}"#),
        ("things/t1/drive/actions", r#"{"setDefault":{"mode":"m"}}"#, r#"{"thingUuid":"t1","mode":"m"}"#),
        ("things/t1/drive/actions", "", r#"{"thingUuid":"t1"}"#),
    ] {
        let mut both = Vec::new();
        for method in ["POST", "PUT"] {
            both.push(
                server.send(&format!("{method} /zstack/v1/{target}"), &[], body).await.received_request(),
            );
        }
        assert_eq!(both[0], both[1], "{target}");
        let expected: serde_json::Value = serde_json::from_str(seen).unwrap();
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(both[0].get(name).unwrap_or(&serde_json::json!([])), value, "{target}: {}", both[0]);
        }
    }
    let reply = server.send("PUT /zstack/v1/things", &[], r#"{"things":{"name":"a"}}"#).await;
    assert_eq!(reply.error().0, "SYS.1007");
}

#[tokio::test]
async fn refuses_bodies_that_are_not_objects() {
    let server = server();
    for body in ["{", "nonsense", "[]", "null", "\"text\"", "1", "{}{}", "{\"params\":}", "\u{feff}{}"] {
        let reply = server.send("POST /zstack/v1/things", &[], body.to_owned()).await;
        assert!(reply.rejection_text(400).contains("JSON"), "{body}: {}", reply.text);
    }
    let reply =
        server.send("POST /zstack/v1/things", &[], vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}']).await;
    reply.rejection_text(400);
    for value in ["[]", "\"text\"", "5", "true"] {
        let reply = server.send("POST /zstack/v1/things", &[], format!(r#"{{"params":{value}}}"#)).await;
        assert!(reply.rejection_text(400).contains("not a JSON object"), "{value}: {}", reply.text);
    }
    assert!(
        server
            .send("POST /zstack/v1/things", &[], "x".repeat(1025))
            .await
            .rejection_text(413)
            .contains("1024")
    );
}

#[tokio::test]
async fn refuses_ambiguous_actions() {
    let server = server();
    let line = "PUT /zstack/v1/things/t1/actions";
    for body in [
        "",
        " ",
        "{}",
        r#"{"params":{}}"#,
        r#"{"nothing":{}}"#,
        r#"{"STARTTHING":{}}"#,
        r#"{"systemTags":[]}"#,
    ] {
        let reply = server.send(line, &[], body).await;
        assert!(reply.rejection_text(400).contains("startThing, stopThing"), "{body}: {}", reply.text);
    }
    let both = server.send(line, &[], r#"{"startThing":{},"stopThing":null}"#).await;
    assert!(both.rejection_text(400).contains("more than one"));
}

#[tokio::test]
async fn refuses_malformed_sessions() {
    let server = server();
    for line in ["GET /zstack/v1/things/t1", "POST /zstack/v1/things/t1/iso/i1"] {
        server.send_as_is(request(line, &[], "")).await.rejection_text(400);
        for value in ["Bearer abc", "oauth abc", "s1", ""] {
            server.send(line, &[("authorization", value)], "").await.rejection_text(400);
        }
        let signed = [("authorization", "ZStack key:signature"), ("date", "Sat, 21 Nov 2026 00:03:23 GMT")];
        let reply = server.send(line, &signed, "").await;
        assert!(reply.rejection_text(400).contains("not supported"));
    }
    let reply = server.send(&format!("GET {THING}"), &[("authorization", "OAuth   abc")], "").await;
    assert_eq!(reply.json()["received"]["session"], "abc");
    let reply = server.send(&format!("GET {THING}"), &[("authorization", "OAuth")], "").await;
    assert_eq!(reply.json()["received"]["session"], "");
    let login = request("PUT /zstack/v1/accounts/login", &[], r#"{"logIn":{"name":"a"}}"#);
    assert_eq!(server.send_as_is(login).await.json()["received"]["session"], serde_json::Value::Null);
}

#[tokio::test]
async fn reports_mistakes_in_the_platforms_order() {
    let server = server();
    let ask = async |line: &str, headers: &[(&str, &str)], body: &'static str| {
        let reply = server.send_as_is(request(line, headers, body)).await;
        reply.rejection_text(reply.status.as_u16()).to_owned()
    };
    let auth = ("authorization", "OAuth s");
    let bad_job = ("x-job-uuid", "short");
    // Path, body, method and action, authorization, parameters, job.
    assert!(ask("PUT /nowhere", &[bad_job], "{").await.contains("there is no"));
    assert!(ask("POST /zstack/v1/things/t/actions", &[bad_job], "{").await.contains("JSON"));
    assert!(ask("POST /zstack/v1/things/t/actions", &[bad_job], "{}").await.contains("POST is not"));
    assert!(ask("PUT /zstack/v1/things/t/actions", &[bad_job], "{}").await.contains("action"));
    let body = r#"{"startThing":{"mode":[]}}"#;
    assert!(ask("PUT /zstack/v1/things/t/actions", &[bad_job], body).await.contains("Authorization"));
    assert!(ask("PUT /zstack/v1/things/t/actions", &[bad_job, auth], body).await.contains("[mode]"));
    assert!(
        ask("PUT /zstack/v1/things/t/actions", &[bad_job, auth], r#"{"startThing":{}}"#).await.contains("32")
    );
    assert_eq!(server.api.in_flight(), 0);
    assert_eq!(server.service.begun.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test]
async fn refuses_malformed_job_headers() {
    let server = server();
    let attach = format!("POST {THING}/iso/i1");
    for uuid in ["", &JOB[1..], &format!("{JOB}0")] {
        let reply = server.send(&attach, &[("x-job-uuid", uuid)], "").await;
        assert!(reply.rejection_text(400).contains("32"), "{uuid}");
        // Also for a sync operation.
        server.send(&format!("GET {THING}"), &[("x-job-uuid", uuid)], "").await.rejection_text(400);
    }
    for timeout in ["", "abc", "1.5", "-1", "99999999999"] {
        let reply = server.send(&attach, &[("x-api-timeout", timeout)], "").await;
        assert!(reply.rejection_text(400).contains("X-API-Timeout"), "{timeout}");
    }
    // Polls need no session; the response to an unknown job is a text.
    let poll = request("GET /zstack/v1/api-jobs/ffffffffffffffffffffffffffffffff", &[], "");
    assert!(server.send_as_is(poll).await.rejection_text(404).contains("ffffffff"));
}

#[tokio::test]
async fn refuses_later_elements() {
    let old = Server::new(Options::default().version(Version::new("1.5")));
    assert_eq!(
        old.send("GET /zstack/v1/ghosts", &[], "").await.rejection_text(404),
        "there is no /zstack/v1/ghosts"
    );
    let reply = old.send(&format!("GET {THING}?color=red"), &[], "").await;
    assert!(
        reply.rejection_text(400).contains("[color] came with release 2.0; this server emulates 1.5"),
        "{}",
        reply.text
    );
    let reply = old.send("POST /zstack/v1/things", &[], r#"{"params":{"color":"red"}}"#).await;
    assert!(reply.rejection_text(400).contains("[color]"));
    let body = r#"{"params":{"name":"n","thingUuid":"t","color":null,"mode":"Slow"}}"#;
    let reply = old.send("POST /zstack/v1/things", &[], body).await;
    assert_eq!(
        reply.error(),
        (
            "SYS.1007".to_owned(),
            "[mode] must be one of Fast; `Slow` came with release 2.0; this server emulates 1.5".to_owned()
        )
    );
    // Answers and their schema lack them, too.
    let headers = [("x-json-schema", "true")];
    let reply = old.send(&format!("GET {THING}?systemTags=thing"), &headers, "").await.json();
    assert!(reply["inventory"].get("spare").is_none() && reply["schema"].get("inventory.spare").is_none());
    assert_eq!(reply["schema"]["inventory"], "org.example.Thing");
}

#[tokio::test]
async fn does_not_repeat_malformed_hosts() {
    let server = Server::new(Options::default().force_jobs(true));
    for host in ["a\"b", "user@host", "a b", "/"] {
        let mut request = request(&format!("POST {THING}/iso/i1"), &[("authorization", "OAuth s")], "");
        request.headers_mut().insert(HOST, host.parse().unwrap());
        let location = server.send_as_is(request).await.json()["location"].clone();
        assert!(location.as_str().unwrap().starts_with("http://localhost/zstack/v1/api-jobs/"), "{location}");
    }
}

/// A page of another origin can send a form without permission.
#[tokio::test]
async fn refuses_forms_of_other_origins() {
    let server = Server::new(Options::default());
    let elsewhere = ("origin", "http://evil.example");
    for line in ["POST /zstack/v1/things", "PUT /zstack/v1/things/t1/actions", "POST /nowhere"] {
        for headers in [
            &[elsewhere][..],
            &[elsewhere, ("content-type", "text/plain")],
            &[elsewhere, ("content-type", "application/x-www-form-urlencoded")],
            &[elsewhere, ("content-type", "multipart/form-data; boundary=x")],
            &[("sec-fetch-site", "same-site"), ("content-type", "text/plain")],
        ] {
            let reply = server.send_as_is(request(line, headers, "{}")).await;
            assert!(
                reply.rejection_text(403).contains("another origin"),
                "{line} {headers:?}: {}",
                reply.text
            );
            // A page needs permission to send the session.
            let reply = server.send(line, headers, "{}").await;
            assert_ne!(reply.status, 403, "{line} {headers:?}: {}", reply.text);
        }
        for headers in [
            &[elsewhere, ("content-type", "application/json")][..],
            &[("content-type", "text/plain")],
            &[("content-type", "application/x-www-form-urlencoded")],
            &[("sec-fetch-site", "same-origin"), ("content-type", "text/plain")],
        ] {
            let reply = server.send(line, headers, "{}").await;
            assert_ne!(reply.status, 403, "{line} {headers:?}: {}", reply.text);
        }
    }
    let reply = server.send("GET /zstack/v1/things/t1", &[elsewhere], "").await;
    assert_eq!(reply.status, 200, "a page cannot read the answer");
}
