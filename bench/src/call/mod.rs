//! The call path: what generated code costs, beside what one would write by
//! hand.
//!
//! * The server: one process serves with generated code and with
//!   hand-written code, another one calls both.
//! * The client: one process calls a server that costs next to nothing, with
//!   generated code and with hand-written code.
//! * Routes: a server of 1,891 operations beside one of 7.

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
pub(crate) mod wire;

use std::sync::Arc;

use clap::ValueEnum;
use tokio::runtime::Runtime;

use self::child::{Process, Servers};
use self::clients::{Generated, HandWritten};
use self::load::{Batch, Connections, Limits, Turn};
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
}

/// How many calls are under way at a time: one, which shows what a call
/// takes, and as many as keep everybody busy.
const CONCURRENCIES: [usize; 2] = [1, 64];

/// How many of 64 calls under way share a connection to a server.
const PIPELINED: usize = 8;

pub(crate) fn run(plan: Plan, only: Option<Part>) -> Result<Vec<Figure>, Failure> {
    let runtime = roles::runtime()?;
    let mut figures = Vec::new();
    for (part, measure) in [
        (Part::Server, measure_servers as fn(&Runtime, &Plan, &mut Vec<Figure>) -> Result<(), Failure>),
        (Part::Client, measure_clients),
        (Part::Routes, measure_routes),
    ] {
        if only.is_none_or(|only| only == part) {
            measure(&runtime, &plan, &mut figures)?;
        }
    }
    Ok(figures)
}

fn measure_servers(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let servers = Servers::start(&["pair"])?;
    let (generated, hand_written) = (servers.address(0)?, servers.address(1)?);
    for scenario in Scenario::ALL {
        let request = scenario.request();
        for server in [generated, hand_written] {
            let body = runtime.block_on(load::body(server, &request))?;
            if body != scenario.answer() {
                return Err(format!("{server} answers {}", String::from_utf8_lossy(&body)).into());
            }
        }
        for concurrency in CONCURRENCIES {
            let depth = PIPELINED.min(concurrency);
            let batches: Arc<[Batch]> = [Batch::of(&vec![request.clone(); depth])].into();
            let name = format!("server, {}, {concurrency} at a time", scenario.name());
            say(&name)?;
            let mut ours = runtime.block_on(Connections::open(generated, concurrency / depth))?;
            let mut reference = runtime.block_on(Connections::open(hand_written, concurrency / depth))?;
            let taken = turns::take(plan.rounds, |side| {
                let connections = if side == Side::Ours { &mut ours } else { &mut reference };
                turn(runtime, plan, servers.process(), connections, &batches)
            })?;
            report(&name, &taken, figures);
        }
    }
    Ok(())
}

fn measure_clients(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let servers = Servers::start(&["fixed"])?;
    for (index, scenario) in Scenario::ALL.into_iter().enumerate() {
        let ours = Generated::new(servers.address(index)?)?;
        let reference = HandWritten::new(servers.address(index)?)?;
        for concurrency in CONCURRENCIES {
            let name = format!("client, {}, {concurrency} at a time", scenario.name());
            say(&name)?;
            let taken = turns::take(plan.rounds, |side| {
                let before = Process::own().cpu();
                let limits = Limits::of(plan);
                // On the worker of the runtime, where its connections are.
                let (ours, reference, at) = (ours.clone(), reference.clone(), Arc::clone(&limits));
                let times = runtime.block_on(runtime.spawn(async move {
                    match side {
                        Side::Ours => clients::call(&ours, scenario, concurrency, &at).await,
                        Side::Reference => clients::call(&reference, scenario, concurrency, &at).await,
                    }
                }))??;
                Ok::<_, Failure>(limits.turn(times, since(before, Process::own())))
            })?;
            report(&name, &taken, figures);
        }
    }
    Ok(())
}

fn measure_routes(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let known = plan.many_routes.to_string();
    let many = Servers::start(&["routes", &known, &known])?;
    let few = Servers::start(&["routes", &routes::FEW.to_string(), &known])?;
    let sides = [(&many, routes::requests(plan.many_routes)), (&few, routes::requests(routes::FEW))];
    let against = format!("{known} routes to {}", routes::FEW);

    resident(&format!("{against}, idle: memory"), Goal::None, [&many, &few], figures);
    let mut open = Vec::new();
    for count in [64, 512].map(|it| plan.most_connections.min(it)) {
        for (servers, requests) in &sides {
            let mut connections = runtime.block_on(Connections::open(servers.address(0)?, count))?;
            runtime.block_on(connections.touch(&Batch::of(&requests[..1])))?;
            open.push(connections);
        }
        let name = format!("{against}, {count} connections: memory");
        resident(&name, Goal::AtMost(1.05), [&many, &few], figures);
        open.clear();
    }

    for depth in [1, PIPELINED] {
        let concurrency = 16 * depth;
        let name = format!("{against}, {concurrency} at a time");
        say(&name)?;
        let batches = sides
            .each_ref()
            .map(|(_, requests)| -> Arc<[Batch]> { requests.chunks(depth).map(Batch::of).collect() });
        let mut ours = runtime.block_on(Connections::open(many.address(0)?, 16))?;
        let mut reference = runtime.block_on(Connections::open(few.address(0)?, 16))?;
        let taken = turns::take(plan.rounds, |side| match side {
            Side::Ours => turn(runtime, plan, many.process(), &mut ours, &batches[0]),
            Side::Reference => turn(runtime, plan, few.process(), &mut reference, &batches[1]),
        })?;
        report(&name, &taken, figures);
        figures.push(Figure::of(format!("{name}: p99"), "µs", Goal::AtMost(1.05), &taken, |it| it.p99));
    }
    resident(&format!("{against}, after these calls: memory"), Goal::AtMost(1.05), [&many, &few], figures);
    Ok(())
}

/// Calls a server for the length of a turn.
fn turn(
    runtime: &Runtime,
    plan: &Plan,
    server: Process,
    connections: &mut Connections,
    batches: &Arc<[Batch]>,
) -> Result<Turn, Failure> {
    let before = server.cpu();
    let limits = Limits::of(plan);
    let times = runtime.block_on(connections.call(batches, &limits))?;
    Ok(limits.turn(times, since(before, server)))
}

fn since(before: Option<std::time::Duration>, process: Process) -> Option<std::time::Duration> {
    Some(process.cpu()?.saturating_sub(before?))
}

fn report(name: &str, taken: &[(Turn, Turn)], figures: &mut Vec<Figure>) {
    figures.push(Figure::of(name.to_owned(), "calls/s", THROUGHPUT, taken, |it| it.rate));
    if taken.iter().all(|(ours, reference)| ours.cpu > 0.0 && reference.cpu > 0.0) {
        figures.push(Figure::of(format!("{name}: processor"), "µs/call", Goal::None, taken, |it| it.cpu));
    }
}

/// The memory of two servers, where it is known.
fn resident(name: &str, goal: Goal, [ours, reference]: [&Servers; 2], figures: &mut Vec<Figure>) {
    if let (Some(value), Some(reference)) = (ours.process().resident(), reference.process().resident()) {
        let ratio = value / reference;
        figures.push(Figure { name: name.to_owned(), unit: "KiB", value, reference, ratio, goal });
    }
}
