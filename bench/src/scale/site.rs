//! Writing the reference site, and what a browser is sent of it, compressed as
//! servers do it. The reference is to copy what was written: what nobody who
//! writes so many files can be without.

use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::measure::{Cost, cost};
use super::workspace::{Workspace, files};
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

pub(super) fn run(workspace: &Workspace, rounds: usize) -> Result<Vec<Figure>, Failure> {
    say(&format!("the reference site of {}", workspace.what))?;
    let target = workspace.dir.join("target");
    fs_err::create_dir_all(&target)?;
    // Each goes to a folder of its own, which is kept for a while: a file system
    // looks long for room where much was just deleted.
    let folder = tempfile::tempdir_in(target)?;
    let new = |nth: usize| folder.path().join(nth.to_string());
    let first = new(0);
    write(workspace, &first)?;
    let mut count = 0;
    let taken = turns::take(rounds, |side| {
        count += 1;
        match side {
            Side::Ours => write(workspace, &new(count)),
            Side::Reference => {
                let copy = new(count);
                let arguments = ["-r", &first.to_string_lossy(), &copy.to_string_lossy()];
                cost(&workspace.dir, Path::new("cp"), &arguments)
            }
        }
    })?;
    let figure = |name: &str, unit, of: fn(&Cost) -> f64, goal| {
        Figure::of(format!("site: {name}, {}", workspace.what), unit, goal, &taken, of)
    };
    let mut figures = vec![
        figure("processor", "s", |it| it.cpu, Goal::ValueAtMost(5.0)),
        figure("memory", "MiB", |it| it.memory, Goal::None),
    ];
    let size = |name: &str, bytes: usize, goal| {
        let name = format!("site, compressed: {name}, {}", workspace.what);
        Figure::alone(name, "KiB", goal, kib(bytes))
    };
    let pages = operation_pages(&first)?;
    if let (Some(median), Some(largest)) = (pages.get(pages.len() / 2), pages.last()) {
        figures.push(size("median page of an operation", *median, Goal::ValueAtMost(40.0)));
        figures.push(size("largest page of an operation", *largest, Goal::None));
    }
    for (name, file, goal) in [
        ("script", "site.js", Goal::ValueAtMost(45.0)),
        ("style", "site.css", Goal::ValueAtMost(15.0)),
        ("index of the search", "search.js", Goal::None),
    ] {
        figures.push(size(name, compressed(&first.join("assets").join(file))?, goal));
    }
    Ok(figures)
}

fn write(workspace: &Workspace, folder: &Path) -> Result<Cost, Failure> {
    let (spec, folder) = (workspace.spec.to_string_lossy(), folder.to_string_lossy());
    cost(&workspace.dir, &workspace.xtask, &["site", "--spec", &spec, "-o", &folder])
}

/// The sizes of the pages of operations, the smallest first.
fn operation_pages(site: &Path) -> Result<Vec<usize>, Failure> {
    let mut found = Vec::new();
    files(&site.join("operations"), &mut found)?;
    found.retain(|it| {
        it.extension().is_some_and(|extension| extension == "html") && !it.ends_with("index.html")
    });
    let mut sizes = found.iter().map(|it| compressed(it)).collect::<Result<Vec<_>, _>>()?;
    sizes.sort_unstable();
    Ok(sizes)
}

fn compressed(file: &Path) -> Result<usize, Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&fs_err::read(file)?)?;
    Ok(encoder.finish()?.len())
}

#[expect(clippy::cast_precision_loss, reason = "no file has that many bytes")]
fn kib(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}
