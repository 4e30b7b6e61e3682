//! Tests that requests are not trusted merely because of their address:
//! webhooks, pages in a browser, and callers behind a proxy.

use std::net::{TcpListener, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use zstack_node::app::{App, Settings};
use zstack_node::clock::Clock;
use zstack_node::inventory::password_hash;
use zstack_node::store::sqlite::SqliteStore;
use zstack_server::{Answer, Credentials, FinishedJob, Job, JobResult, JobStore as _, WebhookAllow};

use crate::local::sample::{DB_1, RESCUE};
use crate::local::{NOON, StoppedClock};
use crate::process::{Caller, Log, Server};

const ALICE: &str = "a0000000000040008000000000000001";
const CONTROL: (&str, &str) = ("X-ZStack-Node-Control", "1");

/// Sends a request with the given headers only. Returns the status and text of
/// the answer.
async fn send(url: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = reqwest::Client::new().request(method, format!("{url}{path}")).body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn login(name: &str, password: &str) -> String {
    let hash = password_hash(password);
    json!({"logInByAccount": {"accountName": name, "password": hash}}).to_string()
}

/// Logs in with an ordinary account.
async fn alice(server: &Server) -> Caller {
    let mut caller = server.caller();
    let (_, answer) = caller.send("PUT", "/accounts/login", &login("alice", "wonderland")).await.unwrap();
    caller.session = answer["inventory"]["uuid"].as_str().unwrap().to_owned();
    caller
}

/// Creates an access key of alice.
async fn create_key(alice: &Caller) -> String {
    let body = json!({"params": {"accountUuid": ALICE, "userUuid": ALICE}}).to_string();
    let (_, answer) = alice.send("POST", "/accesskeys", &body).await.unwrap();
    answer["inventory"]["uuid"].as_str().unwrap().to_owned()
}

/// Returns the number of VM instances visible to the administrator. Fails if a
/// reset has ended the session.
async fn count_vms(admin: &Caller) -> usize {
    let (status, answer) = admin.send("GET", "/vm-instances", "").await.unwrap();
    assert_eq!(status, 200, "{answer}");
    answer["inventories"].as_array().unwrap().len()
}

/// Returns the address of a network interface other than loopback.
fn interface() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback()).then(|| address.to_string())
}

/// Starts a job of alice with `url` as its webhook.
async fn post_result_to(alice: &Caller, url: &str) -> (u16, Value) {
    let key = create_key(alice).await;
    alice.send_with("DELETE", &format!("/accesskeys/{key}"), &[("X-Web-Hook", url)], "").await.unwrap()
}

/// Waits for the log line about a refused webhook.
fn wait_for_refusal(log: &Log) -> String {
    log.wait_for("dropped a webhook")
}

#[tokio::test]
async fn webhooks_are_not_posted_to_the_node_itself() {
    for listen in ["127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0"] {
        let host = listen.strip_suffix(":0").unwrap();
        if TcpListener::bind(listen).is_err() {
            eprintln!("skipped: this machine has no {host}");
            continue;
        }
        let (server, log) = Server::start_with_log(listen, "warn", &["--sample", "--webhook-allow", "*"]);
        let port = server.url.rsplit(':').next().unwrap().to_owned();
        let admin = server.caller().with_session().await;
        let (alice, before) = (alice(&server).await, count_vms(&admin).await);
        assert!(before > 5);
        let interface = interface();
        let mut hosts = match host {
            "127.0.0.1" => vec!["127.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]"],
            "0.0.0.0" => vec!["127.0.0.1", "127.9.9.9", "0.0.0.0", "[::ffff:127.0.0.1]"],
            "[::1]" => vec!["[::1]", "[::]", "0.0.0.0"],
            _ => vec!["127.0.0.1", "127.9.9.9", "[::1]", "[::]", "[::ffff:127.0.0.1]"],
        };
        if let (Some(own), "0.0.0.0" | "[::]") = (&interface, host) {
            hosts.push(own);
        }
        for target in hosts {
            let url = format!("http://{target}:{port}/_node/reset");
            let (status, answer) = post_result_to(&alice, &url).await;
            let text = answer.as_str().unwrap_or_default();
            assert!(status == 400 && text.contains("listens itself"), "{listen} {url}: {status} {answer}");
        }
        // Host names are only resolved when the result is posted.
        if host != "[::1]" {
            for name in ["localhost", "2130706433", "127.1"] {
                let url = format!("http://{name}:{port}/_node/reset");
                assert_eq!(post_result_to(&alice, &url).await.0, 202, "{listen} {url}");
                let line = wait_for_refusal(&log);
                assert!(line.contains("listens itself"), "{listen} {url}: {line}");
            }
        }
        assert_eq!(count_vms(&admin).await, before, "{listen}");
    }
}

