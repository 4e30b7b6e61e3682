//! Tests of connections with slow peers, many peers, and peers that do not speak
//! HTTP.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::interop::wire::Wire;

/// The time to wait for an expected event, long enough under any load.
const PATIENCE: Duration = Duration::from_secs(60);
/// A time limit that the peer of a test exceeds.
const SHORT: Duration = Duration::from_millis(150);

/// A connection that is read byte by byte.
struct Peer(TcpStream);

impl Peer {
    async fn connect(wire: &Wire) -> Self {
        Self(TcpStream::connect(wire.address()).await.unwrap())
    }

    async fn send(&mut self, text: impl AsRef<[u8]>) {
        self.0.write_all(text.as_ref()).await.unwrap();
    }

    /// Reads the head and the body of the next response, which must have a length.
    async fn read(&mut self) -> (String, String) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let byte = timeout(PATIENCE, self.0.read_u8()).await.unwrap();
            head.push(byte.unwrap_or_else(|error| panic!("{error} after {}", head.escape_ascii())));
        }
        let head = String::from_utf8(head).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        timeout(PATIENCE, self.0.read_exact(&mut body)).await.unwrap().unwrap();
        (head, String::from_utf8(body).unwrap())
    }

    async fn ask(&mut self, line: &str) -> (String, String) {
        self.send(format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nx-zstack-node-control: 1\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;
        self.read().await
    }

    /// Reads until the connection ends cleanly.
    async fn read_to_end(&mut self) -> String {
        let mut text = Vec::new();
        timeout(PATIENCE, self.0.read_to_end(&mut text)).await.unwrap().unwrap();
        String::from_utf8(text).unwrap()
    }
}

const READY: &str = "GET /zstack/v1/management-nodes/ready";

