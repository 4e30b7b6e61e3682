//! Compares the version steps that findings require with those that `cargo semver-checks` finds in the generated crates.
//!
//! ```sh
//! cargo install cargo-semver-checks
//! cargo test -p zstack-review semver -- --ignored --nocapture
//! ```
//!
//! Each change of the table of mutations is generated in both directions, and the public items of the crates before and
//! after are compared. The program does not compare types, so that a finding may require a larger step.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};
use zstack_codegen::emit::{GeneratedFile, emit};
use zstack_model::Model;
use zstack_model::changes::Step;
use zstack_review::diff;

use crate::mutations::apply_row;
use crate::rows;
use crate::spec::Spec;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const FOLDER: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/semver");

/// The folders and package names of the generated crates. The client re-exports the types and the runtime.
const CRATES: [(&str, &str); 2] =
    [("generated-types", "zstack-types"), ("generated-server", "zstack-server")];

/// The hand-written type of the fixture.
const BY_HAND: &str = r#"
/// A zone.
#[derive(Clone, Default, zstack_runtime::Record)]
#[record(since = "2.0")]
#[non_exhaustive]
pub struct Zone {
    /// Its name.
    pub name: Option<String>,
}
"#;

/// A workspace of the generated crates, on the runtime of this repository.
struct Workspace {
    /// The descriptions of the public items of crates, by their code.
    described: HashMap<String, Utf8PathBuf>,
    /// The results of comparisons, by the two descriptions.
    found: HashMap<[Utf8PathBuf; 2], (Step, String)>,
}

fn run(mut command: Command) -> Output {
    let output = command.current_dir(FOLDER).output();
    output.unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

impl Workspace {
    fn new() -> Self {
        let manifest = fs::read_to_string(Utf8Path::new(ROOT).join("Cargo.toml")).unwrap();
        let (before, rest) = manifest.split_once("members = [").unwrap();
        let (_, after) = rest.split_once(']').unwrap();
        let members = "members = [\"generated-types\", \"generated-client\", \"generated-server\"]";
        let runtime = format!("path = \"{ROOT}/runtime\"");
        fs::create_dir_all(FOLDER).unwrap();
        let folder = Utf8Path::new(FOLDER);
        let manifest = [before, members, after].concat().replace("path = \"runtime\"", &runtime);
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::copy(Utf8Path::new(ROOT).join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Self { described: HashMap::new(), found: HashMap::new() }
    }

    /// The descriptions of the crates of a model.
    fn describe(&mut self, name: &str, model: &Model) -> Vec<Utf8PathBuf> {
        let files = emit(model);
        let code = CRATES.map(|(folder, _)| code(&files, folder));
        if code.iter().any(|code| !self.described.contains_key(code)) {
            write(files);
        }
        let described = CRATES.iter().zip(code).map(|((_, package), code)| {
            let next = Utf8Path::new(FOLDER).join(format!("{package}-{}.json", self.described.len()));
            self.described.entry(code).or_insert_with(|| rustdoc(name, package, next)).clone()
        });
        described.collect()
    }

    /// The step that two descriptions of a crate require, and the reasons.
    fn compare(&mut self, old: &Utf8Path, new: &Utf8Path) -> (Step, String) {
        if old == new {
            return (Step::Patch, String::new());
        }
        let pair = [old.to_owned(), new.to_owned()];
        self.found.entry(pair).or_insert_with(|| semver_checks(old, new)).clone()
    }
}

/// The code of a crate. Crates with the same code have the same items.
fn code(files: &[GeneratedFile], folder: &str) -> String {
    let mut code = folder.to_owned();
    for file in files.iter().filter(|file| file.path.starts_with(folder)) {
        let lines = file.text.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.for_each(|line| writeln!(code, "{line}").unwrap());
    }
    code
}

fn write(files: Vec<GeneratedFile>) {
    let folder = Utf8Path::new(FOLDER);
    for (crate_folder, _) in CRATES {
        let _ = fs::remove_dir_all(folder.join(crate_folder).join("src"));
    }
    for mut file in files {
        if file.path == "generated-types/src/lib.rs" {
            file.text.push_str(BY_HAND);
        }
        let path = folder.join(file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
}

fn rustdoc(name: &str, package: &str, to: Utf8PathBuf) -> Utf8PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    // Stable compilers describe items only with this variable.
    cargo.env("RUSTC_BOOTSTRAP", "1");
    cargo.args(["rustdoc", "--package", package, "--lib", "--offline", "--target-dir", "target", "--"]);
    cargo.args(["-Z", "unstable-options", "--output-format", "json"]);
    let output = run(cargo);
    assert!(output.status.success(), "{name}: {package}\n{}", text(&output));
    let made = format!("{FOLDER}/target/doc/{}.json", package.replace('-', "_"));
    fs::copy(made, &to).unwrap();
    to
}

fn semver_checks(old: &Utf8Path, new: &Utf8Path) -> (Step, String) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["semver-checks", "--color", "never", "--release-type", "patch"]);
    cargo.args(["--baseline-rustdoc", old.as_str(), "--current-rustdoc", new.as_str()]);
    let output = run(cargo);
    let report = text(&output);
    let requires = |step: &str| report.contains(&format!("Summary semver requires new {step} version"));
    let step = match () {
        () if requires("major") => Step::Major,
        () if requires("minor") => Step::Minor,
        () if output.status.success() && report.contains("Summary no semver update required") => Step::Patch,
        () => panic!("is cargo-semver-checks installed?\n{report}"),
    };
    let failures = report.lines().filter_map(|line| line.strip_prefix("--- failure ")?.split(':').next());
    (step, failures.collect::<Vec<_>>().join(", "))
}

#[test]
#[ignore = "needs `cargo install cargo-semver-checks`, and takes minutes"]
fn required_steps_are_large_enough() {
    let mut workspace = Workspace::new();
    let base = Spec::base().model();
    let before = workspace.describe("the base", &base);
    let (mut small, mut large) = (String::new(), BTreeMap::new());
    for row in rows::all() {
        let model = apply_row(&row, &Spec::base()).unwrap();
        let after = workspace.describe(&row.name, &model);
        let ways =
            [("there", (&base, &before), (&model, &after)), ("back", (&model, &after), (&base, &before))];
        for (way, (old, old_crates), (new, new_crates)) in ways {
            let findings = diff(old, new);
            let said = findings.iter().map(|finding| finding.step).max().unwrap();
            let found = old_crates.iter().zip(new_crates).map(|(old, new)| workspace.compare(old, new));
            let found: Vec<_> = found.collect();
            let least = found.iter().map(|(step, _)| *step).max().unwrap();
            let steps = format!("{} is said, {} is needed", said.word(), least.word());
            if said < least {
                let why = found.iter().map(|(_, why)| why.as_str()).filter(|why| !why.is_empty());
                writeln!(small, "{}, {way}: {steps}: {}", row.name, why.collect::<Vec<_>>().join(", "))
                    .unwrap();
            }
            if let ([it], true) = (&findings[..], said > least) {
                large.insert(it.kind().id(), steps);
            }
        }
    }
    println!("{} crates, {} pairs; larger steps:", workspace.described.len(), workspace.found.len());
    large.iter().for_each(|(rule, steps)| println!("  {rule}: {steps}"));
    assert_eq!(small, "");
}
