//! The life of a connection.

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

use super::Frontend;
use super::body::{RequestBody, ResponseBody};
use super::cut::CutConnection;
use super::limits::{ConnectionLimits, Notices, Timeout};
use super::pool::Slot;
use super::refusal::{MAX_HEAD_BYTES, Refusal};
use super::state::State;
use super::stream::Stream;

/// The time, and the number of bytes, for which the node reads on after the last
/// response. If it closed the connection while the peer still sends, the
/// connection would be reset and the response lost.
const LINGER: (Duration, u64) = (Duration::from_secs(2), 16 * 1024 * 1024);

/// The data that all connections share.
pub(super) struct Shared<F> {
    pub(super) frontend: F,
    pub(super) limits: ConnectionLimits,
    pub(super) notices: Notices,
}

/// The reason for the end of a connection.
enum ConnectionEnd {
    /// The node or the peer closed it between two requests.
    Closed,
    Failed(hyper::Error),
    TimedOut(Timeout),
}

/// Serves one connection until it ends.
pub(super) async fn serve<F: Frontend>(
    socket: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared<F>>,
    slot: Slot,
) {
    let state = &slot.state;
    let limits = &shared.limits;
    let service = {
        let (shared, state) = (Arc::clone(&shared), Arc::clone(state));
        service_fn(move |request| {
            state.begin_request();
            answer(Arc::clone(&shared), request, peer.ip(), Arc::clone(&state))
        })
    };
    let mut connection = http1::Builder::new()
        // A complete request is executed even if the peer then closes its side.
        .half_close(true)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(Stream::new(socket, Arc::clone(state))), service);
    let mut close = pin!(state.close.notified());
    let mut is_closing = false;
    // A single timer, reset only when it has elapsed or a deadline is earlier.
    let mut alarm = pin!(sleep_until(Instant::now() + limits.idle));
    let end = poll_fn(|context| {
        if !is_closing && close.as_mut().poll(context).is_ready() {
            is_closing = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        if let Poll::Ready(ended) = Pin::new(&mut connection).poll(context) {
            return Poll::Ready(ended.map_or_else(ConnectionEnd::Failed, |()| ConnectionEnd::Closed));
        }
        loop {
            let Some((deadline, timeout)) = state.deadline(limits) else { return Poll::Pending };
            if deadline < alarm.deadline() || alarm.is_elapsed() {
                alarm.as_mut().reset(deadline);
            }
            if alarm.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            if deadline <= Instant::now() {
                return Poll::Ready(ConnectionEnd::TimedOut(timeout));
            }
        }
    })
    .await;
    let parts = connection.into_parts();
    let Stream { mut socket, withheld_status, .. } = parts.io.into_inner();
    let refusal = match end {
        ConnectionEnd::Closed | ConnectionEnd::TimedOut(Timeout::Idle) => None,
        ConnectionEnd::Failed(error) if error.is_parse() && state.is_between_requests() => {
            Some(Refusal::invalid_http(&error, withheld_status, &parts.read_buf))
        }
        ConnectionEnd::Failed(error) => {
            tracing::debug!(%error, %peer, "a connection ended early");
            return;
        }
        ConnectionEnd::TimedOut(Timeout::Headers) => {
            if let Some(suppressed) = shared.notices.headers.due() {
                let limit = limits.headers.as_secs_f64();
                tracing::warn!(%peer, limit, suppressed, "headers did not arrive in time (--header-timeout)");
            }
            Some(Refusal::header_timeout(limits.headers))
        }
        ConnectionEnd::TimedOut(Timeout::Write) => {
            if let Some(suppressed) = shared.notices.write.due() {
                let limit = limits.write.as_secs_f64();
                tracing::warn!(%peer, limit, suppressed, "a client did not read a response in time (--write-timeout)");
            }
            // Makes the system discard the unsent rest of the response, too.
            if let Err(error) = socket.set_zero_linger() {
                tracing::debug!(%error, %peer, "the connection is already closed");
            }
            return;
        }
    };
    let lingers = refusal.is_some() || state.is_unread();
    if let Some(refusal) = refusal {
        let Refusal { status, text, request_id } = &refusal;
        tracing::info!(%peer, request_id, status = status.as_u16(), problem = text, "refused a request");
        // The response is small. If the peer does not read it, it is dropped.
        let _is_sent = timeout(limits.write, socket.write_all(&refusal.to_bytes())).await;
    }
    end_stream(socket, lingers).await;
}

/// Responds to a request, and then discards the rest of its body or closes the
/// connection. Fails if the connection is to be closed without a response.
async fn answer<F: Frontend>(
    shared: Arc<Shared<F>>,
    mut request: Request<Incoming>,
    peer: IpAddr,
    state: Arc<State>,
) -> Result<hyper::Response<ResponseBody>, CutConnection> {
    request.extensions_mut().insert(RemoteAddress(peer));
    let has_body = !request.body().is_end_stream();
    let expects_continue = has_body && request.headers().contains_key(EXPECT);
    let request = request.map(|incoming| {
        if has_body { Body::new(RequestBody::new(incoming, Arc::clone(&state))) } else { Body::empty() }
    });
    let mut response = shared.frontend.answer(request).await;
    if let Some(cut) = response.extensions().get::<CutConnection>() {
        state.end_response();
        return Err(*cut);
    }
    if has_body {
        Box::pin(end_request(&shared.notices, &state, expects_continue, &mut response)).await;
    }
    Ok(response.map(|body| ResponseBody::new(body, state)))
}

async fn end_request(notices: &Notices, state: &State, expects_continue: bool, response: &mut Response) {
    if response.status() == StatusCode::REQUEST_TIMEOUT
        && let Some(suppressed) = notices.body.due()
    {
        tracing::warn!(suppressed, "the body of a request did not arrive in time (--body-timeout)");
    }
    if let Some(mut rest) = state.take_rest() {
        if !discard_body(&mut rest, expects_continue, response).await {
            state.set_unread();
        }
    } else if state.is_unread() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
}

/// Ends a connection. If a request was not read completely, first reads on for a
/// while.
async fn end_stream(mut socket: TcpStream, lingers: bool) {
    if socket.shutdown().await.is_err() || !lingers {
        return;
    }
    let (duration, bytes) = LINGER;
    let mut rest = (&mut socket).take(bytes);
    // The connection is closed afterwards in any case.
    let _is_read = timeout(duration, tokio::io::copy(&mut rest, &mut tokio::io::sink())).await;
}
