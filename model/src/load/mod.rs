//! From a folder to a [`Model`], or to everything that is wrong with it.

mod conflict;
mod discover;
mod file;
mod known;
mod locked;
mod places;
mod tree;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::check;
use crate::diagnostics::{Diagnostics, Place, Problem};
use crate::findings::{FileId, Finding, Findings};
use crate::lock::Lock;
use crate::lower::Draft;
use crate::model::{Model, Version};
use crate::schema::Kind;
use crate::source::{Api, DataType, Operation, Source, Waivers};
use crate::waivers::Waiver;

use discover::{Listing, discover};
use file::Unreadable;
use known::{Element, Known};
use locked::Locked;
pub use tree::{Entry, EntryKind, Folder, Memory, ReadError, Tree};

/// A spec that holds, with the texts it was made from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What it says.
    pub model: Model,
    /// What of its changes somebody accepted, in the order of the file.
    pub waivers: Vec<Waiver>,
    /// The texts of its files, by path relative to the folder of the spec.
    pub texts: BTreeMap<Utf8PathBuf, String>,
    /// The name of that folder in messages: `spec`, or `main:spec`.
    pub name: Utf8PathBuf,
}

/// A file of the spec.
#[derive(Debug)]
struct SpecFile {
    /// Relative to the folder of the spec.
    path: Utf8PathBuf,
    /// Empty for a file that could not be read.
    text: String,
}

/// The contents of a file.
enum Contents<'a> {
    Api(Box<Api>),
    Type(Box<DataType>),
    Operation(Box<Operation>),
    Waivers(Box<Waivers>),
    /// Those of the same file in another, valid version of the spec.
    Known(Element<'a>),
    /// None, because too much of the file is wrong.
    Unusable(Kind),
}

/// Loads the spec in a folder: `api.yaml`, `types/*.yaml`,
/// `operations/*/*.yaml`, and `waivers.yaml` if there is one.
///
/// # Errors
///
/// All problems of the spec at once, never only the first.
pub fn load(dir: &Utf8Path) -> Result<Model, Diagnostics> {
    load_tree(&Folder::new(dir), dir).map(|it| it.model)
}

/// Loads the spec in a tree, which is called `name` in messages.
///
/// # Errors
///
/// All problems of the spec at once.
pub fn load_tree(tree: &dyn Tree, name: &Utf8Path) -> Result<Loaded, Diagnostics> {
    match load_flawed(tree, name, None) {
        (Some(loaded), diagnostics) if diagnostics.is_empty() => Ok(loaded),
        (_, diagnostics) => Err(diagnostics),
    }
}

/// The same, of a spec that may break rules: what it says, as far as that can
/// be told, and what is wrong with it. Nothing is said of a spec with a file
/// that could not be read as a whole: what is in there would seem to be gone.
/// Nor is it of one whose waivers do not hold, since every verdict hangs on them.
///
/// `base` is another version of the spec, where there is one: what both say in
/// the same words is not read twice.
pub fn load_flawed(tree: &dyn Tree, name: &Utf8Path, base: Option<&Loaded>) -> (Option<Loaded>, Diagnostics) {
    let known = base.map(Known::new).unwrap_or_default();
    let Gathered { mut draft, files, problems, findings, is_whole } = gather(tree, name, &known);
    let diagnostics = places::diagnostics(name, &files, problems, findings);
    let waivers = draft.waivers.take().map_or(Vec::new(), |(_, it)| it);
    let waivers = waivers.into_iter().map(|(_, it)| it).collect();
    let loaded = draft.into_model().filter(|_| is_whole).map(|model| {
        let texts = files.into_iter().map(|it| (it.path, it.text)).collect();
        Loaded { model, waivers, texts, name: name.to_owned() }
    });
    (loaded, diagnostics)
}

/// The lock of the spec in a tree; `None` where there is none.
///
/// # Errors
///
/// What is wrong with its text. Whether releases are what it says is for
/// [`lint`] to see.
pub fn load_lock(tree: &dyn Tree, name: &Utf8Path) -> Result<Option<Lock>, Diagnostics> {
    let locked = Locked::read(tree, name);
    if locked.holds() { Ok(locked.lock) } else { Err(locked.diagnostics()) }
}

/// Loads the spec in a folder, and looks for what is better mended, too: the
/// model comes with its warnings. Releases that are out are held against their
/// [lock](crate::lock). That takes longer than [`load`].
///
/// # Errors
///
/// All problems of the spec, and all warnings with them.
pub fn lint(dir: &Utf8Path) -> Result<(Model, Diagnostics), Diagnostics> {
    examine(dir, None).map(|(model, _, warnings)| (model, warnings))
}

/// What is to be done about releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Releasing<'a> {
    /// This one is to be closed.
    Close(&'a Version),
    /// Those that are out are to be locked.
    Lock,
    /// The lock is to be corrected.
    Correct,
}

/// The same, for who writes the lock. What is in the way of closing a release
/// is a problem then; and that releases are not what the lock says is none when
/// it is to be corrected.
///
/// # Errors
///
/// All problems of the spec, and all warnings with them.
pub fn lint_releasing(dir: &Utf8Path, what: Releasing<'_>) -> Result<(Model, Lock), Diagnostics> {
    examine(dir, Some(what)).map(|(model, lock, _)| (model, lock))
}

