//! From a folder to a [`Model`], or to everything that is wrong with it.

mod conflict;
mod discover;
mod file;
mod locked;
mod places;
mod tree;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::check;
use crate::diagnostics::{Diagnostics, Place, Problem};
use crate::findings::{FileId, Findings};
use crate::lower::Draft;
use crate::model::Model;
use crate::schema::Kind;
use crate::source::{Api, DataType, Operation, Waivers};
use crate::waivers::Waiver;

use discover::{Listing, discover};
use file::Fault;
pub(crate) use places::position;
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

/// What a file says; nothing if too much of it is wrong.
enum Written {
    Api(Option<Box<Api>>),
    Type(Option<Box<DataType>>),
    Operation(Option<Box<Operation>>),
    Waivers(Option<Box<Waivers>>),
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
    match load_flawed(tree, name) {
        (Some(loaded), diagnostics) if diagnostics.is_empty() => Ok(loaded),
        (_, diagnostics) => Err(diagnostics),
    }
}

/// The same, of a spec that may break rules: what it says, as far as that can
/// be told, and what is wrong with it. Nothing is said of a spec with a file
/// that could not be read as a whole: what is in there would seem to be gone.
/// Nor is it of one whose waivers do not hold, since every verdict hangs on them.
pub fn load_flawed(tree: &dyn Tree, name: &Utf8Path) -> (Option<Loaded>, Diagnostics) {
    let Gathered { mut draft, files, problems, findings, is_whole } = gather(tree, name);
    let diagnostics = places::diagnostics(name, &files, problems, findings);
    let waivers = draft.waivers.take().map_or(Vec::new(), |(_, it)| it);
    let waivers = waivers.into_iter().map(|(_, it)| it).collect();
    let loaded = draft.into_model().filter(|_| is_whole).map(|model| {
        let texts = files.into_iter().map(|it| (it.path, it.text)).collect();
        Loaded { model, waivers, texts, name: name.to_owned() }
    });
    (loaded, diagnostics)
}

/// Loads the spec in a folder, and looks for what is better mended, too: the
/// model comes with its warnings. Releases that are out are held against their
/// [lock](crate::lock). That takes longer than [`load`].
///
/// # Errors
///
/// All problems of the spec, and all warnings with them.
pub fn lint(dir: &Utf8Path) -> Result<(Model, Diagnostics), Diagnostics> {
    let tree = Folder::new(dir);
    let Gathered { draft, files, problems, mut findings, is_whole: _ } = gather(&tree, dir);
    let holds = problems.is_empty() && findings.is_empty();
    check::lint(&draft, &mut findings);
    let diagnostics = places::diagnostics(dir, &files, problems, findings);
    match draft.into_model() {
        Some(model) if holds => match locked::check(&tree, dir, &model) {
            Some(locked) if !locked.problems.is_empty() => {
                Err(diagnostics.and(locked.problems, locked.file, locked.text))
            }
            _ => Ok((model, diagnostics)),
        },
        _ => Err(diagnostics),
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

fn gather(tree: &dyn Tree, name: &Utf8Path) -> Gathered {
    let Listing { files, problems } = discover(tree);
    let problems = problems.into_iter().map(|(path, problem)| {
        // Joined with nothing, a name would get a slash.
        let file = if path == "" { name.to_owned() } else { name.join(path) };
        Problem { kind: problem.into(), place: Place { file, position: None }, related: None }
    });
    let problems = problems.collect();
    let read: Vec<_> = files.into_par_iter().map(|(path, kind)| read(tree, path, kind)).collect();

    let mut findings = Findings::default();
    let mut draft = Draft::default();
    let mut files = Vec::with_capacity(read.len());
    let is_whole = read.iter().all(|(_, _, faults)| faults.is_empty());
    for (id, (file, written, faults)) in read.into_iter().enumerate() {
        findings.extend(faults.into_iter().map(|it| it.in_file(id)));
        add(&mut draft, id, &file.path, written, &mut findings);
        files.push(file);
    }
    check::check(&draft, &mut findings);
    let is_whole = is_whole && !draft.waivers.as_ref().is_some_and(|(file, _)| findings.concern(*file));
    Gathered { draft, files, problems, findings, is_whole }
}

fn read(tree: &dyn Tree, path: Utf8PathBuf, kind: Kind) -> (SpecFile, Written, Vec<Fault>) {
    let (text, written, faults) = match kind {
        Kind::Api => wrap(file::read(tree, &path, kind), Written::Api),
        Kind::Type => wrap(file::read(tree, &path, kind), Written::Type),
        Kind::Operation => wrap(file::read(tree, &path, kind), Written::Operation),
        Kind::Waivers => wrap(file::read(tree, &path, kind), Written::Waivers),
    };
    (SpecFile { path, text }, written, faults)
}

fn wrap<T>(
    contents: file::Contents<T>,
    variant: fn(Option<Box<T>>) -> Written,
) -> (String, Written, Vec<Fault>) {
    let file::Contents { text, parsed, faults } = contents;
    (text, variant(parsed.map(Box::new)), faults)
}

/// Puts what a file says into the draft.
fn add(draft: &mut Draft, id: FileId, path: &Utf8Path, written: Written, findings: &mut Findings) {
    match written {
        Written::Api(Some(api)) => draft.add_api(id, *api, findings),
        Written::Type(Some(it)) => draft.add_type(id, path, *it, findings),
        Written::Operation(Some(it)) => draft.add_operation(id, path, *it, findings),
        Written::Waivers(Some(it)) => draft.add_waivers(id, *it, findings),
        Written::Type(None) => draft.add_unread_type(path),
        Written::Api(None) | Written::Operation(None) | Written::Waivers(None) => {}
    }
}
