//! The reference behind hyper, and nothing else: one thread has the database
//! and takes what waits as a group; a path says what is called.

use std::convert::Infallible;
use std::path::Path;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::GROUP;
use super::by_hand::{ByHand, Call, Extent, Operation};
use crate::Failure;
use crate::call::child;

/// A call that waits, and who waits for it. Where it fails, nobody answers.
type Waiting = (Call, oneshot::Sender<Vec<u8>>);

/// Serves until the input ends. The runtime is the one that the node's own
/// program has.
pub(crate) fn run(database: &Path) -> Result<(), Failure> {
    let by_hand = ByHand::open(database)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(serve(listener, by_hand));
    child::live(runtime, &[address])
}

async fn serve(listener: TcpListener, by_hand: ByHand) {
    let (sender, waiting) = mpsc::channel(1024);
    std::thread::spawn(move || work(&by_hand, waiting));
    while let Ok((stream, _)) = listener.accept().await {
        // Fails for a connection that is gone already.
        let _ = stream.set_nodelay(true);
        let sender = sender.clone();
        let service = service_fn(move |request| answer(request, sender.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn work(by_hand: &ByHand, mut waiting: mpsc::Receiver<Waiting>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let (calls, callers): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        for (answer, caller) in by_hand.group(&calls, Extent::Whole).into_iter().flatten().zip(callers) {
            // Who asked may have gone.
            let _ = caller.send(answer);
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    sender: mpsc::Sender<Waiting>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let Some(call) = read(&request) else {
        return Ok(response(StatusCode::NOT_FOUND, Vec::new()));
    };
    let (caller, answer) = oneshot::channel();
    let _ = sender.send((call, caller)).await;
    Ok(match answer.await {
        Ok(answer) => response(StatusCode::OK, answer),
        Err(_) => response(StatusCode::SERVICE_UNAVAILABLE, Vec::new()),
    })
}

fn read(request: &Request<Incoming>) -> Option<Call> {
    let session = request.headers().get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("OAuth ")?.to_owned();
    let path = request.uri().path().strip_prefix("/zstack/v1/")?;
    let parts: Vec<_> = path.split('/').collect();
    let operation = match (request.method(), parts.as_slice()) {
        (&Method::POST, ["vm-instances", vm, "iso", iso]) => {
            Operation::Attach { vm: (*vm).to_owned(), iso: (*iso).to_owned() }
        }
        (&Method::DELETE, ["vm-instances", vm, "iso"]) => Operation::Detach { vm: (*vm).to_owned() },
        (&Method::GET, ["images", "iso", iso, "vm-candidates"]) => {
            Operation::Candidates { iso: (*iso).to_owned() }
        }
        _ => return None,
    };
    Some(Call { session, operation })
}

fn response(status: StatusCode, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
}
