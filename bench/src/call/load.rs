//! Calls from many connections at once, each waiting for its answers before
//! the next calls.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::plan::Plan;
use super::wire;
use crate::Failure;

/// What a turn came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// How many calls a second.
    pub(crate) rate: f64,
    /// In how much time 99 of 100 calls were answered, in microseconds.
    pub(crate) p99: f64,
    /// Processor time of whoever is measured, for a call, in microseconds.
    pub(crate) cpu: f64,
}

/// When a turn is over.
pub(crate) struct Limits {
    begun: Instant,
    until: Instant,
    calls: usize,
    begun_calls: AtomicUsize,
}

impl Limits {
    /// The turn begins now.
    pub(crate) fn of(plan: &Plan) -> Arc<Self> {
        let begun = Instant::now();
        Self { begun, until: begun + plan.turn, calls: plan.calls, begun_calls: AtomicUsize::new(0) }.into()
    }

    /// Whether there may be one more call.
    pub(crate) fn one_more(&self) -> bool {
        Instant::now() < self.until && self.begun_calls.fetch_add(1, Ordering::Relaxed) < self.calls
    }

    /// What comes of the times that calls took, and of the processor time
    /// that all of them took, if it is known.
    pub(crate) fn turn(&self, mut times: Vec<Duration>, cpu: Option<Duration>) -> Turn {
        let seconds = self.begun.elapsed().as_secs_f64();
        times.sort_unstable();
        let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
        Turn {
            rate: times.len() as f64 / seconds,
            p99: p99.as_secs_f64() * 1e6,
            cpu: cpu.unwrap_or_default().as_secs_f64() * 1e6 / times.len().max(1) as f64,
        }
    }
}

/// Requests that are sent at once, the next ones before the first is answered.
///
/// One at a time, whoever calls does as much for a call as a server does, and
/// both wait for each other: what is measured then is how well the two happen
/// to be in step.
pub(crate) trait Batches: Send + Sync + 'static {
    /// How many there are.
    fn count(&self) -> usize;

    /// The bytes of one of them, which may be written to a buffer, and how many
    /// requests these are.
    fn batch<'b>(&'b self, number: usize, buffer: &'b mut String) -> (&'b [u8], usize);
}

/// The same request again and again.
pub(crate) struct Same {
    bytes: Vec<u8>,
    calls: usize,
}

impl Same {
    pub(crate) fn of(request: &[u8], calls: usize) -> Self {
        Self { bytes: request.repeat(calls), calls }
    }
}

impl Batches for Same {
    fn count(&self) -> usize {
        1
    }

    fn batch<'b>(&'b self, _: usize, _: &'b mut String) -> (&'b [u8], usize) {
        (&self.bytes, self.calls)
    }
}

/// Connections to a server, kept from turn to turn.
pub(crate) struct Connections(Vec<Connection>);

struct Connection {
    stream: TcpStream,
    written: String,
    read: BytesMut,
}

impl Connections {
    pub(crate) async fn open(server: SocketAddr, count: usize) -> Result<Self, Failure> {
        let mut all = Vec::new();
        for _ in 0..count {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            all.push(Connection { stream, written: String::new(), read: BytesMut::with_capacity(16 * 1024) });
        }
        Ok(Self(all))
    }

    /// The first of the batches on each connection.
    pub(crate) async fn touch(&mut self, batches: &impl Batches) -> Result<(), Failure> {
        for connection in &mut self.0 {
            connection.call(batches, 0, &mut Vec::new()).await?;
        }
        Ok(())
    }

    /// Calls until the turn is over; each connection begins at another one of
    /// the batches. The times that the calls took.
    pub(crate) async fn call(
        &mut self,
        batches: &Arc<impl Batches>,
        limits: &Arc<Limits>,
    ) -> Result<Vec<Duration>, Failure> {
        let mut running = JoinSet::new();
        let apart = batches.count().div_ceil(self.0.len().max(1));
        for (number, mut connection) in self.0.drain(..).enumerate() {
            let (batches, limits) = (Arc::clone(batches), Arc::clone(limits));
            running.spawn(async move {
                let mut times = Vec::new();
                let mut next = number * apart;
                while limits.one_more() {
                    connection.call(&*batches, next % batches.count(), &mut times).await?;
                    next += 1;
                }
                Ok::<_, Failure>((connection, times))
            });
        }
        let mut times = Vec::new();
        while let Some(done) = running.join_next().await {
            let (connection, more) = done??;
            self.0.push(connection);
            times.extend(more);
        }
        Ok(times)
    }
}

impl Connection {
    async fn call(
        &mut self,
        batches: &impl Batches,
        number: usize,
        times: &mut Vec<Duration>,
    ) -> Result<(), Failure> {
        let (bytes, calls) = batches.batch(number, &mut self.written);
        let begun = Instant::now();
        self.stream.write_all(bytes).await?;
        for _ in 0..calls {
            let answer = wire::read(&mut self.stream, &mut self.read).await?;
            let answer = answer.ok_or("the server closed a connection")?;
            if !answer.is_success() {
                return Err(format!("the server refused: {}", String::from_utf8_lossy(&answer.bytes)).into());
            }
            times.push(begun.elapsed());
        }
        Ok(())
    }
}

/// The body that a server answers with.
pub(crate) async fn body(server: SocketAddr, request: &Bytes) -> Result<Vec<u8>, Failure> {
    let mut connections = Connections::open(server, 1).await?;
    let connection = connections.0.first_mut().ok_or("no connection")?;
    connection.stream.write_all(request).await?;
    let answer = wire::read(&mut connection.stream, &mut connection.read).await?;
    Ok(answer.ok_or("the server closed a connection")?.body().to_vec())
}
