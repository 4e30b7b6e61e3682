//! The generator that people reach for first, on the same facts as an OpenAPI
//! document. It writes a client only, so that it has less to do.

use std::path::Path;
use std::process::Command;

use super::measure::{Cost, cost};
use super::workspace::{Workspace, lines};
use crate::build::cargo;
use crate::figure::{Figure, Goal, Report};
use crate::turns::{self, Side};
use crate::{Failure, say};

/// The corpus as an OpenAPI document.
const DOCUMENT: &str = "openapi-full.json";

/// Measures writing all against the peer, where it is installed.
pub(super) fn run(workspace: &Workspace, corpus: Option<&Path>, rounds: usize) -> Result<Report, Failure> {
    let left_out = |why: &str| Ok(Report::left_out(format!("progenitor's client, {why}")));
    let Some(document) = corpus.map(|corpus| corpus.join(DOCUMENT)).filter(|text| text.exists()) else {
        return left_out(&format!("which takes {DOCUMENT} of a corpus"));
    };
    if !is_installed() {
        return left_out("which is not installed: `cargo install cargo-progenitor`");
    }
    let document = fs_err::canonicalize(document)?;
    say("generating progenitor's client")?;
    let folder = workspace.dir.join("target/progenitor");
    let mut kept = Vec::new();
    let taken = turns::take(rounds, |side| match side {
        Side::Ours => workspace.write_anew(&mut kept),
        Side::Reference => generate(workspace, &document, &folder),
    })?;
    let figure = |name: &str, unit, of: fn(&Cost) -> f64| {
        let name = format!("types, client and server to progenitor's client: {name}, {}", workspace.what);
        Figure::of(name, unit, Goal::AtMost(1.0), &taken, of)
    };
    let (ours, theirs) = (workspace.lines()?, lines(&folder)?);
    Ok(Report::from(vec![
        figure("processor", "s", |it| it.cpu),
        figure("memory", "MiB", |it| it.memory),
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
