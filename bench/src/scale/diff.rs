//! Measures `cargo xtask diff` of two revisions of a spec, from the files to the report on the
//! terminal. The reference is `cargo xtask check` of one of them.

use std::fmt::Write as _;
use std::path::Path;

use camino::Utf8PathBuf;
use zstack_model::Model;
use zstack_model::load::load;
use zstack_model::lock::{self, Lock};

use super::measure::{Cost, cost_up_to};
use super::workspace::{Workspace, files};
use crate::figure::{Figure, Goal};
use crate::turns::{self, Side};
use crate::{Failure, say};

/// The size of the platform's documented API.
const OPERATIONS: usize = 600;
const TYPES: usize = 150;
const CHANGES: usize = 79;
/// The number of files of the whole platform that differ.
const CHANGED_FILES: usize = 500;

pub(super) fn run(workspace: &Workspace, rounds: usize) -> Result<Vec<Figure>, Failure> {
    let revisions = workspace.dir.join("target/revisions");
    if revisions.exists() {
        fs_err::remove_dir_all(&revisions)?;
    }
    let (old, new) = (revisions.join("old"), revisions.join("new"));
    write(&old, 0)?;
    write(&new, CHANGES)?;
    write_lock(&old, &new)?;
    let elements = count_elements(&load_spec(&old)?);
    let what = format!("{OPERATIONS} operations, {elements} elements, {CHANGES} changes");
    let mut figures = measure(workspace, (&old, &new), rounds, &what, (0.1, 150.0))?;

    let (old, new) = (revisions.join("unchanged"), revisions.join("changed"));
    copy(&workspace.spec, &old, 0)?;
    let count = copy(&workspace.spec, &new, CHANGED_FILES)?;
    write_lock(&old, &new)?;
    let what = format!("{count} changes, {}", workspace.name);
    figures.extend(measure(workspace, (&old, &new), rounds, &what, (1.0, 300.0))?);
    Ok(figures)
}

fn measure(
    workspace: &Workspace,
    (old, new): (&Path, &Path),
    rounds: usize,
    what: &str,
    (seconds, memory): (f64, f64),
) -> Result<Vec<Figure>, Failure> {
    say(&format!("comparing: {what}"))?;
    let old = old.to_string_lossy();
    let both = format!("{old}..{}", new.to_string_lossy());
    let pairs = turns::alternate(rounds, |side| {
        // Exit code 1: there are breaking changes.
        let (code, arguments) = match side {
            Side::Ours => (1, vec!["diff", &both]),
            Side::Reference => (0, vec!["check", "--spec", &old]),
        };
        cost_up_to(code, &workspace.dir, &workspace.xtask, &arguments)
    })?;
    let figure = |name: &str, unit, value: fn(&Cost) -> f64, goal| {
        Figure::new(format!("diff: {name}, {what}"), unit, Goal::ValueAtMost(goal), &pairs, value)
    };
    Ok(vec![
        figure("clock", "s", |cost| cost.wall, seconds),
        figure("processor", "s", |cost| cost.cpu, seconds),
        figure("memory", "MiB", |cost| cost.memory, memory),
    ])
}

fn load_spec(dir: &Path) -> Result<Model, Failure> {
    let dir = Utf8PathBuf::try_from(dir.to_owned())?;
    load(&dir).map_err(|problems| format!("the spec in {dir} has problems:\n{problems}").into())
}

/// Locks the releases of the old revision, and writes the lock to both revisions.
fn write_lock(old: &Path, new: &Path) -> Result<(), Failure> {
    let model = load_spec(old)?;
    let mut lock = Lock::default();
    lock.lock_released(&model);
    [old, new].iter().try_for_each(|spec| Ok(fs_err::write(spec.join(lock::FILE), lock.to_string())?))
}

/// Counts operations, data types, and their parts.
fn count_elements(model: &Model) -> usize {
    let operations =
        model.operations.iter().map(|operation| 1 + operation.parameters.len() + operation.response.len());
    let types = model.types.iter().map(|data_type| 1 + data_type.own_fields().len());
    operations.chain(types).sum()
}

