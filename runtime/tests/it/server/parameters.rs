//! Parameters, from the request to the handler.

use serde_json::{Value, json};
use zstack_runtime::server::Options;

use crate::server::service::{Server, THING};

fn server() -> Server {
    Server::new(Options::default())
}

#[tokio::test]
async fn query_strings() {
    let server = server();
    for (query, expected) in [
        ("", json!({})),
        ("?sessionId=1&deleteMode=&x.y=1&=1&&", json!({})),
        ("?names=a&names=b%20c&names=d+e%2B", json!({"names": ["a", "b c", "d e+"]})),
        ("?names.1=b&names.0=a&names.10=c&names.x=no", json!({"names": ["a", "b", "c"]})),
        ("?names=+a+", json!({"names": [" a "]})),
        ("?names=", json!({"names": [""]})),
        ("?names=a=b", json!({"names": ["a=b"]})),
        ("?info.clientIp=1.2.3.4&info.a.b=%C3%A4", json!({"info": {"clientIp": "1.2.3.4", "a.b": "ä"}})),
        ("?labels.a=1&labels.b=3&labels.a=2", json!({"labels": {"a": ["1", "2"], "b": ["3"]}})),
        ("?limit=5&size=8.589934592E9", json!({"limit": 5, "size": 8_589_934_592_i64})),
        ("?limit=5.0&force=TRUE", json!({"limit": 5, "force": true})),
        ("?force=yes", json!({"force": false})),
        ("?color=+red%20", json!({"color": "red"})),
        ("?color=", json!({"color": ""})),
        ("?systemTags=a&systemTags=b&userTags.0=c", json!({"systemTags": ["a", "b"], "userTags": ["c"]})),
        ("?uuid=other", json!({})),
    ] {
        let reply = server.send(&format!("GET {THING}{query}"), &[], "ignored, and no JSON").await;
        let mut seen = reply.received_request();
        assert_eq!(seen["uuid"], "t1");
        let seen = seen.as_object_mut().unwrap();
        seen.remove("uuid");
        seen.retain(|_, value| *value != json!([]));
        assert_eq!(Value::from(seen.clone()), expected, "{query}");
    }
}

#[tokio::test]
async fn refuses_malformed_query_strings() {
    let server = server();
    for (query, fields) in [
        ("?limit=abc", &["[limit]"][..]),
        ("?limit=", &["[limit]"]),
        ("?limit=1.9", &["[limit]"]),
        ("?limit=3000000000", &["[limit]"]),
        ("?color=a&color=b", &["[color]"]),
        ("?limit=1&limit=2", &["[limit]"]),
        ("?info.a=1&info.a=2", &["[info.a]"]),
        ("?info=1", &["[info]"]),
        ("?limit=x&size=y&info.a=1&info.a=2", &["[limit]", "[size]", "[info.a]"]),
        ("?names=%ff", &["names"]),
    ] {
        let reply = server.send(&format!("GET {THING}{query}"), &[], "").await;
        let text = reply.rejection_text(400);
        for field in fields {
            assert!(text.contains(field), "{query}: {text}");
        }
        assert_eq!(text.lines().count(), fields.len(), "{text}");
    }
    let reply = server.send(&format!("DELETE {THING}/iso?numbers=1&numbers=x"), &[], "").await;
    assert_eq!(reply.rejection_text(400), "[numbers[1]] \"x\" is not a 32-bit integer");
}

#[tokio::test]
async fn delete_reads_its_query() {
    let server = server();
    for (query, iso) in [
        ("?isoUuid=x", json!("x")),
        ("?isoUuid=x&deleteMode=Permissive", json!("x")),
        ("?sessionId=1&isoUuid=x", json!("x")),
        ("?systemTags=a&systemTags=b", Value::Null),
        ("", Value::Null),
    ] {
        let reply = server.send(&format!("DELETE {THING}/iso{query}"), &[], "{not read").await;
        assert_eq!(reply.received_request()["isoUuid"], iso, "{query}");
    }
}

