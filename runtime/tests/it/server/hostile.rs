//! Hostile requests: every request is answered, and never with an internal error.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Request};
use proptest::prelude::*;
use zstack_runtime::server::{Options, WebhookAllow};

use crate::server::service::{JOB, Server};

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["things", "drives", "iso", "actions", "t1", "accounts", "login", "ghosts", "", "api-jobs", JOB]).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9%{}~.*+-]{0,8}",
        1 => "(%[0-9a-fA-F]{2}){1,3}",
    ]
}

fn path() -> impl Strategy<Value = String> {
    let below = prop::collection::vec(segment(), 0..5)
        .prop_map(|segments| format!("/zstack/v1/{}", segments.join("/")));
    prop_oneof![6 => below, 1 => "/[a-z/%{}]{0,20}"]
}

fn query() -> impl Strategy<Value = String> {
    let key = "(names|names\\.[0-9]{1,3}|info\\.[a-z]|labels\\.[a-z]|limit|size|force|color|systemTags|isoUuid|numbers|[a-z.]{0,4})";
    let value = "(=([0-9.eE-]{0,6}|[a-z%+=]{0,6}|%[0-9a-f]{2}|sleep::[0-9]|fail::X|panic))?";
    prop::collection::vec(format!("{key}{value}").prop_map_regex(), 0..4).prop_map(|pairs| pairs.join("&"))
}

/// Generates texts from a pattern that is itself generated.
trait Pattern {
    fn prop_map_regex(self) -> BoxedStrategy<String>;
}

impl Pattern for String {
    fn prop_map_regex(self) -> BoxedStrategy<String> {
        prop::string::string_regex(&self).unwrap().boxed()
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        prop_oneof![".{0,6}", "(sleep::[0-9]|fail::X|panic|[0-9]{1,3})"].prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let keys = vec![
            "params", "null", "startThing", "stopThing", "setDefault", "logIn", "systemTags", "userTags", "name",
            "thingUuid", "size", "count", "on", "numbers", "mode", "nic", "deviceId", "ips", "extra", "color", "x",
        ];
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            3 => prop::collection::vec((prop::sample::select(keys), inner), 0..5).prop_map(|entries| {
                entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<serde_json::Map<_, _>>().into()
            }),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => json().prop_map(|json| json.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..64),
        1 => (json(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(json, at, byte)| {
            let mut text = json.to_string().into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            text
        }),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let value = |text: &str| prop::string::bytes_regex(text).unwrap();
    let header = prop_oneof![
        Just("authorization")
            .prop_flat_map(move |name| (Just(name), value("(OAuth s|OAuth|Bearer x|ZStack a:b)"))),
        Just("x-job-uuid")
            .prop_flat_map(move |name| (Just(name), value("[0-9a-f]{32}|[ -~]{32}|[ -~]{0,40}"))),
        Just("prefer")
            .prop_flat_map(move |name| (Just(name), value("wait=[0-9]{1,12}|respond-async|[ -~]{0,20}"))),
        Just("x-api-timeout").prop_flat_map(move |name| (Just(name), value("[0-9]{1,10}"))),
        Just("x-web-hook").prop_flat_map(move |name| (Just(name), value("[ -~]{0,20}"))),
        Just("x-json-schema").prop_flat_map(move |name| (Just(name), value("[ -~]{0,3}"))),
        (
            prop::sample::select(vec![
                "host",
                "x-request-id",
                "x-job-uuid",
                "x-api-timeout",
                "authorization",
                "x-forwarded-for",
                "prefer"
            ]),
            prop::collection::vec(any::<u8>(), 0..40)
        ),
    ];
    prop::collection::vec(header, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn answers_every_request(
        method in prop_oneof![8 => prop::sample::select(vec!["GET", "PUT", "POST", "DELETE"]).prop_map(str::to_owned), 1 => "[A-Z]{1,7}"],
        path in path(),
        query in query(),
        headers in headers(),
        with_session in prop::bool::weighted(0.8),
        body in body(),
        old in any::<bool>(),
    ) {
        let Ok(uri) = format!("{path}?{query}").parse::<http::Uri>() else { return Ok(()) };
        let mut request = Request::builder().method(method.as_str()).uri(uri).body(body.into()).unwrap();
        if with_session {
            request.headers_mut().insert("authorization", HeaderValue::from_static("OAuth s"));
        }
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                request.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        let version = if old { zstack_runtime::Version::new("1.0") } else { zstack_runtime::Version::NEWEST };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let reply = runtime.block_on(async {
            let server = Server::new(Options::default().version(version).webhook_allow(WebhookAllow::nowhere()));
            let reply = server.send_as_is(request).await;
            assert_eq!(server.api.drain(Duration::from_secs(100)).await, 0);
            reply
        });
        match reply.status.as_u16() {
            200 | 202 => prop_assert!(reply.json().is_object()),
            503 => prop_assert!(reply.json()["error"]["code"].is_string()),
            400 | 404 | 405 => prop_assert!(reply.header("content-type").unwrap().starts_with("text/plain")),
            other => prop_assert!(false, "{other}: {}", reply.text),
        }
        prop_assert!(reply.header("x-request-id").is_some());
    }
}
