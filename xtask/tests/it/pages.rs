//! The pages for people who edit the spec: their commands do what the pages say.
//!
//! Every command in a block of a page is either run here, as it is written there and in a copy of the
//! committed spec, or listed with the reason why not.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::scratch::{Repository, change, run_in};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A block of code of a page.
struct Block {
    language: String,
    text: String,
    /// The paragraph before it.
    before: String,
}

/// The blocks of a page, without the indentation of the list that they are in.
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

/// The commands of a block of shell: lines that go on are one, comments are dropped.
fn commands(block: &Block) -> Vec<String> {
    if block.language != "sh" {
        return Vec::new();
    }
    let joined = block.text.replace("\\\n", " ").replace("|\n", "| ");
    let without_comment = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    joined.lines().map(without_comment).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Runs `cargo xtask …` of a page in a repository.
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

/// A repository with the spec, and with the release and the operation of the page.
fn five_minutes() -> Repository {
    let repository = Repository::new();
    let yaml: Vec<_> = blocks("CONTRIBUTING.md").into_iter().filter(|it| it.language == "yaml").collect();
    let [release, operation] = &yaml[..] else { panic!("the page has another number of YAML blocks") };
    assert!(release.before.contains("`spec/api.yaml`"), "{}", release.before);
    change(&repository.spec(), "api.yaml", "\n\ncategories:", &format!("\n{}\ncategories:", release.text));
    let file = operation.before.split('`').find(|it| it.ends_with(".yaml")).unwrap();
    fs::write(repository.folder().join(file), &operation.text).unwrap();
    repository
}

#[test]
fn an_operation_is_added_in_five_minutes() {
    let repository = five_minutes();
    let page = blocks("CONTRIBUTING.md");
    let commands: Vec<_> =
        page.iter().flat_map(commands).filter(|it| it.starts_with("cargo xtask ")).collect();
    let position = |command: &str| commands.iter().position(|it| it == command).unwrap();
    let steps = &commands[position("cargo xtask check")..=position("cargo xtask regen")];
    assert!(steps.len() >= 3, "{steps:?}");
    for command in steps {
        let (code, text) = run(command, repository.folder());
        assert_eq!(code, 0, "{command}\n{text}");
    }
    let written = |path: &str| repository.folder().join(path).exists();
    assert!(written("generated-types/src/vm_instance/get_vm_boot_order.rs"), "regen writes the operation");
    repository.commit("GetVmBootOrder");
    // Then the release is closed, by the commands of the page.
    let steps = &commands[position("cargo xtask changelog 5.3.0")..];
    assert_eq!(steps.last().unwrap(), "cargo xtask diff");
    for command in steps {
        let (code, text) = run(command, repository.folder());
        assert_eq!(code, 0, "{command}\n{text}");
        assert!(!command.contains("changelog") || text.contains("GetVmBootOrder"), "{text}");
    }
    assert_eq!(run("cargo xtask check", repository.folder()).0, 0);
}

/// What the page says of an operation that is dated to a released version.
#[test]
fn a_released_version_is_refused_with_both_remedies() {
    let repository = five_minutes();
    let operation = "operations/vm-instance/GetVmBootOrder.yaml";
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
    let command = page.split('`').find(|it| it.starts_with("cargo xtask release --relock")).unwrap();
    let (code, text) = run(command, repository.folder());
    assert_eq!(code, 0, "{text}");
    assert_eq!(run("cargo xtask check", repository.folder()).0, 0);
}

/// Commands of pages that a copy of the spec is enough for.
#[test]
fn commands_of_the_other_pages_run() {
    let repository = five_minutes();
    for (page, command, expected) in RUN {
        let (code, text) = run(command, repository.folder());
        assert_eq!(code, 0, "{page}: {command}\n{text}");
        assert!(text.contains(expected), "{page}: {command} prints no {expected:?}\n{text}");
    }
    assert!(
        fs::read_to_string(repository.folder().join("openapi.json")).unwrap().contains("\"openapi\": \"3.1")
    );
}

/// The three steps of a correction, in their order.
#[test]
fn a_release_is_corrected_in_three_steps() {
    let repository = Repository::new();
    let block = blocks("docs/review.md").into_iter().find(|it| it.text.contains("--relock")).unwrap();
    let steps = commands(&block);
    let [edit, check, relock] = &steps[..] else { panic!("{steps:?}") };
    let file = edit.split_whitespace().find(|it| it.ends_with(".yaml")).unwrap();
    let note = block.text.lines().next().unwrap().split(" # ").nth(1).unwrap();
    let since = note.split('"').nth(1).unwrap();
    let field = "  - {name: ip, type: String, since: \"0.6\"}\n";
    let added = format!("{field}  - {{name: mtu, type: Integer, since: \"{since}\"}}\n");
    change(&repository.spec(), file.strip_prefix("spec/").unwrap(), field, &added);
    let (code, text) = run(check, repository.folder());
    assert!(code == 3 && text.contains(&format!("slice-drift]: the API of release {since}")), "{text}");
    let (code, text) = run(relock, repository.folder());
    assert_eq!(code, 0, "{text}");
    assert_eq!(run(check, repository.folder()).0, 0);
}

/// Page, command, and what it prints.
const RUN: &[(&str, &str, &str)] = &[
    ("docs/openapi.md", "cargo xtask openapi -o openapi.json", ""),
    ("docs/openapi.md", "cargo xtask openapi --at 3.1.0 -o openapi.json", ""),
    ("docs/openapi.md", "cargo xtask openapi --losses", "x-"),
    ("docs/review.md", "cargo xtask changelog 5.3.0", "GetVmBootOrder"),
    ("docs/review.md", "cargo xtask changelog", "# Changelog of the API"),
    ("docs/site.md", "cargo xtask site", "files written"),
    ("docs/spec.md", "cargo xtask explain DetachIsoFromVmInstance@2.3.0", "as of 2.3"),
    ("docs/spec.md", "cargo xtask release 5.3.0", "5.3.0 is out"),
];

/// Commands that other tests here run, by the beginnings of their lines.
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

/// Commands that are not run here, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo xtask demo", "builds the workspace; the package `zstack-demo` has tests of its own"),
    (".ci/run", "the gate itself"),
    ("cargo test", "a test does not run the tests"),
    ("MODEL_STEPS=", "a test does not run the tests"),
    ("BLESS=1 cargo test", "a test does not run the tests"),
    ("SAMPLES=all cargo test", "a test does not run the tests"),
    ("apt-get install", "needs Debian's packages"),
    ("npm install", "needs a package of npm"),
    ("cargo install", "needs crates.io"),
    ("cargo xtask bench", "measures, for minutes"),
    ("RUSTC_WRAPPER=", "compiles everything, for minutes"),
    ("sort -rn ", "sorts what the line before wrote"),
    ("cargo xtask site -o DIR", "`DIR` stands for a folder; the tests of the site write one"),
    ("cargo run --bin zstack-node", "serves until it is stopped; the tests of the node start it"),
    ("zstack-node ", "serves until it is stopped, or reads a file of the reader"),
    ("curl ", "needs a running node"),
    ("HOST=", "a variable of the next line"),
    ("HASH=", "a variable of the next line"),
    ("SESSION=", "needs a running node"),
    ("NODE=", "a variable of the next line"),
    ("CONTROL=", "a variable of the next line"),
];