fn examine(
    dir: &Utf8Path,
    releasing: Option<Releasing<'_>>,
) -> Result<(Model, Lock, Diagnostics), Diagnostics> {
    let tree = Folder::new(dir);
    let mut locked = Locked::read(&tree, dir);
    let Gathered { draft, files, problems, mut findings, is_whole: _ } =
        gather(&tree, dir, &Known::default());
    let holds = problems.is_empty() && findings.is_empty();
    let mut in_the_way = Findings::default();
    if let Some(Releasing::Close(version)) = releasing {
        let none = Lock::default();
        check::cut(&draft, version, locked.lock.as_ref().unwrap_or(&none), &mut in_the_way);
    }
    let can_close = in_the_way.is_empty();
    findings.extend(in_the_way);
    check::lint(&draft, &mut findings);
    let mut diagnostics = places::diagnostics(dir, &files, problems, findings);
    // What the releases of a spec that breaks rules are, nobody can tell.
    let Some(model) = draft.into_model().filter(|_| holds) else {
        diagnostics.extend(locked.diagnostics());
        return Err(diagnostics);
    };
    if releasing != Some(Releasing::Correct) {
        locked.hold(&model);
    }
    if locked.holds() && can_close {
        Ok((model, locked.lock.unwrap_or_default(), diagnostics))
    } else {
        diagnostics.extend(locked.diagnostics());
        Err(diagnostics)
    }
}

/// What the files of a folder say, and everything that is wrong with it.
struct Gathered {
    draft: Draft,
    files: Vec<SpecFile>,
    /// What is wrong with the folder.
    problems: Vec<Problem>,
    /// What is wrong with the files.
    findings: Findings,
    /// Whether every file could be read as a whole, and the waivers hold.
    is_whole: bool,
}

fn gather(tree: &dyn Tree, name: &Utf8Path, known: &Known<'_>) -> Gathered {
    let Listing { files, problems } = discover(tree);
    let problems = problems.into_iter().map(|(path, problem)| {
        // Joined with nothing, a name would get a slash.
        let file = if path == "" { name.to_owned() } else { name.join(path) };
        Problem { kind: problem.into(), place: Place { file, position: None }, related: None }
    });
    let problems = problems.collect();
    let read: Vec<_> = files
        .into_par_iter()
        .enumerate()
        .map(|(id, (path, kind))| read(id, tree, path, kind, known))
        .collect();

    let mut findings = Findings::default();
    let mut draft = Draft::default();
    let mut files = Vec::with_capacity(read.len());
    let is_whole = read.iter().all(|(_, _, problems)| problems.is_empty());
    for (id, (file, contents, problems)) in read.into_iter().enumerate() {
        findings.extend(problems);
        add(&mut draft, id, &file.path, contents, &mut findings);
        files.push(file);
    }
    check::check(&draft, &mut findings);
    let is_whole = is_whole && !draft.waivers.as_ref().is_some_and(|(file, _)| findings.concern(*file));
    Gathered { draft, files, problems, findings, is_whole }
}

fn read<'a>(
    id: FileId,
    tree: &dyn Tree,
    path: Utf8PathBuf,
    kind: Kind,
    known: &Known<'a>,
) -> (SpecFile, Contents<'a>, Vec<Finding>) {
    let text = match file::read_text(id, tree, &path) {
        Ok(text) => text,
        Err(Unreadable { text, finding }) => {
            return (SpecFile { path, text }, Contents::Unusable(kind), vec![finding]);
        }
    };
    let (contents, findings) = match (known.find(&path, &text), kind) {
        (Some(element), _) => (Contents::Known(element), Vec::new()),
        (None, Kind::Api) => parse(id, &text, kind, Contents::Api),
        (None, Kind::Type) => parse(id, &text, kind, Contents::Type),
        (None, Kind::Operation) => parse(id, &text, kind, Contents::Operation),
        (None, Kind::Waivers) => parse(id, &text, kind, Contents::Waivers),
    };
    (SpecFile { path, text }, contents, findings)
}

fn parse<T: Source>(
    id: FileId,
    text: &str,
    kind: Kind,
    variant: fn(Box<T>) -> Contents<'static>,
) -> (Contents<'static>, Vec<Finding>) {
    let (contents, findings) = file::parse(id, text, kind);
    (contents.map_or(Contents::Unusable(kind), |contents| variant(Box::new(contents))), findings)
}

/// Adds the contents of a file to the draft.
fn add(draft: &mut Draft, id: FileId, path: &Utf8Path, contents: Contents<'_>, findings: &mut Findings) {
    match contents {
        Contents::Api(api) => draft.add_api(id, *api, findings),
        Contents::Type(ty) => draft.add_type(id, path, *ty, findings),
        Contents::Operation(operation) => draft.add_operation(id, path, *operation, findings),
        Contents::Waivers(waivers) => draft.add_waivers(id, *waivers, findings),
        Contents::Known(Element::Type(ty)) => draft.types.push((id, ty.clone())),
        Contents::Known(Element::Operation(operation)) => draft.operations.push((id, operation.clone())),
        Contents::Unusable(Kind::Type) => draft.add_unread_type(path),
        Contents::Unusable(_) => {}
    }
}
