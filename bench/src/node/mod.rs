//! The management node: what its operations cost beside the same SQLite
//! transactions by hand.
//!
//! * The ceiling: one thread runs the statements that the operations need -
//!   the reads of the rules, the writes, the reads of the answer - in
//!   transactions of as many operations as there are callers, and writes the
//!   answers as JSON. No HTTP, no other threads, no waiting: a server cannot
//!   reach it, since requests cost processor time that it does not spend.
//! * The writes alone: the same without the reads, the rules and the answers.
//! * By hand behind hyper: the ceiling with a minimal server in front, in a
//!   process of its own and called like the node. It reads a path and one
//!   header, and checks nothing else of a request.
//!
//! All sides have copies of one database and the settings that make SQLite
//! durable: WAL, synchronous FULL. Databases lie beside the node's program, where a
//! disk is most likely; on a file system in memory a sync costs nothing.

mod by_hand;
pub(crate) mod by_hand_server;
mod ceiling;
mod cloud;
mod load;
mod plan;
mod script;

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::by_hand::{ByHand, Extent};
use self::load::Callers;
use self::plan::{Plan, SMALL};
use self::script::Script;
use crate::call::child::Servers;
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, build, say};

/// How many operations share a transaction at most, by hand.
const GROUP: usize = 64;

/// How much of the ceiling is to be there.
const THROUGHPUT: Goal = Goal::AtLeast(0.7);

pub(crate) fn run(smoke: bool) -> Result<Vec<Figure>, Failure> {
    let plan = if smoke { Plan::SMOKE } else { Plan::FULL };
    let program = build::program("zstack-node", smoke)?;
    // One thread: what calls costs as little as it can.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut figures = Vec::new();

    let large = Cloud::new(&runtime, &program, plan.large)?;
    large.resident("idle", &mut figures);
    let changes = |callers| script::changes(callers, plan.large);
    for callers in [plan.callers, 1] {
        let name = format!("attach and detach, {}", at_a_time(callers));
        large.measure(&runtime, &plan, &name, &changes(callers), &mut figures)?;
    }
    large.resident("under attach and detach", &mut figures);
    for callers in [plan.callers, 1] {
        let name = format!("{} candidates, {}", plan.large, at_a_time(callers));
        large.measure(&runtime, &plan, &name, &script::candidates(callers), &mut figures)?;
    }
    large.resident("under candidates", &mut figures);
    drop(large);

    let small = Cloud::new(&runtime, &program, SMALL)?;
    for callers in [plan.callers, 1] {
        let name = format!("{SMALL} candidates, {}", at_a_time(callers));
        small.measure(&runtime, &plan, &name, &script::candidates(callers), &mut figures)?;
    }
    Ok(figures)
}

fn at_a_time(callers: usize) -> String {
    format!("{callers} at a time")
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
            node: Servers::node(program, &copy("node.sqlite")?)?,
            by_hand: Servers::start(&["by-hand", &copy("by-hand.sqlite")?.to_string_lossy()])?,
            ceiling: ByHand::open(&copy("ceiling.sqlite")?)?,
            vms,
            _folder: folder,
        };
        cloud.check(runtime)?;
        Ok(cloud)
    }

    /// All sides answer the same.
    fn check(&self, runtime: &Runtime) -> Result<(), Failure> {
        let steps = script::changes(1, 2).into_iter().chain(script::candidates(1));
        for mut script in steps {
            for (_, request) in script.step() {
                let ours = read(&runtime.block_on(load::body(self.node.address(0)?, request))?)?;
                let reference = read(&runtime.block_on(load::body(self.by_hand.address(0)?, request))?)?;
                if ours != reference {
                    return Err(format!("the node answers {ours}, by hand it is {reference}").into());
                }
                let all = ours["inventories"].as_array().map_or(self.vms, Vec::len);
                if all != self.vms {
                    return Err(format!("of {} candidates {all} are there", self.vms).into());
                }
            }
        }
        Ok(())
    }

    /// The node against each reference, in turns.
    fn measure(
        &self,
        runtime: &Runtime,
        plan: &Plan,
        name: &str,
        scripts: &[Script],
        figures: &mut Vec<Figure>,
    ) -> Result<(), Failure> {
        let connect = |to: &Servers| runtime.block_on(Callers::connect(to, scripts));
        let (mut node, mut by_hand) = (connect(&self.node)?, connect(&self.by_hand)?);
        let mut scripts = scripts.to_vec();
        let mut references = vec![Reference::Ceiling, Reference::BehindHyper];
        if scripts.iter().any(Script::writes) {
            references.push(Reference::Writes);
        }
        for reference in references {
            let name = format!("{name}, to {}", reference.name());
            say(&name)?;
            let taken = turns::take(plan.rounds, |side| match (side, reference) {
                (Side::Ours, _) => runtime.block_on(node.call(plan)),
                (Side::Reference, Reference::Ceiling) => {
                    ceiling::call(&self.ceiling, Extent::Whole, &mut scripts, plan)
                }
                (Side::Reference, Reference::Writes) => {
                    ceiling::call(&self.ceiling, Extent::Writes, &mut scripts, plan)
                }
                (Side::Reference, Reference::BehindHyper) => runtime.block_on(by_hand.call(plan)),
            })?;
            let has_goal = reference != Reference::Writes && scripts.len() == plan.callers;
            let goal = if has_goal { THROUGHPUT } else { Goal::None };
            figures.push(Figure::of(name.clone(), "calls/s", goal, &taken, |it| it.rate));
            figures.push(Figure::of(format!("{name}: p99"), "µs", Goal::None, &taken, |it| it.p99));
            if taken.iter().all(|(ours, reference)| ours.cpu > 0.0 && reference.cpu > 0.0) {
                figures.push(Figure::of(format!("{name}: processor"), "µs/call", Goal::None, &taken, |it| {
                    it.cpu
                }));
            }
        }
        Ok(())
    }

    /// The memory of the node, beside that of the reference behind hyper.
    fn resident(&self, when: &str, figures: &mut Vec<Figure>) {
        if let (Some(value), Some(reference)) =
            (self.node.process().resident(), self.by_hand.process().resident())
        {
            let name = format!("memory, {when}, to by hand behind hyper");
            figures.push(Figure {
                name,
                unit: "KiB",
                value,
                reference,
                ratio: value / reference,
                goal: Goal::None,
            });
        }
    }
}

/// What the node is measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    /// The transactions by hand.
    Ceiling,
    /// What they write, and no more.
    Writes,
    /// The transactions by hand with HTTP in front.
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

/// An answer, without the times at which something was just changed.
fn read(body: &[u8]) -> Result<Value, Failure> {
    let mut answer: Value = serde_json::from_slice(body)?;
    if let Some(drives) = answer["inventory"]["vmCdRoms"].as_array_mut() {
        drives.iter_mut().for_each(|drive| drive["lastOpDate"] = Value::Null);
    }
    Ok(answer)
}
