//! Verifies README, CONTRIBUTING and `docs/`: commands, quoted output and links.
//!
//! Each command in a code block is run as written, in a part of the committed spec, or listed with the reason why
//! it is not run. Output between two marks, `<!-- NAME -->` and `<!-- end of NAME -->`, is compared with the output of
//! the program; `BLESS=1` updates it.

mod links;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::recipe::check_example;
use crate::scratch::{Repository, change, copy_spec, run_in};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A fenced code block of a page.
struct Block {
    language: String,
    text: String,
    /// The paragraph before the block.
    before: String,
}

/// Returns the code blocks of a page, without the indentation of a surrounding list.
fn blocks(page: &str) -> Vec<Block> {
    let text = fs::read_to_string(Path::new(ROOT).join(page)).unwrap();
    let mut blocks = Vec::new();
    let mut before = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else {
            before = if line.trim().is_empty() && !before.ends_with('\n') {
                before + "\n"
            } else {
                before + line + " "
            };
            continue;
        };
        let indentation = line.len() - line.trim_start().len();
        let inside = lines.by_ref().take_while(|line| line.trim_start() != "```");
        let text = inside.map(|line| line.get(indentation..).unwrap_or_default().to_owned() + "\n").collect();
        let paragraph = before.trim().rsplit('\n').next().unwrap_or_default().trim().to_owned();
        blocks.push(Block { language: language.to_owned(), text, before: paragraph });
        before.clear();
    }
    blocks
}

