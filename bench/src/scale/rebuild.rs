//! Measures how long it takes to rebuild a program that uses the generated crates after a change. The
//! reference is a program with the same dependencies that does not use them.

use super::measure::Cost;
use super::programs::{self, CALLER, CALLS, HANDLERS, NO_CALLER, NO_SERVICE, SERVICE};
use super::workspace::Workspace;
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

pub(super) fn run(workspace: &Workspace, rounds: usize) -> Result<Vec<Figure>, Failure> {
    say(&format!("building programs, {}", workspace.name))?;
    build(workspace)?;
    let mut changes = 0;
    let mut measure = |name: String, ours, reference, goal| {
        let pairs = turns::alternate(rounds, |side| {
            changes += 1;
            let program = if side == Side::Ours { ours } else { reference };
            programs::change(&workspace.programs(), program, changes)?;
            build(workspace)
        })?;
        let name = format!("{name}, {}", workspace.name);
        Ok::<_, Failure>(Figure::new(name, "s", Goal::ValueAtMost(goal), &pairs, |cost: &Cost| cost.wall))
    };
    Ok(vec![
        measure(format!("build again: {CALLS} operations called"), CALLER, NO_CALLER, 3.0)?,
        measure(format!("build again: {HANDLERS} operations implemented"), SERVICE, NO_SERVICE, 10.0)?,
    ])
}

/// Builds all programs at once, since separate builds would use different features of their
/// dependencies.
pub(super) fn build(workspace: &Workspace) -> Result<Cost, Failure> {
    let packages = programs::ALL.iter().flat_map(|program| ["--package", program]);
    let arguments: Vec<&str> = ["build", "--quiet"].into_iter().chain(packages).collect();
    workspace.cargo(&arguments)
}
