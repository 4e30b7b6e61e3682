//! The call path: what generated code costs, beside what one would write by
//! hand.
//!
//! * The server: one process serves with generated code and with
//!   hand-written code, another one calls both.
//! * The client: one process calls a server that costs next to nothing, with
//!   generated code and with hand-written code.
//! * Routes: a server of 1,891 operations beside one of 7.
//! * Versions: server and client of a release beside those of none.

pub(crate) mod child;
mod clients;
mod fixed_server;
mod generated_server;
mod hand_written;
mod hand_written_server;
pub(crate) mod load;
pub(crate) mod plan;
pub(crate) mod roles;
mod routes;
mod scenario;
mod versions;
pub(crate) mod wire;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use clap::ValueEnum;
use tokio::runtime::Runtime;

use self::child::{Process, Servers};
use self::clients::{Caller, Generated, HandWritten};
use self::load::{Batches, Connections, Limits, Same, Turn};
use self::plan::Plan;
use self::scenario::Scenario;
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

/// How much of the throughput of hand-written code is to be there.
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
    /// Server and client of a release against those of none
    Versions,
}

/// How many calls are under way at a time: one, which shows what a call
/// takes, and as many as keep everybody busy.
const CONCURRENCIES: [usize; 2] = [1, 64];

/// How many of 64 calls under way share a connection to a server.
const PIPELINED: usize = 8;

/// How many connections call a server of routes.
const CONNECTIONS: usize = 16;

/// How many calls are under way on each of them.
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

/// Several processes, one after the other: where one happens to have what in
/// its memory is the same in all of its turns, and makes as much of a
/// difference as what is measured.
fn measure_servers(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let mut taken = BTreeMap::new();
    for process in 1..=plan.processes {
        say(&format!("servers, process {process} of {}", plan.processes))?;
        let servers = Servers::start(&["pair"])?;
        let (generated, hand_written) = (servers.address(0)?, servers.address(1)?);
        for (index, scenario) in Scenario::ALL.into_iter().enumerate() {
            let request = scenario.request();
            for server in [generated, hand_written] {
                let body = runtime.block_on(load::body(server, &request))?;
                if body != scenario.answer() {
                    return Err(format!("{server} answers {}", String::from_utf8_lossy(&body)).into());
                }
            }
            for concurrency in CONCURRENCIES {
                let name = format!("server, {}, {concurrency} at a time", scenario.name());
                let (_, taken): &mut (_, Vec<_>) =
                    taken.entry((index, concurrency)).or_insert_with(|| (name, Vec::new()));
                let both = [generated, hand_written];
                taken.extend(server_turns(runtime, plan, servers.process(), both, scenario, concurrency)?);
            }
        }
    }
    for (name, taken) in taken.values() {
        report(name, THROUGHPUT, taken, figures);
    }
    Ok(())
}

/// Calls one server of a process and another one in turns: ours, and the
/// reference.
fn server_turns(
    runtime: &Runtime,
    plan: &Plan,
    process: Process,
    [ours, reference]: [SocketAddr; 2],
    scenario: Scenario,
    concurrency: usize,
) -> Result<Vec<(Turn, Turn)>, Failure> {
    let depth = PIPELINED.min(concurrency);
    let batches = Arc::new(Same::of(&scenario.request(), depth));
    let open = |server| runtime.block_on(Connections::open(server, concurrency / depth));
    let (mut ours, mut reference) = (open(ours)?, open(reference)?);
    turns::take(plan.rounds.div_ceil(plan.processes), |side| {
        let connections = if side == Side::Ours { &mut ours } else { &mut reference };
        turn(runtime, plan, process, connections, &batches)
    })
}

/// Several pairs of clients, too.
fn measure_clients(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let servers = Servers::start(&["fixed"])?;
    for (index, scenario) in Scenario::ALL.into_iter().enumerate() {
        let server = servers.address(index)?;
        for concurrency in CONCURRENCIES {
            let name = format!("client, {}, {concurrency} at a time", scenario.name());
            say(&name)?;
            let mut taken = Vec::new();
            for _ in 0..plan.processes {
                let (ours, reference) = (Generated::new(server)?, HandWritten::new(server)?);
                taken.extend(turns::take(plan.rounds.div_ceil(plan.processes), |side| match side {
                    Side::Ours => client_turn(runtime, plan, &ours, scenario, concurrency),
                    Side::Reference => client_turn(runtime, plan, &reference, scenario, concurrency),
                })?);
            }
            report(&name, THROUGHPUT, &taken, figures);
        }
    }
    Ok(())
}