/// Returns the commands of a shell block: continued lines are joined, comments dropped.
fn commands(block: &Block) -> Vec<String> {
    if block.language != "sh" {
        return Vec::new();
    }
    let joined = block.text.replace("\\\n", " ").replace("|\n", "| ");
    let without_comment = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    joined.lines().map(without_comment).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Runs a `cargo xtask` command of a page in a repository; returns the exit code and the output.
fn run(command: &str, folder: &Path) -> (i32, String) {
    let mut arguments: Vec<_> = command.strip_prefix("cargo xtask ").unwrap().split_whitespace().collect();
    match arguments[0] {
        "regen" => arguments.extend(["--out", "."]),
        "site" if !arguments.contains(&"-o") => arguments.extend(["-o", "site"]),
        _ => {}
    }
    let (code, out, err) = run_in(folder, &arguments);
    (code, out + &err)
}

/// Creates a repository with a small spec, and with the release and the operation of CONTRIBUTING.
fn repository_with_new_operation() -> Repository {
    let repository = Repository::new();
    let yaml: Vec<_> =
        blocks("CONTRIBUTING.md").into_iter().filter(|block| block.language == "yaml").collect();
    let [release, operation] = &yaml[..] else { panic!("CONTRIBUTING must have two YAML blocks") };
    assert!(release.before.contains("`spec/api.yaml`"), "{}", release.before);
    change(&repository.spec(), "api.yaml", "\n\ncategories:", &format!("\n{}\ncategories:", release.text));
    let file = operation.before.split('`').find(|word| word.ends_with(".yaml")).unwrap();
    fs::write(repository.folder().join(file), &operation.text).unwrap();
    repository
}

#[test]
fn steps_of_contributing_add_an_operation() {
    let repository = repository_with_new_operation();
    let page = blocks("CONTRIBUTING.md");
    let commands: Vec<_> =
        page.iter().flat_map(commands).filter(|line| line.starts_with("cargo xtask ")).collect();
    let position = |command: &str| commands.iter().position(|line| line == command).unwrap();
    let steps = &commands[position("cargo xtask check")..=position("cargo xtask regen")];
    assert!(steps.len() >= 3, "{steps:?}");
    for command in steps {
        let (code, text) = run(command, repository.folder());
        assert_eq!(code, 0, "{command}\n{text}");
    }
    let written = |path: &str| repository.folder().join(path).exists();
    assert!(
        written("generated-types/src/vm_setting/get_vm_instance_first_boot_device.rs"),
        "regen writes the operation"
    );
    repository.commit("GetVmInstanceFirstBootDevice");
    // The remaining commands of the page close the release.
    let steps = &commands[position("cargo xtask changelog 5.3.0")..];
    assert_eq!(steps.last().unwrap(), "cargo xtask diff");
    for command in steps {
        let (code, text) = run(command, repository.folder());
        assert_eq!(code, 0, "{command}\n{text}");
        assert!(!command.contains("changelog") || text.contains("GetVmInstanceFirstBootDevice"), "{text}");
    }
    assert_eq!(run("cargo xtask check", repository.folder()).0, 0);
}

/// An operation that claims to be part of a published release: the error names both remedies, and the second one works.
#[test]
fn rejects_new_operation_in_published_release() {
    let repository = repository_with_new_operation();
    let operation = "operations/vm-setting/GetVmInstanceFirstBootDevice.yaml";
    let text = fs::read_to_string(repository.spec().join(operation)).unwrap();
    fs::write(repository.spec().join(operation), text.replace("5.3.0", "0.6")).unwrap();
    let (code, text) = run("cargo xtask check", repository.folder());
    assert_eq!(code, 3, "{text}");
    for words in ["error[slice-drift]", "state: next", "`cargo xtask release --relock 0.6`"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let (_, explained) = run("cargo xtask explain slice-drift", repository.folder());
    for words in ["state: next", "--relock"] {
        assert!(explained.matches(words).count() >= 2, "both tables name {words}\n{explained}");
    }
    let page = fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).unwrap();
    let command = page.split('`').find(|code| code.starts_with("cargo xtask release --relock")).unwrap();
    let (code, text) = run(command, repository.folder());
    assert_eq!(code, 0, "{text}");
    assert_eq!(run("cargo xtask check", repository.folder()).0, 0);
}

#[test]
fn commands_of_other_pages_succeed() {
    let repository = repository_with_new_operation();
    for (page, command, expected) in RUN {
        let (code, text) = run(command, repository.folder());
        assert_eq!(code, 0, "{page}: {command}\n{text}");
        assert!(text.contains(expected), "{page}: {command} does not print {expected:?}\n{text}");
    }
    assert!(
        fs::read_to_string(repository.folder().join("openapi.json")).unwrap().contains("\"openapi\": \"3.1")
    );
}

#[test]
fn three_steps_correct_a_release() {
    let repository = Repository::new();
    let block = blocks("docs/review.md").into_iter().find(|block| block.text.contains("--relock")).unwrap();
    let steps = commands(&block);
    let [edit, check, relock] = &steps[..] else { panic!("{steps:?}") };
    let file = edit.split_whitespace().find(|word| word.ends_with(".yaml")).unwrap();
    let note = block.text.lines().next().unwrap().split(" # ").nth(1).unwrap();
    let since = note.split('"').nth(1).unwrap();
    let field = "  - {name: ip, type: String, since: \"0.6\", description: The IP address of the NIC; absent while no address is assigned.}\n";
    let added = format!("{field}  - {{name: mtu, type: Integer, since: \"{since}\"}}\n");
    change(&repository.spec(), file.strip_prefix("spec/").unwrap(), field, &added);
    let (code, text) = run(check, repository.folder());
    assert!(code == 3 && text.contains(&format!("slice-drift]: the API of release {since}")), "{text}");
    let (code, text) = run(relock, repository.folder());
    assert_eq!(code, 0, "{text}");
    assert_eq!(run(check, repository.folder()).0, 0);
}

/// The file that the examples of `check` are about.
const ATTACH: &str = "operations/vm-instance/AttachIsoToVmInstance.yaml";

/// Changes the type of a field to one that does not exist.
fn misspell_type(spec: &Path) {
    change(
        spec,
        ATTACH,
        "name: inventory\n    type: VmInstanceInventory",
        "name: inventory\n    type: VmInstanceInventroy",
    );
}

/// Removes the quotes of a version.
fn unquote_version(spec: &Path) {
    change(spec, ATTACH, "\nsince: \"0.6\"\n", "\nsince: 0.6\n");
}

#[test]
fn quoted_output_is_current() {
    let output = |edits: &[fn(&Path)], arguments: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("spec");
        copy_spec(&spec);
        edits.iter().for_each(|edit| edit(&spec));
        let (_, out, err) = run_in(folder.path(), arguments);
        (out + &err).trim_end().to_owned()
    };
    let block = |text: &str| format!("```text\n{text}\n```\n");
    check_example(&path("README.md"), "check", &block(&output(&[misspell_type], &["check"])));
    let faults = output(&[misspell_type, unquote_version], &["check"]);
    check_example(&path("docs/spec.md"), "check", &block(&faults));
    // The page has the summary, without the indented lists of places.
    let losses = output(&[], &["openapi", "--losses"]);
    let summary: Vec<_> = losses.lines().filter(|line| !line.starts_with(' ')).collect();
    check_example(&path("docs/openapi.md"), "losses", &block(&summary.join("\n")));
}

/// The excerpt of the recorded witnesses in docs/review.md.
#[test]
fn quoted_witness_is_current() {
    let witnesses = fs::read_to_string(path("tests/conformance/tests/witnesses/reactions.txt")).unwrap();
    let block = blocks("docs/review.md").into_iter().find(|block| block.text.contains("  before  ")).unwrap();
    assert!(witnesses.contains(&block.text), "reactions.txt does not contain\n{}", block.text);
}

/// Returns the path of a file of the repository.
fn path(name: &str) -> String {
    format!("{ROOT}/{name}")
}

/// Page, command, and a part of its output.
const RUN: &[(&str, &str, &str)] = &[
    ("docs/openapi.md", "cargo xtask openapi -o openapi.json", ""),
    ("docs/openapi.md", "cargo xtask openapi --at 3.1.0 -o openapi.json", ""),
    ("docs/openapi.md", "cargo xtask openapi --losses", "x-"),
    ("docs/review.md", "cargo xtask changelog 5.3.0", "GetVmInstanceFirstBootDevice"),
    ("docs/review.md", "cargo xtask changelog", "# Changelog of the API"),
    ("docs/site.md", "cargo xtask site", "files written"),
    ("docs/spec.md", "cargo xtask explain DetachIsoFromVmInstance@2.3.0", "as of 2.3"),
    ("docs/spec.md", "cargo xtask release 5.3.0", "closed release 5.3.0"),
];

