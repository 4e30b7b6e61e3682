//! A git repository: its revisions and their files.

use std::cell::RefCell;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::load::EntryKind;

use super::commit_tree::{self, CommitTree};
use super::error::RevisionError;
use super::git::{Git, GitError};
use super::objects::{Contents, Lookup, Object, ObjectKind, ObjectReader, ReadError, TreeEntry};

/// A commit and its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedCommit {
    /// Its hash.
    pub(super) id: String,
    /// Its name in a sentence, such as `main at 1a2b3c4`.
    pub(super) label: String,
    /// Its name for git, such as `main`.
    pub(super) name: String,
}

/// A git repository.
pub(super) struct Repository {
    pub(super) git: Git,
    /// The folder of the working tree, with links resolved. A bare repository has none.
    pub(super) root: Option<Utf8PathBuf>,
    /// True if this is a shallow clone, which lacks older history.
    pub(super) is_shallow: bool,
    /// Started when it is first needed.
    objects: RefCell<Option<ObjectReader>>,
}

impl Repository {
    /// Finds the repository that contains a folder.
    pub(super) fn discover(folder: &Utf8Path) -> Result<Option<Self>, RevisionError> {
        let git = Git::new(folder);
        let arguments = ["rev-parse", "--is-shallow-repository", "--show-cdup"];
        let text = match git.run(&arguments) {
            Ok(text) => text,
            Err(error) => return discovery_error(folder, error),
        };
        let (is_shallow, root) = text.split_once('\n').unwrap_or((&text, ""));
        // The second line is the path up from the folder with links resolved. A bare repository has
        // no second line.
        let root = root.strip_suffix('\n').and_then(|up| Some(folder.canonicalize_utf8().ok()?.join(up)));
        let root = root.map(|root| root.canonicalize_utf8().unwrap_or(root));
        Ok(Some(Self { git, root, is_shallow: is_shallow == "true", objects: RefCell::default() }))
    }

    /// Calls a function with the object reader, and starts a new reader after an error.
    fn read<T, E: From<GitError>>(
        &self,
        read: impl FnOnce(&mut ObjectReader) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut slot = self.objects.borrow_mut();
        let objects = match &mut *slot {
            Some(objects) => objects,
            none => none.insert(ObjectReader::start(&self.git)?),
        };
        let result = read(objects);
        if result.is_err() {
            // The process may have ended.
            *slot = None;
        }
        result
    }

    /// Returns whether a revision exists.
    pub(super) fn has(&self, name: &str) -> bool {
        matches!(self.read(|objects| objects.find(name)), Ok(Lookup::Object(_)))
    }

    /// Finds the commit that a revision names, if it exists.
    pub(super) fn find(&self, name: &str) -> Result<Option<NamedCommit>, RevisionError> {
        let lookup = |name: &str| {
            let unreadable =
                |error: GitError| RevisionError::unreadable(&format!("`{}`", name.escape_debug()), &error);
            self.read(|objects| objects.find(name)).map_err(unreadable)
        };
        let mut object = match lookup(name) {
            Ok(Lookup::Object(object)) => object,
            Ok(Lookup::Missing) => return Ok(None),
            Ok(Lookup::Ambiguous) => return Err(RevisionError::ambiguous(name)),
            // Git fails for `@{upstream}` of a branch that has none.
            Err(_) if name.contains("@{") => return Ok(None),
            Err(error) => return Err(error),
        };
        if object.kind == ObjectKind::Tag
            && let Lookup::Object(commit) = lookup(&format!("{}^{{commit}}", object.id))?
        {
            object = commit;
        }
        let kind = match object.kind {
            ObjectKind::Commit => return Ok(Some(self.named_commit(name, object.id))),
            ObjectKind::File => "a file",
            ObjectKind::Tree => "a folder of a commit",
            ObjectKind::Tag => "an object",
        };
        let message = format!("`{}` is {kind}, not a commit", name.escape_debug());
        Err(RevisionError::new(message).help("name the commit; name the folder with `--spec`"))
    }

    fn named_commit(&self, name: &str, id: String) -> NamedCommit {
        let short = self.short(&id);
        let is_hash = id.starts_with(&name.to_lowercase());
        let label = if is_hash { short.clone() } else { format!("{name} at {short}") };
        NamedCommit { id, label, name: if is_hash { short } else { name.to_owned() } }
    }

    /// The shortest unique beginning of a hash.
    pub(super) fn short(&self, id: &str) -> String {
        self.git.line(&["rev-parse", "--short", id]).unwrap_or_else(|| id.to_owned())
    }

    /// The full name of a branch or tag, such as `refs/heads/main` for `main`.
    pub(super) fn full_name(&self, name: &str) -> Option<String> {
        let arguments =
            ["rev-parse", "--symbolic-full-name", "--verify", "--quiet", "--end-of-options", name];
        self.git.line(&arguments)
    }

    /// The full name of the branch that a symbolic reference points to.
    pub(super) fn symbolic_target(&self, reference: &str) -> Option<String> {
        self.git.line(&["symbolic-ref", "--quiet", reference])
    }

