//! One connection, from its first request to its end.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONNECTION, EXPECT, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use zstack_server::{RemoteAddress, discard_body};

use super::Front;
use super::body::{RequestBody, ResponseBody};
use super::limits::{ConnectionLimits, Notices, Overdue};
use super::pool::Slot;
use super::refusal::{LARGEST_HEAD, Refusal};
use super::state::State;
use super::stream::Stream;

/// How long, and how much of, what a peer still sends is read after the last
/// answer. A connection that is closed before would be reset, and the answer
/// lost.
const LINGER: (Duration, u64) = (Duration::from_secs(2), 16 * 1024 * 1024);

/// What all connections share.
pub(super) struct Shared<F> {
    pub(super) front: F,
    pub(super) limits: ConnectionLimits,
    pub(super) notices: Notices,
}

/// Why a connection ends.
enum End {
    /// One of the two ends it between two requests.
    Closed,
    Failed(hyper::Error),
    Late(Overdue),
}

/// Serves one connection until it ends.
pub(super) async fn serve<F: Front>(socket: TcpStream, peer: SocketAddr, shared: Arc<Shared<F>>, slot: Slot) {
    let state = &slot.state;
    let limits = &shared.limits;
    let service = {
        let (shared, state) = (Arc::clone(&shared), Arc::clone(state));
        service_fn(move |request| {
            state.serve();
            answer(Arc::clone(&shared), request, peer.ip(), Arc::clone(&state))
        })
    };
    let mut connection = http1::Builder::new()
        // What has arrived is done, also if the peer hangs up right after it.
        .half_close(true)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Stream::new(socket, Arc::clone(state))), service);
    let mut close = pin!(state.close.notified());
    let mut is_closing = false;
    // One timer: it only moves when a deadline comes before it, or it is over.
    let mut alarm = pin!(sleep_until(Instant::now() + limits.idle));
    let end = poll_fn(|context| {
        if !is_closing && close.as_mut().poll(context).is_ready() {
            is_closing = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        if let Poll::Ready(ended) = Pin::new(&mut connection).poll(context) {
            return Poll::Ready(ended.map_or_else(End::Failed, |()| End::Closed));
        }
        loop {
            let Some((deadline, overdue)) = state.deadline(limits) else { return Poll::Pending };
            if deadline < alarm.deadline() || alarm.is_elapsed() {
                alarm.as_mut().reset(deadline);
            }
            if alarm.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            if deadline <= Instant::now() {
                return Poll::Ready(End::Late(overdue));
            }
        }
    })
    .await;
    let parts = connection.into_parts();
    let Stream { mut socket, refused, .. } = parts.io.into_inner();
    let refusal = match end {
        End::Closed | End::Late(Overdue::Idle) => None,
        End::Failed(error) if error.is_parse() && state.is_between_requests() => {
            Some(Refusal::unreadable(&error, refused, &parts.read_buf))
        }
        End::Failed(error) => {
            tracing::debug!(%error, %peer, "a connection ended early");
            return;
        }
        End::Late(Overdue::Headers) => {
            if let Some(left_out) = shared.notices.headers.due() {
                let limit = limits.headers.as_secs_f64();
                tracing::warn!(%peer, limit, left_out, "headers did not arrive in time (--header-timeout)");
            }
            Some(Refusal::late(limits.headers))
        }
        End::Late(Overdue::Write) => {
            if let Some(left_out) = shared.notices.write.due() {
                let limit = limits.write.as_secs_f64();
                tracing::warn!(%peer, limit, left_out, "a response was not read in time (--write-timeout)");
            }
            // The rest of the response is not kept for the peer by the system either.
            if let Err(error) = socket.set_zero_linger() {
                tracing::debug!(%error, %peer, "the connection is gone already");
            }
            return;
        }
    };
    let lingers = refusal.is_some() || state.is_unread();
    if let Some(refusal) = refusal {
        let Refusal { status, text, request_id } = &refusal;
        tracing::info!(%peer, request_id, status = status.as_u16(), problem = text, "refused a request");
        // It is small; a peer that takes none of it is not waited for.
        let _is_sent = timeout(limits.write, socket.write_all(&refusal.to_bytes())).await;
    }
    end_stream(socket, lingers).await;
}

/// Answers a request, and ends it: what is left of its body is dropped, or the
/// connection is closed.
async fn answer<F: Front>(
    shared: Arc<Shared<F>>,
    mut request: Request<Incoming>,
    peer: IpAddr,
    state: Arc<State>,
) -> Result<hyper::Response<ResponseBody>, Infallible> {
    request.extensions_mut().insert(RemoteAddress(peer));
    let has_body = !request.body().is_end_stream();
    let expects_continue = has_body && request.headers().contains_key(EXPECT);
    let request = request.map(|incoming| {
        if has_body { Body::new(RequestBody::new(incoming, Arc::clone(&state))) } else { Body::empty() }
    });
    let mut response = shared.front.answer(request).await;
    if has_body {
        Box::pin(end_request(&shared.notices, &state, expects_continue, &mut response)).await;
    }
    Ok(response.map(|body| ResponseBody::new(body, state)))
}

async fn end_request(notices: &Notices, state: &State, expects_continue: bool, response: &mut Response) {
    if response.status() == StatusCode::REQUEST_TIMEOUT
        && let Some(left_out) = notices.body.due()
    {
        tracing::warn!(left_out, "the body of a request did not arrive in time (--body-timeout)");
    }
    if let Some(mut rest) = state.take_rest() {
        if !discard_body(&mut rest, expects_continue, response).await {
            state.set_unread();
        }
    } else if state.is_unread() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
}

/// Ends a connection; what a peer still sends is read for a while if it has not
/// been.
async fn end_stream(mut socket: TcpStream, lingers: bool) {
    if socket.shutdown().await.is_err() || !lingers {
        return;
    }
    let (at_most, bytes) = LINGER;
    let mut rest = (&mut socket).take(bytes);
    // In time or not: then the connection goes.
    let _is_read = timeout(at_most, tokio::io::copy(&mut rest, &mut tokio::io::sink())).await;
}