/// Page, and the beginning of a command that another test of this file runs.
const RUN_ELSEWHERE: &[(&str, &str)] = &[
    ("CONTRIBUTING.md", "cargo xtask check"),
    ("CONTRIBUTING.md", "cargo xtask diff"),
    ("CONTRIBUTING.md", "cargo xtask regen"),
    ("CONTRIBUTING.md", "cargo xtask changelog 5.3.0"),
    ("CONTRIBUTING.md", "cargo xtask release 5.3.0"),
    ("docs/transcribe.md", "cargo xtask transcribe"),
    ("docs/transcribe.md", "cargo xtask check"),
    ("docs/transcribe.md", "cargo xtask regen"),
    ("docs/transcribe.md", "cargo xtask diff"),
    ("docs/review.md", "$EDITOR spec/types/VmNicInventory.yaml"),
    ("docs/review.md", "cargo xtask check"),
    ("docs/review.md", "cargo xtask release --relock 3.9.0"),
];

/// The pages whose blocks form one script, which a test of the node runs.
const SCRIPTS: &[&str] = &["docs/tutorial.md"];

/// The beginnings of commands that are not run, and the reasons.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo xtask demo", "builds the workspace; the package `zstack-demo` has its own tests"),
    (".ci/run", "runs these tests"),
    ("cargo test", "a test does not run the tests"),
    ("MODEL_STEPS=", "a test does not run the tests"),
    ("BLESS=1 cargo test", "a test does not run the tests"),
    ("BLESS=1 docs/readme-demo", "runs the demo"),
    ("SAMPLES=all cargo test", "a test does not run the tests"),
    ("apt-get install", "needs Debian's packages"),
    ("npm install", "needs a package of npm"),
    ("cargo install", "needs crates.io"),
    ("cargo xtask bench", "takes minutes"),
    ("cp -r spec my-spec", "tests of the node serve a changed copy of the spec"),
    ("sed -i '/^parameters:/a", "tests of the node serve a changed copy of the spec"),
    ("RUSTC_WRAPPER=", "compiles everything, which takes minutes"),
    ("sort -rn ", "sorts the output of the command before it"),
    ("cargo xtask site -o DIR", "`DIR` is a placeholder; the tests of the site write a folder"),
    ("cargo run --bin zstack-node", "serves until it is stopped; the tests of the node start it"),
    ("zstack-node ", "serves until it is stopped, or reads a file of the user"),
    ("curl ", "needs a running node"),
    ("HOST=", "sets a variable for the next line"),
    ("HASH=", "sets a variable for the next line"),
    ("SESSION=", "needs a running node"),
    ("NODE=", "sets a variable for the next line"),
    ("CONTROL=", "sets a variable for the next line"),
];

/// Returns the paths of all pages, relative to the root.
fn pages() -> Vec<String> {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<_> =
        docs.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}")).collect();
    pages.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "BENCHMARKS.md"].map(str::to_owned));
    pages.sort();
    pages
}

/// Each command is in one of the lists, and each entry of the lists is on a page.
#[test]
fn every_command_is_run_or_has_a_reason() {
    let mut unknown = Vec::new();
    let mut used = BTreeSet::new();
    for page in pages().into_iter().filter(|page| !SCRIPTS.contains(&page.as_str())) {
        for command in blocks(&page).iter().flat_map(commands) {
            let run = RUN
                .iter()
                .find(|(name, run, _)| *name == page && *run == command)
                .map(|(_, run, _)| (*run, true));
            let elsewhere = RUN_ELSEWHERE
                .iter()
                .find(|(name, start)| *name == page && command.starts_with(start))
                .map(|(_, start)| (*start, true));
            let not = NOT_RUN
                .iter()
                .find(|(start, _)| command.starts_with(start))
                .map(|(start, _)| (*start, false));
            match run.or(elsewhere).or(not) {
                Some((entry, true)) => drop(used.insert((page.clone(), entry))),
                Some((entry, false)) => drop(used.insert((String::new(), entry))),
                None => unknown.push(format!("{page}: {command}")),
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new(), "add these commands to RUN or NOT_RUN");
    let run = RUN.iter().map(|(page, run, _)| (*page, *run)).chain(RUN_ELSEWHERE.iter().copied());
    let entries = run.chain(NOT_RUN.iter().map(|(start, _)| ("", *start)));
    let unused: Vec<_> =
        entries.filter(|(page, entry)| !used.contains(&((*page).to_owned(), *entry))).collect();
    assert_eq!(unused, Vec::<(&str, &str)>::new(), "no page has these commands; delete the entries");
}
