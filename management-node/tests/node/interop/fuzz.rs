//! A fuzz test with ten thousand random requests: each is answered in time with
//! a documented status, and the node keeps working.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::wire::Wire;
use crate::local::sample::{DB_1, RESCUE, WEB_1};

const REQUESTS: u64 = 10_000;

/// The permitted statuses.
const STATUSES: [u16; 12] = [200, 202, 400, 403, 404, 405, 408, 413, 414, 415, 431, 503];

const METHODS: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "G\u{e9}T"];

struct Fuzz {
    random: StdRng,
    session: String,
}

impl Fuzz {
    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of.choose(&mut self.random).unwrap().clone()
    }

    fn often(&mut self, share: f64) -> bool {
        self.random.random_bool(share)
    }

    fn text(&mut self) -> String {
        let piece = |fuzz: &mut Self| {
            fuzz.pick(&[
                "a",
                "::",
                "%",
                "\"",
                "\\",
                "/",
                "?",
                "=",
                "&",
                "+",
                " ",
                "\u{e9}",
                "\u{1f4bf}",
                "..",
                "{uuid}",
                "null",
                "'; DROP TABLE vm_instance; --",
                "%00",
                "%ff",
                "-1",
                "9223372036854775808",
                "1e400",
                DB_1,
                RESCUE,
                "name",
                "uuid",
                "vmNics.ip",
                "__systemTag__",
                " is null",
                "?=",
                "!~=",
            ])
        };
        let count = self.random.random_range(0..6);
        (0..count).map(|_| piece(self)).collect()
    }

    fn json(&mut self, depth: usize) -> Value {
        match self.random.random_range(0..if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.random.random::<bool>()),
            2 => json!(self.random.random::<i64>()),
            3 => json!(self.random.random::<f64>() * 1e20),
            4 | 5 => json!(self.text()),
            6 => (0..self.random.random_range(0..4)).map(|_| self.json(depth - 1)).collect(),
            _ => {
                let mut object = serde_json::Map::new();
                for _ in 0..self.random.random_range(0..4) {
                    let key = self.key();
                    object.insert(key, self.json(depth - 1));
                }
                Value::Object(object)
            }
        }
    }

    fn key(&mut self) -> String {
        let known = [
            "params",
            "null",
            "systemTags",
            "userTags",
            "reimageVmInstance",
            "startVmInstance",
            "logInByAccount",
            "getVersion",
            "updateVmCdRom",
            "name",
            "vmInstanceUuid",
            "isoUuid",
            "resourceUuid",
            "accountName",
            "password",
            "session",
            "uuid",
            "conditions",
            "org.zstack.header.vm.APIQueryVmInstanceMsg",
            "org.zstack.header.vm.APIAttachIsoToVmInstanceMsg",
        ];
        if self.often(0.8) { self.pick(&known).to_owned() } else { self.text() }
    }

    fn path(&mut self) -> String {
        let known = [
            "/zstack/v1/vm-instances",
            "/zstack/v1/vm-instances/cdroms",
            "/zstack/v1/images",
            "/zstack/v1/accesskeys",
            "/zstack/v1/accounts/login",
            "/zstack/v1/management-nodes/actions",
            "/zstack/api",
            "/zstack/api/result/x",
            "/zstack/v1/api-jobs/x",
            "/_node",
            "/_node/faults",
            "/_node/inventory",
        ];
        let mut path = match self.random.random_range(0..6) {
            0 => format!("/zstack/v1/vm-instances/{DB_1}/iso/{RESCUE}"),
            1 => format!("/zstack/v1/vm-instances/{WEB_1}/actions"),
            2 => format!("/zstack/v1/images/iso/{RESCUE}/vm-candidates"),
            _ => self.pick(&known).to_owned(),
        };
        while self.often(0.4) {
            let at = self.random.random_range(0..=path.len());
            let at = (0..=at).rev().find(|at| path.is_char_boundary(*at)).unwrap();
            let piece = self.text();
            path.insert_str(at, &piece);
        }
        if self.often(0.5) {
            path.push('?');
            for _ in 0..self.random.random_range(0..5) {
                let key = self.pick(&[
                    "q",
                    "limit",
                    "start",
                    "count",
                    "sort",
                    "fields",
                    "isoUuid",
                    "systemTags",
                    "systemTags.0",
                    "clientInfo.x",
                    "deleteMode",
                    "",
                    "x",
                ]);
                path.push_str(&format!("{key}={}&", self.text()));
            }
        }
        // Sometimes keep characters that are not allowed in a request line.
        if self.often(0.9) { path.replace([' ', '\r', '\n'], "%20") } else { path }
    }

    fn body(&mut self) -> Vec<u8> {
        let mut body = match self.random.random_range(0..10) {
            0 => Vec::new(),
            1 => vec![b'['; self.random.random_range(0..5000)],
            2 => (0..self.random.random_range(0..200)).map(|_| self.random.random()).collect(),
            _ => self.json(5).to_string().into_bytes(),
        };
        if self.often(0.3) && !body.is_empty() {
            let at = self.random.random_range(0..body.len());
            body[at] = self.random.random();
        }
        body
    }

    fn request(&mut self) -> Vec<u8> {
        let method = if self.often(0.9) { self.pick(&METHODS[..4]) } else { self.pick(&METHODS) };
        let mut request =
            format!("{method} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", self.path())
                .into_bytes();
        let session = self.session.clone();
        if self.often(0.8) {
            request.extend(format!("Authorization: OAuth {session}\r\n").into_bytes());
        }
        while self.often(0.4) {
            let name = self.pick(&[
                "Authorization",
                "X-Job-UUID",
                "X-JSON-Schema",
                "X-Web-Hook",
                "X-API-Timeout",
                "Date",
                "Prefer",
                "Content-Type",
                "Accept-Encoding",
                "X-Request-Id",
                "Content-Length",
                "Transfer-Encoding",
                "Expect",
                "Host",
                "Origin",
            ]);
            // The node waits after `100-continue` and for an incomplete body. Other
            // tests cover that.
            let value = match name {
                "Content-Length" => self.random.random_range(0..3).to_string(),
                "Expect" => "nothing".to_owned(),
                "Authorization" => format!("ZStack {}", self.text()),
                "X-Job-UUID" if self.random.random() => format!("{:032x}", self.random.random::<u128>()),
                "Prefer" => format!("wait={}", self.random.random_range(0..2)),
                _ => self.text().replace(['\r', '\n'], ""),
            };
            request.extend(format!("{name}: {value}\r\n").into_bytes());
        }
        let body = self.body();
        request.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
        request.extend(body);
        request
    }
}

