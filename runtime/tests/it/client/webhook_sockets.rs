//! Results that a real server posts to a real listener.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zstack_runtime::client::{BoxFuture, Call, Client, HttpTransport, Transport, TransportError, Webhook};

use crate::client::node::{Node, PASSWORD, uuid};
use crate::client::operations::AttachIso;

/// Fails all polls, so that the result has to be posted.
struct WithoutPolls(HttpTransport);

impl Transport for WithoutPolls {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        if request.uri().path().contains("/api-jobs/") {
            return Box::pin(std::future::pending());
        }
        self.0.send(request)
    }
}

#[tokio::test]
async fn listener_receives_results() {
    let node = Arc::new(Node::default());
    let url = crate::client::transports::serve(node.router()).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let webhook = Webhook::new(format!("http://127.0.0.1:{port}/")).listening(listener);
    let client = Client::builder(&url)
        .login("admin", PASSWORD)
        .webhook(webhook)
        .transport(WithoutPolls(HttpTransport::direct().unwrap()))
        .build()
        .unwrap();
    let calls: Vec<_> = (0..20)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let attach = AttachIso { vm: uuid(number), iso: Some(uuid(0)), ..AttachIso::default() };
                let answer = attach.call(&client).await.unwrap();
                assert_eq!(answer.inventory.uuid, uuid(number));
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    // A result that no call waits for is answered before its body arrives.
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let post =
        "POST / HTTP/1.1\r\nhost: x\r\nx-job-uuid: j\r\nx-job-success: true\r\ncontent-length: 2\r\n\r\n";
    stream.write_all(post.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
    // The listener is closed with the last client.
    drop(client);
    for _ in 0..1000 {
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the port is still taken");
}
