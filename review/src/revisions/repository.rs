//! The repository: what its revisions are called, and what is in them.

use std::cell::RefCell;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::load::EntryKind;

use super::commit_tree::{self, CommitTree};
use super::failure::Trouble;
use super::git::{Git, GitError};
use super::objects::{Contents, Found, Kind, Object, Objects, ReadError, TreeEntry};
use super::unreadable;

/// A commit, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// Its hash.
    pub(super) id: String,
    /// For a sentence: `main at 1a2b3c4`.
    pub(super) label: String,
    /// What git knows it by: `main`.
    pub(super) name: String,
}

/// A repository of git.
pub(super) struct Repo {
    pub(super) git: Git,
    /// The folder of its files, without links on the way; a bare repository
    /// has none.
    pub(super) root: Option<Utf8PathBuf>,
    /// Whether this is a clone without all of its history.
    pub(super) is_shallow: bool,
    /// Started by the first that needs it.
    objects: RefCell<Option<Objects>>,
}

impl Repo {
    /// The repository that a folder is in, if it is in one.
    pub(super) fn discover(folder: &Utf8Path) -> Result<Option<Self>, Trouble> {
        let git = Git::new(folder);
        let facts = ["rev-parse", "--is-shallow-repository", "--show-cdup"];
        let text = match git.run(&facts) {
            Ok(text) => text,
            Err(error) => return no_repository(folder, error),
        };
        let (is_shallow, root) = text.split_once('\n').unwrap_or((&text, ""));
        // The path upwards is one of the folder without links. In a bare
        // repository, not even an empty line is printed.
        let root = root.strip_suffix('\n').and_then(|up| {
            folder.canonicalize_utf8().ok().map(|canonicalize_utf8| canonicalize_utf8.join(up))
        });
        let root = root.map(|root| root.canonicalize_utf8().unwrap_or(root));
        Ok(Some(Self { git, root, is_shallow: is_shallow == "true", objects: RefCell::default() }))
    }

    /// Asks the process that reads objects.
    fn ask<T, E: From<GitError>>(&self, ask: impl FnOnce(&mut Objects) -> Result<T, E>) -> Result<T, E> {
        let mut slot = self.objects.borrow_mut();
        let objects = match &mut *slot {
            Some(objects) => objects,
            none => none.insert(Objects::start(&self.git)?),
        };
        let answer = ask(objects);
        if answer.is_err() {
            // It may have ended; the next question starts another one.
            *slot = None;
        }
        answer
    }

    /// Whether a revision names something.
    pub(super) fn has(&self, name: &str) -> bool {
        matches!(self.ask(|objects| objects.find(name)), Ok(Found::Object(_)))
    }

    /// The commit that a revision names; `None` if there is nothing of that
    /// name.
    pub(super) fn find(&self, name: &str) -> Result<Option<Point>, Trouble> {
        let ask = |name: &str| {
            let broken = |error: GitError| unreadable::broken(&format!("`{}`", name.escape_debug()), &error);
            self.ask(|objects| objects.find(name)).map_err(broken)
        };
        let mut object = match ask(name) {
            Ok(Found::Object(object)) => object,
            Ok(Found::Missing) => return Ok(None),
            Ok(Found::Ambiguous) => return Err(unreadable::ambiguous(name)),
            // Git gives up on `@{upstream}` of a branch that has none.
            Err(_) if name.contains("@{") => return Ok(None),
            Err(error) => return Err(error),
        };
        if object.kind == Kind::Tag
            && let Found::Object(commit) = ask(&format!("{}^{{commit}}", object.id))?
        {
            object = commit;
        }
        let kind = match object.kind {
            Kind::Commit => return Ok(Some(self.point(name, object.id))),
            Kind::File => "a file",
            Kind::Tree => "a folder of a commit",
            Kind::Tag => "an object",
        };
        let message = format!("`{}` is {kind}, not a commit", name.escape_debug());
        Err(Trouble::new(message).help("name the commit, and the folder with `--spec`"))
    }

    fn point(&self, name: &str, id: String) -> Point {
        let short = self.short(&id);
        let is_hash = id.starts_with(&name.to_lowercase());
        let label = if is_hash { short.clone() } else { format!("{name} at {short}") };
        Point { id, label, name: if is_hash { short } else { name.to_owned() } }
    }

    /// As much of a hash as distinguishes it from all others.
    pub(super) fn short(&self, id: &str) -> String {
        self.git.line(&["rev-parse", "--short", id]).unwrap_or_else(|| id.to_owned())
    }

    /// The whole name of a branch or tag: `refs/heads/main` for `main`.
    pub(super) fn full_name(&self, name: &str) -> Option<String> {
        let ask = ["rev-parse", "--symbolic-full-name", "--verify", "--quiet", "--end-of-options", name];
        self.git.line(&ask)
    }

