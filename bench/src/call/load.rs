//! Calls a server over many connections at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::plan::Plan;
use crate::Failure;
use crate::raw_http::Connection;
use crate::turns::Turn;

/// The time and the number of calls after which a turn ends.
pub(crate) struct Limits {
    start: Instant,
    end: Instant,
    max_calls: usize,
    calls: AtomicUsize,
}

impl Limits {
    /// Starts a turn.
    pub(crate) fn start(plan: &Plan) -> Arc<Self> {
        let start = Instant::now();
        Self { start, end: start + plan.turn, max_calls: plan.calls, calls: AtomicUsize::new(0) }.into()
    }

    /// Counts a call, unless the turn is over.
    pub(crate) fn allow_call(&self) -> bool {
        Instant::now() < self.end && self.calls.fetch_add(1, Ordering::Relaxed) < self.max_calls
    }

    /// Creates the result of the turn.
    pub(crate) fn result(&self, times: Vec<Duration>, cpu: Option<Duration>) -> Turn {
        Turn::new(self.start, times, cpu)
    }
}

/// Batches of requests that are pipelined on a connection.
///
/// With one request at a time, the caller does as much work per call as the server, and both wait
/// for each other; the result would depend on how well they are synchronized.
pub(crate) trait Batches: Send + Sync + 'static {
    /// The number of batches.
    fn count(&self) -> usize;

    /// Returns the bytes of a batch, which may be written to the buffer, and its number of
    /// requests.
    fn batch<'b>(&'b self, number: usize, buffer: &'b mut String) -> (&'b [u8], usize);
}

/// A single batch that repeats one request.
pub(crate) struct SameRequest {
    bytes: Vec<u8>,
    calls: usize,
}

impl SameRequest {
    pub(crate) fn new(request: &[u8], calls: usize) -> Self {
        Self { bytes: request.repeat(calls), calls }
    }
}

impl Batches for SameRequest {
    fn count(&self) -> usize {
        1
    }

    fn batch<'b>(&'b self, _: usize, _: &'b mut String) -> (&'b [u8], usize) {
        (&self.bytes, self.calls)
    }
}

/// Connections to a server, which remain open between turns.
pub(crate) struct Connections(Vec<Connection>);

impl Connections {
    pub(crate) async fn open(server: SocketAddr, count: usize) -> Result<Self, Failure> {
        let mut connections = Vec::new();
        for _ in 0..count {
            connections.push(Connection::open(server).await?);
        }
        Ok(Self(connections))
    }

    /// Sends the first batch on each connection.
    pub(crate) async fn touch(&mut self, batches: &impl Batches) -> Result<(), Failure> {
        for connection in &mut self.0 {
            call(connection, batches, 0, &mut String::new(), &mut Vec::new()).await?;
        }
        Ok(())
    }

    /// Calls until the turn is over, and returns the times that the calls took. Each connection
    /// begins with a different batch.
    pub(crate) async fn call(
        &mut self,
        batches: &Arc<impl Batches>,
        limits: &Arc<Limits>,
    ) -> Result<Vec<Duration>, Failure> {
        let mut running = JoinSet::new();
        let distance = batches.count().div_ceil(self.0.len().max(1));
        for (number, mut connection) in self.0.drain(..).enumerate() {
            let (batches, limits) = (Arc::clone(batches), Arc::clone(limits));
            running.spawn(async move {
                let (mut buffer, mut times) = (String::new(), Vec::new());
                let mut next = number * distance;
                while limits.allow_call() {
                    call(&mut connection, &*batches, next % batches.count(), &mut buffer, &mut times).await?;
                    next += 1;
                }
                Ok::<_, Failure>((connection, times))
            });
        }
        let mut times = Vec::new();
        while let Some(result) = running.join_next().await {
            let (connection, more) = result??;
            self.0.push(connection);
            times.extend(more);
        }
        Ok(times)
    }
}

/// Sends a batch and reads its responses.
async fn call(
    connection: &mut Connection,
    batches: &impl Batches,
    number: usize,
    buffer: &mut String,
    times: &mut Vec<Duration>,
) -> Result<(), Failure> {
    let (bytes, calls) = batches.batch(number, buffer);
    let start = Instant::now();
    connection.write(bytes).await?;
    for _ in 0..calls {
        connection.read_success().await?;
        times.push(start.elapsed());
    }
    Ok(())
}
