//! The forms of ranges, revisions and folders on the command line.

use super::scratch::Scratch;
use crate::revisions::Comparison;

#[test]
fn every_form_names_its_revisions() {
    let scratch = Scratch::new();
    scratch.mark("spec", "six");
    scratch.spec("old", "seven");
    scratch.spec("folders/new", "eight");
    let [one, four] = ["v1", "HEAD~1"].map(|revision| scratch.hash(revision));
    let whole = scratch.git(&["rev-parse", "HEAD"]);
    let outside = scratch.path("../outside/spec");
    scratch.spec("../outside/spec", "nine");
    for (line, old, new) in [
        // No endpoint, or one.
        ("", "two", "six"),
        ("..", "two", "six"),
        ("main", "three", "six"),
        ("main..", "three", "six"),
        ("main...", "two", "six"),
        ("..HEAD", "two", "five"),
        ("..HEAD~1", "two", "four"),
        ("...HEAD", "two", "five"),
        // Both endpoints.
        ("main..HEAD", "three", "five"),
        ("main...HEAD", "two", "five"),
        ("HEAD...main", "two", "three"),
        ("HEAD..main", "five", "three"),
        ("v1...v2", "one", "two"),
        // Revisions.
        ("v1", "one", "six"),
        ("v1..v2", "one", "two"),
        ("HEAD~2", "two", "six"),
        ("HEAD^..@", "four", "five"),
        ("feature/states~1..feature/states", "four", "five"),
        ("refs/heads/main", "three", "six"),
        (&one, "one", "six"),
        (&format!("{one}..{four}"), "one", "four"),
        (&format!("{four}..{whole}"), "four", "five"),
        // Folders.
        ("./old", "seven", "six"),
        ("old", "seven", "six"),
        ("old/", "seven", "six"),
        ("folders/new", "eight", "six"),
        ("./old..folders/new", "seven", "eight"),
        ("./old.../folders/new", "seven", "eight"),
        ("old..main", "seven", "three"),
        ("main.../old", "three", "seven"),
        ("../outside/spec", "nine", "six"),
        ("../outside/spec..../repo/old", "nine", "seven"),
        (&format!("{outside}..HEAD"), "nine", "five"),
        (".../old", "two", "seven"),
        // The spec and the main branch.
        ("--spec ./old/../spec", "two", "six"),
        ("--spec spec v1..v2", "one", "two"),
        ("--main v1", "one", "six"),
        ("--main main~1 ..HEAD", "two", "five"),
        ("--main feature/states ..main", "two", "three"),
        ("--main feature/states", "five", "six"),
    ] {
        assert_eq!(scratch.marks(line), (old.to_owned(), new.to_owned()), "diff {line}");
    }
}

#[test]
fn equivalent_forms_give_the_same_specs() {
    let scratch = Scratch::new();
    scratch.git(&["worktree", "add", "--quiet", "../two", "v2"]);
    let two = scratch.hash("v2");
    let lines = [
        String::new(),
        two.clone(),
        format!("{two}.."),
        format!("{two}..HEAD"),
        "main...HEAD".to_owned(),
        "..feature/states".to_owned(),
        "../two/spec..HEAD".to_owned(),
    ];
    let contents = |line: &str| {
        let Comparison { old, new, .. } = scratch.load(line).unwrap();
        [old, new].map(|spec| (spec.loaded.model, spec.loaded.texts))
    };
    let expected = contents(&lines[0]);
    assert_ne!(expected[0], expected[1]);
    for line in &lines[1..] {
        assert_eq!(contents(line), expected, "diff {line}");
    }
}

#[test]
fn specs_have_a_label_and_file_names() {
    let scratch = Scratch::new();
    scratch.spec("old", "seven");
    let four = scratch.hash("HEAD~1");
    for (line, old, new) in [
        ("", "<two> (the merge base of main and HEAD) <two>:spec", "the working tree spec"),
        ("main", "main at <three> main:spec", "the working tree spec"),
        ("v1..HEAD~1", "v1 at <one> v1:spec", "HEAD~1 at <four> HEAD~1:spec"),
        (&format!("{four}..v2"), "<four> <four>:spec", "v2 at <two> v2:spec"),
        ("./old..HEAD", "./old ./old", "HEAD at <five> HEAD:spec"),
        ("v1...v2", "v1 at <one> v1:spec", "v2 at <two> v2:spec"),
        ("--spec ./spec main", "main at <three> main:spec", "the working tree ./spec"),
    ] {
        let Comparison { old: a, new: b, .. } = scratch.load(line).unwrap();
        let found = [a, b].map(|spec| scratch.name_hashes(&format!("{} {}", spec.label, spec.loaded.name)));
        assert_eq!(found, [old, new], "diff {line}");
    }
    // `git show` accepts these names.
    let Comparison { old, new, .. } = scratch.load("main...HEAD").unwrap();
    for spec in [old, new] {
        for (path, text) in &spec.loaded.texts {
            let shown = scratch.git(&["show", spec.loaded.name.join(path).as_str()]);
            assert_eq!(shown, text.trim_end(), "{path}");
        }
    }
}

#[test]
fn base_on_the_main_branch_is_the_last_commit() {
    let scratch = Scratch::new();
    scratch.git(&["checkout", "--quiet", "main"]);
    scratch.mark("spec", "six");
    let Comparison { old, .. } = scratch.load("").unwrap();
    assert_eq!(scratch.name_hashes(&old.label), "HEAD at <three>");
    // Also if the remote is behind.
    scratch.git(&["update-ref", "refs/remotes/origin/main", "v1"]);
    assert_eq!(scratch.marks("").0, "three");
    scratch.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(scratch.marks("").0, "one");
}

#[test]
fn finds_the_main_branch() {
    let scratch = Scratch::new();
    scratch.git(&["branch", "--move", "main", "trunk"]);
    for (name, points_to) in
        [("master", "v1"), ("main", "HEAD~1"), ("origin/master", "v2"), ("origin/main", "v1")]
    {
        let reference = match name.strip_prefix("origin/") {
            Some(branch) => format!("refs/remotes/origin/{branch}"),
            None => format!("refs/heads/{name}"),
        };
        scratch.git(&["update-ref", &reference, points_to]);
        let expected = scratch.git(&["log", "-1", "--format=%s", points_to]);
        assert_eq!(scratch.marks("..HEAD").0, expected, "{name}");
    }
    // The default branch of the remote comes first, if it exists.
    scratch.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone"]);
    assert_eq!(scratch.marks("..HEAD").0, "one");
    scratch.git(&["update-ref", "refs/remotes/origin/develop", "HEAD~1"]);
    scratch.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop"]);
    assert_eq!(scratch.marks("..HEAD").0, "four");
    // A branch that only the remote has.
    assert_eq!(scratch.marks("--main develop ..HEAD").0, "four");
    assert_eq!(scratch.marks("--main trunk ..HEAD").0, "two");
}

#[test]
fn prefers_a_revision_to_a_folder_of_the_same_name() {
    let scratch = Scratch::new();
    scratch.spec("old", "seven");
    scratch.git(&["branch", "old", "v1"]);
    assert_eq!(scratch.marks("old").0, "one");
    assert_eq!(scratch.marks("./old").0, "seven");
}
