//! Connections: from a listening socket to an API, until told to stop.
//!
//! Not `axum::serve`, which lets a peer take as long as it likes to send its
//! headers or to read a response, serves any number of connections, and leaves
//! it to hyper to answer what is not HTTP.

mod body;
mod connection;
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

pub use self::limits::ConnectionLimits;

/// How long operations under way may take when told to stop: of the ten
/// seconds that are promised, closing the store needs one.
const GRACE: Duration = Duration::from_secs(9);

/// After a failure to accept - most likely there are too many open files - it
/// is tried again, but not at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What answers requests.
pub trait Front: Clone + Send + Sync + 'static {
    /// What has to be done when no more requests come.
    fn api(&self) -> &Api;

    /// Answers a request; its extension
    /// [`RemoteAddress`](zstack_server::RemoteAddress) says where it came from.
    fn answer(&self, request: Request<Body>) -> impl Future<Output = Response> + Send;
}

/// Serves until `stop` is there; then accepts no more, and returns when what
/// is under way is done, after nine seconds at the latest. Peers that stall do
/// not hold it up that long.
pub async fn serve<F: Front>(
    listener: TcpListener,
    front: &F,
    limits: &ConnectionLimits,
    stop: impl Future<Output = ()>,
) {
    let api = front.api();
    let pool = Pool::new(limits.connections);
    let shared =
        Arc::new(Shared { front: front.clone(), limits: limits.clone(), notices: Notices::default() });
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
    tracing::info!(under_way = api.in_flight(), "stopping");
    tokio::select! {
        () = pool.close() => {}
        () = quiet(api) => tracing::info!("peers that had stalled were cut"),
        () = tokio::time::sleep_until(deadline) => tracing::warn!("some connections were cut"),
    }
    // Jobs have no connection that would wait for them.
    let left = api.drain(deadline.duration_since(Instant::now())).await;
    if left > 0 {
        tracing::warn!(left, "operations were cut");
    }
}

/// Waits until no operation has been under way for two seconds: whoever is
/// still connected then has stalled in the middle of a request or an answer.
async fn quiet(api: &Api) {
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
            // Answers are small and complete: nothing is gained by waiting for more.
            if let Err(error) = socket.set_nodelay(true) {
                tracing::debug!(%error, %peer, "the connection is gone already");
            }
            Some((socket, peer))
        }
        Err(error) => {
            if let Some(left_out) = notices.accept.due() {
                tracing::warn!(%error, left_out, "a connection could not be accepted");
            }
            // Where files ran out, this frees one.
            pool.close_idle();
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}
