//! The repository: what its revisions are called, and what is in them.

use camino::{Utf8Path, Utf8PathBuf};
use git2::{Commit, ErrorCode, ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult};
use zstack_model::load::EntryKind;

use super::commit_tree::{self, CommitTree};
use super::failure::Trouble;
use super::missing;

/// A commit, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) id: Oid,
    /// For a sentence: `main at 1a2b3c4`.
    pub(super) label: String,
    /// What git knows it by: `main`.
    pub(super) name: String,
}

pub(super) struct Repo {
    pub(super) git: Repository,
}

impl Repo {
    /// The repository that a folder is in, if it is in one.
    pub(super) fn discover(folder: &Utf8Path) -> Result<Option<Self>, Trouble> {
        // As git does: to hash each object once more takes as long as to parse
        // it, and what a disk lost shows in its checksum as well.
        git2::opts::strict_hash_verification(false);
        match Repository::discover(folder) {
            Ok(git) => Ok(Some(Self { git })),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) if error.code() == ErrorCode::Owner => Err(Trouble::new(format!(
                "the git repository of {folder} belongs to somebody else"
            ))
            .help(format!(
                "`git config --global --add safe.directory {folder}`, if that is as it should be"
            ))),
            Err(error) => Err(Trouble::new(format!("the git repository of {folder} cannot be opened"))
                .note(error.message().to_owned())),
        }
    }

    /// The folder of its files, without links on the way; a bare repository
    /// has none.
    pub(super) fn root(&self) -> Option<Utf8PathBuf> {
        let root = Utf8Path::from_path(self.git.workdir()?)?;
        Some(root.canonicalize_utf8().unwrap_or_else(|_| root.to_owned()))
    }

    /// The commit that a revision names; `None` if there is nothing of that
    /// name.
    pub(super) fn find(&self, name: &str) -> Result<Option<Point>, Trouble> {
        let object = match self.git.revparse_single(name) {
            Ok(object) => object,
            Err(error) => {
                return match error.code() {
                    ErrorCode::NotFound | ErrorCode::InvalidSpec => Ok(None),
                    ErrorCode::Ambiguous => Err(missing::ambiguous(name)),
                    _ => Err(missing::broken(&format!("`{}`", name.escape_debug()), &error)),
                };
            }
        };
        match object.peel_to_commit() {
            Ok(commit) => Ok(Some(self.point(name, &commit))),
            Err(_) => {
                let kind = object.kind().map_or("an object", |it| match it {
                    ObjectType::Blob => "a file",
                    ObjectType::Tree => "a folder of a commit",
                    _ => "an object",
                });
                let message = format!("`{}` is {kind}, not a commit", name.escape_debug());
                Err(Trouble::new(message).help("name the commit, and the folder with `--spec`"))
            }
        }
    }

    /// The commit that a revision names.
    pub(super) fn get(&self, name: &str) -> Result<Point, Trouble> {
        self.find(name)?.ok_or_else(|| missing::revision(self, name))
    }

    fn point(&self, name: &str, commit: &Commit<'_>) -> Point {
        let short = self.short(commit.id());
        let is_hash = commit.id().to_string().starts_with(&name.to_lowercase());
        let label = if is_hash { short.clone() } else { format!("{name} at {short}") };
        Point { id: commit.id(), label, name: if is_hash { short } else { name.to_owned() } }
    }

    /// As much of a hash as tells it from all others.
    pub(super) fn short(&self, id: Oid) -> String {
        let short = self.git.find_object(id, None).and_then(|it| it.short_id());
        let short = short.ok().and_then(|it| it.as_str().map(str::to_owned).ok());
        short.unwrap_or_else(|| id.to_string())
    }

    /// The folder of a spec in a commit.
    pub(super) fn folder(&self, point: &Point, path: &Utf8Path) -> Result<CommitTree, NoFolder> {
        let root = self.git.find_commit(point.id).and_then(|it| it.tree())?;
        let mut id = root.id();
        let mut walked = Utf8PathBuf::new();
        for name in path {
            walked.push(name);
            let tree = self.git.find_tree(id)?;
            let entry = tree.get_name(name).ok_or(NoFolder::Missing)?;
            match commit_tree::kind(&entry) {
                EntryKind::Folder => id = entry.id(),
                EntryKind::File => return Err(NoFolder::Missing),
                EntryKind::Other(what) => return Err(NoFolder::Other(walked, what)),
            }
        }
        // What is not there is git's matter, and not a fault of the spec.
        let objects = self.git.odb()?;
        let mut is_complete = true;
        self.git.find_tree(id)?.walk(TreeWalkMode::PreOrder, |_, entry| {
            is_complete &= entry.kind() != Some(ObjectType::Blob) || objects.exists(entry.id());
            TreeWalkResult::Ok
        })?;
        if !is_complete {
            return Err(NoFolder::Incomplete);
        }
        Ok(CommitTree::open(&self.git, id)?)
    }

    /// The text of a file in a commit, if it is there and is one.
    pub(super) fn text(&self, point: &Point, path: &Utf8Path) -> Option<String> {
        let root = self.git.find_commit(point.id).and_then(|it| it.tree()).ok()?;
        let blob = self.git.find_blob(root.get_path(path.as_std_path()).ok()?.id()).ok()?;
        String::from_utf8(blob.content().to_vec()).ok()
    }

    /// The folders of a commit that hold an `api.yaml`, those nearest to the
    /// root first.
    pub(super) fn specs(&self, point: &Point) -> Vec<Utf8PathBuf> {
        let mut found = Vec::new();
        let root = self.git.find_commit(point.id).and_then(|it| it.tree());
        let walked = root.and_then(|root| {
            root.walk(TreeWalkMode::PreOrder, |folder, entry| {
                let is_file = entry.kind() == Some(ObjectType::Blob);
                if is_file && entry.name_bytes() == b"api.yaml" {
                    found.push(Utf8PathBuf::from(folder.trim_end_matches('/')));
                }
                TreeWalkResult::Ok
            })
        });
        // This is a help in a message; what cannot be read is not offered.
        drop(walked);
        found.sort_by_key(|it| (it.components().count(), it.clone()));
        found
    }

    /// Whether this is a clone that gets contents only when git asks for them.
    pub(super) fn is_partial(&self) -> bool {
        let promises = |remote: String| {
            let config = self.git.config()?;
            config.get_bool(&format!("remote.{remote}.promisor"))
        };
        self.remote().is_some_and(|it| promises(it).unwrap_or_default())
    }

    /// A remote to get more from.
    pub(super) fn remote(&self) -> Option<String> {
        let remotes = self.git.remotes().ok()?;
        let names: Vec<&str> = remotes.iter().filter_map(|it| it.ok().flatten()).collect();
        let origin = names.iter().find(|it| **it == "origin").or(names.first());
        origin.map(|it| (*it).to_owned())
    }
}

/// Why there is no folder of a spec in a commit.
pub(super) enum NoFolder {
    /// Nothing has this path.
    Missing,
    /// Something has this path, or a part of it, that is no folder.
    Other(Utf8PathBuf, &'static str),
    /// Some of its files are not in the repository.
    Incomplete,
    Unreadable(git2::Error),
}

impl From<git2::Error> for NoFolder {
    fn from(error: git2::Error) -> Self {
        if error.code() == ErrorCode::NotFound { Self::Incomplete } else { Self::Unreadable(error) }
    }
}
