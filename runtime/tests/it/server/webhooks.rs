//! Posted results.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::to_bytes;
use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};
use zstack_runtime::server::{
    BoxFuture, HttpWebhooks, JobStore, ListenAddresses, MemoryJobs, Options, WebhookAllow, WebhookError,
    WebhookTransport,
};

use crate::server::service::{JOB, Server, THING, request};
use crate::server::sockets::{connect, listen};

type Posted = Vec<(Instant, Request<Bytes>)>;

/// Records posts, and answers with the given statuses; it repeats the last one.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    posted: Arc<Mutex<Posted>>,
    refuse_first: usize,
}

impl WebhookTransport for Recorder {
    fn post(&self, request: Request<Bytes>) -> BoxFuture<'static, Result<StatusCode, WebhookError>> {
        let mut posted = self.posted.lock().unwrap();
        posted.push((Instant::now(), request));
        let answer = match posted.len() {
            count if count > self.refuse_first => Ok(StatusCode::NO_CONTENT),
            count if count % 2 == 0 => Err(WebhookError::from_error("unreachable")),
            _ => Ok(StatusCode::INTERNAL_SERVER_ERROR),
        };
        Box::pin(async move { answer })
    }
}

impl Recorder {
    pub(crate) fn options(&self) -> Options {
        Options::default().webhook_allow(WebhookAllow::everywhere()).webhook_transport(self.clone())
    }

    pub(crate) fn count(&self) -> usize {
        self.posted.lock().unwrap().len()
    }
}

const HOOK: &str = "http://hook.example/a?b=c";

async fn drain(server: &Server) {
    assert_eq!(server.api.drain(Duration::from_secs(1000)).await, 0);
}

