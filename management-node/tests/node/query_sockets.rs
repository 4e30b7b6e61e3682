//! Tests of queries on the wire, byte by byte.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zstack_node::testing::ThreadedNode;

use crate::local::sample::{DB_1, WEB_1};

struct Wire {
    node: ThreadedNode,
    session: Option<String>,
}

impl Wire {
    fn sample() -> Self {
        let node = ThreadedNode::builder().sample().start().unwrap();
        let session = node.log_in("admin", "password").ok();
        Self { node, session }
    }

    async fn exchange(&self, request: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(self.node.address()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_else(|_| json!(body)))
    }

    /// Sends a request with exactly this target.
    async fn get(&self, target: &str) -> (u16, Value) {
        let session = self.session.iter().map(|session| format!("Authorization: OAuth {session}\r\n"));
        let authorization: String = session.collect();
        self.exchange(&format!(
            "GET /zstack/v1/{target} HTTP/1.1\r\nHost: localhost\r\n{authorization}Connection: close\r\n\r\n"
        ))
        .await
    }
}

#[tokio::test]
async fn queries_of_clients_are_parsed() {
    let mut wire = Wire::sample();
    let both = format!("vm-instances?q=uuid?={WEB_1},{DB_1}");
    for (target, expected) in [
        ("vm-instances?q=name%3Dweb-1", vec!["web-1"]),
        ("vm-instances?q=name=web-1", vec!["web-1"]),
        ("vm-instances?q=description%20not%20null", vec!["web-1"]),
        ("vm-instances?q=description+not+null", vec!["web-1"]),
        (&both, vec!["web-1", "db-1"]),
        ("vm-instances?q=name~=w%25-1&sort=+name", vec!["web-1", "windows-1"]),
        ("vm-instances?q=name~=w%25-1&sort=%2Bname", vec!["web-1", "windows-1"]),
        (
            "vm-instances?q=name~=w%25-1&sort=-name&fields=uuid,name&sessionId=x&systemTags=y",
            vec!["windows-1", "web-1"],
        ),
        ("vm-instances?q=name=unknown", vec![]),
        // The first of several values is used, but all conditions.
        ("vm-instances?q=name~=w%25-1&sort=name&limit=1&limit=0", vec!["web-1"]),
        ("vm-instances?q=name~=w%25-1&sort=name&limit=1&limit=abc", vec!["web-1"]),
        ("vm-instances?limit=abc&limit=1", vec!["400"]),
        ("vm-instances?q=name~=w%25-1&sort=-name&sort=name&start=1&start=0", vec!["web-1"]),
        ("vm-instances?q=name=db-1&count=false&count=true&fields=name&fields=uuid", vec!["db-1"]),
        ("vm-instances?q=name~=w%25-1&q=name~=web%25", vec!["web-1"]),
        ("vm-instances?q=isoUuid=&q=", vec!["400"]),
        ("vm-instances?limit=abc", vec!["400"]),
    ] {
        let (status, answer) = wire.get(target).await;
        let rows = answer["inventories"].as_array();
        let found = rows.map_or_else(
            || vec![status.to_string()],
            |rows| rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect(),
        );
        assert_eq!(found, expected, "{target}: {answer}");
        assert_eq!(answer.get("schema").is_some(), status == 200, "{target}");
    }
    let (_, answer) = wire.get("vm-instances/cdroms?q=isoUuid%20is%20null&count=true").await;
    assert_eq!(answer, json!({"total": 6, "schema": {}}));
    let (_, answer) = wire.get("vm-instances/cdroms?sort=+deviceId&limit=1&replyWithCount=true").await;
    assert_eq!((&answer["total"], &answer["inventories"][0]["deviceId"]), (&json!(9), &json!(0)));

    // Missing credentials are reported first.
    wire.session = None;
    for target in ["vm-instances?limit=abc", "vm-instances?q=name", "images"] {
        let (status, answer) = wire.get(target).await;
        assert_eq!(status, 400);
        assert!(answer.as_str().unwrap().contains("Authorization"), "{answer}");
    }
}
