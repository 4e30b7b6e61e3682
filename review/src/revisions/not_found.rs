//! What to say of what is not in a repository: what there is instead, and how
//! to get it.

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::diagnostics::nearest;

use super::failure::Trouble;
use super::repository::{NoFolder, Point, Repo};
use super::unreadable;

/// How many names a message lists.
const FEW: usize = 5;

const SHALLOW: &str = "this clone is shallow: it has only the latest part of the history";

/// A revision that there is not.
pub(super) fn revision(repo: &Repo, name: &str) -> Trouble {
    let shown = name.escape_debug();
    let trouble = Trouble::new(format!("there is no revision `{shown}`"));
    // `HEAD~3`: there may be a HEAD, and too little before it.
    let start = name.find(['~', '^', ':']).or_else(|| name.find("@{")).unwrap_or_default();
    let (start, steps) = name.split_at(start);
    if !start.is_empty() && repo.has(start) {
        if repo.is_shallow && steps.starts_with(['~', '^']) {
            return trouble.note(SHALLOW).help(format!("{} gets more", deepen(steps)));
        }
        return trouble.note(format!("`{start}` is there, and has no `{}`", steps.escape_debug()));
    }
    let names = names(repo);
    if let Some(meant) = meant(name, &names) {
        return trouble.help(format!("did you mean `{meant}`?"));
    }
    let trouble = match few(&names) {
        Some(names) => trouble.note(format!("branches and tags are {names}")),
        None => trouble.note("the repository has no branches and no tags"),
    };
    let Some(remote) = repo.remote() else { return trouble };
    if repo.is_shallow {
        return trouble.note(SHALLOW).help(format!(
            "`git fetch --unshallow --tags {remote} '+refs/heads/*:refs/remotes/{remote}/*'` gets the rest"
        ));
    }
    if repo.git.run(&["check-ref-format", &format!("refs/heads/{name}")]).is_ok() {
        return trouble.help(format!(
            "if it is a branch of {remote}: {}, then call it `{remote}/{name}`",
            fetch(repo, &remote, name)
        ));
    }
    trouble
}

/// No branch that could be the main one.
pub(super) fn main_branch(repo: &Repo, named: Option<&str>) -> Trouble {
    if let Some(name) = named {
        return revision(repo, name);
    }
    let trouble = Trouble::new("it cannot be told which branch is the main one")
        .note("there is none of origin/HEAD, origin/main, origin/master, main and master");
    let trouble = if repo.is_shallow { trouble.note(SHALLOW) } else { trouble };
    let trouble = trouble.help("name it with `--main NAME`, or name what to compare with: `BASE..HEAD`");
    match repo.remote() {
        Some(remote) => {
            trouble.help(format!("{} gets it, if that is its name", fetch(repo, &remote, "main")))
        }
        None => trouble,
    }
}

/// Two commits without one that they come from.
pub(super) fn merge_base(repo: &Repo, one: &Point, other: &Point) -> Trouble {
    let (one, other) = (&one.label, &other.label);
    let trouble = Trouble::new(format!("there is no merge base of {one} and {other}"));
    if repo.is_shallow {
        return trouble.note(SHALLOW).help("`git fetch --unshallow` gets the rest");
    }
    trouble.note("no commit is a part of the history of both").help("name the base: `BASE..HEAD`")
}

/// The option that names the folder of a spec.
pub(super) struct SpecOption {
    pub(super) name: &'static str,
    /// What the paths of a commit are to be joined with.
    pub(super) root: Utf8PathBuf,
}

