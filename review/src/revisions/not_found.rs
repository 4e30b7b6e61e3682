//! Errors for what is not in a repository: similar names, and how to get it.

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::diagnostics::nearest;

use super::error::RevisionError;
use super::repository::{FolderError, NamedCommit, Repository};

/// The maximum number of names in a message.
const MAX_NAMES: usize = 5;

const SHALLOW: &str = "this clone is shallow: it has only the latest part of the history";

/// The error for a revision that does not exist.
pub(super) fn revision(repository: &Repository, name: &str) -> RevisionError {
    let shown = name.escape_debug();
    let error = RevisionError::new(format!("there is no revision `{shown}`"));
    // In `HEAD~3`, HEAD may exist and have fewer ancestors.
    let start = name.find(['~', '^', ':']).or_else(|| name.find("@{")).unwrap_or_default();
    let (start, steps) = name.split_at(start);
    if !start.is_empty() && repository.has(start) {
        if repository.is_shallow && steps.starts_with(['~', '^']) {
            return error.note(SHALLOW).help(format!("run {}", deepen(steps)));
        }
        return error.note(format!("`{start}` exists, but has no `{}`", steps.escape_debug()));
    }
    let names = names(repository);
    if let Some(meant) = similar(name, &names) {
        return error.help(format!("did you mean `{meant}`?"));
    }
    let error = match list(&names) {
        Some(names) => error.note(format!("branches and tags are {names}")),
        None => error.note("the repository has no branches and no tags"),
    };
    let Some(remote) = repository.remote() else { return error };
    if repository.is_shallow {
        return error.note(SHALLOW).help(format!(
            "run `git fetch --unshallow --tags {remote} '+refs/heads/*:refs/remotes/{remote}/*'`"
        ));
    }
    if repository.git.run(&["check-ref-format", &format!("refs/heads/{name}")]).is_ok() {
        return error.help(format!(
            "if {remote} has this branch, run {} and use `{remote}/{name}`",
            fetch(repository, &remote, name)
        ));
    }
    error
}

/// The error for a main branch that cannot be found.
pub(super) fn main_branch(repository: &Repository, named: Option<&str>) -> RevisionError {
    if let Some(name) = named {
        return revision(repository, name);
    }
    let error = RevisionError::new("cannot determine the main branch")
        .note("none of origin/HEAD, origin/main, origin/master, main and master exists");
    let error = if repository.is_shallow { error.note(SHALLOW) } else { error };
    let error = error.help("name it with `--main NAME`, or name the base: `BASE..HEAD`");
    match repository.remote() {
        Some(remote) => error
            .help(format!("run {} if the main branch is called `main`", fetch(repository, &remote, "main"))),
        None => error,
    }
}

/// The error for two commits without a common ancestor.
pub(super) fn merge_base(repository: &Repository, one: &NamedCommit, other: &NamedCommit) -> RevisionError {
    let (one, other) = (&one.label, &other.label);
    let error = RevisionError::new(format!("{one} and {other} have no merge base"));
    if repository.is_shallow {
        return error.note(SHALLOW).help("run `git fetch --unshallow`");
    }
    error.note("their histories have no commit in common").help("name the base: `BASE..HEAD`")
}

/// The option that names the folder of a spec.
pub(super) struct SpecOption {
    pub(super) name: &'static str,
    /// The folder with which a path in a commit is joined for the option.
    pub(super) root: Utf8PathBuf,
}

/// The error for a commit without the folder of the spec.
pub(super) fn folder(
    repository: &Repository,
    commit: &NamedCommit,
    path: &Utf8Path,
    reason: FolderError,
    SpecOption { name: option, root }: &SpecOption,
) -> RevisionError {
    let label = &commit.label;
    match reason {
        FolderError::Missing => {}
        FolderError::Incomplete => {
            let error =
                RevisionError::new(format!("the git repository lacks some files of `{path}` in {label}"));
            return if repository.is_partial() {
                let command = format!("git archive {} {} >/dev/null", commit.name, or_dot(path));
                error
                    .note("this clone is partial: git downloads the contents of files on demand")
                    .help(format!("run `{command}` in the root of the repository to download them"))
            } else {
                error.help("run `git fsck` to list what is missing")
            };
        }
        FolderError::Unreadable(error) => return RevisionError::unreadable(label, &error),
        FolderError::NotAFolder(path, kind) => {
            return RevisionError::new(format!("`{path}` in {label} is {kind}"))
                .help(format!("name a folder of the commit with `{option}`"));
        }
    }
    let folders = repository.specs(commit);
    let error = RevisionError::new(format!("there is no folder `{path}` in {label}"));
    let shown: Vec<String> = folders.iter().map(|folder| or_dot(folder).into_string()).collect();
    match list(&shown) {
        Some(shown) => error
            .note(format!("folders with an `api.yaml` in that commit: {shown}"))
            .help(format!("pass `{option} {}`", or_dot(&root.join(&folders[0])))),
        None => error.note("no folder in that commit has an `api.yaml`"),
    }
}

