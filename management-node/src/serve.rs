//! Connections: from a listening socket to the API, until the node stops.
//!
//! `axum::serve` is not enough: it has no time limits for receiving headers and
//! for sending responses, no limit on connections, and leaves it to hyper to
//! respond to invalid HTTP.

mod body;
mod connection;
mod cut;
mod limits;
mod pool;
mod refusal;
mod state;
mod stream;

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use zstack_server::Api;

use self::connection::Shared;
use self::limits::Notices;
use self::pool::Pool;

pub(crate) use self::cut::{CutConnection, cut_body};
pub use self::limits::ConnectionLimits;

/// The time that running operations have to finish when the node stops. Closing
/// the store needs the rest of the promised ten seconds.
const GRACE: Duration = Duration::from_secs(9);

/// The pause after a failure to accept a connection, most likely because there
/// are too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A handler of requests.
pub trait Frontend: Clone + Send + Sync + 'static {
    /// The API, whose operations have to finish before the node stops.
    fn api(&self) -> &Api;

    /// Responds to a request. Its extension
    /// [`RemoteAddress`](zstack_server::RemoteAddress) is the address of the peer.
    fn answer(&self, request: Request<Body>) -> impl Future<Output = Response> + Send;
}

/// Serves until `stop` is ready. Then stops accepting connections, and returns
/// when all requests and operations have finished, after at most nine seconds. It
/// does not wait that long for peers that stall.
pub async fn serve<F: Frontend>(
    listener: TcpListener,
    frontend: &F,
    limits: &ConnectionLimits,
    stop: impl Future<Output = ()>,
) {
    let api = frontend.api();
    let pool = Pool::new(limits.connections);
    let shared =
        Arc::new(Shared { frontend: frontend.clone(), limits: limits.clone(), notices: Notices::default() });
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let (socket, peer) = accept(&listener, &pool, &shared.notices).await?;
            Some((socket, peer, pool.open(&shared.notices).await))
        };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accepted => accepted,
        };
        if let Some((socket, peer, slot)) = accepted {
            tokio::spawn(connection::serve(socket, peer, Arc::clone(&shared), slot));
        }
    }
    drop(listener);
    let deadline = Instant::now() + GRACE;
    tracing::info!(running = api.in_flight(), "stopping");
    tokio::select! {
        () = pool.close() => {}
        () = wait_until_idle(api) => tracing::info!("closed the connections of stalled clients"),
        () = tokio::time::sleep_until(deadline) => tracing::warn!("closed connections that were still in use"),
    }
    // Jobs run without a connection.
    let running = api.drain(deadline.duration_since(Instant::now())).await;
    if running > 0 {
        tracing::warn!(running, "canceled operations that were still running");
    }
}

/// Waits until no operation has run for two seconds. Peers that are still
/// connected then have stalled in the middle of a request or response.
async fn wait_until_idle(api: &Api) {
    const STEP: Duration = Duration::from_millis(100);
    let mut steps = 0;
    while steps < 20 {
        tokio::time::sleep(STEP).await;
        steps = if api.in_flight() == 0 { steps + 1 } else { 0 };
    }
}

async fn accept(listener: &TcpListener, pool: &Pool, notices: &Notices) -> Option<(TcpStream, SocketAddr)> {
    match listener.accept().await {
        Ok((socket, peer)) => {
            // Responses are small and written at once, so delaying them has no use.
            if let Err(error) = socket.set_nodelay(true) {
                tracing::debug!(%error, %peer, "the connection is already closed");
            }
            Some((socket, peer))
        }
        Err(error) => {
            if let Some(suppressed) = notices.accept.due() {
                tracing::warn!(%error, suppressed, "cannot accept a connection");
            }
            // Frees a file if too many are open.
            pool.close_idle();
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}
