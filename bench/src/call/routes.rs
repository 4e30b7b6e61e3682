//! A server with a configurable number of operations.
//!
//! The operations are generated at run time, with paths like those of the platform, and have the
//! same handler. A server mounts some of the known operations and has all of them in its memory,
//! like a program with the generated crates.

use axum::Router;
use zstack_runtime::{Auth, BodyKey, Execution, Method, Operation, Request as _};
use zstack_server::{Api, Call, Incoming, Outcome, Routes};
use zstack_types::image::{GetCandidateVmForAttachingIso as Template, GetCandidateVmForAttachingIsoResponse};

use super::load::Batches;
use super::scenario::VM;
use crate::{Failure, raw_http};

/// The number of operations of a small server.
pub(crate) const FEW: usize = 7;

/// Creates the router of the first `count` of `known` operations.
pub(crate) fn router(count: usize, known: usize) -> Result<Router, Failure> {
    let operations: Vec<&'static Operation> = operations(known).iter().collect();
    let operations = Vec::leak(operations);
    // A handler for each operation, as in generated code.
    let handlers: Vec<Box<dyn Fn(Incoming) -> _ + Send + Sync>> =
        (0..count).map(|_| Box::new(|incoming: Incoming| incoming.serve(respond)) as _).collect();
    let routes = Routes::new(operations.get(..count).unwrap_or_default(), move |index, incoming| {
        match handlers.get(index) {
            Some(handler) => handler(incoming),
            None => incoming.refuse_unimplemented(),
        }
    });
    Ok(Api::builder().mount(routes).build()?.into_router())
}

async fn respond(_: Call, _: Template) -> Outcome<GetCandidateVmForAttachingIsoResponse> {
    Ok(GetCandidateVmForAttachingIsoResponse::new(Vec::new()))
}

/// Creates operations that are contiguous in memory, and so are their texts, as if they were compiled
/// into the program.
fn operations(known: usize) -> &'static [Operation] {
    let texts = (0..known).map(|n| [format!("Operation{n}"), path(n / FEW, n % FEW, "{isoUuid}"), action(n)]);
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

/// Creates one of the seven operations on a resource type: four paths, and two actions that share a
/// path.
fn operation(which: usize, [name, path, action]: [&'static str; 3]) -> Operation {
    let (method, body) = match which {
        0..=2 => (Method::Get, BodyKey::None),
        3 => (Method::Delete, BodyKey::None),
        4 => (Method::Post, BodyKey::Key("params")),
        _ => (Method::Put, BodyKey::Action(action)),
    };
    Operation {
        name,
        category: "bench",
        method,
        path,
        paths: &[],
        since: Template::OPERATION.since,
        execution: Execution::Sync,
        auth: Auth::Session,
        body,
        message: None,
        tags: &[],
        request: Template::OPERATION.request,
        response: Template::OPERATION.response,
        changes: None,
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

/// Requests that call the first `count` of `known` operations in turn; as many as `known`.
///
/// Each is formatted when it is sent, so that the caller does the same work for both servers and
/// does not fill the processor caches that it shares with them.
pub(crate) struct Requests {
    pub(crate) count: usize,
    pub(crate) known: usize,
    /// The number of requests in a batch.
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
        0..=2 => raw_http::write_request(to, format_args!("GET {path}"), ""),
        3 => raw_http::write_request(to, format_args!("DELETE {path}"), ""),
        4 => raw_http::write_request(to, format_args!("POST {path}"), r#"{"params":{}}"#),
        _ => {
            let body = format!(r#"{{"{}":{{}}}}"#, action(number));
            raw_http::write_request(to, format_args!("PUT {path}"), &body);
        }
    }
}