/// A commit without the folder of the spec.
pub(super) fn folder(
    repo: &Repo,
    point: &Point,
    path: &Utf8Path,
    why: NoFolder,
    SpecOption { name: option, root }: &SpecOption,
) -> Trouble {
    let label = &point.label;
    match why {
        NoFolder::Missing => {}
        NoFolder::Incomplete => {
            let trouble = Trouble::new(format!("not all of `{path}` in {label} is in the git repository"));
            return if repo.is_partial() {
                let command = format!("git archive {} {} >/dev/null", point.name, or_dot(path));
                trouble
                    .note("this clone is partial: git gets the contents of files when it needs them")
                    .help(format!("`{command}` in the root of the repository makes git get them"))
            } else {
                trouble.help("`git fsck` tells what is missing")
            };
        }
        NoFolder::Unreadable(error) => return unreadable::broken(label, &error),
        NoFolder::Other(path, what) => {
            return Trouble::new(format!("`{path}` in {label} is {what}"))
                .help(format!("name a folder that the commit itself has with `{option}`"));
        }
    }
    let folders = repo.specs(point);
    let trouble = Trouble::new(format!("there is no folder `{path}` in {label}"));
    let shown: Vec<String> = folders.iter().map(|folder| or_dot(folder).into_string()).collect();
    match few(&shown) {
        Some(list) => trouble
            .note(format!("in that commit, an `api.yaml` is in {list}"))
            .help(format!("`{option} {}` names the folder there", or_dot(&root.join(&folders[0])))),
        None => trouble.note("no folder of that commit has an `api.yaml`"),
    }
}

fn or_dot(path: &Utf8Path) -> Utf8PathBuf {
    if path == "" { ".".into() } else { path.to_owned() }
}

/// The command that gets as many commits more as `~2^` takes.
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

/// The command that gets a branch, with its history.
fn fetch(repo: &Repo, remote: &str, branch: &str) -> String {
    let unshallow = if repo.is_shallow { "--unshallow " } else { "" };
    format!("`git fetch {unshallow}{remote} {branch}:refs/remotes/{remote}/{branch}`")
}

/// The short names of all branches and tags.
fn names(repo: &Repo) -> Vec<String> {
    const KINDS: [&str; 3] = ["refs/heads/", "refs/remotes/", "refs/tags/"];
    let listed = repo.git.run(&[&["for-each-ref", "--format=%(refname)"][..], &KINDS].concat());
    // This is a help in a message; what cannot be read is not offered.
    let listed = listed.unwrap_or_default();
    let short = |name: &str| KINDS.iter().find_map(|kind| name.strip_prefix(kind)).map(str::to_owned);
    let mut names: Vec<_> = listed.lines().filter_map(short).collect();
    names.sort();
    names
}

/// The name that was probably meant: of another remote, or nearly the same.
fn meant(written: &str, names: &[String]) -> Option<String> {
    let of_remote = |it: &&String| it.split_once('/').is_some_and(|(_, branch)| branch == written);
    names.iter().find(of_remote).cloned().or_else(|| nearest(written, names.iter().map(String::as_str)))
}

fn few(names: &[String]) -> Option<String> {
    let (last, rest) = match names.len() {
        0 => return None,
        1 => return Some(names[0].clone()),
        count if count > FEW => (format!("{} more", count - FEW), &names[..FEW]),
        count => (names[count - 1].clone(), &names[..count - 1]),
    };
    Some(format!("{} and {last}", rest.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_back() {
        for (steps, expected) in
            [("~", 1), ("~2", 2), ("^", 1), ("^^", 2), ("~2^", 3), ("~~3", 4), ("^2", 1), ("~x", 1)]
        {
            assert_eq!(deepen(steps), format!("`git fetch --deepen={expected}`"), "{steps}");
        }
    }

    #[test]
    fn names_that_were_meant() {
        let names = ["feature/boot", "main", "origin/boot-order", "v1.2"].map(str::to_owned);
        for (written, expected) in [
            ("boot-order", Some("origin/boot-order")),
            ("mian", Some("main")),
            ("feature/boto", Some("feature/boot")),
            ("V1.2", Some("v1.2")),
            ("nothing", None),
        ] {
            assert_eq!(meant(written, &names).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn lists() {
        let names = |count: usize| (1..=count).map(|it| it.to_string()).collect::<Vec<_>>();
        for (count, expected) in [
            (0, None),
            (1, Some("1")),
            (2, Some("1 and 2")),
            (5, Some("1, 2, 3, 4 and 5")),
            (7, Some("1, 2, 3, 4, 5 and 2 more")),
        ] {
            assert_eq!(few(&names(count)).as_deref(), expected);
        }
    }
}