/// Sends a request and reads until the node closes the connection.
async fn exchange(wire: &Wire, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(wire.address()).await.unwrap();
    // The node may answer and close the connection before it has read all of it.
    let _ = stream.write_all(request).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

#[tokio::test]
async fn every_request_is_answered_with_a_documented_status() {
    let wire = Wire::sample();
    for number in 0..REQUESTS {
        let mut fuzz = Fuzz { random: StdRng::seed_from_u64(number), session: wire.session.clone() };
        let request = fuzz.request();
        let shown = || format!("request {number}: {}", String::from_utf8_lossy(&request));
        let answer = timeout(Duration::from_secs(20), exchange(&wire, &request)).await;
        let answer = answer.unwrap_or_else(|_| panic!("no answer to {}", shown()));
        let text = String::from_utf8_lossy(&answer);
        let status = text.split(' ').nth(1).and_then(|part| part.parse::<u16>().ok());
        let status = status.unwrap_or_else(|| panic!("`{text}` to {}", shown()));
        // Every refusal has a text, also that of an invalid HTTP request.
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        let is_silent = request.starts_with(b"HEAD") || !(400..=499).contains(&status);
        assert!(is_silent || !body.is_empty(), "{text} to {}", shown());
        assert!(STATUSES.contains(&status), "{status} to {}\n{text}", shown());
        if status == 503 && !request.starts_with(b"HEAD") {
            let body = text.split_once("\r\n\r\n").unwrap().1;
            let error =
                serde_json::from_str::<Value>(body).unwrap_or_else(|_| panic!("{text} to {}", shown()));
            let code = error["error"]["code"].as_str().unwrap_or_else(|| panic!("{text} to {}", shown()));
            assert_ne!(code, "SYS.1000", "{text} to {}", shown());
        }
    }
    // The node still works. The session may have been ended by a request.
    let session = wire.log_in("admin", "password");
    let authorization = format!("OAuth {session}");
    let target = format!("/zstack/v1/images/iso/{RESCUE}/vm-candidates");
    let answer = wire.raw("GET", &target, &[("Authorization", &authorization)], "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
}