    /// The whole name of the branch that a symbolic reference points to.
    pub(super) fn target(&self, reference: &str) -> Option<String> {
        self.git.line(&["symbolic-ref", "--quiet", reference])
    }

    /// The folder of a spec in a commit.
    pub(super) fn folder(&self, point: &Point, path: &Utf8Path) -> Result<CommitTree, NoFolder> {
        self.ask(|objects| {
            let mut id = root(objects, point)?;
            let mut walked = Utf8PathBuf::new();
            for name in path {
                walked.push(name);
                let mut entries = objects.trees(&[&id])?.into_iter().flatten();
                let entry = entries.find(|entry| entry.name == name.as_bytes()).ok_or(NoFolder::Missing)?;
                match commit_tree::kind(&entry) {
                    EntryKind::Folder => id = entry.id,
                    EntryKind::File => return Err(NoFolder::Missing),
                    EntryKind::Other(what) => return Err(NoFolder::Other(walked, what)),
                }
            }
            // A missing object is reported for the repository, not as a problem
            // of the spec.
            Ok(CommitTree::read(objects, &id)?)
        })
    }

    /// The text of a file in a commit, if it is there and is one.
    pub(super) fn text(&self, point: &Point, path: &Utf8Path) -> Option<String> {
        match self.ask(|objects| objects.find(&format!("{}:{path}", point.id))).ok()? {
            Found::Object(Object { kind: Kind::File, contents: Contents::Bytes(bytes), .. }) => {
                String::from_utf8(bytes.to_vec()).ok()
            }
            _ => None,
        }
    }

    /// The folders of a commit that hold an `api.yaml`, those nearest to the
    /// root first.
    pub(super) fn specs(&self, point: &Point) -> Vec<Utf8PathBuf> {
        let mut found = Vec::new();
        let walked: Result<_, ReadError> = self.ask(|objects| {
            let root = root(objects, point)?;
            commit_tree::walk(objects, &root, |folder, entries| {
                let is_api = |entry: &TreeEntry| {
                    entry.name == b"api.yaml" && commit_tree::kind(entry) == EntryKind::File
                };
                if entries.iter().any(is_api) {
                    found.push(folder);
                }
            })
        });
        // This is a help in a message; what cannot be read is not offered.
        drop(walked);
        found.sort_by_key(|path| (path.components().count(), path.clone()));
        found
    }

    /// Whether this is a clone that gets contents only when git asks for them.
    pub(super) fn is_partial(&self) -> bool {
        let promises = |remote: String| {
            let key = format!("remote.{remote}.promisor");
            self.git.line(&["config", "--type=bool", "--get", &key])
        };
        self.remote().and_then(promises).is_some_and(|value| value == "true")
    }

    /// A remote to get more from.
    pub(super) fn remote(&self) -> Option<String> {
        let names = self.git.run(&["remote"]).ok()?;
        let origin = names.lines().find(|name| *name == "origin");
        origin.or_else(|| names.lines().next()).map(str::to_owned)
    }
}

/// The tree of a commit.
fn root(objects: &mut Objects, point: &Point) -> Result<String, ReadError> {
    match objects.find(&format!("{}^{{tree}}", point.id))? {
        Found::Object(tree) => Ok(tree.id),
        Found::Missing | Found::Ambiguous => Err(ReadError::Missing(point.id.clone())),
    }
}

/// Why no repository could be opened; `None` if the folder is in none.
fn no_repository(folder: &Utf8Path, error: GitError) -> Result<Option<Repo>, Trouble> {
    match error {
        GitError::Start(error) => Err(Trouble::new("the program `git` cannot be run")
            .note(error.to_string())
            .help("install git 2.30 or later; two folders can be compared without it: `./old../new`")),
        GitError::Failed { message, .. }
            if ["not a git repository", "cannot change to"].iter().any(|it| message.starts_with(it)) =>
        {
            Ok(None)
        }
        GitError::Failed { message, .. }
            if message.contains("dubious ownership") || message.contains("unsafe repository") =>
        {
            let message = format!("the git repository of {folder} belongs to somebody else");
            Err(Trouble::new(message).help(format!(
                "`git config --global --add safe.directory {folder}`, if that is as it should be"
            )))
        }
        error => {
            Err(Trouble::new(format!("the git repository of {folder} cannot be opened"))
                .note(error.to_string()))
        }
    }
}

/// Why there is no folder of a spec in a commit.
pub(super) enum NoFolder {
    /// Nothing has this path.
    Missing,
    /// Something has this path, or a part of it, that is not a folder.
    Other(Utf8PathBuf, &'static str),
    /// Some of its files are not in the repository.
    Incomplete,
    Unreadable(GitError),
}

impl From<ReadError> for NoFolder {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Missing(_) => Self::Incomplete,
            ReadError::Git(error) => Self::Unreadable(error),
        }
    }
}

impl From<GitError> for NoFolder {
    fn from(error: GitError) -> Self {
        Self::Unreadable(error)
    }
}