fn pages() -> Vec<String> {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).unwrap();
    let docs = docs.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<_> = docs.filter(|it| it.ends_with(".md")).map(|it| format!("docs/{it}")).collect();
    pages.extend(["README.md".to_owned(), "CONTRIBUTING.md".to_owned()]);
    pages.sort();
    pages
}

/// A command that comes to a page is run, or has a reason; and no reason is left over.
#[test]
fn every_command_is_run_or_has_a_reason() {
    let mut unknown = Vec::new();
    let mut used = BTreeSet::new();
    for page in pages() {
        for command in blocks(&page).iter().flat_map(commands) {
            let run = RUN
                .iter()
                .find(|(it, run, _)| *it == page && *run == command)
                .map(|(_, run, _)| (*run, true));
            let elsewhere = RUN_ELSEWHERE
                .iter()
                .find(|(it, run)| *it == page && command.starts_with(run))
                .map(|(_, run)| (*run, true));
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
    assert_eq!(unknown, Vec::<String>::new(), "no test runs these, and no reason says why");
    let run = RUN.iter().map(|(page, run, _)| (*page, *run)).chain(RUN_ELSEWHERE.iter().copied());
    let entries = run.chain(NOT_RUN.iter().map(|(start, _)| ("", *start)));
    let unused: Vec<_> =
        entries.filter(|(page, entry)| !used.contains(&((*page).to_owned(), *entry))).collect();
    assert_eq!(unused, Vec::<(&str, &str)>::new(), "no page has these");
}
