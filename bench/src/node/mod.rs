//! Compares the management node with the same SQLite transactions, written by hand.
//!
//! * The ceiling: one thread runs the statements that the operations need (the reads of the rules,
//!   the writes, the reads of the response) in transactions of as many operations as there are
//!   callers, and writes the responses as JSON. Without HTTP, other threads and waiting, it is
//!   faster than any server can be.
//! * The writes alone: the same without reads, rules and responses.
//! * By hand behind hyper: the ceiling with a minimal server in front, in a separate process, and
//!   called like the node. It reads the path and one header, and checks nothing else of a request.
//!
//! All sides have copies of one database and the settings that make SQLite durable: WAL,
//! synchronous FULL. Databases are next to the program of the node, which is probably on a disk;
//! on a file system in memory, syncing would be free.

mod by_hand;
pub(crate) mod by_hand_server;
mod ceiling;
mod cloud;
mod huge;
mod load;
mod plan;
mod script;
mod zones;

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::by_hand::{ByHand, Extent};
use self::load::Callers;
use self::plan::{Plan, SMALL};
use self::script::Script;
use crate::figure::{Figure, Goal};
use crate::process::Servers;
use crate::turns::{self, Side};
use crate::{Failure, build, raw_http, say};

/// The maximum number of operations in a hand-written transaction.
const GROUP: usize = 64;

/// The throughput of the node, compared with the same work by hand behind hyper: of written rules, of
/// a resource without rules of its own, and of lists.
const WRITTEN: Goal = Goal::AtLeast(0.95);
const PLAIN: Goal = Goal::AtLeast(0.8);
const LISTS: Goal = Goal::AtLeast(0.7);

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// Attach and detach an ISO
    Changes,
    /// Create, update and delete a zone
    Zones,
    /// List the candidates for an ISO
    Candidates,
    /// Start an empty node and one with many VM instances, and query these
    Huge,
}

pub(crate) fn run(only: Option<Part>, smoke: bool) -> Result<Vec<Figure>, Failure> {
    let plan = if smoke { Plan::SMOKE } else { Plan::FULL };
    let includes = |part| only.is_none_or(|only| only == part);
    let program = build::program("zstack-node", smoke)?;
    // One thread, so that the callers cost as little as possible.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut figures = Vec::new();
    if only != Some(Part::Huge) {
        let large = Cloud::new(&runtime, &program, plan.large)?;
        large.measure_memory("idle", &mut figures);
        if includes(Part::Changes) {
            for callers in [plan.callers, 1] {
                let name = format!("attach and detach, {callers} at a time");
                let scripts = script::changes(callers, plan.large);
                large.measure(&runtime, &plan, (&name, WRITTEN), &scripts, &mut figures)?;
            }
            large.measure_memory("under attach and detach", &mut figures);
        }
        if includes(Part::Zones) {
            for callers in [plan.callers, 1] {
                let name = format!("create, update and delete a zone, {callers} at a time");
                large.measure(&runtime, &plan, (&name, PLAIN), &script::zones(callers), &mut figures)?;
            }
        }
        if includes(Part::Candidates) {
            large.measure_candidates(&runtime, &plan, &mut figures)?;
            large.measure_memory("under candidates", &mut figures);
        }
    }
    if includes(Part::Candidates) {
        Cloud::new(&runtime, &program, SMALL)?.measure_candidates(&runtime, &plan, &mut figures)?;
    }
    if includes(Part::Huge) {
        figures.extend(huge::measure(&runtime, &program, &plan)?);
    }
    Ok(figures)
}

/// All sides, each with a copy of the same database.
struct Cloud {
    node: Servers,
    by_hand: Servers,
    ceiling: ByHand,
    vms: usize,
    _folder: TempDir,
}

impl Cloud {
    fn new(runtime: &Runtime, program: &Path, vms: usize) -> Result<Self, Failure> {
        let folder = tempfile::tempdir_in(program.parent().unwrap_or(Path::new(".")))?;
        let path = |name: &str| folder.path().join(name);
        let original = path("original.sqlite");
        cloud::write(runtime, &original, vms)?;
        let copy = |name: &str| -> Result<PathBuf, Failure> {
            let to = path(name);
            std::fs::copy(&original, &to)?;
            Ok(to)
        };
        let cloud = Self {
            node: Servers::start_node(program, &copy("node.sqlite")?)?,
            by_hand: Servers::start(&["by-hand", &copy("by-hand.sqlite")?.to_string_lossy()])?,
            ceiling: ByHand::open(&copy("ceiling.sqlite")?)?,
            vms,
            _folder: folder,
        };
        cloud.check(runtime)?;
        Ok(cloud)
    }

