//! Compares the cost of a call through generated code with hand-written code.
//!
//! * Server: one process serves with generated and with hand-written code, another one calls both.
//! * Client: one process calls a server that costs almost nothing, with generated and with
//!   hand-written code.
//! * Routes: a server with 1,891 operations against one with 7.
//! * Versions: server and client that emulate a release against those that do not.

mod clients;
mod fixed_server;
mod generated_server;
mod hand_written;
mod hand_written_server;
mod load;
pub(crate) mod plan;
pub(crate) mod roles;
mod routes;
mod scenario;
mod versions;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use clap::ValueEnum;
use tokio::runtime::Runtime;

use self::clients::{Caller, Generated, HandWritten};
use self::load::{Batches, Connections, Limits, SameRequest};
use self::plan::Plan;
use self::scenario::Scenario;
use crate::figure::{Figure, Goal};
use crate::process::{Process, Servers};
use crate::turns::{self, Side, Turn};
use crate::{Failure, raw_http, say};

/// The throughput, compared with hand-written code.
const THROUGHPUT: Goal = Goal::AtLeast(0.95);

/// A part of this benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Generated server against hand-written server
    Server,
    /// Generated client against hand-written client
    Client,
    /// Many routes against few
    Routes,
    /// Server and client that emulate a release against those that do not
    Versions,
}

/// The numbers of concurrent calls: one, for the latency of a call, and enough to keep both sides
/// busy.
const CONCURRENCIES: [usize; 2] = [1, 64];

/// The number of concurrent calls that share a connection to a server.
const PIPELINED: usize = 8;

/// The number of connections to a server of routes.
const CONNECTIONS: usize = 16;

/// The numbers of concurrent calls on each of these connections.
const DEPTHS: [usize; 2] = [1, PIPELINED];

pub(crate) fn run(plan: Plan, only: Option<Part>) -> Result<Vec<Figure>, Failure> {
    let runtime = roles::runtime()?;
    let mut figures = Vec::new();
    for (part, measure) in [
        (Part::Server, measure_servers as fn(&Runtime, &Plan, &mut Vec<Figure>) -> Result<(), Failure>),
        (Part::Client, measure_clients),
        (Part::Routes, measure_routes),
        (Part::Versions, versions::measure),
    ] {
        if only.is_none_or(|only| only == part) {
            measure(&runtime, &plan, &mut figures)?;
        }
    }
    Ok(figures)
}

/// Measures servers in several processes, one after the other, since the memory layout of a process
/// makes as large a difference as the code that is compared.
fn measure_servers(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let mut pairs = BTreeMap::new();
    for process in 1..=plan.processes {
        say(&format!("servers, process {process} of {}", plan.processes))?;
        let servers = Servers::start(&["pair"])?;
        let (generated, hand_written) = (servers.address(0)?, servers.address(1)?);
        for (index, scenario) in Scenario::ALL.into_iter().enumerate() {
            let request = scenario.request();
            for server in [generated, hand_written] {
                let body = runtime.block_on(raw_http::call(server, &request))?;
                if body != scenario.response() {
                    return Err(format!("unexpected response: {}", String::from_utf8_lossy(&body)).into());
                }
            }
            for concurrency in CONCURRENCIES {
                let name = format!("server, {}, {concurrency} at a time", scenario.name());
                let (_, pairs): &mut (_, Vec<_>) =
                    pairs.entry((index, concurrency)).or_insert_with(|| (name, Vec::new()));
                let both = [generated, hand_written];
                pairs.extend(measure_server_pair(
                    runtime,
                    plan,
                    servers.process(),
                    both,
                    scenario,
                    concurrency,
                )?);
            }
        }
    }
    for (name, pairs) in pairs.values() {
        report(name, THROUGHPUT, pairs, figures);
    }
    Ok(())
}

/// Measures two servers of a process: ours and the reference.
fn measure_server_pair(
    runtime: &Runtime,
    plan: &Plan,
    process: Process,
    [ours, reference]: [SocketAddr; 2],
    scenario: Scenario,
    concurrency: usize,
) -> Result<Vec<(Turn, Turn)>, Failure> {
    let depth = PIPELINED.min(concurrency);
    let batches = Arc::new(SameRequest::new(&scenario.request(), depth));
    let open = |server| runtime.block_on(Connections::open(server, concurrency / depth));
    let (mut ours, mut reference) = (open(ours)?, open(reference)?);
    turns::alternate(plan.rounds.div_ceil(plan.processes), |side| {
        let connections = if side == Side::Ours { &mut ours } else { &mut reference };
        call_server(runtime, plan, process, connections, &batches)
    })
}

/// Measures several pairs of clients.
fn measure_clients(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let servers = Servers::start(&["fixed"])?;
    for (index, scenario) in Scenario::ALL.into_iter().enumerate() {
        let server = servers.address(index)?;
        for concurrency in CONCURRENCIES {
            let name = format!("client, {}, {concurrency} at a time", scenario.name());
            say(&name)?;
            let mut pairs = Vec::new();
            for _ in 0..plan.processes {
                let (ours, reference) = (Generated::new(server)?, HandWritten::new(server)?);
                pairs.extend(turns::alternate(plan.rounds.div_ceil(plan.processes), |side| match side {
                    Side::Ours => call_with_client(runtime, plan, &ours, scenario, concurrency),
                    Side::Reference => call_with_client(runtime, plan, &reference, scenario, concurrency),
                })?);
            }
            report(&name, THROUGHPUT, &pairs, figures);
        }
    }
    Ok(())
}