async fn run(recorder: &Recorder, tag: &str) -> Posted {
    let server = Server::new(recorder.options());
    let headers = [("x-web-hook", HOOK), ("x-job-uuid", JOB), ("x-json-schema", "1")];
    let body = format!(r#"{{"systemTags":["thing","{tag}"]}}"#);
    let taken = server.send(&format!("POST {THING}/iso/i1"), &headers, body).await;
    assert_eq!(taken.status, 202);
    drain(&server).await;
    recorder.posted.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn posts_until_a_success() {
    let posted = run(&Recorder::default(), "").await;
    let [(_, request)] = &posted[..] else { panic!("{}", posted.len()) };
    assert_eq!((request.method().as_str(), request.uri().to_string().as_str()), ("POST", HOOK));
    assert_eq!(request.headers()["x-job-uuid"], JOB);
    assert_eq!(request.headers()["x-job-success"], "true");
    assert!(request.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["schema"]["inventory"], "org.example.Thing");

    let posted = run(&Recorder::default(), "fail::VM.1").await;
    assert_eq!(posted[0].1.headers()["x-job-success"], "false");
    let body: Value = serde_json::from_slice(posted[0].1.body()).unwrap();
    assert_eq!(body["error"]["code"], "VM.1");
}

#[tokio::test(start_paused = true)]
async fn posts_no_schema_without_the_header() {
    let recorder = Recorder::default();
    let server = Server::new(recorder.options());
    let body = r#"{"systemTags":["thing"]}"#;
    let taken = server.send(&format!("POST {THING}/iso/i1"), &[("x-web-hook", HOOK)], body).await;
    drain(&server).await;
    let posted = recorder.posted.lock().unwrap()[0].1.body().clone();
    assert_eq!(posted, server.poll(&taken).await.text);
    assert!(!String::from_utf8_lossy(&posted).contains("schema"));
}

#[tokio::test(start_paused = true)]
async fn limits_the_number_of_attempts() {
    let posted = run(&Recorder { refuse_first: 3, ..Recorder::default() }, "").await;
    assert_eq!(posted.len(), 4);
    assert_eq!((posted[3].0 - posted[0].0).as_secs(), 6);
    let posted = run(&Recorder { refuse_first: 99, ..Recorder::default() }, "").await;
    assert_eq!(posted.len(), 16);
}

/// A client may be ready for the webhook only after it has the response.
#[tokio::test(start_paused = true)]
async fn posts_after_the_caller_has_the_job() {
    let recorder = Recorder::default();
    let server = Server::new(recorder.options());
    let headers = [("authorization", "OAuth s"), ("x-web-hook", HOOK)];
    let taken = server.api.handle(request(&format!("POST {THING}/iso/i1"), &headers, "")).await;
    assert_eq!(taken.status(), 202);
    sleep(Duration::from_secs(10)).await;
    assert_eq!((server.service.done.load(Ordering::SeqCst), recorder.count()), (1, 0));
    let body = to_bytes(taken.into_body(), usize::MAX).await.unwrap();
    assert!(body.starts_with(b"{"));
    sleep(Duration::from_secs(10)).await;
    assert_eq!(recorder.count(), 0, "the connection still owns the bytes");
    drop(body);
    let released = Instant::now();
    drain(&server).await;
    assert!(recorder.posted.lock().unwrap()[0].0 > released);

    // A caller that never reads its response does not delay the post forever.
    let stuck = server.api.handle(request(&format!("POST {THING}/iso/i1"), &headers, "")).await;
    drain(&server).await;
    assert_eq!(recorder.count(), 2);
    drop(stuck);
}

/// Over sockets: when the post arrives, the caller's socket has the 202.
#[tokio::test]
async fn the_202_comes_first_on_the_wire() {
    let server = Server::new(Options::default());
    let address = listen(&server).await;
    let hook = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for number in 0..5 {
        let uuid = format!("{number:032}");
        let mut caller = TcpStream::connect(address).await.unwrap();
        let url = format!("http://localhost:{}/hook", hook.local_addr().unwrap().port());
        let head = format!(
            "POST {THING}/iso/i1 HTTP/1.1\r\nhost: here\r\nauthorization: OAuth s\r\nx-job-uuid: {uuid}\r\nx-web-hook: {url}\r\ncontent-length: 0\r\n\r\n"
        );
        caller.write_all(head.as_bytes()).await.unwrap();
        let (mut called, _) = hook.accept().await.unwrap();
        let mut received = [0; 4096];
        let count = caller.try_read(&mut received).unwrap();
        let received = std::str::from_utf8(&received[..count]).unwrap();
        assert!(
            received.starts_with("HTTP/1.1 202 ") && received.ends_with(&format!("{uuid}\"}}")),
            "{received}"
        );
        let posted = read_request(&mut called).await;
        assert!(posted.contains(&format!("x-job-uuid: {uuid}\r\n")), "{posted}");
        called.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    }
    drain(&server).await;
}

/// The caller disconnects before the response; its job continues.
#[tokio::test]
async fn posts_although_the_caller_disconnected() {
    let recorder = Recorder::default();
    let server = Server::new(recorder.options());
    let text = format!(
        "DELETE {THING}/iso?systemTags=sleep::100 HTTP/1.1\r\nhost: here\r\nauthorization: OAuth s\r\nx-job-uuid: {JOB}\r\nx-web-hook: {HOOK}\r\n\r\n"
    );
    drop(connect(&server, &text).await);
    while server.service.begun.load(Ordering::SeqCst) == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    drain(&server).await;
    assert_eq!((server.service.done.load(Ordering::SeqCst), recorder.count()), (1, 1));
    let done = server.send(&format!("GET /zstack/v1/api-jobs/{JOB}"), &[], "").await;
    assert_eq!(done.status, 200);
}

#[tokio::test(start_paused = true)]
async fn next_server_posts_the_remaining_results() {
    let store: Arc<dyn JobStore> = Arc::new(MemoryJobs::new());
    let dead = Recorder { refuse_first: 99, ..Recorder::default() };
    let first = Server::new(dead.options().job_store(Arc::clone(&store)));
    let other = "f".repeat(32);
    for (uuid, tag) in [(JOB, "thing"), (other.as_str(), "sleep::10000000")] {
        let headers = [("x-web-hook", HOOK), ("x-job-uuid", uuid)];
        let body = format!(r#"{{"systemTags":["{tag}"]}}"#);
        assert_eq!(first.send(&format!("POST {THING}/iso/i1"), &headers, body).await.status, 202);
    }
    sleep(Duration::from_secs(5)).await;
    assert!(dead.count() > 0);

    let alive = Recorder::default();
    let second = Server::new(alive.options().job_store(Arc::clone(&store)));
    assert_eq!(second.api.resume().await.unwrap(), 1);
    drain(&second).await;
    let posted = alive.posted.lock().unwrap().clone();
    let text = |post: &Request<Bytes>, name| post.headers()[name].to_str().unwrap().to_owned();
    let mut posted: Vec<_> =
        posted.iter().map(|(_, post)| (text(post, "x-job-uuid"), text(post, "x-job-success"))).collect();
    posted.sort();
    assert_eq!(posted, [(JOB.to_owned(), "true".to_owned()), (other, "false".to_owned())]);
    // It is posted once.
    assert_eq!(second.api.resume().await.unwrap(), 0);
    drain(&second).await;
    assert_eq!(alive.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn refuses_forbidden_webhooks_before_the_operation() {
    let server = Server::new(Options::default());
    for url in [
        "not a url",
        "http://",
        "/path",
        "ftp://localhost/",
        "https://localhost/",
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/",
        "http://127.0.0.1@10.0.0.1/",
    ] {
        let reply = server.send(&format!("POST {THING}/iso/i1"), &[("x-web-hook", url)], "").await;
        assert!(reply.rejection_text(400).contains("X-Web-Hook"), "{url}: {}", reply.text);
    }
    assert_eq!(server.service.begun.load(Ordering::SeqCst), 0);
    // An empty header is ignored; operations without a job ignore it.
    server.send(&format!("POST {THING}/iso/i1"), &[("x-web-hook", "")], "").await.received_request();
    server.send(&format!("GET {THING}"), &[("x-web-hook", "http://10.0.0.1/")], "").await.received_request();
}

/// Reads one request, whose body ends with a brace.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    while !text.ends_with('}') {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "{text}");
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    text
}

fn post(url: &str) -> Request<Bytes> {
    Request::post(url).body(Bytes::from_static(b"{}")).unwrap()
}

#[tokio::test]
async fn over_a_real_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // This redirect, if followed, would lead to a forbidden address.
    let answer = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n";
    let taken = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let text = read_request(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
        text
    });
    let webhooks = HttpWebhooks::default();
    assert_eq!(webhooks.post(post(&format!("http://{address}/hook?x=1"))).await.unwrap(), 307);
    let text = taken.await.unwrap();
    assert!(
        text.starts_with("POST /hook?x=1 HTTP/1.1\r\n") && text.contains(&format!("host: {address}")),
        "{text}"
    );
    for url in ["https://localhost/", "ftp://localhost/", "/path"] {
        assert!(matches!(webhooks.post(post(url)).await, Err(WebhookError::Refused(_))), "{url}");
    }
}

/// The address that a name resolves to has to be allowed.
#[tokio::test]
async fn checks_the_address_of_names() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let elsewhere = ["10.0.0.0/8".parse().unwrap()].into_iter().collect::<WebhookAllow>();
    let webhooks = HttpWebhooks::new(elsewhere);
    for host in ["localhost", "2130706433"] {
        let refused = webhooks.post(post(&format!("http://{host}:{port}/"))).await;
        assert!(matches!(&refused, Err(WebhookError::Refused(why)) if why.contains(host)), "{refused:?}");
    }
    let quiet = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(quiet.is_err(), "there is a connection");
}

/// Neither rules nor names make a difference.
#[tokio::test]
async fn never_posts_to_itself() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let listen = ListenAddresses::default();
    let webhooks = HttpWebhooks::new(WebhookAllow::everywhere().except(&listen));
    // Also if the server listens after it was built.
    listen.add(listener.local_addr().unwrap());
    for host in ["localhost", "127.0.0.1", "127.9.9.9", "2130706433", "0.0.0.0", "[::ffff:127.0.0.1]", "[::]"]
    {
        let refused = webhooks.post(post(&format!("http://{host}:{port}/"))).await;
        let why = "listens itself";
        assert!(
            matches!(&refused, Err(WebhookError::Refused(text)) if text.contains(why)),
            "{host} {refused:?}"
        );
    }
    let quiet = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(quiet.is_err(), "nothing has connected");
}
