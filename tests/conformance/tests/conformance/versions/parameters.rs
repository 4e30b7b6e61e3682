//! Parameters on a server that emulates a release.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};
use zstack_client::{Client, Transport};
use zstack_conformance::{LaterPart, PartKind, PastObject};
use zstack_runtime::Request;
use zstack_server::NewerParameters;

use super::{OldServer, client, minimal_answer, read, requests, runtime, to_json};
use crate::api::{Visit, selected_operations};

/// The number of requests by result.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) without_operation: usize,
    pub(super) refused: usize,
    pub(super) several_refused: usize,
    pub(super) against_rules: usize,
    pub(super) arrived: usize,
    /// Without later parameters.
    pub(super) less_arrived: usize,
}

/// Sends requests with each parameter to servers of every release.
pub(super) struct Matrix {
    runtime: tokio::runtime::Runtime,
    servers: Vec<OldServer>,
    /// A client that knows no release, and sends everything.
    client: Client,
    pub(super) counts: Counts,
}

impl Matrix {
    pub(super) fn new(runtime: tokio::runtime::Runtime, servers: Vec<OldServer>) -> Self {
        let client = client(servers.first().unwrap().transport.clone());
        Self { runtime, servers, client, counts: Counts::default() }
    }
}

/// The expected result of a request.
pub(super) enum Expected {
    /// The operation does not exist.
    Unknown,
    /// Later parameters and tags are refused before decoding.
    Unread(Vec<LaterPart>),
    /// Later enum values, and names in a query, are violations.
    AgainstRules(Vec<LaterPart>),
    /// These parameters arrive, without this number of later ones.
    Arrives(Map<String, Value>, usize),
}

pub(super) fn expected_result(server: &OldServer, operation: &str, given: &Map<String, Value>) -> Expected {
    let past = &server.release.past;
    if past.operation(operation).is_none() {
        return Expected::Unknown;
    }
    let PastObject { fields, mut later } = past.parameters(operation, given);
    // Parts of a later parameter do not count.
    later.retain(|part| {
        let parameter = part.path.split(['.', '[']).next().unwrap_or_default();
        part.part == PartKind::Field || fields.contains_key(parameter)
    });
    let is_read = |later: &LaterPart| matches!(later.part, PartKind::Value(_) | PartKind::Named(_));
    let (against_rules, unread): (Vec<_>, Vec<_>) = later.into_iter().partition(is_read);
    if server.newer == NewerParameters::Refuse && !unread.is_empty() {
        Expected::Unread(unread)
    } else if !against_rules.is_empty() {
        Expected::AgainstRules(against_rules)
    } else {
        Expected::Arrives(fields, unread.len())
    }
}

impl Visit for Matrix {
    fn visit<R: Request>(&mut self) {
        let answer = minimal_answer::<R>();
        for given in requests::each::<R>() {
            let http = self.client.to_http(&read::<R>(&given)).unwrap();
            for server in &self.servers {
                server.echo.answer(answer.clone());
                let reply = self.runtime.block_on(reply(server, http.clone()));
                let received = server.echo.take_received();
                let case = Case { server, operation: R::OPERATION.name, given: &given, reply };
                let counts = &mut self.counts;
                match expected_result(server, R::OPERATION.name, &given) {
                    Expected::Arrives(fields, less) => {
                        assert_eq!(case.reply.0, 200, "{case}");
                        let (called, received) =
                            received.unwrap_or_else(|| panic!("{case}: nothing arrived"));
                        assert_eq!(called, R::OPERATION.name, "{case}");
                        let received: Map<_, _> = serde_json::from_slice(&received).unwrap();
                        // As a request: lists are always present, even if they are empty.
                        assert_eq!(received, to_json(&read::<R>(&fields)), "{case}");
                        counts.arrived += 1;
                        counts.less_arrived += usize::from(less > 0);
                        continue;
                    }
                    Expected::Unknown => {
                        let past = &server.release.past;
                        let status = past.status_without(R::OPERATION.name, http.uri().path());
                        assert_eq!(case.reply.0, status, "{case}");
                        if status == 404 {
                            self.runtime.block_on(check_unknown(server, &http));
                        }
                        counts.without_operation += 1;
                    }
                    Expected::Unread(later) => {
                        case.check_refusal(400, &later);
                        counts.refused += 1;
                        counts.several_refused += usize::from(later.len() > 1);
                    }
                    Expected::AgainstRules(later) => {
                        case.check_refusal(503, &later);
                        assert!(case.reply.1.contains("SYS.1007"), "{case}");
                        counts.against_rules += 1;
                    }
                }
                assert_eq!(received, None, "{case}");
            }
        }
    }
}

