//! Slow, huge and absent clients, over real connections.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use zstack_runtime::server::Options;

use crate::service::Server;

/// The server on a port of its own.
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
    // A reset after the answer is as good as an end.
    let _ended = stream.read_to_end(&mut text).await;
    String::from_utf8(text).unwrap()
}

fn head(rest: &str) -> String {
    format!("POST /zstack/v1/things HTTP/1.1\r\nhost: here\r\nauthorization: OAuth s\r\n{rest}")
}

#[tokio::test]
async fn a_body_that_does_not_arrive() {
    let server = Server::new(Options::default().body_timeout(Duration::from_millis(100)));
    let stream = connect(&server, &head("content-length: 10\r\n\r\n{")).await;
    let answer = read_to_end(stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("0.1 seconds"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_body_that_is_too_large() {
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
async fn a_body_in_pieces() {
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

#[tokio::test]
async fn a_client_that_goes_away_stops_nothing() {
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
