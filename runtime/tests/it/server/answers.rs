//! Envelope, schema, request ids and the context of calls.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};
use zstack_runtime::server::{Call, Credentials, Options, RemoteAddress};
use zstack_runtime::{Request as _, Tags};

use crate::server::service::{GetThing, JOB, Server, THING, request};

#[tokio::test]
async fn results_and_errors() {
    let server = Server::new(Options::default());
    let reply = server.send(&format!("GET {THING}?systemTags=thing"), &[], "").await;
    assert_eq!(reply.status, 200);
    let json = reply.json();
    assert_eq!(json["inventory"]["nics"][0]["ips"][1], json!({"ip": "2.2.2.2"}));
    assert_eq!(json["inventory"]["nics"][1]["ips"], json!([]));
    assert!(json.get("schema").is_none() && json.get("error").is_none());
    for line in
        [format!("GET {THING}?systemTags=fail::VM.1"), format!("DELETE {THING}/iso?systemTags=fail::VM.1")]
    {
        let reply = server.send(&line, &[("x-json-schema", "true")], "").await;
        assert_eq!(reply.status, 503);
        let expected =
            json!({"error": {"code": "VM.1", "description": "It failed", "details": "as requested"}});
        assert_eq!(reply.json(), expected);
    }
    for line in [format!("GET {THING}?systemTags=panic"), format!("DELETE {THING}/iso?systemTags=panic")] {
        assert_eq!(server.send(&line, &[], "").await.error().0, "SYS.1000");
    }
    assert_eq!(server.api.in_flight(), 0);
}

#[tokio::test]
async fn schemas_name_existing_paths_parents_first() {
    let server = Server::new(Options::default());
    let schema = [("X-JSON-Schema", "")];
    let reply = server.send(&format!("GET {THING}?systemTags=thing"), &schema, "").await;
    let written = reply.text.split_once(r#""schema":"#).unwrap().1;
    assert_eq!(
        written,
        concat!(
            r#"{"inventory":"org.example.Thing","inventory.nics[0]":"org.example.Nic","#,
            r#""inventory.nics[0].ips[0]":"org.example.Ip","inventory.nics[0].ips[1]":"org.example.Ip","#,
            r#""inventory.nics[1]":"org.example.Nic","inventory.spare":"org.example.Nic"}}"#
        )
    );
    for path in reply.json()["schema"].as_object().unwrap().keys() {
        let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
        assert!(reply.json().pointer(&pointer).is_some(), "{path} leads nowhere");
    }
    let nothing = server.send(&format!("GET {THING}"), &schema, "").await;
    assert_eq!(nothing.json()["schema"], json!({}));
}

#[tokio::test]
async fn dry_runs_return_an_empty_object() {
    let server = Server::new(Options::default());
    let dry = "systemTags=ephemeral::validationOnly&systemTags=thing";
    for method in ["GET", "DELETE"] {
        let path = if method == "GET" { THING.to_owned() } else { format!("{THING}/iso") };
        let reply = server.send(&format!("{method} {path}?{dry}"), &[], "").await;
        assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, "{}"));
        let reply = server.send(&format!("{method} {path}?{dry}"), &[("x-json-schema", "1")], "").await;
        assert_eq!(reply.text, r#"{"schema":{}}"#);
    }
    let reply = server.send(&format!("GET {THING}?{dry}&systemTags=fail::X"), &[], "").await;
    assert_eq!(reply.error().0, "X");
}

#[tokio::test]
async fn responses_have_a_request_id() {
    let server = Server::new(Options::default());
    for line in
        ["GET /nowhere", "GET /zstack/v1/things/t1", "GET /zstack/v1/api-jobs/x", "PATCH /zstack/v1/things"]
    {
        let reply = server.send(line, &[("x-request-id", "abc-1")], "").await;
        assert_eq!(reply.header("x-request-id"), Some("abc-1"));
        let made = server.send(line, &[("x-request-id", "a b")], "").await;
        assert_eq!(made.header("x-request-id").unwrap().len(), 32);
    }
    let reply = server.send(&format!("GET {THING}"), &[], "").await;
    assert_eq!(reply.json()["received"]["requestId"], reply.header("x-request-id").unwrap());
}

#[tokio::test]
async fn calls_have_the_remote_address() {
    let headers =
        [("x-forwarded-for", "10.0.0.1, 10.0.0.2"), ("x-job-uuid", JOB), ("authorization", "OAuth s")];
    let ask = async |trust| {
        let server = Server::new(Options::default().trust_forwarded(trust));
        let mut request = request(&format!("GET {THING}"), &headers, "");
        request.extensions_mut().insert(RemoteAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        server.send_as_is(request).await.json()["received"].clone()
    };
    assert_eq!(ask(false).await["remote"], "127.0.0.1");
    assert_eq!(ask(true).await["remote"], "10.0.0.1");
    assert_eq!(ask(true).await["jobUuid"], JOB);
    let server = Server::new(Options::default());
    let received = server.send(&format!("GET {THING}"), &[], "").await.json()["received"].clone();
    assert_eq!((&received["remote"], received["jobUuid"].as_str().unwrap().len()), (&Value::Null, 32));
}

#[tokio::test]
async fn counts_unimplemented_calls() {
    let server = Server::new(Options::default());
    assert!(server.api.unimplemented_calls().is_empty());
    for _ in 0..2 {
        let (code, details) = server.send("GET /zstack/v1/ghosts", &[], "").await.error();
        assert_eq!((code.as_str(), details.contains("GetGhost")), ("SYS.1014", true));
    }
    assert_eq!(server.api.unimplemented_calls(), [("GetGhost", 2)].into());
}

#[test]
fn debug_hides_the_session() {
    let credentials = Credentials::Session("secret".to_owned());
    let call = Call::new(GetThing::OPERATION).with_credentials(credentials).with_tags(Tags::default());
    assert_eq!(call.credentials().session(), Some("secret"));
    assert!(!format!("{call:?}").contains("secret"));
}
