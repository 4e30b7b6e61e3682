//! The address to which a program has results posted.

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that accepts one posted result at a time.
pub(super) struct Webhook {
    listener: TcpListener,
}

impl Webhook {
    pub(super) async fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/result", self.listener.local_addr().unwrap())
    }

    /// Waits for a result and returns whether the operation was successful, and the body.
    pub(super) async fn result(&self) -> (bool, Value) {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let mut text = String::new();
        let mut bytes = [0; 65536];
        loop {
            let count = stream.read(&mut bytes).await.unwrap();
            assert!(count > 0, "{text}");
            text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let head = head.to_lowercase();
            let header = |name: &str| {
                head.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
            };
            let length: usize = header("content-length:").unwrap().parse().unwrap();
            if body.len() < length {
                continue;
            }
            let success = header("x-job-success:").unwrap() == "true";
            let body = serde_json::from_str(body).unwrap();
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .await
                .unwrap();
            return (success, body);
        }
    }
}
