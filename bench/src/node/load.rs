//! Callers, each with a connection of its own, that wait for an answer before
//! the next call.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::plan::Plan;
use super::script::Script;
use crate::Failure;
use crate::call::child::{Process, Servers};
use crate::call::wire::{self, Message};

/// What a turn came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// How many calls a second.
    pub(super) rate: f64,
    /// In how much time 99 of 100 calls were answered, in microseconds.
    pub(super) p99: f64,
    /// Processor time of whoever is measured, for a call, in microseconds; 0
    /// where that is not known.
    pub(super) cpu: f64,
}

impl Turn {
    /// What comes of the times that calls took.
    pub(super) fn of(begun: Instant, mut times: Vec<Duration>, cpu: Option<Duration>) -> Self {
        let seconds = begun.elapsed().as_secs_f64();
        times.sort_unstable();
        let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
        Self {
            rate: times.len() as f64 / seconds,
            p99: p99.as_secs_f64() * 1e6,
            cpu: cpu.unwrap_or_default().as_secs_f64() * 1e6 / times.len().max(1) as f64,
        }
    }
}

/// All callers of a server.
pub(super) struct Callers {
    callers: Vec<Caller>,
    server: Process,
}

struct Caller {
    stream: TcpStream,
    buffer: BytesMut,
    script: Script,
}

impl Callers {
    /// One for each script.
    pub(super) async fn connect(server: &Servers, scripts: &[Script]) -> Result<Self, Failure> {
        let mut callers = Vec::new();
        for script in scripts {
            let stream = TcpStream::connect(server.address(0)?).await?;
            stream.set_nodelay(true)?;
            let buffer = BytesMut::with_capacity(16 * 1024);
            callers.push(Caller { stream, buffer, script: script.clone() });
        }
        Ok(Self { callers, server: server.process() })
    }

    /// Everybody calls until the turn is over.
    pub(super) async fn call(&mut self, plan: &Plan) -> Result<Turn, Failure> {
        let cpu = self.server.cpu();
        let begun = Instant::now();
        let (until, calls) = (begun + plan.turn, plan.calls);
        let mut running = JoinSet::new();
        for mut caller in self.callers.drain(..) {
            running.spawn(async move {
                let mut times = Vec::new();
                while Instant::now() < until && times.len() < calls {
                    for (_, request) in caller.script.step() {
                        let begun = Instant::now();
                        exchange(&mut caller.stream, &mut caller.buffer, request).await?;
                        times.push(begun.elapsed());
                    }
                }
                Ok::<_, Failure>((caller, times))
            });
        }
        let mut all = Vec::new();
        while let Some(done) = running.join_next().await {
            let (caller, times) = done??;
            self.callers.push(caller);
            all.extend(times);
        }
        Ok(Turn::of(begun, all, since(cpu, self.server)))
    }
}

/// The processor time that a process has taken since.
pub(super) fn since(before: Option<Duration>, process: Process) -> Option<Duration> {
    Some(process.cpu()?.saturating_sub(before?))
}

async fn exchange(
    stream: &mut TcpStream,
    buffer: &mut BytesMut,
    request: &Bytes,
) -> Result<Message, Failure> {
    stream.write_all(request).await?;
    let answer = wire::read(stream, buffer).await?;
    let answer = answer.ok_or("the server closed a connection")?;
    if answer.is_success() {
        return Ok(answer);
    }
    Err(format!("the server refused: {}", String::from_utf8_lossy(&answer.bytes)).into())
}

/// What a server answers.
pub(super) async fn body(server: SocketAddr, request: &Bytes) -> Result<Vec<u8>, Failure> {
    let mut stream = TcpStream::connect(server).await?;
    Ok(exchange(&mut stream, &mut BytesMut::new(), request).await?.body().to_vec())
}
