//! Two versions of a spec: what they are called on the command line, where
//! they are kept, and what is in them. Commits are read from git's objects,
//! without a checkout.

mod commit_tree;
mod failure;
mod git;
mod history;
mod manifest;
mod missing;
mod objects;
mod range;
mod repository;
mod sides;
mod site;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod unreadable;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use semver::Version as CratesVersion;
use zstack_model::load::{Folder, Loaded, Tree, load_flawed, load_lock, load_tree};
use zstack_model::lock::Lock;

use missing::SpecOption;
use range::{Range, RangeError};
use sides::{Side, Sides};
use site::Site;

pub use failure::{Broken, Failure, Trouble};

/// What to compare, and where from: the arguments of `cargo xtask diff`.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// `BASE..HEAD`: revisions or folders, either of which may be missing.
    pub range: String,
    /// The folder of the spec, if one is named.
    pub spec: Option<Utf8PathBuf>,
    /// The folder of the spec in the base, from the root of the repository, if it had another path there.
    pub base_spec: Option<Utf8PathBuf>,
    /// The main branch, if one is named.
    pub main: Option<String>,
    /// The folder in which the command runs.
    pub current: Utf8PathBuf,
    /// The folder of this project.
    pub workspace: Utf8PathBuf,
}

/// Two versions of a spec. The base holds.
#[derive(Debug)]
pub struct Versions {
    pub old: Version,
    pub new: Version,
    /// What is wrong with the head. What it says can be compared all the same.
    pub broken: Option<Failure>,
}

/// A version of a spec.
#[derive(Debug)]
pub struct Version {
    /// What it is, for a sentence: `main at 1a2b3c4`, `the working tree`.
    pub label: String,
    /// Its folder is called `spec` in the working tree, `main:spec` in a
    /// commit: as `git show` knows it.
    pub loaded: Loaded,
    /// The lock of its releases, where it has one.
    pub lock: Option<Lock>,
    /// The version of the generated crates, where that is known.
    pub crates: Option<CratesVersion>,
}

/// The two versions that the arguments name.
///
/// # Errors
///
/// When the arguments make no sense, when git does not have what they name, or when a version does not hold.
pub fn versions(arguments: &Arguments) -> Result<Versions, Failure> {
    let usage = |it| Failure::Usage(vec![it]);
    let text = &*arguments.range;
    let range = Range::parse(text).map_err(|it| usage(not_a_range(text, &it)))?;
    let base_spec = arguments.base_spec.as_deref().map(from_root).transpose().map_err(usage)?;
    let site = Site::find(arguments);
    let Sides { old, new } = Sides::find(&range, arguments.main.as_deref(), &site)?;
    if base_spec.is_some() && matches!(old, Side::Folder { .. }) {
        return Err(usage(
            Trouble::new("`--base-spec` is about a base that is a commit")
                .note("the base is a folder, which is the spec"),
        ));
    }
    let option = SpecOption { name: "--base-spec", root: Utf8PathBuf::new() };
    let old = Kept::find(old, &site, base_spec.as_deref(), &option);
    let option = SpecOption { name: "--spec", root: site.root() };
    let new = Kept::find(new, &site, None, &option);
    let (old, new) = both(old, new).map_err(Failure::git)?;
    let old = old.load();
    let new = new.load_flawed(old.as_ref().ok().map(|it| &it.loaded));
    let (mut old, (new, broken)) = both(old, new).map_err(Failure::Spec)?;
    // A lock that cannot be read is told as that, and not as one without lines.
    if broken.is_some() && new.lock.is_none() {
        old.lock = None;
    }
    Ok(Versions { old, new, broken: broken.map(|broken| Failure::Spec(vec![broken])) })
}

/// Both, or everything that is in the way of either.
fn both<A, B, E>(old: Result<A, E>, new: Result<B, E>) -> Result<(A, B), Vec<E>> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (old, new) => Err(old.err().into_iter().chain(new.err()).collect()),
    }
}

/// The files of a version.
struct Kept {
    tree: Box<dyn Tree>,
    label: String,
    name: Utf8PathBuf,
    crates: Option<CratesVersion>,
}

impl Kept {
    /// `path` is that of the spec's folder in a commit, if it is not the usual
    /// one.
    fn find(side: Side, site: &Site, path: Option<&Utf8Path>, option: &SpecOption) -> Result<Self, Trouble> {
        let point = match side {
            Side::Folder { name, label } => {
                let folder = site.at(&name);
                let crates = manifest::beside_folder(&folder);
                return Ok(Self { tree: Box::new(Folder::new(folder)), label, name, crates });
            }
            Side::Commit(point) => point,
        };
        let repo = site.repo()?;
        let path = path.map_or_else(|| site.spec_in_commits(), |path| Ok(path.to_owned()))?;
        let tree =
            repo.folder(&point, &path).map_err(|it| missing::folder(repo, &point, &path, it, option))?;
        let crates = manifest::beside(repo, &point, &path);
        let path = if path == "" { Utf8Path::new(".") } else { &path };
        let name = format!("{}:{path}", point.name).into();
        Ok(Self { tree: Box::new(tree), label: point.label, name, crates })
    }

    /// The base, which has to hold. A lock of its own that cannot be read holds
    /// nobody, and can only be mended by a head.
    fn load(self) -> Result<Version, Broken> {
        let Self { tree, label, name, crates } = self;
        let lock = load_lock(&*tree, &name).unwrap_or_default();
        match load_tree(&*tree, &name) {
            Ok(loaded) => Ok(Version { label, loaded, lock, crates }),
            Err(diagnostics) => Err(Broken { label: format!("the base, {label},"), diagnostics }),
        }
    }

    /// The head, and what is wrong with it. Who breaks a rule wants to know
    /// what else the change does. Most of it is as it was in the base.
    fn load_flawed(self, base: Option<&Loaded>) -> Result<(Version, Option<Broken>), Broken> {
        let Self { tree, label, name, crates } = self;
        let (loaded, mut diagnostics) = load_flawed(&*tree, &name, base);
        let lock = load_lock(&*tree, &name).unwrap_or_else(|problems| {
            diagnostics.extend(problems);
            None
        });
        let broken = |diagnostics| Broken { label: label.clone(), diagnostics };
        match loaded {
            Some(loaded) => {
                let broken = (!diagnostics.is_empty()).then(|| broken(diagnostics));
                Ok((Version { label, loaded, lock, crates }, broken))
            }
            None => Err(broken(diagnostics)),
        }
    }
}

/// A path from the root of the repository.
fn from_root(path: &Utf8Path) -> Result<Utf8PathBuf, Trouble> {
    let mut found = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::Normal(name) => found.push(name),
            Utf8Component::CurDir => {}
            _ => {
                return Err(Trouble::new(format!("{path} is not a path in a commit"))
                    .help("write it from the root of the repository: `api/spec`"));
            }
        }
    }
    Ok(found)
}

fn not_a_range(text: &str, error: &RangeError) -> Trouble {
    let text = text.escape_debug();
    match error {
        RangeError::TooManyDots => Trouble::new(format!("`{text}` has too many dots"))
            .help("write `BASE..HEAD`, or `BASE...HEAD` for what HEAD did since it left BASE"),
        RangeError::TooManyVersions => {
            Trouble::new(format!("`{text}` names more than two versions")).help("write `BASE..HEAD`")
        }
    }
}
