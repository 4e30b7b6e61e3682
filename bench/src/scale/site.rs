//! Measures the generation of the reference site, and the compressed sizes of its files. The
//! reference copies the site, a lower bound for writing so many files.

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
    say(&format!("writing the reference site of {}", workspace.name))?;
    let target = workspace.dir.join("target");
    fs_err::create_dir_all(&target)?;
    // Each run writes to a new folder, and none is deleted before the end, since file systems are slow
    // after large deletions.
    let folder = tempfile::tempdir_in(target)?;
    let new = |nth: usize| folder.path().join(nth.to_string());
    let first = new(0);
    write(workspace, &first)?;
    let mut count = 0;
    let pairs = turns::alternate(rounds, |side| {
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
    let figure = |name: &str, unit, value: fn(&Cost) -> f64, goal| {
        Figure::new(format!("site: {name}, {}", workspace.name), unit, goal, &pairs, value)
    };
    let mut figures = vec![
        figure("processor", "s", |cost| cost.cpu, Goal::ValueAtMost(5.0)),
        figure("memory", "MiB", |cost| cost.memory, Goal::None),
    ];
    let size = |name: &str, bytes: usize, goal| {
        let name = format!("site, compressed: {name}, {}", workspace.name);
        Figure::without_reference(name, "KiB", goal, kib(bytes))
    };
    let pages = page_sizes(&first)?;
    if let (Some(median), Some(largest)) = (pages.get(pages.len() / 2), pages.last()) {
        figures.push(size("median page of an operation", *median, Goal::ValueAtMost(40.0)));
        figures.push(size("largest page of an operation", *largest, Goal::None));
    }
    for (name, file, goal) in [
        ("script", "site.js", Goal::ValueAtMost(45.0)),
        ("style", "site.css", Goal::ValueAtMost(15.0)),
        ("index of the search", "search.js", Goal::None),
    ] {
        figures.push(size(name, compressed_size(&first.join("assets").join(file))?, goal));
    }
    Ok(figures)
}

fn write(workspace: &Workspace, folder: &Path) -> Result<Cost, Failure> {
    let (spec, folder) = (workspace.spec.to_string_lossy(), folder.to_string_lossy());
    cost(&workspace.dir, &workspace.xtask, &["site", "--spec", &spec, "-o", &folder])
}

/// Returns the compressed sizes of the pages of operations, in ascending order.
fn page_sizes(site: &Path) -> Result<Vec<usize>, Failure> {
    let mut found = Vec::new();
    files(&site.join("operations"), &mut found)?;
    found.retain(|file| {
        file.extension().is_some_and(|extension| extension == "html") && !file.ends_with("index.html")
    });
    let mut sizes = found.iter().map(|file| compressed_size(file)).collect::<Result<Vec<_>, _>>()?;
    sizes.sort_unstable();
    Ok(sizes)
}

fn compressed_size(file: &Path) -> Result<usize, Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&fs_err::read(file)?)?;
    Ok(encoder.finish()?.len())
}

#[expect(clippy::cast_precision_loss, reason = "no file is that large")]
fn kib(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}
