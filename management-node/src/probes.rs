//! `/healthz` and `/readyz`, with which containers and load balancers observe the node.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use hyper::header::{ALLOW, CACHE_CONTROL};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::model::Changes;
use crate::store::Store;

/// The path of the probe whether the process works.
const HEALTH: &str = "/healthz";

/// The path of the probe whether the node accepts calls.
const READINESS: &str = "/readyz";

/// The time in which the store has to respond.
const STORE_LIMIT: Duration = Duration::from_secs(2);

/// The facts that the probes report.
pub(crate) struct Probes<S> {
    store: Arc<S>,
    is_stopping: AtomicBool,
}

impl<S: Store> Probes<S> {
    pub(crate) fn of(store: Arc<S>) -> Self {
        Self { store, is_stopping: AtomicBool::new(false) }
    }

    /// Returns true for the paths of the probes.
    pub(crate) fn is_for(path: &str) -> bool {
        path == HEALTH || path == READINESS
    }

    /// Lets `/readyz` report that the node stops.
    pub(crate) fn set_stopping(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) async fn answer(&self, request: &Parts) -> Response {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            let text = format!("{} is not allowed on {}; use GET\n", request.method, request.uri.path());
            return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")], text).into_response();
        }
        let problem = if request.uri.path() == READINESS { self.problem().await } else { None };
        let (status, text) = match problem {
            None => (StatusCode::OK, "ok\n".to_owned()),
            Some(problem) => (StatusCode::SERVICE_UNAVAILABLE, format!("{problem}\n")),
        };
        (status, [(CACHE_CONTROL, "no-store")], text).into_response()
    }

    /// The reason why the node accepts no calls.
    async fn problem(&self) -> Option<String> {
        if self.is_stopping.load(Ordering::Relaxed) {
            return Some("the node is stopping".to_owned());
        }
        // Waits for the writer, which also finds that a file is missing, and writes nothing.
        match tokio::time::timeout(STORE_LIMIT, self.store.commit(Changes::default())).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("the database does not respond within {} s", STORE_LIMIT.as_secs())),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use hyper::Request;

    use super::*;
    use crate::store::sqlite::SqliteStore;

    #[tokio::test]
    async fn a_node_is_ready_until_it_stops_or_its_store_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        let probes = Probes::of(Arc::new(SqliteStore::open(&path).unwrap()));
        let send = async |method: &str, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let response = probes.answer(&request.into_parts().0).await;
            let status = response.status().as_u16();
            let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, String::from_utf8(bytes.to_vec()).unwrap())
        };
        let check = async |expected: (u16, &str)| {
            let (status, text) = send("GET", READINESS).await;
            assert!(status == expected.0 && text.contains(expected.1), "{status} {text} {expected:?}");
            assert_eq!(send("GET", HEALTH).await, (200, "ok\n".to_owned()));
        };
        check((200, "ok")).await;
        assert_eq!(send("HEAD", READINESS).await.0, 200);
        assert_eq!(send("POST", READINESS).await.0, 405);
        let moved = folder.path().join("moved");
        std::fs::rename(&path, &moved).unwrap();
        check((503, "was deleted, moved or replaced")).await;
        std::fs::rename(&moved, &path).unwrap();
        check((200, "ok")).await;
        probes.set_stopping();
        check((503, "is stopping")).await;
        probes.is_stopping.store(false, Ordering::Relaxed);
        probes.store.close().await;
        check((503, "closed")).await;
    }
}
