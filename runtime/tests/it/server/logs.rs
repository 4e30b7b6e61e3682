//! The log, which hides secrets.

use std::io::{Result, Write};
use std::sync::{Arc, Mutex};

use zstack_runtime::server::Options;

use crate::own_process;
use crate::server::service::Server;

/// A buffer that several writers share.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[test]
fn log_has_no_sessions_bodies_and_paths() {
    own_process::run("server::logs::log_has_no_sessions_bodies_and_paths", log_of_refusals());
}

async fn log_of_refusals() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // For all threads, since the decision to log an event is cached across threads.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let server = Server::new(Options::default());
    let headers = [("authorization", "OAuth secret-session"), ("x-request-id", "r-1")];
    let body = r#"{"params":{"name":["secret-name"]}}"#;
    server.send("POST /zstack/v1/things", &headers, body).await.rejection_text(400);
    let body = r#"{"logIn":{"name":"secret-pw","systemTags":["panic"]}}"#;
    server.send("PUT /zstack/v1/accounts/login", &headers, body).await.error();
    server
        .send("GET /zstack/v1/things/secret-uuid?color=secret-color", &headers, "")
        .await
        .received_request();
    server.send("GET /zstack/v1/secret-path", &headers, "").await.rejection_text(404);
    server.send("GET /zstack/v1/api-jobs/secret-job", &headers, "").await.rejection_text(404);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!log.contains("secret"), "{log}");
    for line in [
        "method=GET",
        "path=\"/zstack/v1/things/{uuid}\"",
        "operation=\"GetThing\"",
        "request_id=\"r-1\"",
        "status=200",
        "status=404",
        "duration_us=",
        "an operation panicked",
    ] {
        assert!(log.contains(line), "{line} in\n{log}");
    }
}
