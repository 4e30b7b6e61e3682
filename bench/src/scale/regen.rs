//! Regenerating: writing all, and finding that there is nothing to write. The
//! reference is to parse and print what was written with the same libraries:
//! what no generator built on them can be without.

use std::path::Path;

use super::measure::{Cost, cost};
use super::workspace::{PACKAGES, Workspace, files};
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

pub(super) fn run(workspace: &Workspace, rounds: usize) -> Result<Vec<Figure>, Failure> {
    say(&format!("regenerating {}", workspace.what))?;
    workspace.regenerate()?;
    let lines = workspace.lines()?;
    let mut kept = Vec::new();
    let first = turns::take(rounds, |side| match side {
        Side::Ours => workspace.write_anew(&mut kept),
        Side::Reference => reprint(workspace),
    })?;
    let again = turns::take(rounds, |side| match side {
        Side::Ours => workspace.regenerate(),
        Side::Reference => reprint(workspace),
    })?;
    let check = turns::take(rounds, |side| match side {
        Side::Ours => workspace.check_generated(),
        Side::Reference => workspace.write_anew(&mut kept),
    })?;
    let figure = |name: &str, taken: &[(Cost, Cost)], unit, of: fn(&Cost) -> f64, goal| {
        Figure::of(format!("{name}, {}", workspace.what), unit, goal, taken, of)
    };
    Ok(vec![
        figure("regen, all written: processor", &first, "s", |it| it.cpu, Goal::ValueAtMost(1.0)),
        figure("regen, all written: memory", &first, "MiB", |it| it.memory, Goal::ValueAtMost(300.0)),
        figure("regen, nothing to write: processor", &again, "s", |it| it.cpu, Goal::ValueAtMost(0.5)),
        figure("regen --check, to writing all: processor", &check, "s", |it| it.cpu, Goal::AtMost(1.0)),
        Figure::alone(
            format!("regen: lines, {}", workspace.what),
            "lines",
            Goal::ValueAtMost(150_000.0),
            lines,
        ),
    ])
}

fn reprint(workspace: &Workspace) -> Result<Cost, Failure> {
    cost(&workspace.dir, &std::env::current_exe()?, &["reprint"])
}

/// `zstack-bench reprint`: parses and prints every generated file below the
/// current folder.
pub(crate) fn reprint_here() -> Result<(), Failure> {
    let mut found = Vec::new();
    for package in PACKAGES {
        files(&Path::new(package).join("src"), &mut found)?;
    }
    let mut printed = 0;
    for file in found {
        let file = syn::parse_file(&fs_err::read_to_string(file)?)?;
        printed += prettyplease::unparse(&file).len();
    }
    if printed == 0 { Err("there is nothing to print".into()) } else { Ok(()) }
}