/// Sends a request unchanged; returns status and text.
async fn reply(server: &OldServer, http: http::Request<Bytes>) -> (u16, String) {
    let response = server.transport.send(http).await.unwrap();
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

/// Checks that the answer equals that of an unknown path, also for a malformed request.
async fn check_unknown(server: &OldServer, http: &http::Request<Bytes>) {
    const NOWHERE: &str = "/zstack/v1/nowhere";
    let mut elsewhere = http.clone();
    *elsewhere.uri_mut() = format!("http://node.test{NOWHERE}").parse().unwrap();
    let (status, text) = reply(server, elsewhere).await;
    let unknown = (status, text.replace(NOWHERE, http.uri().path()));
    assert_eq!(status, 404, "{text}");

    let mut garbled = http.clone();
    *garbled.body_mut() = Bytes::from_static(b"{");
    let mut anonymous = http.clone();
    anonymous.headers_mut().clear();
    for request in [http.clone(), garbled, anonymous] {
        let context = format!("{} at {}", http.uri(), server.release.name);
        assert_eq!(reply(server, request).await, unknown, "{context}");
    }
}

/// A request to a server, and its answer.
struct Case<'a> {
    server: &'a OldServer,
    operation: &'a str,
    given: &'a Map<String, Value>,
    reply: (u16, String),
}

impl fmt::Display for Case<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, text) = &self.reply;
        let OldServer { release, newer, .. } = self.server;
        let given = Value::Object(self.given.clone());
        write!(f, "{} at {}, {newer:?}, {given}: {status} {text}", self.operation, release.name)
    }
}

impl Case<'_> {
    /// Checks that a refusal lists all of these parts, with their release and the server's, and
    /// nothing else.
    fn check_refusal(&self, status: u16, later: &[LaterPart]) {
        let (is, text) = &self.reply;
        assert_eq!(*is, status, "{self}");
        let at = &self.server.release.name;
        for LaterPart { path, part, since } in later {
            let said = match part {
                PartKind::Field => format!("[{path}] came with release {since}; this server emulates {at}"),
                PartKind::Tag(pattern) => {
                    format!("[{path} {pattern}] came with release {since}; this server emulates {at}")
                }
                PartKind::Named(name) => {
                    format!("[{path}] `{name}` came with release {since}; this server emulates {at}")
                }
                PartKind::Value(value) => {
                    format!("`{value}` came with release {since}; this server emulates {at}")
                }
            };
            assert!(text.contains(&said) && text.contains(&format!("[{path}")), "{self}: no {said}");
        }
        assert_eq!(text.matches("came with release").count(), later.len(), "{self}");
    }
}

#[test]
fn parameters_work_at_every_release() {
    let mut matrix = Matrix::new(runtime(), OldServer::all(NewerParameters::Refuse));
    selected_operations(&mut matrix);
    let counts = matrix.counts;
    // Every result has to occur.
    assert!(counts.without_operation > 400 && counts.arrived > 2000, "{counts:?}");
    assert!(counts.refused > 80 && counts.several_refused > 10 && counts.against_rules > 40, "{counts:?}");
    assert_eq!(counts.less_arrived, 0, "{counts:?}");
}

#[test]
fn later_parameters_can_be_ignored() {
    let mut matrix = Matrix::new(runtime(), OldServer::all(NewerParameters::Ignore));
    selected_operations(&mut matrix);
    let counts = matrix.counts;
    assert!(counts.less_arrived > 80 && counts.against_rules > 40, "{counts:?}");
    assert_eq!(counts.refused, 0, "{counts:?}");
}
