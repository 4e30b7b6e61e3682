//! The error messages, as `messages.txt` lists them. `BLESS=1` writes the file.

use super::scratch::{MARKED, Scratch, kind, text_of};

const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/revisions/tests/messages.txt");

type Case = (&'static str, fn() -> Scratch, &'static [&'static str]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("an invalid range", Scratch::new, &["a..b..c", "a......b", "./old...main"]),
    ("no such revision", Scratch::new, &["mian", "nothing..else", "feature/state..HEAD", "\u{1b}[31m"]),
    ("no such ancestor", Scratch::new, &["HEAD~9", "v1^^..HEAD", "HEAD^2", "main@{upstream}"]),
    ("names with control characters", ugly, &["nothing", "--spec gone HEAD..v1"]),
    ("not a commit", Scratch::new, &["HEAD:spec", "HEAD:spec/api.yaml..main"]),
    ("an ambiguous hash", like_hashes, &["8324..HEAD"]),
    ("no repository", Scratch::empty, &["", "main", "main.../x"]),
    ("no commit yet", Scratch::unborn, &["", "HEAD"]),
    ("no main branch", no_main, &["", "..feature/states", "--main develop"]),
    ("no main branch, but a remote", no_main_with_remote, &["", "--main develop", "develop"]),
    ("no common history", strangers, &["", "main...stranger", "..stranger"]),
    ("a branch of the remote", remote_branch, &["boot-order"]),
    ("a bare repository", bare, &["", "main", "main...", "./x"]),
    ("a moved spec, from another folder", || moved_spec().at("repo/tests"), &["--spec ../api/spec main..HEAD~1"]),
    ("a moved spec", moved_spec, &["--spec api/spec main", "HEAD..main --spec api/spec", "--spec nowhere main..HEAD"]),
    ("no spec at all", no_spec, &["main"]),
    ("the spec of another repository", foreign, &["main"]),
    ("an invalid base spec", Scratch::new, &["--base-spec ../spec main", "--base-spec spec ./spec"]),
    ("a folder without a spec", folder, &["docs", "./docs", "./nowhere"]),
    ("links, submodules and names that are not UTF-8", odd_entries, &["HEAD..v1"]),
    ("a spec behind a link", linked_spec, &["HEAD"]),
    ("a spec that is a submodule", submodule_spec, &["HEAD..HEAD"]),
    ("an invalid base", broken_base, &["main"]),
    ("both sides invalid", broken_both, &["main", "main..HEAD"]),
    ("missing objects", damaged_repository, &["v1..v2"]),
    ("junk", junk, &["HEAD..v1"]),
];

#[test]
fn errors_have_the_expected_text() {
    let mut found = String::new();
    for (title, set_up, lines) in CASES {
        let scratch = set_up();
        found += &format!("## {title}\n\n");
        for line in *lines {
            let text = scratch.message(line);
            found += &format!("$ diff {}\n{}\n", line.escape_debug(), text.trim_end());
            found.push('\n');
        }
    }
    if std::env::var_os("BLESS").is_some() {
        fs_err::write(EXPECTED, &found).unwrap();
    }
    let expected = fs_err::read_to_string(EXPECTED).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "BLESS=1 accepts what was found\n{found}");
}

/// Two blobs whose hashes begin alike.
fn like_hashes() -> Scratch {
    let scratch = Scratch::new();
    for contents in ["142", "784"] {
        scratch.write("number", contents.as_bytes());
        assert!(scratch.git(&["hash-object", "-w", "number"]).starts_with("8324"));
    }
    scratch
}

fn ugly() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("\u{1b}[31m/api.yaml", b"");
    scratch.commit("six");
    scratch
}

fn no_main() -> Scratch {
    let scratch = Scratch::new();
    scratch.git(&["branch", "--move", "main", "trunk"]);
    scratch
}

fn no_main_with_remote() -> Scratch {
    let scratch = no_main();
    scratch.git(&["remote", "add", "origin", "https://example.org/spec.git"]);
    scratch
}

