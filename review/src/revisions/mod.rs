//! Loads the two specs that `diff` compares: from folders, or from git's objects, without a checkout.

mod commit_tree;
mod context;
mod error;
mod git;
mod manifest;
mod merge_base;
mod not_found;
mod objects;
mod range;
mod repository;
mod resolve;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use semver::Version;
use zstack_model::load::{Folder, Loaded, Tree, load_flawed, load_lock, load_tree};
use zstack_model::lock::Lock;

use context::Context;
use not_found::SpecOption;
use range::{Range, RangeError};
use resolve::{Endpoints, ResolvedEndpoint};

pub use error::{InvalidSpec, RevisionError, RevisionErrors};

/// The arguments of `cargo xtask diff`: the specs to compare, and the folders in which the command runs.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `BASE..HEAD`: git revisions or folders. Either may be missing.
    pub range: String,
    /// The folder of the spec, if it is not the usual one.
    pub spec: Option<Utf8PathBuf>,
    /// The folder of the spec in the base, from the root of the repository, if it was another one.
    pub base_spec: Option<Utf8PathBuf>,
    /// The main branch, if it is not the usual one.
    pub main: Option<String>,
    /// The folder in which the command runs.
    pub current: Utf8PathBuf,
    /// The folder of this project.
    pub workspace: Utf8PathBuf,
}

/// Two specs to compare.
#[derive(Debug)]
pub struct Comparison {
    /// The spec of the base, which is valid.
    pub old: ComparedSpec,
    /// The spec of the head.
    pub new: ComparedSpec,
    /// The errors of an invalid head that can be compared all the same.
    pub head_errors: Option<RevisionErrors>,
}

/// One of two specs to compare.
#[derive(Debug)]
pub struct ComparedSpec {
    /// The origin of the spec, such as `main at 1a2b3c4` or `the working tree`.
    pub label: String,
    /// The spec. Its folder is named as `git show` names it: `main:spec` in a commit, `spec` in the working tree.
    pub loaded: Loaded,
    /// The lock of its releases, if there is one.
    pub lock: Option<Lock>,
    /// The version of the generated crates, if it is known.
    pub crates: Option<Version>,
}

/// Loads the two specs of a request.
///
/// # Errors
///
/// When the arguments are invalid, git does not have what they name, or a spec cannot be compared.
pub fn load(request: &Request) -> Result<Comparison, RevisionErrors> {
    let usage = |error| RevisionErrors::Usage(vec![error]);
    let range = Range::parse(&request.range).map_err(|error| usage(invalid_range(&request.range, &error)))?;
    let base_spec = request.base_spec.as_deref().map(path_in_commit).transpose().map_err(usage)?;
    let context = Context::find(request);
    let Endpoints { base, head } = Endpoints::resolve(&range, request.main.as_deref(), &context)?;
    if base_spec.is_some() && matches!(base, ResolvedEndpoint::Folder { .. }) {
        return Err(usage(
            RevisionError::new("`--base-spec` applies only if the base is a commit")
                .note("the base is a folder, which is the spec"),
        ));
    }
    let option = SpecOption { name: "--base-spec", root: Utf8PathBuf::new() };
    let old = SpecSource::find(base, &context, base_spec.as_deref(), &option);
    let option = SpecOption { name: "--spec", root: context.root() };
    let new = SpecSource::find(head, &context, None, &option);
    let (old, new) = combine(old, new).map_err(RevisionErrors::git)?;
    let old = old.load();
    let new = new.load_flawed(old.as_ref().ok().map(|old| &old.loaded));
    let (mut old, (new, invalid)) = combine(old, new).map_err(RevisionErrors::Spec)?;
    // A lock that cannot be read is an error of its own, and not a lock without lines.
    if invalid.is_some() && new.lock.is_none() {
        old.lock = None;
    }
    Ok(Comparison { old, new, head_errors: invalid.map(|invalid| RevisionErrors::Spec(vec![invalid])) })
}

