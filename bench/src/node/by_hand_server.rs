//! A minimal hyper server in front of the hand-written operations. One thread owns the database
//! and runs all waiting calls as a group.

use std::convert::Infallible;
use std::path::Path;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::GROUP;
use super::by_hand::{ByHand, Call, Extent, Operation};
use super::zones::ZoneChange;
use crate::{Failure, process};

/// A waiting call and the channel for its response, which is dropped if the call fails.
type WaitingCall = (Call, oneshot::Sender<Vec<u8>>);

/// Serves until the standard input ends, with the same kind of runtime as the node.
pub(crate) fn run(database: &Path) -> Result<(), Failure> {
    let by_hand = ByHand::open(database)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(serve(listener, by_hand));
    process::serve_until_stdin_ends(runtime, &[address])
}

async fn serve(listener: TcpListener, by_hand: ByHand) {
    let (sender, waiting) = mpsc::channel(1024);
    std::thread::spawn(move || run_calls(&by_hand, waiting));
    while let Ok((stream, _)) = listener.accept().await {
        // Fails if the connection is already closed.
        let _ = stream.set_nodelay(true);
        let sender = sender.clone();
        let service = service_fn(move |request| respond(request, sender.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn run_calls(by_hand: &ByHand, mut waiting: mpsc::Receiver<WaitingCall>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let (calls, callers): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        for (response, caller) in by_hand.run_group(&calls, Extent::Whole).into_iter().flatten().zip(callers)
        {
            // Fails if the caller has disconnected.
            let _ = caller.send(response);
        }
    }
}

async fn respond(
    request: Request<Incoming>,
    sender: mpsc::Sender<WaitingCall>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(response(StatusCode::BAD_REQUEST, Vec::new())),
    };
    let Some(call) = parse(&head, &body) else {
        return Ok(response(StatusCode::NOT_FOUND, Vec::new()));
    };
    let (caller, body) = oneshot::channel();
    let _ = sender.send((call, caller)).await;
    Ok(match body.await {
        Ok(body) => response(StatusCode::OK, body),
        Err(_) => response(StatusCode::SERVICE_UNAVAILABLE, Vec::new()),
    })
}

fn parse(head: &Parts, body: &[u8]) -> Option<Call> {
    let session = head.headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("OAuth ")?.to_owned();
    let path = head.uri.path().strip_prefix("/zstack/v1/")?;
    let parts: Vec<_> = path.split('/').collect();
    let operation = match (&head.method, parts.as_slice()) {
        (&Method::POST, ["vm-instances", vm, "iso", iso]) => {
            Operation::Attach { vm: (*vm).to_owned(), iso: (*iso).to_owned() }
        }
        (&Method::DELETE, ["vm-instances", vm, "iso"]) => Operation::Detach { vm: (*vm).to_owned() },
        (&Method::GET, ["images", "iso", iso, "vm-candidates"]) => {
            Operation::Candidates { iso: (*iso).to_owned() }
        }
        (_, ["zones", zone @ ..]) => Operation::Zone(ZoneChange::parse(zone, body)?),
        _ => return None,
    };
    Some(Call { session, operation })
}

fn response(status: StatusCode, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
}
