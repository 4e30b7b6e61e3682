//! A server of as many operations as one likes.
//!
//! The operations are made up at run time, on the pattern of the platform's
//! paths, and are all served alike. Whichever of them a server mounts, all of
//! them are in its memory: a program that knows an API has the API's facts.

use axum::Router;
use zstack_runtime::{Auth, Body, Execution, Method, Operation, Request as _};
use zstack_server::{Api, Call, Incoming, Outcome, Routes};
use zstack_types::image::{GetCandidateVmForAttachingIso as Facts, GetCandidateVmForAttachingIsoResponse};

use super::load::Batches;
use super::scenario::VM;
use super::wire;
use crate::Failure;

/// How many operations there are today.
pub(crate) const FEW: usize = 7;
/// The router of the first `count` of `known` operations.
pub(crate) fn router(count: usize, known: usize) -> Result<Router, Failure> {
    let operations: Vec<&'static Operation> = operations(known).iter().collect();
    let operations = Vec::leak(operations);
    // A handler for each operation, as generated code has it.
    let handlers: Vec<Box<dyn Fn(Incoming) -> _ + Send + Sync>> =
        (0..count).map(|_| Box::new(|it: Incoming| it.serve(answer)) as _).collect();
    let routes = Routes::new(operations.get(..count).unwrap_or_default(), move |index, incoming| {
        match handlers.get(index) {
            Some(handler) => handler(incoming),
            None => incoming.unserved(),
        }
    });
    Ok(Api::builder().mount(routes).build()?.into_router())
}

async fn answer(_: Call, _: Facts) -> Outcome<GetCandidateVmForAttachingIsoResponse> {
    Ok(GetCandidateVmForAttachingIsoResponse::new(Vec::new()))
}

/// Operations side by side, and their texts, too: as a program has those that
/// are compiled into it.
fn operations(known: usize) -> &'static [Operation] {
    let texts =
        (0..known).map(|it| [format!("Operation{it}"), path(it / FEW, it % FEW, "{isoUuid}"), action(it)]);
    let texts: Vec<_> = texts.collect();
    let mut all: &'static str = String::leak(texts.iter().flatten().map(String::as_str).collect());
    let mut leak = |text: &String| {
        let (leaked, rest) = all.split_at(text.len());
        all = rest;
        leaked
    };
    let made = texts
        .iter()
        .enumerate()
        .map(|(number, texts)| operation(number % FEW, texts.each_ref().map(&mut leak)));
    Vec::leak(made.collect())
}

/// One of seven operations around a kind of thing: four paths, and two
/// actions that share one.
fn operation(which: usize, [name, path, action]: [&'static str; 3]) -> Operation {
    let (method, body) = match which {
        0..=2 => (Method::Get, Body::None),
        3 => (Method::Delete, Body::None),
        4 => (Method::Post, Body::Key("params")),
        _ => (Method::Put, Body::Action(action)),
    };
    Operation {
        name,
        category: "bench",
        method,
        path,
        paths: &[],
        since: Facts::OPERATION.since,
        execution: Execution::Sync,
        auth: Auth::Session,
        body,
        message: None,
        tags: &[],
        request: Facts::OPERATION.request,
        response: Facts::OPERATION.response,
    }
}

fn path(kind: usize, which: usize, uuid: &str) -> String {
    match which {
        0 | 3 => format!("/zstack/v1/things-{kind:03}/{uuid}"),
        1 | 4 => format!("/zstack/v1/things-{kind:03}/{uuid}/parts"),
        2 => format!("/zstack/v1/things-{kind:03}/parts/{uuid}/candidates"),
        _ => format!("/zstack/v1/things-{kind:03}/{uuid}/actions"),
    }
}

fn action(number: usize) -> String {
    format!("doThing{number:04}")
}

/// As many requests as there are operations in `known`, for the first `count`
/// of them in turn.
///
/// Each is written when it is sent: whoever calls does the same for a server
/// of few operations as for one of many, and what it has in its memory does not
/// fill the caches that it shares with the server.
pub(crate) struct Requests {
    pub(crate) count: usize,
    pub(crate) known: usize,
    /// How many are sent at once.
    pub(crate) depth: usize,
}

impl Batches for Requests {
    fn count(&self) -> usize {
        self.known.div_ceil(self.depth)
    }

    fn batch<'b>(&'b self, number: usize, buffer: &'b mut String) -> (&'b [u8], usize) {
        let begin = number * self.depth;
        let end = self.known.min(begin + self.depth);
        buffer.clear();
        for turn in begin..end {
            write_request(turn % self.count, buffer);
        }
        (buffer.as_bytes(), end - begin)
    }
}

fn write_request(number: usize, to: &mut String) {
    let path = path(number / FEW, number % FEW, VM);
    match number % FEW {
        0..=2 => wire::write_request(to, format_args!("GET {path}"), ""),
        3 => wire::write_request(to, format_args!("DELETE {path}"), ""),
        4 => wire::write_request(to, format_args!("POST {path}"), r#"{"params":{}}"#),
        _ => {
            let body = format!(r#"{{"{}":{{}}}}"#, action(number));
            wire::write_request(to, format_args!("PUT {path}"), &body);
        }
    }
}
