//! Resolves the base and the head of a range, or their defaults.

use camino::{Utf8Path, Utf8PathBuf};

use super::context::Context;
use super::error::{RevisionError, RevisionErrors};
use super::range::{Endpoint, Range};
use super::repository::NamedCommit;
use super::{combine, merge_base, not_found};

/// The resolved base and head of a range.
pub(super) struct Endpoints {
    pub(super) base: ResolvedEndpoint,
    pub(super) head: ResolvedEndpoint,
}

/// A resolved base or head.
pub(super) enum ResolvedEndpoint {
    Commit(NamedCommit),
    /// A folder on disk, and its label in messages.
    Folder {
        name: Utf8PathBuf,
        label: String,
    },
}

impl Endpoints {
    pub(super) fn resolve(
        range: &Range,
        main: Option<&str>,
        context: &Context,
    ) -> Result<Self, RevisionErrors> {
        let base = range.base.as_ref().map(|base| ResolvedEndpoint::find(base, context)).transpose();
        let head = range.head.as_ref().map(|head| ResolvedEndpoint::find(head, context)).transpose();
        let (base, head) = combine(base, head).map_err(RevisionErrors::git)?;
        if range.from_merge_base
            && [&base, &head].iter().any(|end| matches!(end, Some(ResolvedEndpoint::Folder { .. })))
        {
            return Err(RevisionErrors::Usage(vec![
                RevisionError::new("a folder has no history, which `...` requires")
                    .help("use two dots: `BASE..HEAD`"),
            ]));
        }
        let base = Self::resolve_base(base, head.as_ref(), range, main, context);
        let head = head.map_or_else(|| ResolvedEndpoint::working_tree(context), Ok);
        let (base, head) = combine(base, head).map_err(RevisionErrors::git)?;
        Ok(Self { base, head })
    }

    /// The base as written, its merge base with the head for `...`, or the default base.
    fn resolve_base(
        base: Option<ResolvedEndpoint>,
        head: Option<&ResolvedEndpoint>,
        range: &Range,
        main: Option<&str>,
        context: &Context,
    ) -> Result<ResolvedEndpoint, RevisionError> {
        let commit = match (base, head) {
            (Some(ResolvedEndpoint::Commit(base)), head) if range.from_merge_base => {
                let repository = context.repository()?;
                let head = match head {
                    Some(ResolvedEndpoint::Commit(head)) => head.clone(),
                    _ => merge_base::head(repository)?,
                };
                merge_base::merge_base(repository, &base, &head)?
            }
            (Some(base), _) => return Ok(base),
            (None, Some(ResolvedEndpoint::Commit(head))) => {
                let repository = context.repository()?;
                merge_base::merge_base(repository, &merge_base::main_branch(repository, main)?.tip, head)?
            }
            (None, _) => merge_base::base_of_working_tree(context.repository()?, main)?,
        };
        Ok(ResolvedEndpoint::Commit(commit))
    }
}

impl ResolvedEndpoint {
    fn find(endpoint: &Endpoint, context: &Context) -> Result<Self, RevisionError> {
        let name = match endpoint {
            Endpoint::Path(path) => return Ok(Self::folder(path)),
            Endpoint::Revision(name) => name,
        };
        let folder = Utf8Path::new(name);
        let is_spec = context.absolute(folder).join("api.yaml").exists();
        let repository = match context.repository() {
            Err(_) if is_spec => return Ok(Self::folder(folder)),
            repository => repository?,
        };
        match repository.find(name)? {
            Some(commit) => Ok(Self::Commit(commit)),
            None if is_spec => Ok(Self::folder(folder)),
            None if context.absolute(folder).is_dir() => Err(not_found::revision(repository, name)
                .note(format!("the folder `{folder}` has no `api.yaml`"))),
            None => Err(not_found::revision(repository, name)),
        }
    }

    fn folder(path: &Utf8Path) -> Self {
        Self::Folder { name: path.to_owned(), label: path.to_string() }
    }

    fn working_tree(context: &Context) -> Result<Self, RevisionError> {
        // Without a repository, the folder of the spec is the working tree.
        if context.repository().is_ok_and(|repository| repository.root.is_none()) {
            return Err(RevisionError::new("a bare repository has no working tree to compare with")
                .help("name both revisions: `BASE..HEAD`"));
        }
        Ok(Self::Folder { name: context.spec.clone(), label: "the working tree".to_owned() })
    }
}
