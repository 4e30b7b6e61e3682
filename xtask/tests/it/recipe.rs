//! Tests that the examples in the documentation of reviews are up to date, and that its recipes fetch enough history.
//!
//! `BLESS=1` writes the examples.

use std::fs;
use std::path::Path;

use crate::scratch::{Repository, change, run_in};

const REVIEW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/review-ci.md");
const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");

const DETACH: &str = "operations/vm-instance/DetachIsoFromVmInstance.yaml";
const ATTACH: &str = "operations/vm-instance/AttachIsoToVmInstance.yaml";
const UPDATE: &str = "operations/vm-instance/UpdateVmCdRom.yaml";
const NIC: &str = "types/VmNicInventory.yaml";
const CD_ROM: &str = "types/VmCdRomInventory.yaml";

/// Makes a parameter required.
fn require(spec: &Path) {
    let optional = "required: false\n    since: \"2.3.1\"";
    change(spec, DETACH, optional, &optional.replace("false", "true"));
}

/// Decreases the maximum length of a name.
fn shorten(spec: &Path) {
    change(spec, UPDATE, "maxLength: 255", "maxLength: 64");
}

/// A branch that changes a spec, which is the only commit of the main branch.
fn branch(repository: Repository, edit: impl FnOnce(&Path)) -> Repository {
    repository.git(&["switch", "--quiet", "--create", "change"]);
    edit(&repository.spec());
    repository.commit("A change");
    repository
}

/// The report of the working tree, with a fixed hash.
fn report(repository: &Repository, base: &str, format: &str) -> String {
    let (code, text, error) = run_in(repository.folder(), &["diff", base, "--format", format]);
    // The rules that the change breaks are listed there.
    assert!(code == 1 && (error.is_empty() || error.contains("is invalid")), "{error}");
    text.replace(repository.git(&["rev-parse", "--short=7", base]).trim(), "1a2b3c4")
}

/// Compares the text between two marks of a page with the output of the program.
pub(crate) fn check_example(page: &str, name: &str, printed: &str) {
    let text = fs::read_to_string(page).unwrap().replace("\r\n", "\n");
    let marks = [format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->")];
    let (before, rest) = text.split_once(&marks[0]).unwrap();
    let (found, after) = rest.split_once(&marks[1]).unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::write(page, [before, &marks[0], printed, &marks[1], after].concat()).unwrap();
        return;
    }
    assert!(found == printed, "BLESS=1 writes {name} of {page}\n{printed}");
}

#[test]
fn the_example_comment_is_up_to_date() {
    // The comment lists all operations that a change affects.
    let repository = branch(Repository::of_committed_spec(), |spec| {
        require(spec);
        change(spec, CD_ROM, "since: \"3.3.0\"", "since: \"3.1.0\"");
        let ip = "  - {name: ip, type: String, since: \"0.6\", description: The IP address of the NIC; absent while no address is assigned.}\n";
        change(spec, NIC, ip, &format!("{ip}  - {{name: mtu, type: Integer, since: \"0.6\"}}\n"));
        change(spec, ATTACH, "summary: Attaches", "summary: Ataches");
    });
    check_example(REVIEW, "comment", &format!("\n{}\n", report(&repository, "HEAD^", "markdown")));
}

#[test]
fn the_example_in_the_readme_is_up_to_date() {
    let repository = branch(Repository::new(), shorten);
    check_example(README, "review", &format!("```text\n{}```\n", report(&repository, "main", "text")));
}

/// The word after a text of the page, such as 2 in `fetch-depth: 2`.
fn word_after<'t>(text: &'t str, start: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("there is no `{start}`"));
    rest.split_whitespace().next().unwrap()
}

/// Clones the branch that GitHub makes of a request merged into its base.
fn clone(repository: &Repository, depth: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repository.folder().display());
    let to = folder.path().join("clone");
    repository.git(&["clone", "--quiet", "--depth", depth, "--branch", "merged", &url, to.to_str().unwrap()]);
    folder
}

#[test]
fn a_shallow_clone_of_the_workflow_is_deep_enough() {
    let page = fs::read_to_string(REVIEW).unwrap().replace("\r\n", "\n");
    let (depth, base) = (word_after(&page, "fetch-depth: "), word_after(&page, "BASE: "));
    let repository = branch(Repository::new(), shorten);
    repository.git(&["switch", "--quiet", "--create", "merged", "main"]);
    repository.git(&["merge", "--quiet", "--no-ff", "--message", "Merge", "change"]);

    let folder = clone(&repository, depth);
    let (code, text, error) = run_in(&folder.path().join("clone"), &["diff", base, "--format", "github"]);
    assert_eq!((code, error.as_str()), (1, ""), "{text}");
    // A host looks for the file from the root of the repository.
    let file = format!("file=spec/{UPDATE},line=");
    assert!(text.contains("breaking[max-length-decreased]") && text.contains(&file), "{text}");

    let folder = clone(&repository, "1");
    let (code, _, error) = run_in(&folder.path().join("clone"), &["diff", base, "--format", "github"]);
    assert_eq!(code, 4, "{error}");
    let suggestion = error.split('`').find(|part| part.starts_with("git fetch")).unwrap();
    assert!(page.contains(suggestion), "the page does not mention `{suggestion}`");
}

#[test]
fn the_base_of_the_job_is_enough() {
    let page = fs::read_to_string(REVIEW).unwrap().replace("\r\n", "\n");
    let fetch = page.lines().find(|line| line.contains("git fetch") && line.contains("_BASE_SHA")).unwrap();
    let repository = branch(Repository::new(), shorten);
    // The main branch has a newer commit than the base.
    let base = repository.git(&["rev-parse", "main"]).trim().to_owned();
    repository.git(&["switch", "--quiet", "main"]);
    change(&repository.spec(), NIC, "The version of `ip`: 4 or 6.", "The version of IP.");
    repository.commit("Another change");
    repository.git(&["config", "uploadpack.allowReachableSHA1InWant", "true"]);
    repository.git(&["branch", "--quiet", "merged", "change"]);

    let folder = clone(&repository, "1");
    let clone = folder.path().join("clone");
    let fetch = fetch.trim().trim_start_matches("- ").replace("\"$CI_MERGE_REQUEST_DIFF_BASE_SHA\"", &base);
    let arguments: Vec<_> = fetch.split_whitespace().skip(1).collect();
    repository.git(&[&["-C", clone.to_str().unwrap()], &*arguments].concat());
    let (code, text, error) = run_in(&clone, &["diff", &base]);
    assert_eq!((code, error.as_str()), (1, ""), "{text}");
    assert!(text.contains("2 changes") && text.contains("max-length-decreased"), "{text}");
}
