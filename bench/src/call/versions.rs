//! Measures the cost of emulating a release: a server or client with a release against one without.

use std::net::SocketAddr;

use tokio::runtime::Runtime;
use zstack_runtime::Version;

use super::clients::Generated;
use super::plan::Plan;
use super::scenario::Scenario;
use crate::figure::{Figure, Goal};
use crate::process::Servers;
use crate::turns::{self, Side};
use crate::{Failure, raw_http, say};

/// A release that has all fields of the responses, so that all are checked and none is omitted.
const OLD: Version = Version::new("3.3.0");

/// The releases that servers emulate, with the throughput compared with a server without a release.
const EMULATED: [(Version, Goal); 3] = [
    // The newest release.
    (Version::new("5.2.0"), Goal::AtLeast(0.98)),
    (OLD, Goal::AtLeast(0.90)),
    // Without CD-ROM drives, so that responses are shorter.
    (Version::new("3.0.0"), Goal::AtLeast(0.90)),
];

const CLIENT: Goal = Goal::AtLeast(0.90);

/// Many concurrent calls, since transport dominates a single one.
const CONCURRENCY: usize = 64;

const SCENARIOS: [Scenario; 2] = [Scenario::One, Scenario::Many];

/// Returns the releases of the servers that are compared; the last one is the reference.
pub(super) fn releases() -> impl Iterator<Item = Version> {
    EMULATED.into_iter().map(|(release, _)| release).chain([Version::NEWEST])
}

pub(super) fn measure(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    measure_servers(runtime, plan, figures)?;
    measure_clients(runtime, plan, figures)
}

fn measure_servers(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let mut pairs = [(); EMULATED.len() * SCENARIOS.len()].map(|()| Vec::new());
    for process in 1..=plan.processes {
        say(&format!("servers of releases, process {process} of {}", plan.processes))?;
        let servers = Servers::start(&["versions"])?;
        let reference = servers.address(EMULATED.len())?;
        // Each process begins with a different release, since the first one finds a fresh process.
        for index in (0..pairs.len()).cycle().skip(process).take(pairs.len()) {
            let (scenario, release) = (SCENARIOS[index % SCENARIOS.len()], index / SCENARIOS.len());
            let server = servers.address(release)?;
            check(runtime, server, scenario, EMULATED[release].0)?;
            check(runtime, reference, scenario, Version::NEWEST)?;
            let (process, both) = (servers.process(), [server, reference]);
            let turns = super::measure_server_pair(runtime, plan, process, both, scenario, CONCURRENCY)?;
            pairs[index].extend(turns);
        }
    }
    for (index, pairs) in pairs.iter().enumerate() {
        let (release, goal) = EMULATED[index / SCENARIOS.len()];
        let name = name("server", release, SCENARIOS[index % SCENARIOS.len()]);
        super::report(&name, goal, pairs, figures);
    }
    Ok(())
}

/// Checks that a server returns the fields of its release.
fn check(runtime: &Runtime, server: SocketAddr, scenario: Scenario, release: Version) -> Result<(), Failure> {
    let body = runtime.block_on(raw_http::call(server, &scenario.request()))?;
    let complete = scenario.response();
    let is_expected = if release < OLD { body.len() < complete.len() } else { body == complete };
    if is_expected {
        Ok(())
    } else {
        Err(format!("unexpected response at {release}: {}", String::from_utf8_lossy(&body)).into())
    }
}

fn measure_clients(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let servers = Servers::start(&["fixed"])?;
    for scenario in SCENARIOS {
        let name = name("client", OLD, scenario);
        say(&name)?;
        let server = servers.address(scenario.index())?;
        let mut pairs = Vec::new();
        for _ in 0..plan.processes {
            let (ours, reference) = (Generated::with_release(server, OLD)?, Generated::new(server)?);
            pairs.extend(turns::alternate(plan.rounds.div_ceil(plan.processes), |side| {
                let client = if side == Side::Ours { &ours } else { &reference };
                super::call_with_client(runtime, plan, client, scenario, CONCURRENCY)
            })?);
        }
        super::report(&name, CLIENT, &pairs, figures);
    }
    Ok(())
}

fn name(what: &str, release: Version, scenario: Scenario) -> String {
    format!("{what} at {release}, {}, {CONCURRENCY} at a time", scenario.name())
}
