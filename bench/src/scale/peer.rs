//! Measures progenitor, the usual generator of Rust clients, on the same facts as an OpenAPI
//! document. It writes only a client, and has therefore less to do.

use std::path::Path;
use std::process::Command;

use super::measure::{Cost, cost};
use super::workspace::{Workspace, count_lines};
use crate::build::cargo;
use crate::figure::{Figure, Goal, Report};
use crate::turns::{self, Side};
use crate::{Failure, say};

/// The corpus as an OpenAPI document.
const DOCUMENT: &str = "openapi-full.json";

/// Compares generation with progenitor, if it is installed.
pub(super) fn run(workspace: &Workspace, corpus: Option<&Path>, rounds: usize) -> Result<Report, Failure> {
    let skipped = |why: &str| Ok(Report::of_skipped(format!("progenitor's client, {why}")));
    let Some(document) = corpus.map(|corpus| corpus.join(DOCUMENT)).filter(|document| document.exists())
    else {
        return skipped(&format!("which requires {DOCUMENT} of a corpus"));
    };
    if !is_installed() {
        return skipped("which is not installed: `cargo install cargo-progenitor`");
    }
    let document = fs_err::canonicalize(document)?;
    say("generating progenitor's client")?;
    let folder = workspace.dir.join("target/progenitor");
    let mut folders = Vec::new();
    let pairs = turns::alternate(rounds, |side| match side {
        Side::Ours => workspace.generate_into_new_folder(&mut folders),
        Side::Reference => generate(workspace, &document, &folder),
    })?;
    let figure = |name: &str, unit, value: fn(&Cost) -> f64| {
        let name = format!("types, client and server to progenitor's client: {name}, {}", workspace.name);
        Figure::new(name, unit, Goal::AtMost(1.0), &pairs, value)
    };
    let (ours, theirs) = (workspace.count_lines()?, count_lines(&folder)?);
    Ok(Report::from(vec![
        figure("processor", "s", |cost| cost.cpu),
        figure("memory", "MiB", |cost| cost.memory),
        Figure { value: ours, reference: theirs, ratio: ours / theirs, ..figure("lines", "lines", |_| 1.0) },
    ]))
}

fn is_installed() -> bool {
    Command::new(cargo()).args(["progenitor", "--help"]).output().is_ok_and(|output| output.status.success())
}

fn generate(workspace: &Workspace, document: &Path, folder: &Path) -> Result<Cost, Failure> {
    if folder.exists() {
        fs_err::remove_dir_all(folder)?;
    }
    let (document, folder) = (document.to_string_lossy(), folder.to_string_lossy());
    let arguments = ["progenitor", "-i", &document, "-o", &folder, "-n", "progenitor-client", "-v", "0.0.0"];
    cost(&workspace.dir, &cargo(), &arguments)
}