    /// Reads the folder of a spec in a commit.
    pub(super) fn folder(&self, commit: &NamedCommit, path: &Utf8Path) -> Result<CommitTree, FolderError> {
        self.read(|objects| {
            let mut id = root(objects, commit)?;
            let mut visited = Utf8PathBuf::new();
            for name in path {
                visited.push(name);
                let mut entries = objects.trees(&[&id])?.into_iter().flatten();
                let entry =
                    entries.find(|entry| entry.name == name.as_bytes()).ok_or(FolderError::Missing)?;
                match commit_tree::kind(&entry) {
                    EntryKind::Folder => id = entry.id,
                    EntryKind::File => return Err(FolderError::Missing),
                    EntryKind::Other(kind) => return Err(FolderError::NotAFolder(visited, kind)),
                }
            }
            // A missing object is an error of the repository, not of the spec.
            Ok(CommitTree::read(objects, &id)?)
        })
    }

    /// Reads a text file in a commit, if it exists.
    pub(super) fn text(&self, commit: &NamedCommit, path: &Utf8Path) -> Option<String> {
        match self.read(|objects| objects.find(&format!("{}:{path}", commit.id))).ok()? {
            Lookup::Object(Object { kind: ObjectKind::File, contents: Contents::Bytes(bytes), .. }) => {
                String::from_utf8(bytes.to_vec()).ok()
            }
            _ => None,
        }
    }

    /// The folders of a commit that contain an `api.yaml`, those nearest to the root first.
    pub(super) fn specs(&self, commit: &NamedCommit) -> Vec<Utf8PathBuf> {
        let mut found = Vec::new();
        let result: Result<_, ReadError> = self.read(|objects| {
            let root = root(objects, commit)?;
            commit_tree::walk(objects, &root, |folder, entries| {
                let is_api = |entry: &TreeEntry| {
                    entry.name == b"api.yaml" && commit_tree::kind(entry) == EntryKind::File
                };
                if entries.iter().any(is_api) {
                    found.push(folder);
                }
            })
        });
        // The folders only help in a message. Without them, the message is still right.
        drop(result);
        found.sort_by_key(|path| (path.components().count(), path.clone()));
        found
    }

    /// Returns whether this is a partial clone, which downloads contents on demand.
    pub(super) fn is_partial(&self) -> bool {
        let promisor = |remote: String| {
            let key = format!("remote.{remote}.promisor");
            self.git.line(&["config", "--type=bool", "--get", &key])
        };
        self.remote().and_then(promisor).is_some_and(|value| value == "true")
    }

    /// The name of a remote, preferably `origin`.
    pub(super) fn remote(&self) -> Option<String> {
        let names = self.git.run(&["remote"]).ok()?;
        let origin = names.lines().find(|name| *name == "origin");
        origin.or_else(|| names.lines().next()).map(str::to_owned)
    }
}

/// The hash of the tree of a commit.
fn root(objects: &mut ObjectReader, commit: &NamedCommit) -> Result<String, ReadError> {
    match objects.find(&format!("{}^{{tree}}", commit.id))? {
        Lookup::Object(tree) => Ok(tree.id),
        Lookup::Missing | Lookup::Ambiguous => Err(ReadError::Missing(commit.id.clone())),
    }
}

/// Explains why no repository was found; `None` if the folder is not in one.
fn discovery_error(folder: &Utf8Path, error: GitError) -> Result<Option<Repository>, RevisionError> {
    match error {
        GitError::Start(error) => Err(RevisionError::new("cannot run the program `git`")
            .note(error.to_string())
            .help("install git 2.30 or newer; two folders can be compared without it: `./old../new`")),
        GitError::Failed { message, .. }
            if ["not a git repository", "cannot change to"]
                .iter()
                .any(|start| message.starts_with(start)) =>
        {
            Ok(None)
        }
        GitError::Failed { message, .. }
            if message.contains("dubious ownership") || message.contains("unsafe repository") =>
        {
            let message = format!("the git repository of {folder} belongs to another user");
            Err(RevisionError::new(message)
                .help(format!("if you trust it, run `git config --global --add safe.directory {folder}`")))
        }
        error => {
            Err(RevisionError::new(format!("cannot open the git repository of {folder}"))
                .note(error.to_string()))
        }
    }
}

/// Why the folder of a spec in a commit cannot be read.
pub(super) enum FolderError {
    /// The path does not exist.
    Missing,
    /// The path, or the beginning of it, is not a folder but of this kind.
    NotAFolder(Utf8PathBuf, &'static str),
    /// Objects of the folder are not in the repository.
    Incomplete,
    Unreadable(GitError),
}

impl From<ReadError> for FolderError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Missing(_) => Self::Incomplete,
            ReadError::Git(error) => Self::Unreadable(error),
        }
    }
}

impl From<GitError> for FolderError {
    fn from(error: GitError) -> Self {
        Self::Unreadable(error)
    }
}