fn or_dot(path: &Utf8Path) -> Utf8PathBuf {
    if path == "" { ".".into() } else { path.to_owned() }
}

/// The command that fetches as many more commits as steps such as `~2^` need.
fn deepen(steps: &str) -> String {
    let count = |(at, step): (usize, &str)| {
        let digits = &steps[at + 1..];
        let digits = &digits[..digits.bytes().take_while(u8::is_ascii_digit).count()];
        // `^2` is one step, to the second parent.
        if step == "~" { digits.parse().unwrap_or(1) } else { 1_u32 }
    };
    let count = steps.match_indices(['~', '^']).map(count).fold(0, u32::saturating_add);
    format!("`git fetch --deepen={count}`")
}

/// The command that fetches a branch with its history.
fn fetch(repository: &Repository, remote: &str, branch: &str) -> String {
    let unshallow = if repository.is_shallow { "--unshallow " } else { "" };
    format!("`git fetch {unshallow}{remote} {branch}:refs/remotes/{remote}/{branch}`")
}

/// The short names of all branches and tags.
fn names(repository: &Repository) -> Vec<String> {
    const KINDS: [&str; 3] = ["refs/heads/", "refs/remotes/", "refs/tags/"];
    let listed = repository.git.run(&[&["for-each-ref", "--format=%(refname)"][..], &KINDS].concat());
    // The names only help in a message. Without them, the message is still right.
    let listed = listed.unwrap_or_default();
    let short = |name: &str| KINDS.iter().find_map(|kind| name.strip_prefix(kind)).map(str::to_owned);
    let mut names: Vec<_> = listed.lines().filter_map(short).collect();
    names.sort();
    names
}

/// The name that was probably meant: the same one with that of a remote, or a similar one.
fn similar(written: &str, names: &[String]) -> Option<String> {
    let of_remote = |name: &&String| name.split_once('/').is_some_and(|(_, branch)| branch == written);
    names.iter().find(of_remote).cloned().or_else(|| nearest(written, names.iter().map(String::as_str)))
}

/// The first names, and how many more there are.
fn list(names: &[String]) -> Option<String> {
    let (last, rest) = match names.len() {
        0 => return None,
        1 => return Some(names[0].clone()),
        count if count > MAX_NAMES => (format!("{} more", count - MAX_NAMES), &names[..MAX_NAMES]),
        count => (names[count - 1].clone(), &names[..count - 1]),
    };
    Some(format!("{} and {last}", rest.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fetches_as_many_commits_as_needed() {
        for (steps, expected) in
            [("~", 1), ("~2", 2), ("^", 1), ("^^", 2), ("~2^", 3), ("~~3", 4), ("^2", 1), ("~x", 1)]
        {
            assert_eq!(deepen(steps), format!("`git fetch --deepen={expected}`"), "{steps}");
        }
    }

    #[test]
    fn suggests_similar_names() {
        let names = ["feature/boot", "main", "origin/boot-order", "v1.2"].map(str::to_owned);
        for (written, expected) in [
            ("boot-order", Some("origin/boot-order")),
            ("mian", Some("main")),
            ("feature/boto", Some("feature/boot")),
            ("V1.2", Some("v1.2")),
            ("nothing", None),
        ] {
            assert_eq!(similar(written, &names).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn lists_a_few_names() {
        let names = |count: usize| (1..=count).map(|number| number.to_string()).collect::<Vec<_>>();
        for (count, expected) in [
            (0, None),
            (1, Some("1")),
            (2, Some("1 and 2")),
            (5, Some("1, 2, 3, 4 and 5")),
            (7, Some("1, 2, 3, 4, 5 and 2 more")),
        ] {
            assert_eq!(list(&names(count)).as_deref(), expected);
        }
    }
}