fn strangers() -> Scratch {
    let scratch = Scratch::new();
    scratch.git(&["checkout", "--quiet", "--orphan", "stranger"]);
    scratch.commit("alien");
    scratch
}

fn remote_branch() -> Scratch {
    let scratch = Scratch::new();
    scratch.git(&["update-ref", "refs/remotes/origin/boot-order", "v1"]);
    scratch
}

fn bare() -> Scratch {
    let scratch = Scratch::new();
    scratch.git(&["clone", "--quiet", "--bare", ".", "../bare.git"]);
    scratch.at("bare.git")
}

fn moved_spec() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("tests/spec/api.yaml", b"");
    fs_err::create_dir(scratch.path("api")).unwrap();
    scratch.git(&["mv", "spec", "api/spec"]);
    scratch.commit("six");
    scratch
}

fn no_spec() -> Scratch {
    let scratch = Scratch::unborn();
    scratch.write("README.md", b"Soon.\n");
    scratch.commit("one");
    scratch.spec("spec", "two");
    scratch
}

fn foreign() -> Scratch {
    let scratch = Scratch::new();
    scratch.spec("../project/spec", "seven");
    fs_err::remove_dir_all(scratch.path("spec")).unwrap();
    std::os::unix::fs::symlink("../project/spec", scratch.path("spec")).unwrap();
    scratch
}

fn folder() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("docs/spec.md", b"");
    scratch
}

fn odd_entries() -> Scratch {
    let scratch = Scratch::new();
    let link = |to: &str, path: &str| std::os::unix::fs::symlink(to, scratch.path(path)).unwrap();
    link("Vm.yaml", "spec/types/Linked.yaml");
    link("../docs", "spec/notes");
    link("../schemas", "spec/schema");
    scratch.git(&["add", "--all"]);
    let head = scratch.git(&["rev-parse", "HEAD"]);
    scratch.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},spec/operations/other")]);
    // A name in Latin-1.
    scratch.shell(
        "git update-index --add --cacheinfo \
         100644,$(git hash-object -w spec/api.yaml),$(printf 'spec/operations/latin/caf\\351.yaml')",
    );
    scratch.git(&["commit", "--quiet", "--message=six"]);
    scratch
}

fn linked_spec() -> Scratch {
    let scratch = Scratch::new();
    scratch.git(&["mv", "spec", "v2"]);
    std::os::unix::fs::symlink("v2", scratch.path("spec")).unwrap();
    scratch.commit("six");
    // In the working tree, a folder replaces the link.
    fs_err::remove_file(scratch.path("spec")).unwrap();
    scratch.spec("spec", "seven");
    scratch
}

fn submodule_spec() -> Scratch {
    let scratch = Scratch::new();
    scratch.git(&["rm", "-r", "--quiet", "spec"]);
    let head = scratch.git(&["rev-parse", "HEAD"]);
    scratch.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},spec")]);
    scratch.git(&["commit", "--quiet", "--message=six"]);
    scratch
}

fn broken_base() -> Scratch {
    let scratch = Scratch::new();
    scratch.git(&["checkout", "--quiet", "main"]);
    let enumeration =
        "name: VmState\nsummary: State.\nsince: 0.6\nvalues:\n  - {name: Running, since: \"0.6\"}\n";
    scratch.write(&format!("spec/{MARKED}"), enumeration.as_bytes());
    scratch.commit("six");
    scratch.git(&["checkout", "--quiet", "feature/states"]);
    scratch
}

fn broken_both() -> Scratch {
    let scratch = broken_base();
    let conflict = "name: VmState\n<<<<<<< HEAD\nsummary: State.\n=======\nsummary: A state.\n>>>>>>> main\n";
    scratch.write(&format!("spec/{MARKED}"), conflict.as_bytes());
    scratch.git(&["commit", "--quiet", "--all", "--message=seven"]);
    scratch
}

fn junk() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("spec/types/Huge.yaml", &vec![b'#'; 2 << 20]);
    scratch.write("spec/types/Junk.yaml", b"name: \xff\xfe\x00Junk\n");
    scratch.write("spec/types/Program.exe", b"\x7fELF\x00");
    scratch.write("spec/api.yaml", b"\x00\x01\x02");
    scratch.commit("six");
    scratch
}