#[tokio::test]
async fn accepts_any_value_of_the_key_null() {
    let server = server();
    let tag = json!(["cdromUuid::c"]);
    for (body, tags) in [
        ("", json!([])),
        ("\r\n", json!([])),
        ("{}", json!([])),
        (r#"{"null":{}}"#, json!([])),
        (r#"{"null":null}"#, json!([])),
        (r#"{"params":{}}"#, json!([])),
        (r#"{"params":[]}"#, json!([])),
        (r#"{"systemTags":["cdromUuid::c"]}"#, tag.clone()),
        (r#"{"null":{"systemTags":["cdromUuid::c"]}}"#, tag.clone()),
        (r#"{"null":{"systemTags":["inner"]},"systemTags":["cdromUuid::c"]}"#, tag.clone()),
        (r#"{"systemTags":["cdromUuid::c"],"null":{"systemTags":["inner"]}}"#, tag.clone()),
        (r#"{"systemTags":null,"null":{"systemTags":["cdromUuid::c"]}}"#, tag),
        (r#"{"systemTags":["cdromUuid::"]}"#, json!(["cdromUuid::"])),
        (r#"{"null":{"isoUuid":"other","thingUuid":[1]}}"#, json!([])),
    ] {
        let seen = server.send(&format!("POST {THING}/iso/i1"), &[], body).await.received_request();
        assert_eq!((&seen["thingUuid"], &seen["isoUuid"]), (&json!("t1"), &json!("i1")), "{body}");
        assert_eq!(seen.get("systemTags").cloned().unwrap_or(json!([])), tags, "{body}");
    }
    let reply =
        server.send(&format!("POST {THING}/iso/i1"), &[], r#"{"systemTags":"a","userTags":{}}"#).await;
    assert_eq!(reply.rejection_text(400).lines().count(), 2, "{}", reply.text);
}

#[tokio::test]
async fn reads_parameters_next_to_the_body_key() {
    let server = server();
    for (next_to_key, expected) in [
        (r#""owner":" a ""#, json!("a")),
        (r#""owner":null"#, Value::Null),
        (r#""other":{"owner":"a"}"#, Value::Null),
        // The last duplicate counts, and the one next to the key.
        (r#""owner":"a","owner":"b","systemTags":[]"#, json!("b")),
        (r#""params":{"name":"n","thingUuid":"t","owner":"in"},"owner":"out""#, json!("out")),
        (r#""params":{"name":"n","thingUuid":"t","owner":"in"}"#, json!("in")),
    ] {
        let body = format!(r#"{{"params":{{"name":"n","thingUuid":"t"}},{next_to_key}}}"#);
        let seen = server.send("POST /zstack/v1/things", &[], body.clone()).await.received_request();
        assert_eq!(seen.get("owner").cloned().unwrap_or_default(), expected, "{body}");
    }
    let body = r#"{"params":{"name":"n","thingUuid":"t"},"owner":{}}"#;
    let reply = server.send("POST /zstack/v1/things", &[], body).await;
    assert_eq!(reply.rejection_text(400), "[owner] an object is not a string");
}

#[tokio::test]
async fn actions() {
    let server = server();
    for (path, body, operation) in [
        ("actions", r#"{"startThing":{}}"#, "StartThing"),
        ("actions", r#"{"startThing":null}"#, "StartThing"),
        (
            "actions",
            r#"{"requestIp":"1","stopThing":{"requestIp":"1.2.3.4"},"systemTags":["a"]}"#,
            "StopThing",
        ),
        ("actions", "{\"st\\u0061rtThing\":{}}", "StartThing"),
        ("actions", r#"{"startThing":[],"startThing":{}}"#, "StartThing"),
        ("drive/actions", "{}", "SetDefault"),
        ("drive/actions", "", "SetDefault"),
        ("drive/actions", r#"{"startThing":{}}"#, "SetDefault"),
        ("/drive/actions", r#"{"setDefault":{}}"#, "SetDefault"),
        ("disk/actions", r#"{"eraseThing":null}"#, "EraseThing"),
    ] {
        let reply = server.send(&format!("PUT {THING}/{path}"), &[], body).await;
        assert_eq!(reply.json()["received"]["operation"], operation, "{body}");
        let seen = reply.received_request();
        assert_eq!(seen.get("uuid").or(seen.get("thingUuid")), Some(&json!("t1")));
    }
}

#[tokio::test]
async fn actions_need_their_key() {
    let server = server();
    for body in ["", "{}", r#"{"params":{}}"#, r#"{"systemTags":[]}"#] {
        for path in ["actions", "disk/actions"] {
            let reply = server.send(&format!("PUT {THING}/{path}"), &[], body).await;
            assert_eq!(reply.status, 400, "{path} {body}");
        }
    }
}

#[tokio::test]
async fn bodies() {
    let server = server();
    let full = r#"{"requestIp":"1","params":{"unknown":{"deep":[1]},"name":" a\u0020b\t","thingUuid":7,"size":"8.589934592E9",
        "count":5.0,"on":"True","numbers":["1",2.0],"mode":" Fast","nic":{"deviceId":"3","ips":[{"ip":" x "}],"unknown":1},
        "extra":{"any":[null," x "]},"color":null}}"#;
    let mut seen = server.send("POST /zstack/v1/things", &[], full).await.received_request();
    seen.as_object_mut().unwrap().retain(|name, _| !name.ends_with("Tags"));
    // Texts of the request itself are trimmed, those in records are not.
    let expected = json!({"name": "a b", "thingUuid": "7", "size": 8_589_934_592_i64, "count": 5, "on": true,
        "numbers": [1, 2], "mode": "Fast", "nic": {"deviceId": 3, "ips": [{"ip": " x "}]},
        "extra": {"any": [null, " x "]}});
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn reports_all_malformed_parameters_at_once() {
    let server = server();
    let body = r#"{"params":{"name":["a"],"size":5.5,"count":3000000000,"on":"yes","numbers":[1,"x"],
        "nic":{"ips":[{"ip":{}}]},"mode":{}},"systemTags":[{}]}"#;
    let reply = server.send("POST /zstack/v1/things", &[], body).await;
    assert_eq!(
        reply.rejection_text(400),
        "[name] a list is not a string\n\
         [size] 5.5 is not a 64-bit integer\n\
         [count] 3000000000 is not a 32-bit integer\n\
         [on] \"yes\" is not a boolean\n\
         [numbers[1]] \"x\" is not a 32-bit integer\n\
         [nic.ips[0].ip] an object is not a string\n\
         [mode] an object is not a string\n\
         [systemTags[0]] an object is not a string"
    );
    let reply = server
        .send("POST /zstack/v1/things", &[], r#"{"params":{"nic":{},"count":99999999999999999999}}"#)
        .await;
    assert_eq!(reply.rejection_text(400).lines().count(), 2, "{}", reply.text);
    let deep = format!(r#"{{"params":{{"extra":{}1{}}}}}"#, "[".repeat(5000), "]".repeat(5000));
    assert!(server.send("POST /zstack/v1/things", &[], deep).await.rejection_text(400).contains("[extra]"));
}

#[tokio::test]
async fn reports_all_violations_at_once() {
    let server = server();
    let error = async |params: Value| {
        server.send("POST /zstack/v1/things", &[], json!({"params": params}).to_string()).await.error()
    };
    let (code, details) = error(json!({"size": 0, "mode": "fast"})).await;
    assert_eq!(code, "SYS.1007");
    assert_eq!(
        details,
        "[name] is required but missing; [thingUuid] is required but missing; \
         [size] must be from 1 to 1000000000000; [mode] must be one of Fast, Slow"
    );
    assert_eq!(error(json!({"name": "x"})).await.1, "[thingUuid] is required but missing");
    // An empty text is present; whitespace is trimmed first.
    assert_eq!(error(json!({"name": "", "thingUuid": " "})).await.1, "[thingUuid] must not be empty");
    assert!(error(json!({"name": "ä".repeat(256), "thingUuid": "t"})).await.1.contains("[name]"));
    let fits = json!({"params": {"name": format!("  {}\n", "ä".repeat(255)), "thingUuid": "t"}}).to_string();
    server.send("POST /zstack/v1/things", &[], fits).await.received_request();

    let headers = [("x-job-uuid", crate::server::service::JOB)];
    let taken = server.send("POST /zstack/v1/things", &headers, "{}").await;
    assert_eq!(taken.status, 202);
    assert_eq!(server.api.drain(std::time::Duration::from_secs(9)).await, 0);
    assert!(server.poll(&taken).await.error().1.contains("[thingUuid]"));
    let sync = server.send("PUT /zstack/v1/accounts/login", &[], r#"{"logIn":{"name":"12345678901"}}"#).await;
    assert_eq!(sync.error().0, "SYS.1007");
}

#[tokio::test]
async fn no_trim_keeps_whitespace() {
    let server = server();
    let create = async |exact: &str| {
        let body = json!({"params": {"name": " a ", "thingUuid": "t", "exact": exact}});
        server.send("POST /zstack/v1/things", &[], body.to_string()).await
    };
    for exact in [" a ", "\ta\n", "    ", ""] {
        let seen = create(exact).await.received_request();
        assert_eq!((&seen["exact"], &seen["name"]), (&json!(exact), &json!("a")), "{exact:?}");
    }
    // The limit includes surrounding whitespace.
    let (code, details) = create(" aaa ").await.error();
    assert_eq!((&*code, &*details), ("SYS.1007", "[exact] is longer than 4 characters"));

    let seen = server.send(&format!("GET {THING}?exact=+a%20&color=+a%20"), &[], "").await.received_request();
    assert_eq!((&seen["exact"], &seen["color"]), (&json!(" a "), &json!("a")));
}

#[tokio::test]
async fn a_number_is_one_of_its_values_in_whatever_form() {
    let server = server();
    let create = async |params: &str| {
        let body = format!(r#"{{"params":{{"name":"a","thingUuid":"t",{params}}}}}"#);
        server.send("POST /zstack/v1/things", &[], body).await
    };
    for level in ["4", "4.0", "0.4e1", r#""4""#, r#"" 4.0 ""#] {
        assert_eq!(create(&format!(r#""level":{level}"#)).await.received_request()["level"], 4, "{level}");
    }
    for level in ["3", "3.0", r#""3""#, "-1", "0", "14"] {
        let (code, details) = create(&format!(r#""level":{level}"#)).await.error();
        assert_eq!((&*code, &*details), ("SYS.1007", "[level] must be one of 1, 2, 4"), "{level}");
    }
    // Of a list, every element.
    let seen = create(r#""sizes":[-1,8.589934592E9]"#).await.received_request();
    assert_eq!(seen["sizes"], json!([-1, 8_589_934_592_i64]));
    let details = create(r#""sizes":[-1,1,8589934592,2]"#).await.error().1;
    assert_eq!(details, "[sizes[1]] must be one of -1, 8589934592; [sizes[3]] must be one of -1, 8589934592");

    let get = async |level: &str| server.send(&format!("GET {THING}?level={level}"), &[], "").await;
    assert_eq!(get("2.0").await.received_request()["level"], 2);
    assert_eq!(get("3").await.error().1, "[level] must be one of 1, 2, 4");
}

#[tokio::test]
async fn paths() {
    let server = server();
    for (path, uuid) in [
        ("/zstack/v1/things/a%20b", "a b"),
        ("/zstack/v1/things/%C3%A4%2F", "ä/"),
        ("//zstack///v1//things//t1", "t1"),
        ("/zstack/%761/th%69ngs/t1", "t1"),
        ("/zstack/v1/things/drive", "drive"),
        ("/zstack/v1/things/+a+", "+a+"),
        ("/zstack/v1/things/100%", "100%"),
        ("/zstack/v1/things/%20x%20", "x"),
    ] {
        assert_eq!(
            server.send(&format!("GET {path}"), &[], "").await.received_request()["uuid"],
            uuid,
            "{path}"
        );
    }
    // A literal wins over a variable, but only if the rest of the path matches.
    let drives = server.send("GET /zstack/v1/things/drives", &[], "").await;
    assert_eq!(drives.json()["received"]["operation"], "GetDrives");
    let reply = server.send("DELETE /zstack/v1/things/drives/iso", &[], "").await;
    assert_eq!(reply.received_request()["uuid"], "drives");
    let reply = server.send("GET /zstack/v1/things/%ff", &[], "").await;
    assert!(reply.rejection_text(400).contains("[uuid]"));
}