/// Combines two results, with the errors of both.
fn combine<A, B, E>(old: Result<A, E>, new: Result<B, E>) -> Result<(A, B), Vec<E>> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (old, new) => Err(old.err().into_iter().chain(new.err()).collect()),
    }
}

/// The files of a spec that is not loaded yet.
struct SpecSource {
    tree: Box<dyn Tree>,
    label: String,
    name: Utf8PathBuf,
    crates: Option<Version>,
}

impl SpecSource {
    /// Finds the files. `path` is the folder of the spec in a commit, if it is not the usual one.
    fn find(
        endpoint: ResolvedEndpoint,
        context: &Context,
        path: Option<&Utf8Path>,
        option: &SpecOption,
    ) -> Result<Self, RevisionError> {
        let commit = match endpoint {
            ResolvedEndpoint::Folder { name, label } => {
                let folder = context.absolute(&name);
                let crates = manifest::version_next_to_folder(&folder);
                return Ok(Self { tree: Box::new(Folder::new(folder)), label, name, crates });
            }
            ResolvedEndpoint::Commit(commit) => commit,
        };
        let repository = context.repository()?;
        let path = path.map_or_else(|| context.spec_in_commits(), |path| Ok(path.to_owned()))?;
        let tree = repository
            .folder(&commit, &path)
            .map_err(|error| not_found::folder(repository, &commit, &path, error, option))?;
        let crates = manifest::version_in_commit(repository, &commit, &path);
        let path = if path == "" { Utf8Path::new(".") } else { &path };
        let name = format!("{}:{path}", commit.name).into();
        Ok(Self { tree: Box::new(tree), label: commit.label, name, crates })
    }

    /// Loads the base, which must be valid. An unreadable lock of the base is ignored: only the head can repair it.
    fn load(self) -> Result<ComparedSpec, InvalidSpec> {
        let Self { tree, label, name, crates } = self;
        let lock = load_lock(&*tree, &name).unwrap_or_default();
        match load_tree(&*tree, &name) {
            Ok(loaded) => Ok(ComparedSpec { label, loaded, lock, crates }),
            Err(diagnostics) => Err(InvalidSpec { label: format!("the base ({label})"), diagnostics }),
        }
    }

    /// Loads the head and its errors. A spec that breaks rules is still compared, as far as it can be read. Files that
    /// are the same in the base are not read again.
    fn load_flawed(self, base: Option<&Loaded>) -> Result<(ComparedSpec, Option<InvalidSpec>), InvalidSpec> {
        let Self { tree, label, name, crates } = self;
        let (loaded, mut diagnostics) = load_flawed(&*tree, &name, base);
        let lock = load_lock(&*tree, &name).unwrap_or_else(|problems| {
            diagnostics.extend(problems);
            None
        });
        let invalid = |diagnostics| InvalidSpec { label: label.clone(), diagnostics };
        match loaded {
            Some(loaded) => {
                let invalid = (!diagnostics.is_empty()).then(|| invalid(diagnostics));
                Ok((ComparedSpec { label, loaded, lock, crates }, invalid))
            }
            None => Err(invalid(diagnostics)),
        }
    }
}

/// Normalizes a path inside a commit, which begins at the root of the repository.
fn path_in_commit(path: &Utf8Path) -> Result<Utf8PathBuf, RevisionError> {
    let mut normalized = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::Normal(name) => normalized.push(name),
            Utf8Component::CurDir => {}
            _ => {
                return Err(RevisionError::new(format!("`{path}` is not a path inside a commit"))
                    .help("write it relative to the root of the repository, such as `api/spec`"));
            }
        }
    }
    Ok(normalized)
}

fn invalid_range(text: &str, error: &RangeError) -> RevisionError {
    let text = text.escape_debug();
    match error {
        RangeError::TooManyDots => RevisionError::new(format!("`{text}` has too many dots"))
            .help("write `BASE..HEAD`, or `BASE...HEAD` for the changes of HEAD since it left BASE"),
        RangeError::TooManyEndpoints => {
            RevisionError::new(format!("`{text}` names more than two revisions")).help("write `BASE..HEAD`")
        }
    }
}