/// Writes a spec of the platform's size, whose first `changes` elements differ from the other revision.
fn write(dir: &Path, changes: usize) -> Result<(), Failure> {
    fs_err::create_dir_all(dir.join("types"))?;
    fs_err::create_dir_all(dir.join("operations/all"))?;
    fs_err::write(
        dir.join("api.yaml"),
        "title: Revisions\nbasePath: /v1\nreleases:\n  - {version: \"1.0\"}\n  - {version: \"2.0\", state: next}\n\
         categories:\n  - {name: all, title: All}\n",
    )?;
    for nth in 0..TYPES {
        // These changes affect the most operations, since each type refers to another one.
        let is_changed = nth < changes / 4;
        fs_err::write(dir.join(format!("types/Type{nth}.yaml")), data_type(nth, is_changed)?)?;
    }
    for nth in 0..OPERATIONS {
        let is_changed = nth < changes - changes / 4;
        fs_err::write(dir.join(format!("operations/all/Do{nth}.yaml")), operation(nth, is_changed)?)?;
    }
    Ok(())
}

fn data_type(nth: usize, is_changed: bool) -> Result<String, Failure> {
    let mut text = format!(
        "name: Type{nth}\nsummary: A resource.\nsince: \"1.0\"\nfields:\n  \
         - {{name: next, type: List<Type{}>, since: \"1.0\", description: The next resource.}}\n",
        (nth + 1) % TYPES,
    );
    for field in 0..13 {
        let length = if is_changed && field == 0 { 128 } else { 255 };
        writeln!(
            text,
            "  - {{name: field{field}, type: String, since: \"1.0\", description: A property., maxLength: {length}}}",
        )?;
    }
    Ok(text)
}

fn operation(nth: usize, is_changed: bool) -> Result<String, Failure> {
    let mut text = format!(
        "name: Do{nth}\ncategory: all\nsummary: Does something.\nsince: \"1.0\"\nmethod: POST\n\
         path: /things/{{uuid}}/do-{nth}\nexecution: async\nauth: session\nbody: params\nparameters:\n  \
         - {{name: uuid, in: path, type: String, required: true, since: \"1.0\", description: The thing.}}\n",
    );
    for parameter in 0..3 {
        let required = is_changed && parameter == 0;
        writeln!(
            text,
            "  - {{name: name{parameter}, in: body, type: String, required: {required}, since: \"1.0\", description: A name.}}",
        )?;
    }
    writeln!(
        text,
        "response:\n  - {{name: inventory, type: Type{}, required: true, since: \"1.0\", description: The thing.}}",
        nth % TYPES,
    )?;
    Ok(text)
}

/// Copies a spec, and changes up to `changes` files: the summary, or one more field in a data type.
/// Returns the number of changed files.
fn copy(spec: &Path, copy: &Path, changes: usize) -> Result<usize, Failure> {
    let mut found = Vec::new();
    files(spec, &mut found)?;
    found.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    found.sort();
    let releases = load_spec(spec)?.service.releases;
    let newest = &releases.last().ok_or("the spec has no release")?.version;
    // Distribute the changes evenly over operations and data types.
    let every = (found.len() / changes.max(1)).max(1);
    let mut changed = 0;
    for (nth, file) in found.iter().enumerate() {
        let mut text = fs_err::read_to_string(file)?;
        if nth % every == 0 && changed < changes {
            let was = text.clone();
            let field = format!("\nfields:\n  - {{name: added{nth}, type: String, since: \"{newest}\"}}\n");
            text = match text.contains("\nfields:\n") {
                true => text.replacen("\nfields:\n", &field, 1),
                // The whole text is in quotes.
                false if text.contains("\nsummary: \"") => {
                    text.replacen("\nsummary: \"", "\nsummary: \"Now it ", 1)
                }
                false => text.replacen("\nsummary: ", "\nsummary: Now it ", 1),
            };
            changed += usize::from(text != was);
        }
        let target = copy.join(file.strip_prefix(spec)?);
        fs_err::create_dir_all(target.parent().ok_or("a file has no folder")?)?;
        fs_err::write(target, text)?;
    }
    Ok(changed)
}
