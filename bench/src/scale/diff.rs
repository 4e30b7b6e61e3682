//! Comparing two revisions of a spec with `cargo xtask diff`, from the files of
//! both to the report on the terminal. The reference is `cargo xtask check` of
//! one of them.

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

/// As large as the platform's documented API.
const OPERATIONS: usize = 600;
const TYPES: usize = 150;
const CHANGES: usize = 79;
/// How many files of the whole platform differ.
const CHANGED_FILES: usize = 500;

pub(super) fn run(workspace: &Workspace, rounds: usize) -> Result<Vec<Figure>, Failure> {
    let made = workspace.dir.join("target/revisions");
    if made.exists() {
        fs_err::remove_dir_all(&made)?;
    }
    let (old, new) = (made.join("old"), made.join("new"));
    write(&old, 0)?;
    write(&new, CHANGES)?;
    lock(&old, &new)?;
    let elements = elements(&loaded(&old)?);
    let what = format!("{OPERATIONS} operations, {elements} elements, {CHANGES} changes");
    let mut figures = figures(workspace, (&old, &new), rounds, &what, (0.1, 150.0))?;

    let (old, new) = (made.join("as-it-was"), made.join("changed"));
    copy(&workspace.spec, &old, 0)?;
    let count = copy(&workspace.spec, &new, CHANGED_FILES)?;
    lock(&old, &new)?;
    let what = format!("{count} changes, {}", workspace.what);
    figures.extend(self::figures(workspace, (&old, &new), rounds, &what, (1.0, 300.0))?);
    Ok(figures)
}

fn figures(
    workspace: &Workspace,
    (old, new): (&Path, &Path),
    rounds: usize,
    what: &str,
    (seconds, memory): (f64, f64),
) -> Result<Vec<Figure>, Failure> {
    say(&format!("comparing: {what}"))?;
    let old = old.to_string_lossy();
    let both = format!("{old}..{}", new.to_string_lossy());
    let taken = turns::take(rounds, |side| {
        // 1: there are breaking changes.
        let (code, arguments) = match side {
            Side::Ours => (1, vec!["diff", &both]),
            Side::Reference => (0, vec!["check", "--spec", &old]),
        };
        cost_up_to(code, &workspace.dir, &workspace.xtask, &arguments)
    })?;
    let figure = |name: &str, unit, of: fn(&Cost) -> f64, goal| {
        Figure::of(format!("diff: {name}, {what}"), unit, Goal::ValueAtMost(goal), &taken, of)
    };
    Ok(vec![
        figure("clock", "s", |it| it.wall, seconds),
        figure("processor", "s", |it| it.cpu, seconds),
        figure("memory", "MiB", |it| it.memory, memory),
    ])
}

fn loaded(dir: &Path) -> Result<Model, Failure> {
    let dir = Utf8PathBuf::try_from(dir.to_owned())?;
    load(&dir).map_err(|problems| format!("the spec in {dir} has problems:\n{problems}").into())
}

/// Locks the releases of a spec that are out, for who changes it, too: they are
/// locked as they were.
fn lock(old: &Path, new: &Path) -> Result<(), Failure> {
    let model = loaded(old)?;
    let mut lock = Lock::default();
    lock.lock_released(&model);
    [old, new].iter().try_for_each(|it| Ok(fs_err::write(it.join(lock::FILE), lock.to_string())?))
}

/// What has a name of its own: operations, data types, and their parts.
fn elements(model: &Model) -> usize {
    let operations =
        model.operations.iter().map(|operation| 1 + operation.parameters.len() + operation.response.len());
    let types = model.types.iter().map(|it| 1 + it.own_fields().len());
    operations.chain(types).sum()
}

/// Writes a spec of the platform's size, of whose elements the first so many
/// differ from those of another revision.
fn write(dir: &Path, changes: usize) -> Result<(), Failure> {
    fs_err::create_dir_all(dir.join("types"))?;
    fs_err::create_dir_all(dir.join("operations/all"))?;
    fs_err::write(
        dir.join("api.yaml"),
        "title: Revisions\nbasePath: /v1\nreleases:\n  - {version: \"1.0\"}\n  - {version: \"2.0\", state: next}\n\
         categories:\n  - {name: all, title: All}\n",
    )?;
    for nth in 0..TYPES {
        // The changes that concern the most operations: each type leads to others.
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
        "name: Type{nth}\nsummary: A record of the platform.\nsince: \"1.0\"\nfields:\n  \
         - {{name: next, type: List<Type{}>, since: \"1.0\", description: What comes after it.}}\n",
        (nth + 1) % TYPES,
    );
    for field in 0..13 {
        let length = if is_changed && field == 0 { 128 } else { 255 };
        writeln!(
            text,
            "  - {{name: field{field}, type: String, since: \"1.0\", description: What is known of it., maxLength: {length}}}",
        )?;
    }
    Ok(text)
}

fn operation(nth: usize, is_changed: bool) -> Result<String, Failure> {
    let mut text = format!(
        "name: Do{nth}\ncategory: all\nsummary: Does what it is for.\nsince: \"1.0\"\nmethod: POST\n\
         path: /things/{{uuid}}/do-{nth}\nexecution: async\nauth: session\nbody: params\nparameters:\n  \
         - {{name: uuid, in: path, type: String, required: true, since: \"1.0\", description: The thing.}}\n",
    );
    for parameter in 0..3 {
        let required = is_changed && parameter == 0;
        writeln!(
            text,
            "  - {{name: name{parameter}, in: body, type: String, required: {required}, since: \"1.0\", description: One of its names.}}",
        )?;
    }
    writeln!(
        text,
        "response:\n  - {{name: inventory, type: Type{}, required: true, since: \"1.0\", description: The thing.}}",
        nth % TYPES,
    )?;
    Ok(text)
}

/// Copies a spec, in so many of whose files a sentence changes or, in those of
/// data types, there is one more field. Says in how many.
fn copy(spec: &Path, copy: &Path, changes: usize) -> Result<usize, Failure> {
    let mut found = Vec::new();
    files(spec, &mut found)?;
    found.retain(|it| it.extension().is_some_and(|extension| extension == "yaml"));
    found.sort();
    let releases = loaded(spec)?.service.releases;
    let newest = &releases.last().ok_or("the spec has no release")?.version;
    // Spread over the whole: operations and data types of all kinds.
    let every = (found.len() / changes.max(1)).max(1);
    let mut changed = 0;
    for (nth, file) in found.iter().enumerate() {
        let mut text = fs_err::read_to_string(file)?;
        if nth % every == 0 && changed < changes {
            let was = text.clone();
            let field = format!("\nfields:\n  - {{name: added{nth}, type: String, since: \"{newest}\"}}\n");
            text = match text.contains("\nfields:\n") {
                true => text.replacen("\nfields:\n", &field, 1),
                // Quotes are around the whole of it.
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
