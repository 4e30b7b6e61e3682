//! Loads a folder of spec files into a [`Model`], or reports all of its problems.

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
use crate::diagnostics::{Diagnostics, ExampleProblem, Place, Problem};
use crate::examples::{self, ExamplePart, NoExample};
use crate::findings::{At, FileId, Finding, Findings};
use crate::lock::Lock;
use crate::lower::Draft;
use crate::model::{self, Model, Version};
use crate::positions::Path;
use crate::schema::Kind;
use crate::source::{Api, DataType, Operation, SourceFile, Waivers};
use crate::waivers::Waiver;

use discover::{Listing, discover};
use known::{KnownElement, KnownFiles};
use locked::LockFile;
pub use tree::{Entry, EntryKind, Folder, Memory, ReadError, Tree};

/// A valid spec, with the texts of its files.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its contents.
    pub model: Model,
    /// Its waivers, in the order of the file.
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
    /// The contents of the identical file in another, valid version of the spec.
    Known(KnownElement<'a>),
    /// None, because the file has too many problems.
    Unusable(Kind),
}

/// Loads the spec in a folder: `api.yaml`, `types/*.yaml`,
/// `operations/*/*.yaml`, and `waivers.yaml` if there is one.
///
/// # Errors
///
/// All problems of the spec at once.
pub fn load(dir: &Utf8Path) -> Result<Model, Diagnostics> {
    load_tree(&Folder::new(dir), dir).map(|tree| tree.model)
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

/// Loads the spec in a tree even if it breaks rules, and returns its problems too. There is no spec
/// if a file could not be read completely, since its elements would seem to be removed, or if the
/// waivers are invalid, since every verdict depends on them.
///
/// Files that are the same in `base`, another version of the spec, are not read again.
pub fn load_flawed(tree: &dyn Tree, name: &Utf8Path, base: Option<&Loaded>) -> (Option<Loaded>, Diagnostics) {
    let known = base.map(KnownFiles::new).unwrap_or_default();
    let FolderContents { mut draft, files, problems, findings, is_whole } = gather(tree, name, &known);
    let diagnostics = places::diagnostics(name, &files, problems, findings);
    let waivers = draft.waivers.take().map_or(Vec::new(), |(_, waivers)| waivers);
    let waivers = waivers.into_iter().map(|(_, waiver)| waiver).collect();
    let loaded = draft.into_model().filter(|_| is_whole).map(|model| {
        let texts = files.into_iter().map(|file| (file.path, file.text)).collect();
        Loaded { model, waivers, texts, name: name.to_owned() }
    });
    (loaded, diagnostics)
}

/// Loads the lock of the spec in a tree, if there is one.
///
/// # Errors
///
/// The problems of its text. Only [`lint`] compares the releases with it.
pub fn load_lock(tree: &dyn Tree, name: &Utf8Path) -> Result<Option<Lock>, Diagnostics> {
    let locked = LockFile::read(tree, name);
    if locked.is_valid() { Ok(locked.lock) } else { Err(locked.diagnostics()) }
}

/// Loads the spec in a folder, and returns its warnings too. Released versions are compared with
/// the [lock](crate::lock). That takes longer than [`load`].
///
/// # Errors
///
/// All problems of the spec, and all warnings with them.
pub fn lint(dir: &Utf8Path) -> Result<(Model, Diagnostics), Diagnostics> {
    examine(dir, None).map(|(model, _, warnings)| (model, warnings))
}

/// A change to the lock of the releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Releasing<'a> {
    /// Close this release.
    Close(&'a Version),
    /// Lock the released versions.
    Lock,
    /// Correct the lock.
    Correct,
}

/// Loads the spec in a folder before its lock is written. Obstacles to closing a release are problems;
/// differences from the lock are not problems if it is to be corrected.
///
/// # Errors
///
/// All problems of the spec, and all warnings with them.
pub fn lint_releasing(dir: &Utf8Path, releasing: Releasing<'_>) -> Result<(Model, Lock), Diagnostics> {
    examine(dir, Some(releasing)).map(|(model, lock, _)| (model, lock))
}

fn examine(
    dir: &Utf8Path,
    releasing: Option<Releasing<'_>>,
) -> Result<(Model, Lock, Diagnostics), Diagnostics> {
    let tree = Folder::new(dir);
    let mut locked = LockFile::read(&tree, dir);
    let FolderContents { draft, files, problems, mut findings, is_whole: _ } =
        gather(&tree, dir, &KnownFiles::default());
    let is_valid = problems.is_empty() && findings.is_empty();
    let mut obstacles = Findings::default();
    if let Some(Releasing::Close(version)) = releasing {
        let none = Lock::default();
        check::cut(&draft, version, locked.lock.as_ref().unwrap_or(&none), &mut obstacles);
    }
    let can_close = obstacles.is_empty();
    findings.extend(obstacles);
    check::lint(&draft, &mut findings);
    // The releases and the examples of a spec that breaks rules are undefined.
    let model = draft.into_model().filter(|_| is_valid);
    findings.extend(model.iter().flat_map(|model| missing_examples(model, &files)));
    let mut diagnostics = places::diagnostics(dir, &files, problems, findings);
    let Some(model) = model else {
        diagnostics.extend(locked.diagnostics());
        return Err(diagnostics);
    };
    if releasing != Some(Releasing::Correct) {
        locked.compare(&model);
    }
    if locked.is_valid() && can_close {
        Ok((model, locked.lock.unwrap_or_default(), diagnostics))
    } else {
        diagnostics.extend(locked.diagnostics());
        Err(diagnostics)
    }
}

/// Returns a warning for each operation without an example of which none can be generated.
fn missing_examples(model: &Model, files: &[SpecFile]) -> Vec<Finding> {
    let finding = |(operation, NoExample { path, why, part }): (&model::Operation, NoExample)| {
        let file = files.iter().position(|file| file.path == operation.file)?;
        let at = match part {
            Some((ExamplePart::Parameter, index)) => Path::root().key("parameters").index(index).key("name"),
            Some((ExamplePart::Response, index)) => Path::root().key("response").index(index).key("name"),
            None => Path::root().key("name"),
        };
        let problem = ExampleProblem::NotGenerated { name: operation.name.clone(), path, why };
        Some(Finding::new(file, At::value(at), problem))
    };
    examples::missing(model).filter_map(finding).collect()
}

/// The contents and problems of the files of a folder.
struct FolderContents {
    draft: Draft,
    files: Vec<SpecFile>,
    /// Problems of the folder.
    problems: Vec<Problem>,
    /// Problems of the files.
    findings: Findings,
    /// True if every file could be read completely, and the waivers are valid.
    is_whole: bool,
}

fn gather(tree: &dyn Tree, name: &Utf8Path, known: &KnownFiles<'_>) -> FolderContents {
    let Listing { files, problems } = discover(tree);
    let problems = problems.into_iter().map(|(path, problem)| {
        // Joining an empty path would add a slash.
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
    let is_whole = is_whole && !draft.waivers.as_ref().is_some_and(|(file, _)| findings.has_file(*file));
    FolderContents { draft, files, problems, findings, is_whole }
}

fn read<'a>(
    id: FileId,
    tree: &dyn Tree,
    path: Utf8PathBuf,
    kind: Kind,
    known: &KnownFiles<'a>,
) -> (SpecFile, Contents<'a>, Vec<Finding>) {
    let (text, problem) = file::read_text(id, tree, &path);
    if let Some(problem) = problem {
        return (SpecFile { path, text }, Contents::Unusable(kind), vec![problem]);
    }
    let (contents, findings) = match (known.find(&path, &text), kind) {
        (Some(element), _) => (Contents::Known(element), Vec::new()),
        (None, Kind::Api) => parse(id, &text, kind, Contents::Api),
        (None, Kind::Type) => parse(id, &text, kind, Contents::Type),
        (None, Kind::Operation) => parse(id, &text, kind, Contents::Operation),
        (None, Kind::Waivers) => parse(id, &text, kind, Contents::Waivers),
    };
    (SpecFile { path, text }, contents, findings)
}

fn parse<T: SourceFile>(
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
        Contents::Known(KnownElement::Type(ty)) => draft.types.push((id, ty.clone())),
        Contents::Known(KnownElement::Operation(operation)) => draft.operations.push((id, operation.clone())),
        Contents::Unusable(Kind::Type) => draft.add_unread_type(path),
        Contents::Unusable(_) => {}
    }
}
