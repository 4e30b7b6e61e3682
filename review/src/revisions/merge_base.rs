//! The base that a version is compared with by default: where it left the main
//! branch.

use super::failure::Trouble;
use super::git::GitError;
use super::repository::{Point, Repo};
use super::{missing, unreadable};

/// The main branch.
pub(super) struct Main {
    pub(super) tip: Point,
    /// Its name without the remote's; `None` if a commit was named instead.
    branch: Option<String>,
}

/// The main branch: the one that is named, or the one that is usual.
pub(super) fn main_branch(repo: &Repo, named: Option<&str>) -> Result<Main, Trouble> {
    let candidates = match named {
        Some(name) => vec![name.to_owned(), format!("origin/{name}")],
        None => {
            let of_remote = repo.target("refs/remotes/origin/HEAD");
            let of_remote = of_remote.and_then(|name| name.strip_prefix("refs/remotes/").map(str::to_owned));
            let usual = ["origin/main", "origin/master", "main", "master"].map(str::to_owned);
            of_remote.into_iter().chain(usual).collect()
        }
    };
    for name in candidates {
        // A tag `main` is not the main branch, unless it is named.
        let full_name = repo.full_name(&name).unwrap_or_default();
        let is_branch = ["refs/heads/", "refs/remotes/"].iter().any(|kind| full_name.starts_with(kind));
        if named.is_none() && !is_branch {
            continue;
        }
        if let Some(tip) = repo.find(&name)? {
            let branch = is_branch.then(|| name.strip_prefix("origin/").unwrap_or(&name).to_owned());
            return Ok(Main { tip, branch });
        }
    }
    Err(missing::main_branch(repo, named))
}

/// What the working tree is compared with: the merge base of HEAD with the
/// main branch; on the main branch, HEAD.
pub(super) fn base_of_working_tree(repo: &Repo, named: Option<&str>) -> Result<Point, Trouble> {
    let head = head(repo)?;
    let main = main_branch(repo, named)?;
    let current = repo.target("HEAD");
    let current = current.as_deref().and_then(|name| name.strip_prefix("refs/heads/"));
    if current.is_some() && current == main.branch.as_deref() {
        return Ok(head);
    }
    merge_base(repo, &main.tip, &head)
}

/// The commit that is checked out.
pub(super) fn head(repo: &Repo) -> Result<Point, Trouble> {
    match repo.find("HEAD")? {
        Some(head) => Ok(head),
        // A branch without commits is a name only.
        None if repo.target("HEAD").is_some() && repo.full_name("HEAD").is_none() => {
            Err(Trouble::new("the repository has no commit yet, and nothing to compare with"))
        }
        None => Err(missing::revision(repo, "HEAD")),
    }
}

/// The best commit that is in the history of both.
pub(super) fn merge_base(repo: &Repo, one: &Point, other: &Point) -> Result<Point, Trouble> {
    let id = match repo.git.run(&["merge-base", &one.id, &other.id]) {
        Ok(text) => text.lines().next().unwrap_or_default().to_owned(),
        // Other failures have another code, and a message.
        Err(GitError::Failed { code: Some(1), .. }) => return Err(missing::merge_base(repo, one, other)),
        Err(error) => return Err(unreadable::broken("the history", &error)),
    };
    if id == one.id {
        return Ok(one.clone());
    }
    let short = repo.short(&id);
    let label = format!("{short} (the merge base of {} and {})", one.name, other.name);
    Ok(Point { id, label, name: short })
}
