//! Connections: from a listening socket to an API, until told to stop.
//!
//! Not `axum::serve`, because of the time that it lets a peer take to send its
//! headers: as long as the peer likes.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use zstack_server::{Api, RemoteAddress};

/// How many connections are served at a time; more wait to be accepted.
const CONNECTIONS: usize = 4096;

/// How long a peer may take to send the headers of a request, and to begin
/// the next one on a connection that it keeps open.
const HEADER_TIMEOUT: Duration = Duration::from_secs(60);

/// How long operations under way may take when told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// After a failure to accept - most likely there are too many open files - it
/// is tried again, but not at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What answers requests.
pub trait Front: Clone + Send + Sync + 'static {
    /// What has to be done when no more requests come.
    fn api(&self) -> &Api;

    /// Answers a request; its extension [`RemoteAddress`] says where it came
    /// from.
    fn answer(&self, request: Request<Body>) -> impl Future<Output = Response> + Send;
}

/// Serves until `stop` is there; then accepts no more, and returns when what
/// is under way is done, after ten seconds at the latest. Peers that stall do
/// not hold it up that long.
pub async fn serve<F: Front>(listener: TcpListener, front: &F, stop: impl Future<Output = ()>) {
    let api = front.api();
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &permits) => accepted,
        };
        let Some((stream, peer, permit)) = accepted else { continue };
        let connection = graceful.watch(connection(stream, peer.ip(), front.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
            drop(permit);
        });
    }
    drop(listener);
    let deadline = Instant::now() + GRACE;
    tracing::info!(under_way = api.in_flight(), "stopping");
    tokio::select! {
        () = graceful.shutdown() => {}
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

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are small and complete: nothing is gained by waiting for more.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, %peer, "the connection is gone already");
            }
            Some((stream, peer, permit))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

fn connection<F: Front>(
    stream: TcpStream,
    peer: IpAddr,
    front: F,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send {
    let service = service_fn(move |mut request: Request<Incoming>| {
        let front = front.clone();
        async move {
            request.extensions_mut().insert(RemoteAddress(peer));
            Ok::<_, Infallible>(front.answer(request.map(Body::new)).await)
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        // What has arrived is done, also if the peer hangs up right after it.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
}
