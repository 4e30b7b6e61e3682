//! What people wait for who use the generated crates: their own program built
//! again after a change. The reference is a program with the same dependencies
//! that uses nothing of them.

use super::measure::Cost;
use super::programs::{self, CALLER, CALLS, HANDLERS, NO_CALLER, NO_SERVICE, SERVICE};
use super::workspace::Workspace;
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

pub(super) fn run(workspace: &Workspace, rounds: usize) -> Result<Vec<Figure>, Failure> {
    say(&format!("building programs, {}", workspace.what))?;
    build(workspace)?;
    let mut changes = 0;
    let mut rebuilt = |name: String, ours, reference, goal| {
        let taken = turns::take(rounds, |side| {
            changes += 1;
            let program = if side == Side::Ours { ours } else { reference };
            programs::change(&workspace.programs(), program, changes)?;
            build(workspace)
        })?;
        let name = format!("{name}, {}", workspace.what);
        Ok::<_, Failure>(Figure::of(name, "s", Goal::ValueAtMost(goal), &taken, |it: &Cost| it.wall))
    };
    Ok(vec![
        rebuilt(format!("build again: {CALLS} operations called"), CALLER, NO_CALLER, 3.0)?,
        rebuilt(format!("build again: {HANDLERS} operations implemented"), SERVICE, NO_SERVICE, 10.0)?,
    ])
}

/// Builds all programs, in one run: built by themselves they would differ in
/// the features of what they are built on.
pub(super) fn build(workspace: &Workspace) -> Result<Cost, Failure> {
    let packages = programs::ALL.iter().flat_map(|it| ["--package", it]);
    let arguments: Vec<&str> = ["build", "--quiet"].into_iter().chain(packages).collect();
    workspace.cargo(&arguments)
}
