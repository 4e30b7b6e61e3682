//! A node on a socket and a client that sends its requests as bytes.

use std::fmt::Write as _;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zstack_node::app::Settings;
use zstack_node::control::CONTROL_HEADER;
use zstack_node::testing::ThreadedNode;

/// A node with the sample inventory and a session of its administrator.
pub(crate) struct Wire {
    pub(crate) session: String,
    node: ThreadedNode,
}

/// An undecoded answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The status line and headers in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the code of an error. Panics for any other answer.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.status, 503, "{self:?}");
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn inventory(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()["inventory"].clone()
    }

    /// Returns whether this is a plain-text refusal with the given status.
    pub(crate) fn is_text(&self, status: u16) -> bool {
        self.status == status && self.head.contains("content-type: text/plain")
    }
}

impl Wire {
    pub(crate) fn sample() -> Self {
        Self::with(|_| ())
    }

    /// Starts a node with the sample and other settings.
    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let node = ThreadedNode::builder().sample().settings(change).start().unwrap();
        let session = node.log_in("admin", "password").unwrap();
        Self { node, session }
    }

    pub(crate) fn log_in(&self, name: &str, password: &str) -> String {
        self.node.log_in(name, password).unwrap()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.node.address()
    }

    /// Sends a request with the session. The target is sent unchanged.
    pub(crate) async fn send(&self, method: &str, target: &str, body: &str) -> Answer {
        self.with_headers(method, target, &[], body).await
    }

    pub(crate) async fn with_headers(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let session = format!("OAuth {}", self.session);
        let mut all = vec![("Authorization", session.as_str())];
        all.extend(headers);
        self.raw(method, target, &all, body).await
    }

    /// Sends a control request, which must succeed.
    pub(crate) async fn control(&self, method: &str, target: &str, body: &str) -> Answer {
        let answer = self.raw(method, target, &[(CONTROL_HEADER, "1")], body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }

    /// Sends a request with the given headers only.
    pub(crate) async fn raw(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            write!(request, "Host: {}\r\n", self.node.address()).unwrap();
        }
        for (name, value) in headers {
            write!(request, "{name}: {value}\r\n").unwrap();
        }
        write!(request, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut stream = TcpStream::connect(self.node.address()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// Returns the result of a job.
    pub(crate) async fn poll(&self, location: &str) -> Answer {
        self.poll_with(location, &[]).await
    }

    pub(crate) async fn poll_with(&self, location: &str, headers: &[(&str, &str)]) -> Answer {
        let at = location.find("/zstack/v1/api-jobs/").unwrap();
        loop {
            let answer = self.raw("GET", &location[at..], headers, "").await;
            if answer.status != 202 {
                return answer;
            }
            assert_eq!(answer.body, "{}");
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }

    /// Starts a job as the Java client does and returns its result.
    pub(crate) async fn job(&self, method: &str, target: &str, body: &str) -> Answer {
        let uuid = format!("{:032x}", rand::random::<u128>());
        let headers = [("X-Job-UUID", uuid.as_str()), ("X-JSON-Schema", "true")];
        let accepted = self.with_headers(method, target, &headers, body).await;
        assert_eq!(accepted.status, 202, "{accepted:?}");
        let location = accepted.json()["location"].as_str().unwrap().to_owned();
        assert!(location.ends_with(&format!("/zstack/v1/api-jobs/{uuid}")), "{location}");
        assert!(accepted.json()["apiTimeout"].as_u64().unwrap() > 0);
        self.poll(&location).await
    }
}

/// Returns the value at a path such as `inventory.vmNics[0].usedIps[1]` or
/// `inventories[name=web-1].uuid`.
pub(crate) fn at<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(body, |value, step| {
        let Some((name, selector)) = step.split_once('[') else { return value.get(step) };
        let list = value.get(name)?;
        let selector = selector.trim_end_matches(']');
        match selector.split_once('=') {
            Some((field, wanted)) => list.as_array()?.iter().find(|item| item[field] == wanted),
            None => list.get(selector.parse::<usize>().ok()?),
        }
    })
}
