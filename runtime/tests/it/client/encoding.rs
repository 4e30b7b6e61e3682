//! Encoding of requests as HTTP.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use zstack_runtime::client::{Client, Error, ErrorKind};
use zstack_runtime::{Request, Tagged};

use crate::client::operations::{
    AttachIso, Colour, CreateThing, DetachIso, GetThing, LogIn, LogOut, PaintThing, Reimage, Thing,
};
use crate::client::script::SESSION;

fn encode<R: Request>(request: &R) -> Result<http::Request<bytes::Bytes>, Error> {
    Client::new("http://127.0.0.1:8080/prefix/").unwrap().with_session(SESSION).to_http(request)
}

/// Returns `METHOD target` and the body; `null` if there is none.
fn wire<R: Request>(request: &R) -> (String, serde_json::Value) {
    let http = encode(request).unwrap();
    let uri = http.uri().to_string();
    let target = uri.strip_prefix("http://127.0.0.1:8080/prefix").unwrap();
    let body =
        if http.body().is_empty() { json!(null) } else { serde_json::from_slice(http.body()).unwrap() };
    let content_type = http.headers().get("Content-Type").map(|header| header.to_str().unwrap());
    assert_eq!(content_type, (!body.is_null()).then_some("application/json;charset=UTF-8"));
    (format!("{} {target}", http.method()), body)
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn encodes_requests_of_every_kind() {
    let attach = AttachIso { vm: "vm1".into(), iso: Some("iso1".into()), ..AttachIso::default() };
    let detach = DetachIso { vm: "vm1".into(), ..DetachIso::default() };
    let get = GetThing { uuid: "t1".into(), ..GetThing::default() };
    let cases = [
        (wire(&get), "GET /zstack/v1/things/t1/details", json!(null)),
        (
            wire(&GetThing {
                limit: Some(-5),
                names: Some(strings(&["a b", "", "ü&="])),
                info: Some(BTreeMap::from([
                    ("clientIp".into(), "1.2.3.4".into()),
                    ("x y".into(), "+".into()),
                ])),
                any: Some(json!(true)),
                ..get.clone()
            }),
            "GET /zstack/v1/things/t1/details?limit=-5&names=a%20b&names=&names=%C3%BC%26%3D\
             &info.clientIp=1.2.3.4&info.x%20y=%2B&any=true",
            json!(null),
        ),
        (wire(&GetThing { names: Some(vec![]), ..get }), "GET /zstack/v1/things/t1/details", json!(null)),
        // No parameters, so no body.
        (wire(&attach), "POST /zstack/v1/vms/vm1/iso/iso1", json!(null)),
        (
            wire(&attach.system_tag("cdromUuid::x").user_tag("mine")),
            "POST /zstack/v1/vms/vm1/iso/iso1",
            json!({"systemTags": ["cdromUuid::x"], "userTags": ["mine"]}),
        ),
        (wire(&detach), "DELETE /zstack/v1/vms/vm1/iso", json!(null)),
        (
            wire(&DetachIso { iso: Some("i".into()), ..detach }.system_tag("a::b").system_tag("c d")),
            "DELETE /zstack/v1/vms/vm1/iso?isoUuid=i&systemTags=a%3A%3Ab&systemTags=c%20d",
            json!(null),
        ),
        (
            wire(&Reimage { vm: "vm1".into(), ..Reimage::default() }),
            "PUT /zstack/v1/vms/vm1/actions",
            json!({"reimage": {}}),
        ),
        (
            wire(
                &Reimage { vm: "vm1".into(), reason: Some("\"why\"\n".into()), ..Reimage::default() }
                    .system_tag("t"),
            ),
            "PUT /zstack/v1/vms/vm1/actions",
            json!({"reimage": {"reason": "\"why\"\n"}, "systemTags": ["t"]}),
        ),
        (
            wire(&PaintThing { uuid: "t1".into(), colour: Some(Colour::from("Octarine")) }),
            "PUT /zstack/v1/things/t1/actions",
            json!({"paintThing": {"colour": "Octarine"}}),
        ),
        (wire(&CreateThing::default()), "POST /zstack/v1/things", json!({"params": {"name": ""}})),
        (
            wire(&CreateThing {
                name: "n".into(),
                size: Some(8_589_934_592),
                thing: Some(Thing { uuid: "u".into(), parts: Some(vec![]), ..Thing::default() }),
                note: None,
            }),
            "POST /zstack/v1/things",
            json!({"params": {"name": "n", "size": 8_589_934_592_i64, "thing": {"uuid": "u", "parts": []}}}),
        ),
    ];
    for ((line, body), expected_line, expected_body) in cases {
        assert_eq!(line, expected_line);
        assert_eq!(body, expected_body, "{line}");
    }
}

#[test]
fn sends_the_session_only_where_needed() {
    let http = encode(&GetThing { uuid: "t".into(), ..GetThing::default() }).unwrap();
    assert_eq!(http.headers()["Authorization"], format!("OAuth {SESSION}"));
    assert!(!format!("{http:?}").contains(SESSION), "the header is marked as sensitive");
    assert!(!http.headers().contains_key("X-Job-UUID"));

    let http = encode(&LogIn { account_name: "admin".into(), password: "hash".into() }).unwrap();
    assert!(!http.headers().contains_key("Authorization"));
}

#[test]
fn sends_nothing_without_a_session() {
    let client = Client::new("http://127.0.0.1:8080").unwrap();
    let error = client.to_http(&CreateThing::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("with_session"), "{error}");

    let error = client.with_session("a\nb").to_http(&CreateThing::default()).unwrap_err();
    assert!(!error.to_string().contains("a\nb"), "{error}");
    assert_eq!(error.kind(), ErrorKind::Invalid);
    // A session that was copied with its line break is valid.
    assert_eq!(client.with_session(" abc\n").session().as_deref(), Some("abc"));
}

#[test]
fn refuses_values_that_change_the_path() {
    for (value, problem) in
        [("", "is empty"), (".", "has a special meaning"), ("..", "has a special meaning")]
    {
        let request = AttachIso { vm: value.into(), iso: None, ..AttachIso::default() };
        let error = encode(&request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        let text = error.to_string();
        // Both problems are reported.
        assert!(text.contains(&format!("path parameter `vmUuid` {problem}")), "{text}");
        assert!(text.contains("path parameter `isoUuid` is missing"), "{text}");
    }
    let (line, _) = wire(&LogOut { session_uuid: "a/../b?c#d%2e é".into() });
    assert_eq!(line, "DELETE /zstack/v1/accounts/sessions/a%2F..%2Fb%3Fc%23d%252e%20%C3%A9");
}

#[test]
fn refuses_objects_in_query_strings() {
    let request = GetThing { uuid: "t".into(), any: Some(json!({"a": 1})), ..GetThing::default() };
    let error = encode(&request).unwrap_err();
    assert!(error.to_string().contains("parameter `any`"), "{error}");
}

proptest! {
    #[test]
    fn query_strings_are_read_back(
        names in proptest::collection::vec(any::<String>(), 1..5),
        info in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..4),
    ) {
        let request =
            GetThing { uuid: "t".into(), names: Some(names.clone()), info: Some(info.clone()), ..GetThing::default() };
        let http = encode(&request).unwrap();
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(http.uri().query().unwrap().as_bytes()).into_owned().collect();
        let expected: Vec<(String, String)> = names
            .into_iter()
            .map(|name| ("names".to_owned(), name))
            .chain(info.into_iter().map(|(key, value)| (format!("info.{key}"), value)))
            .collect();
        prop_assert_eq!(pairs, expected);
    }

    #[test]
    fn paths_are_read_back(uuid in ".+") {
        prop_assume!(uuid != "." && uuid != "..");
        let http = encode(&LogOut { session_uuid: uuid.clone() }).unwrap();
        let path = http.uri().path();
        let segments: Vec<&str> = path.split('/').collect();
        prop_assert_eq!(segments.len(), 7);
        let read = percent_encoding::percent_decode_str(segments[6]).decode_utf8().unwrap();
        prop_assert_eq!(read, uuid);
        prop_assert_eq!(http.uri().query(), None);
    }
}
