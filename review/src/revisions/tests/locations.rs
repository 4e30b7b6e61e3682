//! The folders and repositories in which the command may run.

use super::scratch::Scratch;

fn pair(old: &str, new: &str) -> (String, String) {
    (old.to_owned(), new.to_owned())
}

#[test]
fn working_tree_includes_uncommitted_files() {
    let scratch = Scratch::new();
    scratch.write(".gitignore", b"Ignored.yaml\n");
    let ty = |name: &str| {
        format!(
            "name: {name}\nsummary: New.\nsince: \"0.6\"\nfields:\n  - {{name: a, type: Long, since: \"0.6\"}}\n"
        )
    };
    scratch.write("spec/types/Staged.yaml", ty("Staged").as_bytes());
    scratch.git(&["add", "spec/types/Staged.yaml"]);
    for name in ["Untracked", "Ignored"] {
        scratch.write(&format!("spec/types/{name}.yaml"), ty(name).as_bytes());
    }
    scratch.mark("spec", "six");
    let specs = scratch.load("HEAD").unwrap();
    for name in ["Staged", "Untracked", "Ignored"] {
        assert!(specs.new.loaded.model.data_type(name).is_some(), "{name}");
        assert!(specs.old.loaded.model.data_type(name).is_none(), "{name}");
    }
    assert_eq!(scratch.marks("HEAD"), pair("five", "six"));
}

#[test]
fn runs_in_any_folder_of_the_repository() {
    let scratch = Scratch::new();
    scratch.mark("spec", "six");
    let scratch = scratch.at("repo/spec/types");
    assert_eq!(scratch.marks(""), pair("two", "six"));
    assert_eq!(scratch.marks("--spec .. main"), pair("three", "six"));
}

#[test]
fn finds_the_repository_of_the_spec() {
    let scratch = Scratch::new().at("");
    assert_eq!(scratch.marks("--spec repo/spec"), pair("two", "five"));
    assert_eq!(scratch.marks("--spec repo/spec main"), pair("three", "five"));
}

#[test]
fn runs_for_a_project_in_a_folder_of_its_repository() {
    let scratch = Scratch::new();
    scratch.git(&["mv", "spec", "project-spec"]);
    scratch.spec("../project/spec", "seven");
    let scratch = scratch.at("");
    scratch.git(&["init", "--quiet", "--initial-branch=main"]);
    scratch.git(&["add", "project"]);
    scratch.git(&["commit", "--quiet", "--message=seven"]);
    scratch.mark("project/spec", "eight");
    assert_eq!(scratch.marks(""), pair("seven", "eight"));
}

#[test]
fn runs_in_a_worktree() {
    let scratch = Scratch::new();
    scratch.git(&["worktree", "add", "--quiet", "--detach", "../other", "main"]);
    scratch.mark("spec", "six");
    let scratch = scratch.at("other");
    assert_eq!(scratch.marks(""), pair("three", "three"));
    assert_eq!(scratch.marks("feature/states"), pair("five", "three"));
    scratch.mark("spec", "seven");
    assert_eq!(scratch.marks("HEAD"), pair("three", "seven"));
}

#[test]
fn runs_in_a_bare_clone() {
    let scratch = Scratch::new();
    scratch.git(&["clone", "--quiet", "--bare", ".", "../bare.git"]);
    let scratch = scratch.at("bare.git");
    assert_eq!(scratch.marks("main..feature/states"), pair("three", "five"));
    assert_eq!(scratch.marks("main...feature/states"), pair("two", "five"));
    assert_eq!(scratch.marks("..feature/states"), pair("two", "five"));
    assert_eq!(scratch.marks("--spec ./spec/ v1..v2"), pair("one", "two"));
}

#[test]
fn runs_in_a_submodule() {
    let scratch = Scratch::new();
    scratch.git(&["init", "--quiet", "../outer"]);
    let scratch = scratch.at("outer");
    scratch.git(&["submodule", "--quiet", "add", "--branch", "feature/states", &scratch.url(), "inner"]);
    scratch.commit("outer");
    let scratch = scratch.at("outer/inner");
    scratch.git(&["checkout", "--quiet", "feature/states"]);
    scratch.mark("spec", "six");
    assert_eq!(scratch.marks("v1"), pair("one", "six"));
    assert_eq!(scratch.marks("--main main"), pair("two", "six"));
    // From outside, the spec selects one of the two repositories.
    let scratch = scratch.at("outer");
    assert_eq!(scratch.marks("--spec inner/spec v2"), pair("two", "six"));
}

