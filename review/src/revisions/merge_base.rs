//! The default base of a comparison: the merge base of the head and the main branch.

use super::error::RevisionError;
use super::git::GitError;
use super::not_found;
use super::repository::{NamedCommit, Repository};

/// The main branch.
pub(super) struct MainBranch {
    pub(super) tip: NamedCommit,
    /// Its name without that of the remote; `None` if a commit was named instead.
    branch: Option<String>,
}

/// Finds the main branch: the named one, or else the default branch of `origin`, `main` or `master`.
pub(super) fn main_branch(repository: &Repository, named: Option<&str>) -> Result<MainBranch, RevisionError> {
    let candidates = match named {
        Some(name) => vec![name.to_owned(), format!("origin/{name}")],
        None => {
            let default = repository.symbolic_target("refs/remotes/origin/HEAD");
            let default = default.and_then(|name| name.strip_prefix("refs/remotes/").map(str::to_owned));
            let usual = ["origin/main", "origin/master", "main", "master"].map(str::to_owned);
            default.into_iter().chain(usual).collect()
        }
    };
    for name in candidates {
        // A tag called `main` counts only if it was named.
        let full_name = repository.full_name(&name).unwrap_or_default();
        let is_branch = ["refs/heads/", "refs/remotes/"].iter().any(|kind| full_name.starts_with(kind));
        if named.is_none() && !is_branch {
            continue;
        }
        if let Some(tip) = repository.find(&name)? {
            let branch = is_branch.then(|| name.strip_prefix("origin/").unwrap_or(&name).to_owned());
            return Ok(MainBranch { tip, branch });
        }
    }
    Err(not_found::main_branch(repository, named))
}

/// The base for the working tree: the merge base of HEAD and the main branch; on the main branch, HEAD.
pub(super) fn base_of_working_tree(
    repository: &Repository,
    named: Option<&str>,
) -> Result<NamedCommit, RevisionError> {
    let head = head(repository)?;
    let main = main_branch(repository, named)?;
    let current = repository.symbolic_target("HEAD");
    let current = current.as_deref().and_then(|name| name.strip_prefix("refs/heads/"));
    if current.is_some() && current == main.branch.as_deref() {
        return Ok(head);
    }
    merge_base(repository, &main.tip, &head)
}

/// The commit that is checked out.
pub(super) fn head(repository: &Repository) -> Result<NamedCommit, RevisionError> {
    match repository.find("HEAD")? {
        Some(head) => Ok(head),
        // HEAD names a branch that has no commits.
        None if repository.symbolic_target("HEAD").is_some() && repository.full_name("HEAD").is_none() => {
            Err(RevisionError::new("the repository has no commits to compare with"))
        }
        None => Err(not_found::revision(repository, "HEAD")),
    }
}

/// The best common ancestor of two commits.
pub(super) fn merge_base(
    repository: &Repository,
    one: &NamedCommit,
    other: &NamedCommit,
) -> Result<NamedCommit, RevisionError> {
    let id = match repository.git.run(&["merge-base", &one.id, &other.id]) {
        Ok(text) => text.lines().next().unwrap_or_default().to_owned(),
        // With exit code 1, there is no merge base.
        Err(GitError::Failed { code: Some(1), .. }) => {
            return Err(not_found::merge_base(repository, one, other));
        }
        Err(error) => return Err(RevisionError::unreadable("the history", &error)),
    };
    if id == one.id {
        return Ok(one.clone());
    }
    let short = repository.short(&id);
    let label = format!("{short} (the merge base of {} and {})", one.name, other.name);
    Ok(NamedCommit { id, label, name: short })
}
