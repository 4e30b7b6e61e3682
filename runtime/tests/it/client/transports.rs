//! Transports, each with a real service.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::{any, get};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zstack_runtime::client::{Call, Client, ErrorKind, HttpOptions, InProcess};

use crate::client::operations::{AttachIso, CreateThing, GetThing};
use crate::client::script::{JOB, SESSION};

/// Answers with a description of the request; long operations take two polls.
pub(crate) fn router() -> Router {
    async fn echo(request: Request) -> String {
        let headers = request.headers();
        let header = |name: &str| headers.get(name).map_or("-", |header| header.to_str().unwrap());
        let description =
            format!("{} {} {} {}", request.method(), request.uri(), header("host"), header("authorization"));
        let inventory = serde_json::json!({"inventory": {"uuid": description}});
        inventory.to_string()
    }
    let polls = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let poll = move || {
        let count = polls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        std::future::ready(match count {
            0 => (StatusCode::ACCEPTED, "{}"),
            _ => (StatusCode::OK, r#"{"inventory":{"uuid":"attached"}}"#),
        })
    };
    let location = format!(r#"{{"location":"http://10.255.255.1:1/zstack/v1/api-jobs/{JOB}"}}"#);
    let create = |body: String| async move {
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        serde_json::json!({"inventory": {"uuid": json["params"]["name"], "size": body.len()}}).to_string()
    };
    Router::new()
        .route("/zstack/v1/things/{uuid}/details", get(echo))
        .route("/zstack/v1/things", any(create))
        .route(
            "/zstack/v1/vms/{vm}/iso/{iso}",
            any(move || std::future::ready((StatusCode::ACCEPTED, location))),
        )
        .route("/zstack/v1/api-jobs/{uuid}", get(poll))
        .route(
            "/redirect/{*rest}",
            get(|| async { axum::response::Redirect::permanent("/elsewhere").into_response() }),
        )
}

/// Starts a server on a free port; returns its URL.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn get_thing() -> GetThing {
    GetThing { uuid: "a b".into(), limit: Some(3), ..GetThing::default() }
}

async fn life(client: &Client, host: &str) {
    let description = get_thing().call(client).await.unwrap().inventory.uuid;
    assert_eq!(description, format!("GET /zstack/v1/things/a%20b/details?limit=3 {host} OAuth {SESSION}"));
    let attach = AttachIso { vm: "v".into(), iso: Some("i".into()), ..AttachIso::default() };
    assert_eq!(attach.call(client).await.unwrap().inventory.uuid, "attached");
}

#[tokio::test]
async fn in_process() {
    let client = Client::builder("http://node.example.com:8080")
        .session(SESSION)
        .transport(InProcess::new(router()))
        .build()
        .unwrap();
    life(&client, "node.example.com:8080").await;
}

#[tokio::test]
async fn in_process_with_another_body_type() {
    let service = tower::service_fn(|request: Request| async move {
        let description = request.headers().len().to_string();
        let response = axum::http::Response::new(axum::body::Body::from(format!(
            r#"{{"inventory":{{"uuid":{description}}}}}"#
        )));
        if request.uri().query().is_some() {
            Ok(response)
        } else {
            Err(std::io::Error::other("out of order"))
        }
    });
    let transport = InProcess::<_, axum::body::Body>::with_body(service);
    let client = Client::builder("http://node").session(SESSION).transport(transport).build().unwrap();
    // Accept, Authorization, Host.
    assert_eq!(get_thing().call(&client).await.unwrap().inventory.uuid, "3");

    let error = GetThing { limit: None, ..get_thing() }.call(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().ends_with("no response: out of order"), "{error}");
}

#[tokio::test]
async fn over_tcp() {
    let url = serve(router()).await;
    let client = Client::new(&url).unwrap().with_session(SESSION);
    life(&client, url.strip_prefix("http://").unwrap()).await;

    // A body of many chunks in both directions.
    let name = "long name, ".repeat(300_000);
    let created = CreateThing { name: name.clone(), ..CreateThing::default() }.call(&client);
    let created = tokio::time::timeout(Duration::from_secs(60), created).await.unwrap();
    // The server's own limit on bodies is 2 MB.
    assert_eq!(created.unwrap_err().kind(), ErrorKind::Rejected);
    let name = &name[..1_000_000];
    let created = CreateThing { name: name.into(), ..CreateThing::default() }.call(&client).await.unwrap();
    assert_eq!(created.inventory.uuid, name);
}

#[tokio::test]
async fn through_a_proxy() {
    // A proxy gets the whole URL, and finds the host itself.
    let proxy = serve(router()).await;
    let options = HttpOptions::new().proxy(&proxy);
    let client =
        Client::builder("http://node.test:8080").session(SESSION).http(options.clone()).build().unwrap();
    let description = get_thing().call(&client).await.unwrap().inventory.uuid;
    let line = "GET http://node.test:8080/zstack/v1/things/a%20b/details?limit=3";
    assert_eq!(description, format!("{line} node.test:8080 OAuth {SESSION}"));
    // An explicit proxy is used for this machine, too.
    let client = Client::builder("http://127.0.0.1:1").session(SESSION).http(options).build().unwrap();
    let description = get_thing().call(&client).await.unwrap().inventory.uuid;
    assert!(description.starts_with("GET http://127.0.0.1:1/"), "{description}");

    let secret = HttpOptions::new().proxy("http://user:topsecret@pro xy:3128");
    assert!(!format!("{secret:?}").contains("topsecret"));
    let error = Client::builder("http://node.test").http(secret).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    let story = error.to_string();
    assert!(story.contains("`proxy` must be a URL") && !story.contains("topsecret"), "{story}");
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn over_a_reqwest_client_of_the_caller() {
    use zstack_runtime::client::{HttpTransport, reqwest};

    let url = serve(router()).await;
    let inner = reqwest::Client::builder().no_proxy().build().unwrap();
    let transport = HttpTransport::with_reqwest(inner);
    let client = Client::builder(&url).session(SESSION).transport(transport).build().unwrap();
    life(&client, url.strip_prefix("http://").unwrap()).await;
}

#[tokio::test]
async fn does_not_follow_redirects() {
    let url = serve(router()).await;
    let client = Client::new(format!("{url}/redirect")).unwrap().with_session(SESSION);
    let error = get_thing().call(&client).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(308));
    assert_eq!(error.kind(), ErrorKind::Rejected);
}

#[tokio::test]
async fn reports_unreachable_servers() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let client = Client::new(format!("http://127.0.0.1:{port}")).unwrap().with_session(SESSION);
    let error = get_thing().call(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    let story = error.to_string();
    assert_eq!(story.to_lowercase().matches("connection refused").count(), 1, "{story}");
    assert!(std::error::Error::source(&error).is_none(), "its text includes all of them");
    let mut chain = std::iter::successors(error.underlying(), |error| error.source());
    assert!(chain.any(|error| error.is::<std::io::Error>()));
    assert!(!story.contains("a%20b"), "the path may hold secrets: {story}");
}

#[tokio::test]
async fn reports_interrupted_responses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = std::sync::Arc::clone(&connections);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mut buffer = [0; 1024];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"inventory\":").await;
        }
    });
    let client = Client::new(url).unwrap().with_session(SESSION);
    let error = get_thing().call(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    assert_eq!(connections.load(std::sync::atomic::Ordering::Relaxed), 1, "it is not sent again");
}

/// A body that never ends.
struct Endless(bytes::Bytes);

impl http_body::Body for Endless {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Ready(Some(Ok(http_body::Frame::data(self.0.clone()))))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_the_length_of_bodies() {
    let endless = || async { axum::body::Body::new(Endless(vec![b' '; 1 << 20].into())) };
    let router = Router::new().fallback(endless);
    let in_process =
        Client::builder("http://node").transport(InProcess::new(router.clone())).build().unwrap();
    let over_tcp = Client::new(serve(router).await).unwrap();
    for client in [in_process, over_tcp] {
        let error = get_thing().call(&client.with_session(SESSION)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.to_string().contains("limit"), "{error}");
    }
}