#[tokio::test]
async fn webhooks_of_another_node_cannot_control_this_one() {
    let (server, log) = Server::start_with_log("127.0.0.1:0", "info", &["--sample"]);
    let admin = server.caller().with_session().await;
    let before = count_vms(&admin).await;
    let other = Server::start(&["--sample"]);
    let alice = alice(&other).await;
    let url = format!("{}/_node/reset", server.url);
    assert_eq!(post_result_to(&alice, &url).await.0, 202);
    let line = log.wait_for("refused a request to /_node");
    assert!(line.contains(CONTROL.0), "{line}");
    assert_eq!(count_vms(&admin).await, before);
}

/// The webhooks left over from the previous run are posted before the node
/// serves.
#[tokio::test]
async fn left_over_webhooks_are_not_posted_to_the_node_itself() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let store = SqliteStore::temporary().unwrap();
    let at = |seconds| SystemTime::from(NOON.instant()) + Duration::from_secs(seconds);
    let job = Arc::new(Job {
        uuid: "0123456789abcdef0123456789abcdef".to_owned(),
        operation: "DeleteAccessKey".into(),
        submitted: at(0),
        timeout: Duration::from_secs(60),
        webhook: Some(format!("http://localhost:{}/_node/reset", address.port())),
        with_schema: false,
        credentials: Credentials::None,
    });
    assert!(store.begin(Arc::clone(&job), at(0)).await.unwrap());
    let answer = Answer { status: axum::http::StatusCode::OK, body: "{}".into(), schema: None };
    let result = JobResult { answer, ended: at(0), expires: at(3600) };
    store.finish(FinishedJob { job, result }).await.unwrap();
    assert_eq!(store.unfinished_jobs().await.unwrap().len(), 1);

    let mut settings = Settings::default();
    settings.listen = vec![address];
    settings.options = settings.options.webhook_allow(WebhookAllow::everywhere());
    let clock = StoppedClock::new() as Arc<dyn Clock>;
    let app = App::over(store, settings, clock).await.unwrap();
    // The webhook is given up at once, without further attempts.
    let given_up = async {
        while !app.store().unfinished_jobs().await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), given_up).await.unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn every_path_refuses_unknown_host_names() {
    let server = Server::start(&["--sample"]);
    let admin = server.caller().with_session().await;
    let before = count_vms(&admin).await;
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let session = format!("OAuth {}", admin.session);
    let login = login("admin", "password");
    let message = json!({"org.zstack.header.apimediator.APIIsReadyToGoMsg": {}}).to_string();
    let requests = [
        ("GET", "/", ""),
        ("GET", "/docs/", ""),
        ("GET", "/_dashboard/main.mjs", ""),
        ("GET", "/_dashboard/jobs", ""),
        ("GET", "/openapi.json", ""),
        ("GET", "/unknown", ""),
        ("GET", "/zstack/v1/vm-instances", ""),
        ("PUT", "/zstack/v1/accounts/login", login.as_str()),
        ("POST", "/zstack/api", message.as_str()),
        ("GET", "/_node", ""),
        ("POST", "/_node/faults", r#"{"operation": "LogOut", "hold": true}"#),
        ("DELETE", "/_node/faults", ""),
        ("POST", "/_node/reset", "{}"),
    ];
    for host in ["rebound.example", "localhost.rebound.example"] {
        for (method, path, body) in requests {
            let (host_header, origin) = (format!("{host}:{port}"), format!("http://{host}:{port}"));
            // To the browser, the node is the server of the page, so that the
            // page may send all of these headers.
            let headers = [
                ("Host", host_header.as_str()),
                ("Origin", &origin),
                ("Sec-Fetch-Site", "same-origin"),
                ("Authorization", &session),
                CONTROL,
            ];
            let (status, text) = send(&server.url, method, path, &headers, body).await;
            assert!(
                status == 403 && text.contains("--allowed-host"),
                "{host} {method} {path}: {status} {text}"
            );
        }
    }
    assert_eq!(count_vms(&admin).await, before);

    let server = Server::start(&["--sample", "--allowed-host", "rebound.example", "--allowed-host", "other"]);
    let admin = server.caller().with_session().await;
    let session = format!("OAuth {}", admin.session);
    for (method, path, body) in requests {
        let headers = [("Host", "Rebound.example:80"), ("Authorization", &session), CONTROL];
        let (status, text) = send(&server.url, method, path, &headers, body).await;
        assert_eq!(status, if path == "/unknown" { 404 } else { 200 }, "{method} {path}: {text}");
        let headers = [("Host", "another"), ("Authorization", &session), CONTROL];
        assert_eq!(send(&server.url, method, path, &headers, body).await.0, 403, "{method} {path}");
    }
}

#[tokio::test]
async fn forms_of_other_origins_do_not_log_in() {
    let server = Server::start(&["--sample"]);
    let hash = password_hash("password");
    let message = json!({
        "org.zstack.header.identity.APILogInByAccountMsg": {"accountName": "admin", "password": hash}
    });
    let (login, message) = (login("admin", "password"), message.to_string());
    let other_origin = ("Origin", "http://evil.example");
    for (method, path, body) in [
        ("POST", "/zstack/api", message.as_str()),
        ("PUT", "/zstack/api/", &message),
        ("PUT", "/zstack/v1/accounts/login", &login),
    ] {
        for (headers, expected) in [
            // The headers of curl -d, the Java, Go and Python clients and the dashboard.
            (&[("Content-Type", "application/x-www-form-urlencoded")][..], 200),
            (&[("Content-Type", "application/json; charset=utf-8")], 200),
            (&[("Content-Type", "application/json")], 200),
            (&[], 200),
            (&[("Content-Type", "application/json"), ("Origin", server.url.as_str())], 200),
            (&[("Content-Type", "text/plain"), ("Origin", server.url.as_str())], 200),
            // The headers that a form or a script of another origin can send.
            (&[other_origin], 403),
            (&[other_origin, ("Content-Type", "text/plain;charset=UTF-8")], 403),
            (&[other_origin, ("Content-Type", "application/x-www-form-urlencoded")], 403),
            (&[other_origin, ("Content-Type", "multipart/form-data; boundary=x")], 403),
            (&[("Origin", "null"), ("Content-Type", "text/plain")], 403),
            (&[("Sec-Fetch-Site", "cross-site"), ("Content-Type", "text/plain")], 403),
        ] {
            let (status, text) = send(&server.url, method, path, headers, body).await;
            assert_eq!(status, expected, "{method} {path} {headers:?}: {text}");
            let is_login = text.contains("inventory");
            assert_eq!(is_login, expected == 200, "{method} {path} {headers:?}: {text}");
        }
    }
}

#[tokio::test]
async fn requests_need_exactly_one_valid_host_header() {
    let server = Server::start(&["--sample"]);
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    for (hosts, expected) in [
        ("Host: localhost\r\n", "200"),
        ("", "400"),
        ("Host: localhost\r\nHost: localhost\r\n", "400"),
        ("Host:\r\n", "400"),
        ("Host: user@localhost\r\n", "400"),
    ] {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        write!(stream, "GET /openapi.json HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(answer.split(' ').nth(1), Some(expected), "{hosts:?}: {answer}");
    }
}

#[tokio::test]
async fn control_requests_forwarded_from_other_addresses_are_refused() {
    let address = interface().unwrap_or_else(|| "203.0.113.9".to_owned());
    for arguments in [&["--sample", "--trust-forwarded"][..], &["--sample"]] {
        let server = Server::start(arguments);
        let admin = server.caller().with_session().await;
        let before = count_vms(&admin).await;
        for (name, value) in [
            ("X-Forwarded-For", "203.0.113.9"),
            ("X-Forwarded-For", "127.0.0.1, 203.0.113.9"),
            ("X-Real-IP", address.as_str()),
        ] {
            let headers = [CONTROL, (name, value)];
            let (status, text) = send(&server.url, "POST", "/_node/reset", &headers, "").await;
            assert!(status == 403 && text.contains("proxy"), "{name} {value}: {status} {text}");
        }
        assert_eq!(count_vms(&admin).await, before);
        let headers = [CONTROL, ("X-Forwarded-For", "127.0.0.1")];
        let (status, text) = send(&server.url, "POST", "/_node/reset", &headers, "").await;
        assert_eq!(status, 200, "{text}");
    }
}

#[tokio::test]
async fn preflight_requests_are_refused() {
    let server = Server::start(&["--sample"]);
    let headers = [
        ("Origin", "http://evil.example"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", CONTROL.0),
    ];
    for path in ["/_node/reset", "/zstack/api", "/zstack/v1/accounts/login"] {
        let client = reqwest::Client::new();
        let mut request = client.request(reqwest::Method::OPTIONS, format!("{}{path}", server.url));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap();
        assert!(response.status().is_client_error(), "{path}");
        assert!(response.headers().keys().all(|key| !key.as_str().starts_with("access-control")), "{path}");
    }
    let caller = server.caller().with_session().await;
    let (status, _) = caller.send("POST", &format!("/vm-instances/{DB_1}/iso/{RESCUE}"), "").await.unwrap();
    assert_eq!(status, 200);
}