/// Calls with a client for the length of a turn, on the worker of the
/// runtime, where its connections are.
fn client_turn(
    runtime: &Runtime,
    plan: &Plan,
    caller: &impl Caller,
    scenario: Scenario,
    concurrency: usize,
) -> Result<Turn, Failure> {
    let before = Process::own().cpu();
    let limits = Limits::of(plan);
    let (caller, at) = (caller.clone(), Arc::clone(&limits));
    let calls = async move { clients::call(&caller, scenario, concurrency, &at).await };
    let times = runtime.block_on(runtime.spawn(calls))??;
    Ok(limits.turn(times, since(before, Process::own())))
}

/// Several servers of each kind, too, in pairs: here each is a process, whose
/// memory is looked at.
fn measure_routes(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let against = format!("{} routes to {}", plan.many_routes, routes::FEW);
    let connections = [64, 512].map(|it| plan.most_connections.min(it));
    let (mut idle, mut connected, mut after) = (Vec::new(), [Vec::new(), Vec::new()], Vec::new());
    let mut taken = [Vec::new(), Vec::new()];
    for pair in 1..=plan.pairs {
        say(&format!("{against}, pair {pair} of {}", plan.pairs))?;
        let many = RoutesServer::start(plan.many_routes, plan.many_routes)?;
        let few = RoutesServer::start(routes::FEW, plan.many_routes)?;
        let resident = || Some((many.process().resident()?, few.process().resident()?));
        idle.extend(resident());
        for (depth, taken) in DEPTHS.into_iter().zip(&mut taken) {
            let [mut ours, mut reference] =
                [many.connect(runtime, CONNECTIONS)?, few.connect(runtime, CONNECTIONS)?];
            let [many_batches, few_batches] = [&many, &few].map(|it| Arc::new(it.batches(depth)));
            taken.extend(turns::take(plan.rounds_of_a_pair, |side| match side {
                Side::Ours => turn(runtime, plan, many.process(), &mut ours, &many_batches),
                Side::Reference => turn(runtime, plan, few.process(), &mut reference, &few_batches),
            })?);
        }
        after.extend(resident());
        // Last: how much of what many connections took goes back to the system
        // differs by a third from one process to the next.
        for (count, connected) in connections.into_iter().zip(&mut connected) {
            let _open = [many.connect(runtime, count)?, few.connect(runtime, count)?];
            connected.extend(resident());
        }
    }
    let goal = Goal::AtMost(1.05);
    let mut memory = |name: &str, goal, taken: &[(f64, f64)]| {
        if !taken.is_empty() {
            figures.push(Figure::of(format!("{against}, {name}: memory"), "KiB", goal, taken, |it| *it));
        }
    };
    memory("idle", Goal::None, &idle);
    memory("after the calls below", goal, &after);
    for (count, connected) in connections.into_iter().zip(&connected) {
        memory(&format!("{count} connections"), goal, connected);
    }
    for (depth, taken) in DEPTHS.into_iter().zip(&taken) {
        let name = format!("{against}, {} at a time", CONNECTIONS * depth);
        report(&name, THROUGHPUT, taken, figures);
        figures.push(Figure::of(format!("{name}: p99"), "µs", goal, taken, |it| it.p99));
    }
    Ok(())
}

/// A server of some of the operations, and what calls each of them.
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

    /// Connections that have had a call each.
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
fn turn(
    runtime: &Runtime,
    plan: &Plan,
    server: Process,
    connections: &mut Connections,
    batches: &Arc<impl Batches>,
) -> Result<Turn, Failure> {
    let before = server.cpu();
    let limits = Limits::of(plan);
    let times = runtime.block_on(connections.call(batches, &limits))?;
    Ok(limits.turn(times, since(before, server)))
}

fn since(before: Option<std::time::Duration>, process: Process) -> Option<std::time::Duration> {
    Some(process.cpu()?.saturating_sub(before?))
}

fn report(name: &str, goal: Goal, taken: &[(Turn, Turn)], figures: &mut Vec<Figure>) {
    figures.push(Figure::of(name.to_owned(), "calls/s", goal, taken, |it| it.rate));
    if taken.iter().all(|(ours, reference)| ours.cpu > 0.0 && reference.cpu > 0.0) {
        figures.push(Figure::of(format!("{name}: processor"), "µs/call", Goal::None, taken, |it| it.cpu));
    }
}