#[test]
fn accepts_a_spec_in_the_root_of_the_repository() {
    let scratch = Scratch::unborn();
    scratch.spec(".", "one");
    scratch.commit("one");
    scratch.mark(".", "two");
    assert_eq!(scratch.marks("--spec . HEAD"), pair("one", "two"));
    assert_eq!(scratch.load("--spec . HEAD").unwrap().old.loaded.name, "HEAD:.");
}

#[test]
fn accepts_a_spec_that_moved() {
    let scratch = Scratch::new();
    scratch.git(&["mv", "spec", "api"]);
    scratch.commit("six");
    scratch.mark("api", "seven");
    assert_eq!(scratch.marks("--spec api --base-spec spec main"), pair("three", "seven"));
    assert_eq!(scratch.marks("--spec api --base-spec ./spec/ v1..HEAD"), pair("one", "five"));
    // The folder is still in commits.
    assert_eq!(scratch.marks("v1..v2"), pair("one", "two"));
    assert_eq!(scratch.marks("--spec spec v1..v2"), pair("one", "two"));
}

#[test]
fn follows_links_to_the_spec() {
    let scratch = Scratch::new();
    std::os::unix::fs::symlink("spec", scratch.path("link")).unwrap();
    std::os::unix::fs::symlink("repo", scratch.path("../alias")).unwrap();
    scratch.mark("spec", "six");
    assert_eq!(scratch.marks("--spec link HEAD"), pair("five", "six"));
    let scratch = scratch.at("alias");
    assert_eq!(scratch.marks("HEAD"), pair("five", "six"));
}

#[test]
fn compares_folders_without_a_repository() {
    let scratch = Scratch::empty();
    scratch.spec("a", "one");
    scratch.spec("b", "two");
    assert_eq!(scratch.marks("./a.../b"), pair("one", "two"));
    assert_eq!(scratch.marks("a..b"), pair("one", "two"));
    assert_eq!(scratch.marks("a --spec b"), pair("one", "two"));
    // A broken repository does not matter either.
    scratch.write(".git", b"gitdir: nowhere\n");
    assert_eq!(scratch.marks("./a..b"), pair("one", "two"));
}

#[test]
fn reads_other_repository_formats() {
    for option in ["--object-format=sha256", "--ref-format=reftable"] {
        let Some(scratch) = Scratch::with_format(option) else { continue };
        scratch.mark("spec", "six");
        let two = scratch.hash("v2^{commit}");
        for (line, old, new) in [
            ("", "two", "six"),
            ("main...HEAD", "two", "five"),
            ("v1..v2", "one", "two"),
            (&format!("{two}..HEAD~1"), "two", "four"),
        ] {
            assert_eq!(scratch.marks(line), pair(old, new), "{option}: diff {line}");
        }
        let text = scratch.message("mian");
        assert!(text.contains("did you mean `main`?"), "{option}: {text}");
    }
}

/// A repository from elsewhere must not run its hooks, filters and configured programs.
#[test]
fn runs_no_program_of_the_repository() {
    let scratch = Scratch::new();
    let program = scratch.path("../program");
    fs_err::write(&program, "#!/bin/sh\necho ran >> \"$0.log\"\n").unwrap();
    scratch.shell("chmod +x ../program && echo '*.yaml diff=x filter=x' > .gitattributes");
    scratch.commit("six");
    for key in ["core.pager", "core.fsmonitor", "core.editor", "core.sshCommand", "core.gitProxy"] {
        scratch.git(&["config", key, program.as_str()]);
    }
    for key in ["diff.external", "diff.x.textconv", "filter.x.smudge", "filter.x.clean", "credential.helper"]
    {
        scratch.git(&["config", key, program.as_str()]);
    }
    for hook in ["post-index-change", "reference-transaction", "post-checkout"] {
        fs_err::copy(&program, scratch.path(&format!(".git/hooks/{hook}"))).unwrap();
    }
    // The commands above ran some of them.
    scratch.shell("rm -f ../program.log .git/hooks/*.log");
    for line in ["", "main", "main...HEAD", "v1..v2"] {
        scratch.load(line).unwrap();
    }
    scratch.message("nothing");
    assert_eq!(scratch.shell("ls .. .git/hooks | grep log || true"), "");
}

#[test]
fn reads_large_files_and_many_files() {
    let scratch = Scratch::new();
    // More requests and more bytes than the pipes to git and back hold, in a folder that the
    // loader skips.
    for nth in 0..500 {
        let text = format!("{nth}\n").repeat(1000);
        scratch.write(&format!("spec/.notes/{nth}"), text.as_bytes());
    }
    scratch.write("spec/README.md", &vec![b'#'; 17 << 20]);
    scratch.commit("six");
    assert_eq!(scratch.marks("HEAD..v1"), pair("five", "one"));
}
