//! Slow, huge and disconnecting clients, over real connections.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use zstack_runtime::server::Options;

use crate::server::service::Server;

/// Starts the server on a free port.
pub(crate) async fn listen(server: &Server) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = server.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

pub(crate) async fn connect(server: &Server, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(listen(server).await).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn read_to_end(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // A reset after the response counts as its end.
    let _ended = stream.read_to_end(&mut text).await;
    String::from_utf8(text).unwrap()
}

fn head(rest: &str) -> String {
    format!("POST /zstack/v1/things HTTP/1.1\r\nhost: here\r\nauthorization: OAuth s\r\n{rest}")
}

#[tokio::test]
async fn refuses_slow_bodies() {
    let server = Server::new(Options::default().body_timeout(Duration::from_millis(100)));
    let stream = connect(&server, &head("content-length: 10\r\n\r\n{")).await;
    let answer = read_to_end(stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("0.1 seconds"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn refuses_large_bodies() {
    let server = Server::new(Options::default().body_limit(1000));
    // Declared: nothing of it is read.
    let stream = connect(&server, &head("content-length: 100000000000\r\n\r\n{")).await;
    let answer = read_to_end(stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("1000 bytes"), "{answer}");
    // In chunks: no more than the limit is.
    let chunk = format!("200\r\n{}\r\n", " ".repeat(0x200));
    let stream = connect(&server, &head(&format!("transfer-encoding: chunked\r\n\r\n{chunk}{chunk}"))).await;
    let answer = read_to_end(stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let fits = format!("{}{{}}", " ".repeat(998));
    let stream =
        connect(&server, &head(&format!("connection: close\r\ncontent-length: 1000\r\n\r\n{fits}"))).await;
    assert!(read_to_end(stream).await.starts_with("HTTP/1.1 503 "));
}

#[tokio::test]
async fn reads_bodies_in_chunks() {
    let server = Server::new(Options::default());
    let mut stream = connect(&server, &head("connection: close\r\ntransfer-encoding: chunked\r\n\r\n")).await;
    for piece in [r#"{"params":{"na"#, r#"me":"a b","thing"#, r#"Uuid":"t"}}"#] {
        stream.write_all(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    let answer = read_to_end(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(r#""name":"a b""#), "{answer}");
}

/// Reads one response with a `content-length`: its head and its body.
async fn read_one(stream: &mut TcpStream) -> (String, String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await;
        head.push(byte.unwrap_or_else(|error| panic!("{error} after {}", head.escape_ascii())));
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    (head, String::from_utf8(body).unwrap())
}

/// Responses that do not depend on the body, which arrives after the headers.
#[tokio::test]
async fn connections_survive_responses_before_the_body() {
    let server = Server::new(Options::default());
    let mut stream = TcpStream::connect(listen(&server).await).await.unwrap();
    let body = format!(r#"{{"params":{{}}{}}}"#, " ".repeat(20_000));
    for (line, authorization, status) in [
        ("POST /nowhere", "OAuth s", 404),
        ("GET /nowhere", "OAuth s", 404),
        ("PATCH /zstack/v1/things/t1", "OAuth s", 405),
        ("DELETE /zstack/v1/things/t1", "OAuth s", 405),
        ("PUT /zstack/v1/things/t1", "OAuth s", 405),
        ("GET /zstack/v1/things/t1", "Bearer s", 400),
        ("GET /zstack/v1/things/t1?limit=x", "OAuth s", 400),
        ("GET /zstack/v1/things/t1", "OAuth s", 200),
        ("DELETE /zstack/v1/things/t1/iso", "OAuth s", 200),
        ("POST /zstack/v1/api-jobs/j", "OAuth s", 405),
        ("GET /zstack/v1/api-jobs/j", "OAuth s", 404),
    ] {
        for is_chunked in [false, true] {
            let length = match is_chunked {
                true => "transfer-encoding: chunked".to_owned(),
                false => format!("content-length: {}", body.len()),
            };
            let head = format!(
                "{line} HTTP/1.1\r\nhost: here\r\nauthorization: {authorization}\r\n{length}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            // So that the headers arrive alone.
            tokio::time::sleep(Duration::from_millis(10)).await;
            let sent = match is_chunked {
                true => format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len()),
                false => body.clone(),
            };
            stream.write_all(sent.as_bytes()).await.unwrap();
            let (head, text) = read_one(&mut stream).await;
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {head}{text}");
            assert!(!head.contains("connection: close"), "{line}: {head}");
        }
    }
}

#[tokio::test]
async fn closes_connections_with_unread_bodies() {
    let server = Server::new(Options::default());
    for (line, rest) in [
        // Too large; nothing is read.
        ("POST /nowhere", "content-length: 65537\r\n\r\n".to_owned()),
        ("GET /zstack/v1/things/t1", "content-length: 65537\r\n\r\n".to_owned()),
        // Too large, but of undeclared length.
        ("POST /nowhere", format!("transfer-encoding: chunked\r\n\r\n10001\r\n{}\r\n", " ".repeat(65_537))),
        // It does not arrive.
        ("POST /nowhere", "content-length: 2\r\n\r\n{".to_owned()),
        // The client may or may not send it.
        ("POST /nowhere", "expect: 100-continue\r\ncontent-length: 2\r\n\r\n".to_owned()),
        // It cannot be read.
        ("POST /nowhere", "transfer-encoding: chunked\r\n\r\nxyz\r\n".to_owned()),
        ("POST /zstack/v1/things", "transfer-encoding: chunked\r\n\r\nxyz\r\n".to_owned()),
    ] {
        let text = format!("{line} HTTP/1.1\r\nhost: here\r\nauthorization: OAuth s\r\n{rest}");
        let answer = read_to_end(connect(&server, &text).await).await;
        assert!(answer.starts_with("HTTP/1.1 ") && !answer.starts_with("HTTP/1.1 100"), "{line}: {answer}");
        assert!(answer.contains("connection: close"), "{line}: {answer}");
    }
}

#[tokio::test]
async fn operations_continue_after_disconnects() {
    for line in ["GET /zstack/v1/things/t1", "DELETE /zstack/v1/things/t1/iso"] {
        let server = Server::new(Options::default());
        let text =
            format!("{line}?systemTags=sleep::200 HTTP/1.1\r\nhost: here\r\nauthorization: OAuth s\r\n\r\n");
        let stream = connect(&server, &text).await;
        while server.service.begun.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(stream);
        assert_eq!(server.api.drain(Duration::from_secs(10)).await, 0);
        assert_eq!(server.service.done.load(Ordering::SeqCst), 1, "{line}");
    }
}