    /// Checks that both servers return the same responses.
    fn check(&self, runtime: &Runtime) -> Result<(), Failure> {
        for mut script in
            script::changes(1, 2).into_iter().chain(script::zones(1)).chain(script::candidates(1))
        {
            for (_, request) in script.next_step() {
                let response = |servers: &Servers| -> Result<Value, Failure> {
                    parse(&runtime.block_on(raw_http::call(servers.address(0)?, request))?)
                };
                let (ours, reference) = (response(&self.node)?, response(&self.by_hand)?);
                if ours != reference {
                    return Err(format!("the node returns {ours}, the reference returns {reference}").into());
                }
                let count = ours["inventories"].as_array().map_or(self.vms, Vec::len);
                if count != self.vms {
                    return Err(format!("{count} candidates instead of {}", self.vms).into());
                }
            }
        }
        Ok(())
    }

    /// Measures the list of candidates, whose length is the number of VM instances.
    fn measure_candidates(
        &self,
        runtime: &Runtime,
        plan: &Plan,
        figures: &mut Vec<Figure>,
    ) -> Result<(), Failure> {
        for callers in [plan.callers, 1] {
            let name = format!("{} candidates, {callers} at a time", self.vms);
            self.measure(runtime, plan, (&name, LISTS), &script::candidates(callers), figures)?;
        }
        Ok(())
    }

    /// Measures the node against each reference.
    fn measure(
        &self,
        runtime: &Runtime,
        plan: &Plan,
        (name, goal): (&str, Goal),
        scripts: &[Script],
        figures: &mut Vec<Figure>,
    ) -> Result<(), Failure> {
        let connect = |to: &Servers| runtime.block_on(Callers::connect(to, scripts));
        let (mut node, mut by_hand) = (connect(&self.node)?, connect(&self.by_hand)?);
        let mut scripts = scripts.to_vec();
        let mut references = vec![Reference::Ceiling, Reference::BehindHyper];
        if scripts.iter().any(Script::has_writes) {
            references.push(Reference::Writes);
        }
        for reference in references {
            let name = format!("{name}, to {}", reference.name());
            say(&name)?;
            let pairs = turns::alternate(plan.rounds, |side| match (side, reference) {
                (Side::Ours, _) => runtime.block_on(node.call(plan)),
                (Side::Reference, Reference::Ceiling) => {
                    ceiling::call(&self.ceiling, Extent::Whole, &mut scripts, plan)
                }
                (Side::Reference, Reference::Writes) => {
                    ceiling::call(&self.ceiling, Extent::Writes, &mut scripts, plan)
                }
                (Side::Reference, Reference::BehindHyper) => runtime.block_on(by_hand.call(plan)),
            })?;
            let goal = if reference == Reference::BehindHyper { goal } else { Goal::None };
            figures.push(Figure::new(name.clone(), "calls/s", goal, &pairs, |turn| turn.rate));
            figures.push(Figure::new(format!("{name}: p99"), "µs", Goal::None, &pairs, |turn| turn.p99));
            figures.extend(Figure::processor(&name, &pairs));
        }
        Ok(())
    }

    /// Compares the memory of the node with that of the reference behind hyper.
    fn measure_memory(&self, when: &str, figures: &mut Vec<Figure>) {
        if let (Some(ours), Some(reference)) =
            (self.node.process().resident(), self.by_hand.process().resident())
        {
            let name = format!("memory, {when}, to by hand behind hyper");
            figures.push(Figure::new(name, "KiB", Goal::None, &[(ours, reference)], |memory| *memory));
        }
    }
}

/// A reference of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    /// The transactions by hand.
    Ceiling,
    /// Only the writes of these transactions.
    Writes,
    /// The transactions by hand, with HTTP in front.
    BehindHyper,
}

impl Reference {
    fn name(self) -> &'static str {
        match self {
            Self::Ceiling => "the ceiling",
            Self::Writes => "the writes alone",
            Self::BehindHyper => "by hand behind hyper",
        }
    }
}

/// Parses a response, and removes the times of the changes just made, which each side makes at its own time.
fn parse(body: &[u8]) -> Result<Value, Failure> {
    let mut response: Value = serde_json::from_slice(body)?;
    if let Some(inventory) = response.get_mut("inventory") {
        remove_times(inventory);
    }
    response["inventories"].as_array_mut().into_iter().flatten().for_each(remove_times);
    Ok(response)
}

fn remove_times(inventory: &mut Value) {
    let drives = inventory["vmCdRoms"].as_array_mut().into_iter().flatten();
    drives.for_each(|drive| drive["lastOpDate"] = Value::Null);
    if inventory["type"] == "zstack" {
        inventory["createDate"] = Value::Null;
        inventory["lastOpDate"] = Value::Null;
    }
}