#[tokio::test]
async fn invalid_http_is_refused_with_a_text() {
    let wire = Wire::with(|_| {});
    let long = "x".repeat(512 * 1024);
    for (request, status, part) in [
        (
            "GET /zstack/v1/vm-instances?q=name = x HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
            400,
            "contains a space",
        ),
        ("GET /a b HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(), 400, "contains a space"),
        (
            "GET /zstack/v1/vm-instances?q=cpuNum>1 HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
            400,
            "percent-encode",
        ),
        ("GET /<a> HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(), 400, "percent-encode"),
        ("GET /\u{7f} HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(), 400, "percent-encode"),
        ("GET /a HTTP/3.0\r\nhost: x\r\n\r\n".to_owned(), 400, "must be `HTTP/1.1`"),
        ("GET /a\r\nhost: x\r\n\r\n".to_owned(), 400, "has no version"),
        ("G(T /a HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(), 400, "the method"),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}".to_owned(), 400, "plain HTTP"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 505, "HTTP/1.1"),
        ("GET /a HTTP/1.1\r\nhost: x\r\na b: c\r\n\r\n".to_owned(), 400, "a header is malformed"),
        ("GET /a HTTP/1.1\r\nhost: x\r\na: b\u{1}\r\n\r\n".to_owned(), 400, "a header is malformed"),
        ("POST /a HTTP/1.1\r\ncontent-length: x\r\n\r\n".to_owned(), 400, "Content-Length"),
        (
            "POST /a HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n".to_owned(),
            400,
            "Content-Length",
        ),
        ("POST /a HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n".to_owned(), 400, "Transfer-Encoding"),
        (format!("GET /a HTTP/1.1\r\nx: {long}\r\n\r\n"), 431, "131072 bytes"),
        (format!("GET /a HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101)), 431, "100 headers"),
        (format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", &long[..65_535]), 414, "65,534 bytes"),
    ] {
        for is_first in [true, false] {
            let mut peer = Peer::connect(&wire).await;
            if !is_first {
                assert!(peer.ask(READY).await.0.starts_with("HTTP/1.1 200 "));
            }
            peer.send(&request).await;
            let (head, text) = peer.read().await;
            let request = request.escape_debug().take(60).collect::<String>();
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {head}{text}");
            assert!(text.contains(part), "{request}: {text}");
            for header in ["content-type: text/plain;charset=UTF-8\r\n", "connection: close\r\n", "date: "] {
                assert!(head.contains(header), "{request}: {head}");
            }
            let id = head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
            assert_eq!(id.len(), 32);
            assert_eq!(peer.read_to_end().await, "", "{request}");
        }
    }
}

#[tokio::test]
async fn incomplete_headers_time_out() {
    let wire = Wire::with(|settings| settings.connections.headers = SHORT);
    for is_first in [true, false] {
        let mut peer = Peer::connect(&wire).await;
        if !is_first {
            peer.ask(READY).await;
        }
        peer.send("GET /zstack/v1/").await;
        let (head, text) = peer.read().await;
        assert!(head.starts_with("HTTP/1.1 408 ") && text.contains("within 0.15 seconds"), "{head}{text}");
        assert_eq!(peer.read_to_end().await, "");
    }
}

#[tokio::test]
async fn connections_without_requests_are_closed() {
    let wire = Wire::with(|settings| settings.connections.idle = SHORT);
    for asks in [false, true] {
        let mut peer = Peer::connect(&wire).await;
        if asks {
            peer.ask(READY).await;
        }
        assert_eq!(peer.read_to_end().await, "");
    }
}

#[tokio::test]
async fn incomplete_bodies_time_out() {
    let wire = Wire::with(|settings| settings.options = settings.options.clone().body_timeout(SHORT));
    for (line, status) in [
        ("PUT /zstack/v1/accounts/login", 408),
        ("POST /zstack/api", 408),
        ("POST /_node/reset", 408),
        ("POST /_node/inventory", 408),
        ("POST /_node/faults", 408),
        // These need no body, and only wait a short time to discard it.
        ("POST /_node/nothing", 404),
        ("GET /_node", 200),
        ("POST /nothing", 404),
        ("POST /openapi.json", 405),
        ("POST /docs/", 405),
        ("GET /", 200),
        ("POST /_dashboard/jobs", 405),
        ("GET /_dashboard/jobs", 400),
    ] {
        let mut peer = Peer::connect(&wire).await;
        peer.send(format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nx-zstack-node-control: 1\r\ncontent-length: 10\r\n\r\n{{"
        ))
        .await;
        let (head, _) = peer.read().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {head}");
        assert!(head.contains("connection: close\r\n"), "{line}: {head}");
        drop(peer);
    }
}

#[tokio::test]
async fn an_early_answer_keeps_the_connection_open() {
    let wire = Wire::with(|_| {});
    let mut peer = Peer::connect(&wire).await;
    let body = " ".repeat(20_000);
    for (line, status) in [
        ("POST /nothing", 404),
        ("POST /zstack/v1/nothing", 404),
        ("DELETE /zstack/v1/accounts/login", 405),
        ("GET /zstack/v1/vm-instances", 400),
        ("DELETE /zstack/api", 405),
        ("GET /zstack/api/result/nothing", 404),
        ("POST /_node/nothing", 404),
        ("GET /_node", 200),
        ("POST /openapi.json", 405),
        ("GET /openapi.json?at=x", 400),
        ("POST /docs/", 405),
        ("GET /docs", 308),
        ("POST /_dashboard/jobs", 405),
        ("GET /_dashboard/jobs", 400),
    ] {
        let length = body.len();
        peer.send(format!("{line} HTTP/1.1\r\nhost: localhost\r\nx-zstack-node-control: 1\r\ncontent-length: {length}\r\n\r\n")).await;
        // Lets the headers arrive first.
        sleep(Duration::from_millis(10)).await;
        peer.send(&body).await;
        let (head, text) = peer.read().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {head}{text}");
        assert!(!head.contains("connection: close"), "{line}: {head}");
    }
}

/// Closing a connection while the peer still sends would reset it and lose the
/// response, so the node has to read the rest.
#[tokio::test]
async fn an_early_answer_reaches_a_peer_that_is_still_sending() {
    let wire = Wire::with(|_| {});
    for line in ["PUT /zstack/v1/accounts/login", "POST /_node/inventory", "POST /nothing", "GET /a b"] {
        let mut peer = Peer::connect(&wire).await;
        peer.send(format!("{line} HTTP/1.1\r\nhost: localhost\r\nx-zstack-node-control: 1\r\ncontent-length: 100000000\r\n\r\n")).await;
        for _ in 0..64 {
            peer.send([b' '; 64 * 1024]).await;
            sleep(Duration::from_millis(1)).await;
        }
        let (head, _) = peer.read().await;
        assert!(head.starts_with("HTTP/1.1 4") && head.contains("connection: close"), "{line}: {head}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_does_not_read_is_disconnected() {
    let wire = Wire::with(|settings| settings.connections.write = SHORT);
    let mut peer = Peer::connect(&wire).await;
    let request = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100);
    // Responses fill the buffers of the system until the connection stalls and is
    // reset.
    let sent = async {
        while peer.0.write_all(request.as_bytes()).await.is_ok() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, sent).await.unwrap();
    // Other connections are served.
    assert!(Peer::connect(&wire).await.ask(READY).await.0.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn at_the_limit_the_longest_idle_connection_is_closed() {
    let wire = Wire::with(|settings| settings.connections.connections = 3);
    let mut peers = Vec::new();
    for _ in 0..3 {
        let mut peer = Peer::connect(&wire).await;
        peer.ask(READY).await;
        // Idleness is measured in milliseconds.
        sleep(Duration::from_millis(5)).await;
        peers.push(peer);
    }
    // Now the second connection has been idle longest.
    peers[0].ask(READY).await;
    let mut fourth = Peer::connect(&wire).await;
    assert!(fourth.ask(READY).await.0.starts_with("HTTP/1.1 200 "));
    assert_eq!(peers[1].read_to_end().await, "");
    for peer in [0, 2] {
        assert!(peers[peer].ask(READY).await.0.starts_with("HTTP/1.1 200 "));
    }
}

#[tokio::test]
async fn without_idle_connections_new_ones_wait() {
    let wire = Wire::with(|settings| settings.connections.connections = 1);
    let mut first = Peer::connect(&wire).await;
    let body = json!({"logInByAccount": {}}).to_string();
    first
        .send(format!(
            "PUT /zstack/v1/accounts/login HTTP/1.1\r\nhost: localhost\r\n\
             expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
            body.len()
        ))
        .await;
    // While the node waits for the body, the connection is not idle.
    let mut go_on = [0; 25];
    first.0.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let mut second = Peer::connect(&wire).await;
    second.send(format!("{READY} HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
    assert!(timeout(Duration::from_millis(50), second.0.read_u8()).await.is_err());
    first.send(&body).await;
    assert!(first.read().await.0.starts_with("HTTP/1.1 503 "));
    // Now it is idle.
    assert_eq!(first.read_to_end().await, "");
    assert!(second.read().await.0.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn silent_peers_do_not_block_others() {
    let wire = Wire::with(|settings| settings.connections.connections = 8);
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(Peer::connect(&wire).await);
    }
    assert!(Peer::connect(&wire).await.ask(READY).await.0.starts_with("HTTP/1.1 200 "));
}
