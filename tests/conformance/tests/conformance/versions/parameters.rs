//! What a server that plays a release makes of every parameter.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};
use zstack_client::{Client, Transport};
use zstack_conformance::{Had, Later, Part};
use zstack_runtime::Request;
use zstack_server::NewerParameters;

use super::{Playing, client, least_answer, read, requests, runtime, written};
use crate::api::{Visit, every_operation};

/// How many requests came to what.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) without_operation: usize,
    pub(super) refused: usize,
    pub(super) several_refused: usize,
    pub(super) against_rules: usize,
    pub(super) arrived: usize,
    /// Without what came later.
    pub(super) less_arrived: usize,
}

/// Requests with each parameter to servers of every release.
pub(super) struct Matrix {
    runtime: tokio::runtime::Runtime,
    servers: Vec<Playing>,
    /// Was told no release, and sends all that it is given.
    client: Client,
    pub(super) counts: Counts,
}

impl Matrix {
    pub(super) fn new(runtime: tokio::runtime::Runtime, servers: Vec<Playing>) -> Self {
        let client = client(servers.first().unwrap().transport.clone());
        Self { runtime, servers, client, counts: Counts::default() }
    }
}

/// What is to come of a request.
pub(super) enum Expected {
    /// There is no such operation.
    Unknown,
    /// Parameters and tags that came later are not even read.
    Unread(Vec<Later>),
    /// Values, and names in a query, break a rule once all has been read.
    AgainstRules(Vec<Later>),
    /// These parameters arrive, without so many that came later.
    Arrives(Map<String, Value>, usize),
}

pub(super) fn expected(server: &Playing, operation: &str, given: &Map<String, Value>) -> Expected {
    let past = &server.release.past;
    if past.operation(operation).is_none() {
        return Expected::Unknown;
    }
    let Had { fields, mut later } = past.parameters(operation, given);
    // What a parameter holds does not count where it is itself not there.
    later.retain(|it| {
        let parameter = it.path.split(['.', '[']).next().unwrap_or_default();
        it.part == Part::Field || fields.contains_key(parameter)
    });
    let is_read = |it: &Later| matches!(it.part, Part::Value(_) | Part::Named(_));
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
        let answer = least_answer::<R>();
        for given in requests::each::<R>() {
            let http = self.client.to_http(&read::<R>(&given)).unwrap();
            for server in &self.servers {
                server.echo.answer(answer.clone());
                let reply = self.runtime.block_on(reply(server, http.clone()));
                let received = server.echo.received();
                let case = Case { server, operation: R::OPERATION.name, given: &given, reply };
                let counts = &mut self.counts;
                match expected(server, R::OPERATION.name, &given) {
                    Expected::Arrives(fields, less) => {
                        assert_eq!(case.reply.0, 200, "{case}");
                        let (called, received) =
                            received.unwrap_or_else(|| panic!("{case}: nothing arrived"));
                        assert_eq!(called, R::OPERATION.name, "{case}");
                        let received: Map<_, _> = serde_json::from_slice(&received).unwrap();
                        // As a request: lists that are always there are written,
                        // also when nothing is in them.
                        assert_eq!(received, written(&read::<R>(&fields)), "{case}");
                        counts.arrived += 1;
                        counts.less_arrived += usize::from(less > 0);
                        continue;
                    }
                    Expected::Unknown => {
                        let past = &server.release.past;
                        let status = past.status_without(R::OPERATION.name, http.uri().path());
                        assert_eq!(case.reply.0, status, "{case}");
                        if status == 404 {
                            self.runtime.block_on(is_unknown(server, &http));
                        }
                        counts.without_operation += 1;
                    }
                    Expected::Unread(later) => {
                        case.names(400, &later);
                        counts.refused += 1;
                        counts.several_refused += usize::from(later.len() > 1);
                    }
                    Expected::AgainstRules(later) => {
                        case.names(503, &later);
                        assert!(case.reply.1.contains("SYS.1007"), "{case}");
                        counts.against_rules += 1;
                    }
                }
                assert_eq!(received, None, "{case}");
            }
        }
    }
}

/// Status and text of the answer to a request as it is.
async fn reply(server: &Playing, http: http::Request<Bytes>) -> (u16, String) {
    let response = server.transport.send(http).await.unwrap();
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

/// The answer is that to a path of no release, and no other to a request that
/// makes less sense.
async fn is_unknown(server: &Playing, http: &http::Request<Bytes>) {
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

/// What was asked of whom, and what the answer was.
struct Case<'a> {
    server: &'a Playing,
    operation: &'a str,
    given: &'a Map<String, Value>,
    reply: (u16, String),
}

impl fmt::Display for Case<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, text) = &self.reply;
        let Playing { release, newer, .. } = self.server;
        let given = Value::Object(self.given.clone());
        write!(f, "{} at {}, {newer:?}, {given}: {status} {text}", self.operation, release.name)
    }
}

impl Case<'_> {
    /// A refusal that names all of this, each with its release and the
    /// server's, and nothing else.
    fn names(&self, status: u16, later: &[Later]) {
        let (is, text) = &self.reply;
        assert_eq!(*is, status, "{self}");
        let at = &self.server.release.name;
        for Later { path, part, since } in later {
            let said = match part {
                Part::Field => format!("[{path}] came with release {since}; this server emulates {at}"),
                Part::Tag(pattern) => {
                    format!("[{path} {pattern}] came with release {since}; this server emulates {at}")
                }
                Part::Named(name) => {
                    format!("[{path}] `{name}` came with release {since}; this server emulates {at}")
                }
                Part::Value(value) => {
                    format!("`{value}` came with release {since}; this server emulates {at}")
                }
            };
            assert!(text.contains(&said) && text.contains(&format!("[{path}")), "{self}: no {said}");
        }
        assert_eq!(text.matches("came with release").count(), later.len(), "{self}");
    }
}

#[test]
fn every_parameter_at_every_release() {
    let mut matrix = Matrix::new(runtime(), Playing::all(NewerParameters::Refuse));
    every_operation(&mut matrix);
    let counts = matrix.counts;
    // Nothing is shown by what never happens.
    assert!(counts.without_operation > 400 && counts.arrived > 2000, "{counts:?}");
    assert!(counts.refused > 80 && counts.several_refused > 10 && counts.against_rules > 40, "{counts:?}");
    assert_eq!(counts.less_arrived, 0, "{counts:?}");
}

#[test]
fn every_parameter_at_every_release_where_newer_ones_are_ignored() {
    let mut matrix = Matrix::new(runtime(), Playing::all(NewerParameters::Ignore));
    every_operation(&mut matrix);
    let counts = matrix.counts;
    assert!(counts.less_arrived > 80 && counts.against_rules > 40, "{counts:?}");
    assert_eq!(counts.refused, 0, "{counts:?}");
}
