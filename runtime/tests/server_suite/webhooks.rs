//! Results that are posted.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;
use zstack_runtime::server::{BoxFuture, HttpWebhooks, Options, WebhookError, WebhookTransport};

use crate::service::{JOB, Server, THING};

type Posted = Vec<(Instant, Request<Bytes>)>;

/// Keeps what is posted, and answers as told: with the last status again and
/// again.
#[derive(Clone, Default)]
struct Recorder {
    posted: Arc<Mutex<Posted>>,
    refuse_first: usize,
}

impl WebhookTransport for Recorder {
    fn post(&self, request: Request<Bytes>) -> BoxFuture<'static, Result<StatusCode, WebhookError>> {
        let mut posted = self.posted.lock().unwrap();
        posted.push((Instant::now(), request));
        let answer = match posted.len() {
            count if count > self.refuse_first => Ok(StatusCode::NO_CONTENT),
            count if count % 2 == 0 => Err(WebhookError::failed("unreachable")),
            _ => Ok(StatusCode::INTERNAL_SERVER_ERROR),
        };
        Box::pin(async move { answer })
    }
}

async fn run(recorder: &Recorder, enabled: bool, tag: &str) -> Posted {
    let server = Server::new(Options::default().webhooks(enabled).webhook_transport(recorder.clone()));
    let headers = [("x-web-hook", "http://hook.example/a?b=c"), ("x-job-uuid", JOB), ("x-json-schema", "1")];
    let body = format!(r#"{{"systemTags":["thing","{tag}"]}}"#);
    let taken = server.send(&format!("POST {THING}/iso/i1"), &headers, body).await;
    assert_eq!(taken.status, 202);
    assert_eq!(server.api.drain(Duration::from_secs(1000)).await, 0);
    recorder.posted.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn a_result_is_posted_once_it_is_taken() {
    let posted = run(&Recorder::default(), true, "").await;
    let [(_, request)] = &posted[..] else { panic!("{}", posted.len()) };
    assert_eq!(
        (request.method().as_str(), request.uri().to_string().as_str()),
        ("POST", "http://hook.example/a?b=c")
    );
    assert_eq!(request.headers()["x-job-uuid"], JOB);
    assert_eq!(request.headers()["x-job-success"], "true");
    assert!(request.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["schema"]["inventory"], "org.example.Thing");

    let posted = run(&Recorder::default(), true, "fail::VM.1").await;
    assert_eq!(posted[0].1.headers()["x-job-success"], "false");
    let body: Value = serde_json::from_slice(posted[0].1.body()).unwrap();
    assert_eq!(body["error"]["code"], "VM.1");
}

#[tokio::test(start_paused = true)]
async fn it_is_tried_again_but_not_for_ever() {
    let posted = run(&Recorder { refuse_first: 3, ..Recorder::default() }, true, "").await;
    assert_eq!(posted.len(), 4);
    assert_eq!((posted[3].0 - posted[0].0).as_secs(), 6);
    let posted = run(&Recorder { refuse_first: 99, ..Recorder::default() }, true, "").await;
    assert_eq!(posted.len(), 16);
}

#[tokio::test(start_paused = true)]
async fn it_is_off_unless_switched_on() {
    assert!(run(&Recorder::default(), false, "").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_no_url_is_given_up() {
    let recorder = Recorder::default();
    let server = Server::new(Options::default().webhooks(true).webhook_transport(recorder.clone()));
    for url in ["", "not a url", "http://"] {
        let reply = server.send(&format!("POST {THING}/iso/i1"), &[("x-web-hook", url)], "").await;
        assert_eq!(reply.status, 202);
    }
    assert_eq!(server.api.drain(Duration::from_secs(1000)).await, 0);
    assert!(recorder.posted.lock().unwrap().is_empty());
}

#[tokio::test]
async fn over_a_real_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let taken = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut text = String::new();
        while !text.ends_with("{}") {
            let mut bytes = [0; 1024];
            let count = stream.read(&mut bytes).await.unwrap();
            text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
        stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        text
    });
    let url = format!("http://{address}/hook?x=1");
    let request = |url: &str| Request::post(url).body(Bytes::from_static(b"{}")).unwrap();
    assert_eq!(HttpWebhooks.post(request(&url)).await.unwrap(), 201);
    let text = taken.await.unwrap();
    assert!(
        text.starts_with("POST /hook?x=1 HTTP/1.1\r\n") && text.contains(&format!("host: {address}")),
        "{text}"
    );
    for url in ["https://localhost/", "ftp://localhost/", "/path"] {
        assert!(HttpWebhooks.post(request(url)).await.is_err(), "{url}");
    }
}