fn damaged_repository() -> Scratch {
    let scratch = Scratch::new();
    let id = scratch.git(&["rev-parse", "v1:spec/api.yaml"]);
    fs_err::remove_file(scratch.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    scratch
}

/// The git command that a message suggests.
fn suggestion(text: &str) -> &str {
    let help = text
        .lines()
        .find(|line| line.contains("help: ") && line.contains("`git "))
        .unwrap_or_else(|| panic!("{text}"));
    help.split('`').nth(1).unwrap()
}

/// Checks that the suggested command fetches what a shallow clone lacks.
fn shallow(clone: &[&str], line: &str, expected: &str, marks: (&str, &str)) {
    let scratch = Scratch::new();
    // The branch that is checked out becomes the main branch of the clone.
    scratch.git(&["checkout", "--quiet", "main"]);
    let url = scratch.url();
    scratch.git(&[&["clone", "--quiet"], clone, &[&*url, "../clone"]].concat());
    let scratch = scratch.at("clone");
    let errors = scratch.errors(line);
    assert_eq!(kind(&errors), "Git");
    let text = text_of(&errors);
    assert_eq!(suggestion(&text), expected, "{text}");
    assert!(text.contains("note: this clone is shallow: "), "{text}");
    scratch.shell(suggestion(&text));
    assert_eq!(scratch.marks(line), (marks.0.to_owned(), marks.1.to_owned()), "{line}");
}

#[test]
fn suggested_commands_complete_a_shallow_clone() {
    let feature = ["--depth=1", "--branch=feature/states"];
    let all = ["--depth=1", "--no-single-branch", "--branch=feature/states"];
    let everything = "git fetch --unshallow --tags origin '+refs/heads/*:refs/remotes/origin/*'";
    shallow(&feature, "HEAD~1", "git fetch --deepen=1", ("four", "five"));
    shallow(&feature, "HEAD~2..HEAD^", "git fetch --deepen=2", ("two", "four"));
    shallow(&feature, "v1", everything, ("one", "five"));
    shallow(&feature, "origin/main", everything, ("three", "five"));
    shallow(&feature, "--main main", everything, ("two", "five"));
    let main = "git fetch --unshallow origin main:refs/remotes/origin/main";
    shallow(&feature, "", main, ("two", "five"));
    shallow(&all, "", "git fetch --unshallow", ("two", "five"));
    shallow(&all, "origin/main...HEAD", "git fetch --unshallow", ("two", "five"));
}

#[test]
fn compares_in_a_shallow_clone_that_has_both_commits() {
    let scratch = Scratch::new();
    // The branch that is checked out becomes the main branch of the clone.
    scratch.git(&["checkout", "--quiet", "main"]);
    let url = scratch.url();
    let clone = ["clone", "--quiet", "--no-single-branch", "--branch=feature/states", &*url];
    scratch.git(&[&clone[..], &["--depth=1", "../one"]].concat());
    // The merge base is the oldest commit of the clone.
    scratch.git(&[&clone[..], &["--depth=3", "../three"]].concat());
    let one = scratch.at("one");
    assert_eq!(one.marks("origin/main..HEAD"), ("three".to_owned(), "five".to_owned()));
    let three = one.at("three");
    assert_eq!(three.marks(""), ("two".to_owned(), "five".to_owned()));
}

#[test]
fn suggested_command_completes_a_partial_clone() {
    let scratch = Scratch::new();
    scratch.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = scratch.url();
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        let clone = filter.replace(['-', '=', ':'], "");
        scratch.git(&["clone", "--quiet", filter, &url, &format!("../{clone}")]);
    }
    let mut scratch = scratch;
    for clone in ["filterblobnone", "filtertree0"] {
        scratch = scratch.at(clone);
        let text = text_of(&scratch.errors("v1"));
        assert!(text.contains("note: this clone is partial: "), "{text}");
        scratch.shell(suggestion(&text));
        assert_eq!(scratch.marks("v1"), ("one".to_owned(), "five".to_owned()), "{clone}");
    }
}
