//! What a version is compared with when nobody says: where it left the main
//! branch.

use std::collections::{BinaryHeap, HashSet};

use git2::{Commit, ErrorCode, Oid};

use super::failure::Trouble;
use super::missing;
use super::repository::{Point, Repo};

/// The main branch.
pub(super) struct Main {
    pub(super) tip: Point,
    /// Its name without the remote's; nothing if a commit was named instead.
    branch: Option<String>,
}

/// The main branch: the one that is named, or the one that is usual.
pub(super) fn main_branch(repo: &Repo, named: Option<&str>) -> Result<Main, Trouble> {
    let head = repo.git.find_reference("refs/remotes/origin/HEAD").ok();
    let of_remote = head.and_then(|it| it.symbolic_target().ok().flatten().map(str::to_owned));
    let of_remote = of_remote.and_then(|it| it.strip_prefix("refs/remotes/").map(str::to_owned));
    let candidates = match named {
        Some(name) => vec![name.to_owned(), format!("origin/{name}")],
        None => {
            let usual = ["origin/main", "origin/master", "main", "master"].map(str::to_owned);
            of_remote.into_iter().chain(usual).collect()
        }
    };
    for name in candidates {
        let reference = repo.git.resolve_reference_from_short_name(&name).ok();
        // A tag `main` is not the main branch, unless it is named.
        let is_branch = reference.as_ref().is_some_and(|it| it.is_branch() || it.is_remote());
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
    let current = repo.git.head().ok().filter(|it| it.is_branch());
    let current = current.and_then(|it| it.shorthand().ok().map(str::to_owned));
    if current.is_some() && current == main.branch {
        return Ok(head);
    }
    merge_base(repo, &main.tip, &head)
}

/// The commit that is checked out.
pub(super) fn head(repo: &Repo) -> Result<Point, Trouble> {
    match repo.git.head() {
        Err(error) if error.code() == ErrorCode::UnbornBranch => {
            Err(Trouble::new("the repository has no commit yet, and nothing to compare with"))
        }
        _ => repo.get("HEAD"),
    }
}

/// The best commit that is in the history of both.
pub(super) fn merge_base(repo: &Repo, one: &Point, other: &Point) -> Result<Point, Trouble> {
    let found = match repo.git.merge_base(one.id, other.id) {
        Err(error) if error.code() == ErrorCode::NotFound && repo.git.is_shallow() => {
            // The library does not know where a shallow history ends.
            merge_base_of_shallow(repo, one.id, other.id)
        }
        found => found.map(Some),
    };
    let id = match found {
        Ok(Some(id)) => id,
        Ok(None) => return Err(missing::merge_base(repo, one, other)),
        Err(error) if error.code() == ErrorCode::NotFound => {
            return Err(missing::merge_base(repo, one, other));
        }
        Err(error) => return Err(missing::broken("the history", &error)),
    };
    if id == one.id {
        return Ok(one.clone());
    }
    let short = repo.short(id);
    let label = format!("{short} (the merge base of {} and {})", one.name, other.name);
    Ok(Point { id, label, name: short })
}

/// The same for a clone without all of its history: the latest commit of one
/// side's that is in the history of the other.
fn merge_base_of_shallow(repo: &Repo, one: Oid, other: Oid) -> Result<Option<Oid>, git2::Error> {
    let mut seen = HashSet::new();
    walk(repo, one, |it| {
        seen.insert(it.id());
        false
    })?;
    walk(repo, other, |it| seen.contains(&it.id()))
}

/// Visits the history of a commit, the latest first, up to one that is wanted.
fn walk(
    repo: &Repo,
    start: Oid,
    mut is_wanted: impl FnMut(&Commit<'_>) -> bool,
) -> Result<Option<Oid>, git2::Error> {
    let time = |id| repo.git.find_commit(id).map(|it| (it.time().seconds(), id));
    let mut waiting = BinaryHeap::from([time(start)?]);
    let mut seen = HashSet::new();
    while let Some((_, id)) = waiting.pop() {
        let commit = repo.git.find_commit(id)?;
        if is_wanted(&commit) {
            return Ok(Some(id));
        }
        // Found in this way, commits know which of them have no parents here.
        for parent in commit.parent_ids().filter(|it| seen.insert(*it)) {
            waiting.push(time(parent)?);
        }
    }
    Ok(None)
}
