//! What a release costs: a server that plays one, and a client that was told
//! one, against the same that know none.

use std::net::SocketAddr;

use tokio::runtime::Runtime;
use zstack_runtime::Version;

use super::child::Servers;
use super::clients::Generated;
use super::load;
use super::plan::Plan;
use super::scenario::Scenario;
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

/// A release that has all that is in the answers: nothing is left out, and all
/// is looked at.
const OLD: Version = Version::new("3.3.0");

/// What servers play, and what is to be there of the throughput of one that
/// plays nothing.
const PLAYED: [(Version, Goal); 3] = [
    // The newest that is declared.
    (Version::new("5.2.0"), Goal::AtLeast(0.98)),
    (OLD, Goal::AtLeast(0.90)),
    // Without the drives of VM instances: there is less to write.
    (Version::new("3.0.0"), Goal::AtLeast(0.90)),
];

const CLIENT: Goal = Goal::AtLeast(0.90);

/// Many calls at a time: one at a time, what carries them is most of it.
const CONCURRENCY: usize = 64;

const SCENARIOS: [Scenario; 2] = [Scenario::One, Scenario::Many];

/// The releases of the servers that are compared; the last one is the
/// reference.
pub(super) fn played() -> impl Iterator<Item = Version> {
    PLAYED.into_iter().map(|(release, _)| release).chain([Version::NEWEST])
}

pub(super) fn measure(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    measure_servers(runtime, plan, figures)?;
    measure_clients(runtime, plan, figures)
}

fn measure_servers(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let mut taken = [(); PLAYED.len() * SCENARIOS.len()].map(|()| Vec::new());
    for process in 1..=plan.processes {
        say(&format!("servers of releases, process {process} of {}", plan.processes))?;
        let servers = Servers::start(&["versions"])?;
        let reference = servers.address(PLAYED.len())?;
        // Another one first in each process: it finds one that has done nothing.
        for index in (0..taken.len()).cycle().skip(process).take(taken.len()) {
            let (scenario, release) = (SCENARIOS[index % SCENARIOS.len()], index / SCENARIOS.len());
            let server = servers.address(release)?;
            check(runtime, server, scenario, PLAYED[release].0)?;
            check(runtime, reference, scenario, Version::NEWEST)?;
            let (process, both) = (servers.process(), [server, reference]);
            let turns = super::server_turns(runtime, plan, process, both, scenario, CONCURRENCY)?;
            taken[index].extend(turns);
        }
    }
    for (index, taken) in taken.iter().enumerate() {
        let (release, goal) = PLAYED[index / SCENARIOS.len()];
        let name = name("server", release, SCENARIOS[index % SCENARIOS.len()]);
        super::report(&name, goal, taken, figures);
    }
    Ok(())
}

/// Whether a server answers what its release has.
fn check(runtime: &Runtime, server: SocketAddr, scenario: Scenario, release: Version) -> Result<(), Failure> {
    let body = runtime.block_on(load::body(server, &scenario.request()))?;
    let whole = scenario.answer();
    let fits = if release < OLD { body.len() < whole.len() } else { body == whole };
    if fits { Ok(()) } else { Err(format!("at {release}: {}", String::from_utf8_lossy(&body)).into()) }
}

fn measure_clients(runtime: &Runtime, plan: &Plan, figures: &mut Vec<Figure>) -> Result<(), Failure> {
    let servers = Servers::start(&["fixed"])?;
    for scenario in SCENARIOS {
        let name = name("client", OLD, scenario);
        say(&name)?;
        let server = servers.address(scenario.index())?;
        let mut taken = Vec::new();
        for _ in 0..plan.processes {
            let (told, untold) = (Generated::told(server, OLD)?, Generated::new(server)?);
            taken.extend(turns::take(plan.rounds.div_ceil(plan.processes), |side| {
                let client = if side == Side::Ours { &told } else { &untold };
                super::client_turn(runtime, plan, client, scenario, CONCURRENCY)
            })?);
        }
        super::report(&name, CLIENT, &taken, figures);
    }
    Ok(())
}

fn name(what: &str, release: Version, scenario: Scenario) -> String {
    format!("{what} at {release}, {}, {CONCURRENCY} at a time", scenario.name())
}
