//! Posted results: early, twice, malformed and missing.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use tokio::time::Instant;
use zstack_runtime::client::{
    BoxFuture, Call, CallOptions, Client, ErrorKind, Job, PollPolicy, Transport, TransportError, Webhook,
};

use crate::client::operations::{AttachIso, GetThing};
use crate::client::script::{SESSION, Script, accept_job, answer};

const DONE: &str = r#"{"inventory":{"uuid":"posted"}}"#;

fn attach() -> AttachIso {
    AttachIso { vm: "v".into(), iso: Some("i".into()), ..AttachIso::default() }
}

/// The request that a server posts.
fn post(job: &str, success: &str, body: &str) -> Request<Full<Bytes>> {
    Request::post("/hook")
        .header("X-Job-UUID", job)
        .header("X-Job-Success", success)
        .body(Full::from(body.to_owned()))
        .unwrap()
}

/// Calls the webhook while a request is being answered.
struct Posting<F> {
    inner: Arc<Script>,
    webhook: Webhook,
    bodies: F,
}

impl<F: Fn(&str) -> Vec<Request<Full<Bytes>>> + Send + Sync + 'static> Transport for Posting<F> {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            if request.method() == Method::POST {
                assert_eq!(request.headers()["X-Web-Hook"], self.webhook.url());
                let job = request.headers()["X-Job-UUID"].to_str().unwrap();
                for post in (self.bodies)(job) {
                    self.webhook.receive(post).await;
                }
            }
            self.inner.send(request).await
        })
    }
}

/// A client whose webhook gets these posts before its requests are answered.
fn client(
    script: &Arc<Script>,
    posts: impl Fn(&str) -> Vec<Request<Full<Bytes>>> + Send + Sync + 'static,
) -> Client {
    let webhook = Webhook::new("http://10.0.0.5:8081/hook");
    let posting = Posting { inner: Arc::clone(script), webhook: webhook.clone(), bodies: posts };
    script.builder().webhook(webhook).transport(posting).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn accepts_posts_before_the_response_and_twice() {
    let script = Script::new([accept_job()]);
    let client = client(&script, |job| {
        vec![post(job, "true", DONE), post(job, "false", r#"{"error":{"code":"SYS.1000"}}"#)]
    });
    let start = Instant::now();
    assert_eq!(attach().call(&client).await.unwrap().inventory.uuid, "posted");
    assert_eq!(script.count(), 1, "nothing is asked for");
    assert_eq!(start.elapsed(), Duration::ZERO);

    let job: Job<AttachIso> = attach().start(&client).await.unwrap();
    assert_eq!(job.wait().await.unwrap().inventory.uuid, "posted");
    assert_eq!(job.wait().await.unwrap().inventory.uuid, "posted");
}

#[tokio::test(start_paused = true)]
async fn accepts_posted_failures() {
    let script = Script::new([accept_job()]);
    let client = client(&script, |job| vec![post(job, "false", r#"{"error":{"code":"VM.1010"}}"#)]);
    let error = attach().call(&client).await.unwrap_err();
    assert!(error.is_wrong_state(), "{error}");
    assert!(error.job_uuid().is_some());
}

#[tokio::test(start_paused = true)]
async fn posted_errors_are_failures_whatever_their_header() {
    let script = Script::new([accept_job()]);
    let failure = r#"{"inventory":null,"error":{"code":"VM.1010"}}"#;
    let client = client(&script, move |job| vec![post(job, "true", failure)]);
    let error = attach().call(&client).await.unwrap_err();
    assert!(error.is_wrong_state(), "{error}");
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn polls_without_a_post() {
    let script = Script::new([accept_job(), answer(202, "{}"), answer(200, DONE)]);
    attach().call(&client(&script, |_| vec![])).await.unwrap();
    assert_eq!(script.count(), 3);
    // Less often than without a webhook.
    let gaps = script.gaps();
    assert!(gaps[0] > 1.0 && gaps[1] > 2.0, "{gaps:?}");

    // These posts are for other jobs, incomplete, or not results.
    let script = Script::new([accept_job(), answer(200, DONE)]);
    let other = "0".repeat(32);
    let posts = move |job: &str| {
        let mut posts = vec![post(&other, "true", DONE)];
        posts.extend([&DONE[..9], "", "null", "[]"].map(|body| post(job, "true", body)));
        posts
    };
    attach().call(&client(&script, posts)).await.unwrap();
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn immediate_answers_need_no_post() {
    let script = Script::new([answer(200, r#"{"inventory":{"uuid":"t"}}"#)]);
    let client = client(&script, |_| vec![]);
    GetThing { uuid: "t".into(), ..GetThing::default() }.call(&client).await.unwrap();
    assert_eq!(script.header(0, "X-Web-Hook"), None);
    // A long operation may be answered at once, too.
    attach().call(&client).await.unwrap();
    assert!(script.header(1, "X-Web-Hook").is_some());
}

#[tokio::test]
async fn refuses_malformed_posts() {
    let webhook = Webhook::new("http://h/");
    let job = "0".repeat(32);
    // Results that no call waits for are accepted, so that the server does not repeat them.
    assert_eq!(webhook.receive(post(&job, "true", DONE)).await, StatusCode::OK);
    let bare = Request::post("/").body(Full::<Bytes>::default()).unwrap();
    assert_eq!(webhook.receive(bare).await, StatusCode::BAD_REQUEST);
    let get = Request::get("/").body(Full::<Bytes>::default()).unwrap();
    assert_eq!(webhook.receive(get).await, StatusCode::METHOD_NOT_ALLOWED);
    for url in ["", "10.0.0.5", "http://h/\n", "/path"] {
        let error = Client::builder("http://h").webhook(Webhook::new(url)).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn sends_preferences_with_long_operations() {
    let script = Script::new([answer(200, r#"{"inventory":{"uuid":"t"}}"#)]);
    for (options, sent) in [
        (CallOptions::new(), None),
        (CallOptions::new().wait(30), Some("wait=30")),
        (CallOptions::new().respond_async(), Some("respond-async")),
    ] {
        attach().call(&script.client().with_options(options.clone())).await.unwrap();
        assert_eq!(script.header(script.count() - 1, "Prefer").as_deref(), sent);
        let get = GetThing { uuid: "t".into(), ..GetThing::default() };
        get.call(&script.client().with_options(options)).await.unwrap();
        assert_eq!(script.header(script.count() - 1, "Prefer"), None);
    }
}

/// An unreachable webhook costs time, but no result.
#[tokio::test(start_paused = true)]
async fn polls_if_the_webhook_is_unreachable() {
    let script = Script::new([accept_job(), answer(200, DONE)]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let webhook = Webhook::new("http://192.0.2.1:9/").listening(listener);
    let client = Client::builder("http://h")
        .session(SESSION)
        .webhook(webhook)
        .poll(PollPolicy::new())
        .transport(Arc::clone(&script))
        .build()
        .unwrap();
    assert_eq!(attach().call(&client).await.unwrap().inventory.uuid, "posted");
}
