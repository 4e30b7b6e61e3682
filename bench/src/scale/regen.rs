//! Measures the generator when everything and when nothing has to be written. The reference parses
//! and prints the generated files with the same libraries, a lower bound for generators that use
//! them.

use std::path::Path;

use super::measure::{Cost, cost};
use super::workspace::{PACKAGES, Workspace, files};
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

pub(super) fn run(workspace: &Workspace, rounds: usize) -> Result<Vec<Figure>, Failure> {
    say(&format!("regenerating {}", workspace.name))?;
    workspace.regenerate()?;
    let lines = workspace.count_lines()?;
    let mut folders = Vec::new();
    let first = turns::alternate(rounds, |side| match side {
        Side::Ours => workspace.generate_into_new_folder(&mut folders),
        Side::Reference => reprint(workspace),
    })?;
    let again = turns::alternate(rounds, |side| match side {
        Side::Ours => workspace.regenerate(),
        Side::Reference => reprint(workspace),
    })?;
    let check = turns::alternate(rounds, |side| match side {
        Side::Ours => workspace.check_generated(),
        Side::Reference => workspace.generate_into_new_folder(&mut folders),
    })?;
    let figure = |name: &str, pairs: &[(Cost, Cost)], unit, value: fn(&Cost) -> f64, goal| {
        Figure::new(format!("{name}, {}", workspace.name), unit, goal, pairs, value)
    };
    Ok(vec![
        figure("regen, all written: processor", &first, "s", |cost| cost.cpu, Goal::ValueAtMost(1.0)),
        figure("regen, all written: memory", &first, "MiB", |cost| cost.memory, Goal::ValueAtMost(300.0)),
        figure("regen, nothing to write: processor", &again, "s", |cost| cost.cpu, Goal::ValueAtMost(0.5)),
        figure("regen --check, to writing all: processor", &check, "s", |cost| cost.cpu, Goal::AtMost(1.0)),
        Figure::without_reference(
            format!("regen: lines, {}", workspace.name),
            "lines",
            Goal::ValueAtMost(150_000.0),
            lines,
        ),
    ])
}

fn reprint(workspace: &Workspace) -> Result<Cost, Failure> {
    cost(&workspace.dir, &std::env::current_exe()?, &["reprint"])
}

/// `zstack-bench reprint`: parses and prints the generated files below the current folder.
pub(crate) fn reprint_current_folder() -> Result<(), Failure> {
    let mut found = Vec::new();
    for package in PACKAGES {
        files(&Path::new(package).join("src"), &mut found)?;
    }
    let mut printed = 0;
    for file in found {
        let file = syn::parse_file(&fs_err::read_to_string(file)?)?;
        printed += prettyplease::unparse(&file).len();
    }
    if printed == 0 { Err("the current folder has no generated files".into()) } else { Ok(()) }
}
