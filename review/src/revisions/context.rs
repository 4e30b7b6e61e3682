//! The repository and the folder of the spec that a command works on.

use camino::{Utf8Path, Utf8PathBuf};

use super::error::RevisionError;
use super::repository::Repository;
use super::{Request, path_in_commit};

/// The repository in which revisions are resolved, and the folder of the spec.
pub(super) struct Context {
    current: Utf8PathBuf,
    /// An error is reported only when a repository is needed.
    repository: Result<Repository, RevisionError>,
    /// The spec of the working tree, as messages show it.
    pub(super) spec: Utf8PathBuf,
    /// True if `spec` was named on the command line.
    is_named: bool,
}

impl Context {
    pub(super) fn find(request: &Request) -> Self {
        let Request { current, workspace, .. } = request;
        let spec = request.spec.as_deref();
        let named = spec.map(|spec| current.join(spec)).filter(|folder| folder.is_dir());
        let start = named.as_deref().unwrap_or(current);
        let repository = match Repository::discover(start) {
            Ok(None) if spec.is_none() => Repository::discover(workspace),
            repository => repository,
        };
        let repository =
            repository.and_then(|repository| repository.ok_or_else(|| RevisionError::no_repository(start)));
        let shown = spec.map_or_else(|| default_spec(repository.as_ref().ok(), request), ToOwned::to_owned);
        Self { current: current.clone(), repository, spec: shown, is_named: spec.is_some() }
    }

    pub(super) fn repository(&self) -> Result<&Repository, RevisionError> {
        self.repository.as_ref().map_err(RevisionError::clone)
    }

    /// Makes a path of the command line absolute.
    pub(super) fn absolute(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.current.join(path)
    }

    /// The folder with which a path in a commit is joined to make a path on disk.
    pub(super) fn root(&self) -> Utf8PathBuf {
        let root = self.repository.as_ref().ok().and_then(|repository| repository.root.clone());
        root.filter(|root| *root != real(&self.current)).unwrap_or_default()
    }

    /// The folder of the spec in commits, from the root of the repository.
    pub(super) fn spec_in_commits(&self) -> Result<Utf8PathBuf, RevisionError> {
        let Some(root) = &self.repository()?.root else {
            let spec = if self.is_named { &self.spec } else { Utf8Path::new("spec") };
            return path_in_commit(spec);
        };
        let spec = real(&self.absolute(&self.spec));
        match spec.strip_prefix(root) {
            Ok(path) => path_in_commit(path),
            Err(_) => Err(RevisionError::new(format!("`{}` is outside the repository {root}", self.spec))
                .help("name the folder of the spec in the commits with `--spec`")),
        }
    }
}

/// The default folder of the spec: `spec/` of this project if it is in the repository, otherwise `spec/`
/// of the repository.
fn default_spec(
    repository: Option<&Repository>,
    Request { current, workspace, .. }: &Request,
) -> Utf8PathBuf {
    let root = repository.and_then(|repository| repository.root.as_ref());
    let spec = match root {
        Some(root) if !real(workspace).starts_with(root) => root.join("spec"),
        _ => workspace.join("spec"),
    };
    match spec.strip_prefix(current) {
        Ok(path) => path.to_owned(),
        Err(_) => spec,
    }
}

/// Resolves the links in a path. The end of the path may be missing on disk.
fn real(path: &Utf8Path) -> Utf8PathBuf {
    let known = path.ancestors().find_map(|ancestor| Some((ancestor, ancestor.canonicalize_utf8().ok()?)));
    match known.and_then(|(known, real)| Some(real.join(path.strip_prefix(known).ok()?))) {
        // Joining with an empty path adds a slash; collecting the components removes it.
        Some(real) => real.components().collect(),
        None => path.to_owned(),
    }
}