/// Calls with a client for the length of a turn, on the worker thread of the runtime, which also
/// drives its connections.
fn call_with_client(
    runtime: &Runtime,
    plan: &Plan,
    caller: &impl Caller,
    scenario: Scenario,
    concurrency: usize,
) -> Result<Turn, Failure> {
    let before = Process::own().cpu();
    let limits = Limits::start(plan);
    let (caller, limits_of_calls) = (caller.clone(), Arc::clone(&limits));
    let calls = async move { clients::call(&caller, scenario, concurrency, &limits_of_calls).await };
    let times = runtime.block_on(runtime.spawn(calls))??;
    Ok(limits.result(times, Process::own().cpu_since(before)))
}

/// Measures several pairs of servers, each in a process of its own, so that their memory can be
/// compared.
fn measure_routes(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let against = format!("{} routes to {}", plan.many_routes, routes::FEW);
    let connections = [64, 512].map(|count| plan.max_connections.min(count));
    let (mut idle, mut connected, mut after) = (Vec::new(), [Vec::new(), Vec::new()], Vec::new());
    let mut turns_by_depth = [Vec::new(), Vec::new()];
    for pair in 1..=plan.pairs {
        say(&format!("{against}, pair {pair} of {}", plan.pairs))?;
        let many = RoutesServer::start(plan.many_routes, plan.many_routes)?;
        let few = RoutesServer::start(routes::FEW, plan.many_routes)?;
        let resident = || Some((many.process().resident()?, few.process().resident()?));
        idle.extend(resident());
        for (depth, pairs) in DEPTHS.into_iter().zip(&mut turns_by_depth) {
            let [mut ours, mut reference] =
                [many.connect(runtime, CONNECTIONS)?, few.connect(runtime, CONNECTIONS)?];
            let [many_batches, few_batches] = [&many, &few].map(|server| Arc::new(server.batches(depth)));
            pairs.extend(turns::alternate(plan.rounds_of_a_pair, |side| match side {
                Side::Ours => call_server(runtime, plan, many.process(), &mut ours, &many_batches),
                Side::Reference => call_server(runtime, plan, few.process(), &mut reference, &few_batches),
            })?);
        }
        after.extend(resident());
        // Measured last, since the memory that is released after many connections differs by a third
        // between processes.
        for (count, connected) in connections.into_iter().zip(&mut connected) {
            let _open = [many.connect(runtime, count)?, few.connect(runtime, count)?];
            connected.extend(resident());
        }
    }
    let goal = Goal::AtMost(1.05);
    let mut memory = |name: &str, goal, pairs: &[(f64, f64)]| {
        if !pairs.is_empty() {
            let name = format!("{against}, {name}: memory");
            figures.push(Figure::new(name, "KiB", goal, pairs, |memory| *memory));
        }
    };
    memory("idle", Goal::None, &idle);
    memory("after the calls below", goal, &after);
    for (count, connected) in connections.into_iter().zip(&connected) {
        memory(&format!("{count} connections"), goal, connected);
    }
    for (depth, pairs) in DEPTHS.into_iter().zip(&turns_by_depth) {
        let name = format!("{against}, {} at a time", CONNECTIONS * depth);
        report(&name, THROUGHPUT, pairs, figures);
        figures.push(Figure::new(format!("{name}: p99"), "µs", goal, pairs, |turn| turn.p99));
    }
    Ok(())
}

/// A server of the first `count` of `known` operations.
struct RoutesServer {
    servers: Servers,
    count: usize,
    known: usize,
}

impl RoutesServer {
    fn start(count: usize, known: usize) -> Result<Self, Failure> {
        let servers = Servers::start(&["routes", &count.to_string(), &known.to_string()])?;
        Ok(Self { servers, count, known })
    }

    fn process(&self) -> Process {
        self.servers.process()
    }

    /// Opens connections and makes a call on each.
    fn connect(&self, runtime: &Runtime, count: usize) -> Result<Connections, Failure> {
        let mut connections = runtime.block_on(Connections::open(self.servers.address(0)?, count))?;
        runtime.block_on(connections.touch(&self.batches(1)))?;
        Ok(connections)
    }

    fn batches(&self, depth: usize) -> routes::Requests {
        routes::Requests { count: self.count, known: self.known, depth }
    }
}

/// Calls a server for the length of a turn.
fn call_server(
    runtime: &Runtime,
    plan: &Plan,
    server: Process,
    connections: &mut Connections,
    batches: &Arc<impl Batches>,
) -> Result<Turn, Failure> {
    let before = server.cpu();
    let limits = Limits::start(plan);
    let times = runtime.block_on(connections.call(batches, &limits))?;
    Ok(limits.result(times, server.cpu_since(before)))
}

fn report(name: &str, goal: Goal, pairs: &[(Turn, Turn)], figures: &mut Vec<Figure>) {
    figures.push(Figure::new(name.to_owned(), "calls/s", goal, pairs, |turn| turn.rate));
    figures.extend(Figure::processor(name, pairs));
}
