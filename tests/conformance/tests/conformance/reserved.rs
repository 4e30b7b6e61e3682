//! Paths of the platform that the spec does not describe.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use zstack_server::{Options, RESERVED_PATHS};

use crate::api::router;

/// A variable of a described path would accept the literal as a UUID: a query would return an empty
/// success, and a deletion would affect another resource.
#[tokio::test]
async fn reserved_paths_answer_404_and_name_their_operations() {
    let router = router(&Arc::default(), Options::default());
    for reserved in RESERVED_PATHS {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let what = format!("{method} {}", reserved.path());
            let request = Request::builder()
                .method(method)
                .uri(reserved.path())
                .header("authorization", "OAuth 36c27e8ff05c4780bf6d2fa65700f22e")
                .body(Body::empty())
                .unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{what}");
            let text = response.into_body().collect().await.unwrap().to_bytes();
            let text = String::from_utf8_lossy(&text);
            for operation in reserved.operations() {
                assert!(text.contains(operation), "{what}: {text}");
            }
        }
    }
}

/// Each entry exists because a variable would match its path.
#[tokio::test]
async fn reserved_paths_would_match_variables() {
    let router = router(&Arc::default(), Options::default());
    for reserved in RESERVED_PATHS {
        let (parent, literal) = reserved.path().rsplit_once('/').unwrap();
        let uri = format!("{parent}/{}x", literal.replace(['{', '}'], ""));
        let request = Request::builder().method(Method::PATCH).uri(&uri).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{uri}");
    }
}
