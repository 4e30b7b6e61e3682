//! Where the command runs: which repository, and which folder of it.

use camino::{Utf8Path, Utf8PathBuf};

use super::failure::Trouble;
use super::repository::Repo;
use super::{Arguments, from_root, unreadable};

/// The repository and the spec that versions are looked for in.
pub(super) struct Site {
    current: Utf8PathBuf,
    /// Two folders need none.
    repo: Result<Repo, Trouble>,
    /// The spec of the working tree, as people are shown it.
    pub(super) spec: Utf8PathBuf,
    /// Whether it was named.
    is_named: bool,
}

impl Site {
    pub(super) fn find(arguments: &Arguments) -> Self {
        let Arguments { current, workspace, .. } = arguments;
        let spec = arguments.spec.as_deref();
        let named = spec.map(|spec| current.join(spec)).filter(|text| text.is_dir());
        let start = named.as_deref().unwrap_or(current);
        let repo = match Repo::discover(start) {
            Ok(None) if spec.is_none() => Repo::discover(workspace),
            repo => repo,
        };
        let repo = repo.and_then(|repo| repo.ok_or_else(|| unreadable::repository(start)));
        let shown = spec.map_or_else(|| default_spec(repo.as_ref().ok(), arguments), ToOwned::to_owned);
        Self { current: current.clone(), repo, spec: shown, is_named: spec.is_some() }
    }

    pub(super) fn repo(&self) -> Result<&Repo, Trouble> {
        self.repo.as_ref().map_err(Trouble::clone)
    }

    /// A path of the command line.
    pub(super) fn at(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.current.join(path)
    }

    /// What a path of a commit is to be joined with to be a path here.
    pub(super) fn root(&self) -> Utf8PathBuf {
        let root = self.repo.as_ref().ok().and_then(|repo| repo.root.clone());
        root.filter(|root| *root != real(&self.current)).unwrap_or_default()
    }

    /// The path of the spec in commits: from the root of the repository.
    pub(super) fn spec_in_commits(&self) -> Result<Utf8PathBuf, Trouble> {
        let Some(root) = &self.repo()?.root else {
            let spec = if self.is_named { &self.spec } else { Utf8Path::new("spec") };
            return from_root(spec);
        };
        let spec = real(&self.at(&self.spec));
        match spec.strip_prefix(root) {
            Ok(path) => from_root(path),
            Err(_) => Err(Trouble::new(format!("`{}` is not in the repository {root}", self.spec))
                .help("name the folder that the commits have with `--spec`")),
        }
    }
}

/// `spec/` of this project if the repository is its own, or else of the
/// repository.
fn default_spec(repo: Option<&Repo>, Arguments { current, workspace, .. }: &Arguments) -> Utf8PathBuf {
    let root = repo.and_then(|repo| repo.root.as_ref());
    let spec = match root {
        Some(root) if !real(workspace).starts_with(root) => root.join("spec"),
        _ => workspace.join("spec"),
    };
    match spec.strip_prefix(current) {
        Ok(path) => path.to_owned(),
        Err(_) => spec,
    }
}

/// A path without links on the way. What only commits have is not there.
fn real(path: &Utf8Path) -> Utf8PathBuf {
    let known = path.ancestors().find_map(|ancestor| Some((ancestor, ancestor.canonicalize_utf8().ok()?)));
    match known.and_then(|(known, real)| Some(real.join(path.strip_prefix(known).ok()?))) {
        // Joined with nothing, a path would get a slash.
        Some(real) => real.components().collect(),
        None => path.to_owned(),
    }
}
