//! Tests of calls from pages of other origins, and of the probes.

use serde_json::json;

use crate::interop::wire::Wire;
use crate::local::sample::{DB_1, RESCUE};

const ORIGIN: &str = "http://localhost:3000";
const VMS: &str = "/zstack/v1/vm-instances";

fn node(origins: &[&str]) -> Wire {
    let origins = origins.iter().map(|origin| origin.parse().unwrap()).collect();
    Wire::with(|settings| settings.allowed_origins = origins)
}

const PREFLIGHT: [(&str, &str); 2] = [
    ("Access-Control-Request-Method", "POST"),
    ("Access-Control-Request-Headers", "authorization,content-type,x-job-uuid"),
];

#[tokio::test]
async fn allowed_origins_get_permission() {
    for (allowed, origin, expected) in [
        (&[ORIGIN, "https://console.example"][..], ORIGIN, Some(ORIGIN)),
        (&[ORIGIN], "http://localhost:3001", None),
        (&[ORIGIN], "https://localhost:3000", None),
        (&["*"], "http://any.example", Some("*")),
        (&["*", ORIGIN], "http://any.example", Some("*")),
        (&[], ORIGIN, None),
    ] {
        let wire = node(allowed);
        let headers = [&[("Origin", origin)], &PREFLIGHT[..]].concat();
        let in_world = format!("/_world/default{VMS}");
        let control = ["/_node", "/_world/default/_node", "/_world/default/_node/faults"];
        for path in [&[VMS, &*in_world, "/zstack/api", "/openapi.json", "/healthz"], &control[..]].concat() {
            let preflight = wire.raw("OPTIONS", path, &headers, "").await;
            let expected = expected.filter(|_| !control.contains(&path));
            let permission = expected.map(|origin| format!("access-control-allow-origin: {origin}\r\n"));
            let given = preflight.head.contains("access-control-allow-origin");
            assert_eq!(given, permission.is_some(), "{allowed:?} {origin} {path} {preflight:?}");
            if let Some(permission) = permission {
                assert_eq!(preflight.status, 200, "{preflight:?}");
                for part in [
                    &*permission,
                    "access-control-allow-methods: get,head,post,put,delete\r\n",
                    "access-control-allow-headers: authorization,content-type,x-job-uuid\r\n",
                    "access-control-max-age: 600\r\n",
                ] {
                    assert!(preflight.head.contains(part), "{part} {preflight:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn pages_of_allowed_origins_can_call_the_api() {
    let wire = node(&[ORIGIN]);
    let read = wire.with_headers("GET", VMS, &[("Origin", ORIGIN)], "").await;
    assert_eq!(read.status, 200, "{read:?}");
    assert!(read.head.contains(&format!("access-control-allow-origin: {ORIGIN}\r\n")), "{read:?}");
    let exposed =
        "access-control-expose-headers: location,retry-after,preference-applied,x-job-uuid,x-request-id";
    assert!(read.head.contains(exposed), "{read:?}");
    // Scripts can send this without a content type and without a body.
    let job = "0123456789abcdef0123456789abcdef";
    let headers = [("Origin", ORIGIN), ("X-Job-UUID", job)];
    let attach = wire.with_headers("POST", &format!("{VMS}/{DB_1}/iso/{RESCUE}"), &headers, "").await;
    assert_eq!(attach.status, 202, "{attach:?}");
    let location = attach.json()["location"].as_str().unwrap().to_owned();
    let polled = wire.poll_with(&location, &[("Origin", ORIGIN)]).await;
    assert!(polled.status == 200 && polled.head.contains("access-control-allow-origin"), "{polled:?}");
    // Logging in needs a content type that forms cannot have.
    let body = json!({"logInByAccount": {"accountName": "admin", "password": "x"}}).to_string();
    for (content_type, status) in [("application/json", 503), ("text/plain", 403)] {
        let headers = [("Origin", ORIGIN), ("Content-Type", content_type)];
        let answer = wire.raw("PUT", "/zstack/v1/accounts/login", &headers, &body).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    // Errors are readable, too.
    let missing = wire.with_headers("GET", "/zstack/v1/nothing", &[("Origin", ORIGIN)], "").await;
    assert!(missing.status == 404 && missing.head.contains("access-control-allow-origin"), "{missing:?}");
}

#[tokio::test]
async fn probes_need_no_session() {
    let wire = Wire::sample();
    for path in ["/healthz", "/readyz"] {
        let answer = wire.raw("GET", path, &[], "").await;
        assert_eq!((answer.status, &*answer.body), (200, "ok\n"), "{path}");
        assert!(answer.is_text(200) && answer.head.contains("cache-control: no-store"), "{answer:?}");
        assert_eq!(wire.raw("HEAD", path, &[], "").await.status, 200);
        assert!(wire.raw("POST", path, &[], "").await.is_text(405));
        assert!(wire.raw("GET", path, &[("Host", "evil.example")], "").await.is_text(403));
    }
}
