//! Regenerating: writing all, and finding that there is nothing to write. The
//! reference is to parse and print what was written with the same libraries:
//! what no generator built on them can be without.

use super::measure::{Cost, cost};
use super::workspace::Workspace;
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

pub(super) fn run(workspace: &Workspace, rounds: usize) -> Result<Vec<Figure>, Failure> {
    say(&format!("regenerating {}", workspace.what))?;
    regenerate(workspace)?;
    let lines = lines(workspace)?;
    let first = turns::take(rounds, |side| match side {
        Side::Ours => {
            for file in workspace.files()? {
                fs_err::remove_file(file)?;
            }
            regenerate(workspace)
        }
        Side::Reference => reprint(workspace),
    })?;
    let again = turns::take(rounds, |side| match side {
        Side::Ours => regenerate(workspace),
        Side::Reference => reprint(workspace),
    })?;
    let figure = |name: &str, taken: &[(Cost, Cost)], unit, of: fn(&Cost) -> f64, goal| {
        Figure::of(format!("{name}, {}", workspace.what), unit, goal, taken, of)
    };
    Ok(vec![
        figure("regen, all written: processor", &first, "s", |it| it.cpu, Goal::ValueAtMost(1.0)),
        figure("regen, all written: memory", &first, "MiB", |it| it.memory, Goal::ValueAtMost(300.0)),
        figure("regen, nothing to write: processor", &again, "s", |it| it.cpu, Goal::ValueAtMost(0.5)),
        Figure {
            name: format!("regen: lines, {}", workspace.what),
            unit: "lines",
            value: lines,
            reference: lines,
            ratio: 1.0,
            goal: Goal::ValueAtMost(150_000.0),
        },
    ])
}

fn regenerate(workspace: &Workspace) -> Result<Cost, Failure> {
    let spec = workspace.spec.to_string_lossy();
    cost(&workspace.dir, &workspace.xtask, &["regen", "--out", ".", "--spec", &spec])
}

fn reprint(workspace: &Workspace) -> Result<Cost, Failure> {
    cost(&workspace.dir, &std::env::current_exe()?, &["reprint"])
}

fn lines(workspace: &Workspace) -> Result<f64, Failure> {
    let mut lines = 0;
    for file in workspace.files()? {
        lines += fs_err::read_to_string(file)?.lines().count();
    }
    Ok(lines as f64)
}

/// `zstack-bench reprint`: parses and prints every generated file below the
/// current folder.
pub(crate) fn reprint_here() -> Result<(), Failure> {
    let mut open = vec![std::path::PathBuf::from(".")];
    let mut printed = 0;
    while let Some(folder) = open.pop() {
        for entry in fs_err::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_dir() {
                if name != "target" {
                    open.push(entry.path());
                }
            } else if name.to_string_lossy().ends_with(".rs") {
                let file = syn::parse_file(&fs_err::read_to_string(entry.path())?)?;
                printed += prettyplease::unparse(&file).len();
            }
        }
    }
    if printed == 0 { Err("there is nothing to print".into()) } else { Ok(()) }
}
