//! What versions may be called.

use super::scratch::Scratch;
use crate::revisions::Versions;

#[test]
fn every_form_names_its_versions() {
    let scratch = Scratch::new();
    scratch.mark("spec", "six");
    scratch.spec("old", "seven");
    scratch.spec("folders/new", "eight");
    let [one, four] = ["v1", "HEAD~1"].map(|it| scratch.hash(it));
    let whole = scratch.git(&["rev-parse", "HEAD"]);
    let outside = scratch.path("../outside/spec");
    scratch.spec("../outside/spec", "nine");
    for (line, old, new) in [
        // Nothing, or one side.
        ("", "two", "six"),
        ("..", "two", "six"),
        ("main", "three", "six"),
        ("main..", "three", "six"),
        ("main...", "two", "six"),
        ("..HEAD", "two", "five"),
        ("..HEAD~1", "two", "four"),
        ("...HEAD", "two", "five"),
        // Both.
        ("main..HEAD", "three", "five"),
        ("main...HEAD", "two", "five"),
        ("HEAD...main", "two", "three"),
        ("HEAD..main", "five", "three"),
        ("v1...v2", "one", "two"),
        // What git knows.
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
fn forms_that_mean_the_same_give_the_same() {
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
        let Versions { old, new, .. } = scratch.versions(line).unwrap();
        [old, new].map(|it| (it.loaded.model, it.loaded.texts))
    };
    let expected = contents(&lines[0]);
    assert_ne!(expected[0], expected[1]);
    for line in &lines[1..] {
        assert_eq!(contents(line), expected, "diff {line}");
    }
}

#[test]
fn versions_say_what_they_are_and_where_their_files_are() {
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
        let Versions { old: a, new: b, .. } = scratch.versions(line).unwrap();
        let found = [a, b].map(|it| scratch.name_hashes(&format!("{} {}", it.label, it.loaded.name)));
        assert_eq!(found, [old, new], "diff {line}");
    }
    // Git knows the files by these names.
    let Versions { old, new, .. } = scratch.versions("main...HEAD").unwrap();
    for version in [old, new] {
        for (path, text) in &version.loaded.texts {
            let shown = scratch.git(&["show", version.loaded.name.join(path).as_str()]);
            assert_eq!(shown, text.trim_end(), "{path}");
        }
    }
}

#[test]
fn on_the_main_branch_the_base_is_what_is_committed() {
    let scratch = Scratch::new();
    scratch.git(&["checkout", "--quiet", "main"]);
    scratch.mark("spec", "six");
    let Versions { old, .. } = scratch.versions("").unwrap();
    assert_eq!(scratch.name_hashes(&old.label), "HEAD at <three>");
    // Also if the remote has less.
    scratch.git(&["update-ref", "refs/remotes/origin/main", "v1"]);
    assert_eq!(scratch.marks("").0, "three");
    scratch.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(scratch.marks("").0, "one");
}

#[test]
fn the_main_branch_is_found() {
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
    // What the remote says counts, unless it says what there is not.
    scratch.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone"]);
    assert_eq!(scratch.marks("..HEAD").0, "one");
    scratch.git(&["update-ref", "refs/remotes/origin/develop", "HEAD~1"]);
    scratch.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop"]);
    assert_eq!(scratch.marks("..HEAD").0, "four");
    // A name that only the remote has.
    assert_eq!(scratch.marks("--main develop ..HEAD").0, "four");
    assert_eq!(scratch.marks("--main trunk ..HEAD").0, "two");
}

#[test]
fn a_name_that_is_a_revision_and_a_folder_is_the_revision() {
    let scratch = Scratch::new();
    scratch.spec("old", "seven");
    scratch.git(&["branch", "old", "v1"]);
    assert_eq!(scratch.marks("old").0, "one");
    assert_eq!(scratch.marks("./old").0, "seven");
}
