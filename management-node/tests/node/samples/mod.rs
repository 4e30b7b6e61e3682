//! The samples of the documentation, run against this node, in the languages
//! that this machine has: of each operation the first example, and with
//! `SAMPLES=all` every one. `TEST_TOOLS=required` makes it an error if a program
//! for one of the languages is not installed.
//!
//! `rust.rs` holds those in Rust, so that they are compiled; `BLESS=1` writes
//! it anew. Those in Java use the platform's SDK, which is not published: they
//! are compiled and run with stand-ins, see `java.rs`.

mod java;
mod tools;

#[rustfmt::skip]
#[expect(clippy::print_stdout, reason = "samples print what is answered")]
mod rust;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};

use camino::Utf8Path;
use serde_json::{Value, json};
use zstack_model::load::load;
use zstack_model::names;
use zstack_model::{Example, Model, Operation};
use zstack_node::control::CONTROL_HEADER;
use zstack_reference::samples::{Language, sample};

use crate::local::sample::{BARE_1, CACHE_1, DB_1, DB_DRIVE, OLD_1, RESCUE, WEB_1, WINDOWS_1, WINDOWS_DRIVE};
use crate::process::{Caller, Server};

pub(crate) use tools::skipped;

/// The session that the examples of the spec name.
const SESSION: &str = "f4d1c06e87a94c1b9e5207b3a8d6c14f";

/// UUIDs of an example, and those of the sample cloud in their place.
type StandIns = &'static [(&'static str, &'static str)];

/// The stand-ins for the example of this number of this operation.
const STAND_INS: &[(&str, usize, StandIns)] = &[
    ("AttachIsoToVmInstance", 0, &[(VM, WEB_1), (ISO, RESCUE)]),
    ("AttachIsoToVmInstance", 1, &[(VM, DB_1), (ISO, RESCUE), (DRIVE, DB_DRIVE)]),
    ("AttachIsoToVmInstance", 2, &[(VM, WINDOWS_1), (ISO, RESCUE)]),
    ("CreateVmCdRom", 0, &[(OTHER_VM, BARE_1), ("1712d13459ec3637be1020936e76e5a3", RESCUE)]),
    ("CreateVmCdRom", 1, &[(OTHER_VM, WEB_1)]),
    ("DeleteVmCdRom", 0, &[(DRIVE, DB_DRIVE)]),
    ("DestroyVmInstance", 0, &[(VM, WEB_1)]),
    (
        "DetachIsoFromVmInstance",
        0,
        &[(WITH_ISO, WINDOWS_1), ("dffgdiofgerut566jveritynrt9w4c5u4tv9", RESCUE)],
    ),
    ("DetachIsoFromVmInstance", 1, &[(WITH_ISO, WINDOWS_1)]),
    ("ExpungeVmInstance", 0, &[(VM, OLD_1)]),
    ("ExpungeVmInstance", 1, &[(VM, WEB_1)]),
    ("GetCandidateIsoForAttachingVm", 0, &[(VM, WEB_1)]),
    ("GetCandidateVmForAttachingIso", 0, &[("3e5e142462c54736b1880b43d49edeba", RESCUE)]),
    ("GetCandidateVmForAttachingIso", 1, &[("3e5e142462c54736b1880b43d49edeba", RESCUE)]),
    ("PauseVmInstance", 0, &[(VM, WEB_1)]),
    ("PauseVmInstance", 1, &[(VM, DB_1)]),
    ("QueryVmCdRom", 0, &[(VM, WEB_1)]),
    ("RebootVmInstance", 0, &[(VM, WEB_1)]),
    ("RebootVmInstance", 1, &[(VM, OLD_1)]),
    ("RecoverVmInstance", 0, &[(VM, OLD_1)]),
    ("RecoverVmInstance", 1, &[(VM, WEB_1)]),
    ("ReimageVmInstance", 0, &[("f38615d717a438c39eca3b8b560a00ef", DB_1)]),
    ("ReimageVmInstance", 1, &[("f38615d717a438c39eca3b8b560a00ef", WEB_1)]),
    ("ResumeVmInstance", 0, &[(VM, CACHE_1)]),
    ("ResumeVmInstance", 1, &[(VM, OLD_1)]),
    ("SetVmInstanceDefaultCdRom", 0, &[(VM, WINDOWS_1), (DRIVE, WINDOWS_DRIVE)]),
    ("StartVmInstance", 0, &[(VM, DB_1)]),
    ("StartVmInstance", 1, &[(VM, OLD_1)]),
    ("StopVmInstance", 0, &[(VM, WEB_1)]),
    ("StopVmInstance", 1, &[(VM, OLD_1)]),
    ("UpdateVmCdRom", 0, &[(DRIVE, DB_DRIVE)]),
];

const VM: &str = "b1105c5dd00f323d99aa182dee237628";
const OTHER_VM: &str = "47286977f0c530168fdbb1dfbfc167e8";
const WITH_ISO: &str = "ee0d9801bd604235b2a20a87fe50c7a4";
const ISO: &str = "8f36a77ab76e3425a571a7f75fca2d69";
const DRIVE: &str = "3c8e05f7a1d64b2e9f60d7c58e1a2b94";

fn model() -> Model {
    let spec = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    load(spec).unwrap_or_else(|diagnostics| panic!("{:?}", diagnostics.problems()))
}

/// The example of an operation with the values of the sample cloud.
fn on_the_sample(operation: &Operation, nth: usize, session: &str) -> Example {
    let found = STAND_INS.iter().find(|(name, number, _)| *name == operation.name && *number == nth);
    let stand_ins = found.map_or(&[][..], |(.., stand_ins)| stand_ins);
    let mut example = operation.examples[nth].clone();
    for value in example.request.values_mut() {
        replace(value, &[stand_ins, &[(SESSION, session)]].concat());
    }
    example
}

fn replace(value: &mut Value, stand_ins: &[(&str, &str)]) {
    match value {
        Value::String(text) => {
            for (example, real) in stand_ins {
                *text = text.replace(example, real);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, stand_ins)),
        Value::Object(members) => members.values_mut().for_each(|value| replace(value, stand_ins)),
        _ => {}
    }
}

/// The name of an example's module in `rust.rs`.
fn module(operation: &Operation, nth: usize) -> String {
    format!("{}_{nth}", names::module_ident(&operation.name))
}

/// A node with the sample.
struct Node {
    server: Server,
}

impl Node {
    fn start(arguments: &[&str]) -> Self {
        Self { server: Server::start(&[&["--sample"], arguments].concat()) }
    }

    /// A new session on a new sample.
    async fn reset(&self) -> Caller {
        let caller = self.server.caller();
        let reset = caller.client.post(format!("{}/_node/reset", caller.url)).body(r#"{"sample": true}"#);
        assert!(reset.header(CONTROL_HEADER, "1").send().await.unwrap().status().is_success());
        caller.logged_in().await
    }

    /// How often an operation was called.
    async fn calls(&self, operation: &str) -> u64 {
        let caller = self.server.caller();
        let told = caller.client.get(format!("{}/_node", caller.url)).send().await.unwrap();
        let told: Value = serde_json::from_str(&told.text().await.unwrap()).unwrap();
        told["calls"][operation].as_u64().unwrap_or(0)
    }
}

/// Runs the examples; `command` makes of one what runs it.
async fn run(language: Language, command: impl Fn(&Operation, usize, &str) -> Command) {
    let model = model();
    let all: Vec<_> = model.operations.iter().collect();
    let count = run_on(&Node::start(&[]), language, &all, &command).await;
    assert!(count >= all.len(), "{count} examples");
    // How to wait is the same for all, and takes a second at a time.
    let waiting: Vec<_> = all.into_iter().filter(|it| it.name == "ReimageVmInstance").collect();
    assert!(run_on(&Node::start(&["--jobs-always"]), language, &waiting, &command).await > 0);
}

/// How many examples of each operation are run.
fn of_each() -> usize {
    if std::env::var("SAMPLES").is_ok_and(|var| var == "all") { usize::MAX } else { 1 }
}

async fn run_on(
    node: &Node,
    language: Language,
    operations: &[&Operation],
    command: &impl Fn(&Operation, usize, &str) -> Command,
) -> usize {
    let mut run = 0;
    for operation in operations {
        for (nth, example) in operation.examples.iter().enumerate().take(of_each()) {
            let context = format!("{language:?}: {}, {}", operation.name, example.name);
            let caller = node.reset().await;
            let session = &caller.session;
            let before = node.calls(&operation.name).await;
            let output = command(operation, nth, session)
                .env("ZSTACK_URL", &caller.url)
                .env("ZSTACK_SESSION", session)
                .output()
                .unwrap();
            assert_eq!(node.calls(&operation.name).await, before + 1, "{context}: {output:?}");
            check(language, operation, example, &output, &context);
            run += 1;
        }
    }
    run
}

fn check(language: Language, operation: &Operation, example: &Example, output: &Output, context: &str) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let context = format!("{context}\n{out}\n{err}");
    // The program was compiled before there was its session.
    let is_compiled = matches!(language, Language::Rust | Language::Java | Language::Go);
    let too_late = is_compiled && operation.name == "RenewSession";
    if example.status != 200 || too_late {
        let code = if too_late { "SYS.1003" } else { example.response["error"]["code"].as_str().unwrap() };
        assert!(!output.status.success() && (out + err).contains(code), "{context}");
        return;
    }
    assert!(output.status.success(), "{context}");
    if language == Language::Rust {
        assert!(out.contains(&format!("{}Response", operation.name)), "{context}");
        return;
    }
    let answer: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {context}"));
    assert!(answer.get("error").is_none(), "{context}");
    for field in operation.response.iter().filter(|response| response.required) {
        assert!(!answer[&field.name].is_null(), "no {}: {context}", field.name);
    }
}

/// Runs the samples in a language, if this machine has `programs`; `command`
/// makes of the text of a sample what runs it.
async fn run_with(language: Language, programs: &[&str], command: impl Fn(String) -> Command) {
    if !tools::has(programs) {
        return;
    }
    let model = model();
    run(language, |operation, nth, session| {
        let example = on_the_sample(operation, nth, session);
        command(sample(&model, operation, &example, language).text)
    })
    .await;
}

/// A program and its arguments, the last of which is a text.
fn with_text(program: &str, arguments: &[&str], text: String) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).arg(text);
    command
}

#[tokio::test]
async fn curl() {
    run_with(Language::Curl, &["curl"], |text| with_text("sh", &["-c"], text)).await;
}

#[tokio::test]
async fn python() {
    run_with(Language::Python, &["python3"], |text| with_text("python3", &["-c"], text)).await;
}

#[tokio::test]
async fn javascript() {
    run_with(Language::JavaScript, &["node"], |text| with_text("node", &["--input-type=module", "-e"], text))
        .await;
}

/// A file with a text in it.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

/// The samples to run in a language, by operation and number, as they are compiled
/// before there is their session.
fn compiled(language: Language) -> Vec<(String, usize, String)> {
    let model = model();
    let mut texts = Vec::new();
    for operation in &model.operations {
        for nth in 0..operation.examples.len().min(of_each()) {
            let example = on_the_sample(operation, nth, SESSION);
            let text = sample(&model, operation, &example, language).text;
            texts.push((operation.name.clone(), nth, text));
        }
    }
    texts
}

#[tokio::test]
async fn java() {
    if !tools::has(&["javac", "java"]) {
        return;
    }
    let (sdk, classes) = (tools::sdk(&model()), tempfile::tempdir().unwrap());
    // Samples of one operation are classes of one name.
    let folder = |nth: usize| classes.path().join(nth.to_string());
    let texts = compiled(Language::Java);
    for nth in texts.iter().map(|(_, nth, _)| *nth).collect::<BTreeSet<_>>() {
        let sources = tempfile::tempdir().unwrap();
        let files = texts
            .iter()
            .filter(|(_, it, _)| *it == nth)
            .map(|(name, _, text)| file(&sources, &format!("{name}.java"), text));
        std::fs::create_dir(folder(nth)).unwrap();
        tools::succeeds(tools::javac(&folder(nth)).arg("-cp").arg(sdk.path()).args(files));
    }
    run(Language::Java, |operation, nth, _| {
        let mut command = Command::new("java");
        let path = std::env::join_paths([sdk.path(), &folder(nth)]).unwrap();
        command.args(["-XX:TieredStopAtLevel=1", "-cp"]).arg(path).arg(&operation.name);
        command
    })
    .await;
}

#[tokio::test]
async fn go() {
    if !tools::has(&["go"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "go.mod", tools::GO_MODULE);
    for (name, nth, text) in compiled(Language::Go) {
        file(&folder, &format!("{name}{nth}/main.go"), &text);
    }
    let programs = folder.path().join("programs");
    // The folder before the packages: each becomes a program in it.
    std::fs::create_dir(&programs).unwrap();
    tools::succeeds(tools::go().args(["build", "-o"]).arg(&programs).arg("./...").current_dir(folder.path()));
    run(Language::Go, |operation, nth, _| Command::new(programs.join(format!("{}{nth}", operation.name))))
        .await;
}

/// All samples, also those that need another cloud than the sample to run.
#[test]
fn samples_in_java_compile() {
    if !tools::has(&["javac"]) {
        return;
    }
    for model in tools::specs() {
        let (sdk, classes) = (tools::sdk(&model), tempfile::tempdir().unwrap());
        // Samples of one operation are classes of one name.
        let mut rounds: Vec<Vec<(String, String)>> = Vec::new();
        for (name, text) in tools::all(&model, Language::Java) {
            match rounds.iter_mut().find(|round| round.iter().all(|(it, _)| *it != name)) {
                Some(round) => round.push((name, text)),
                None => rounds.push(vec![(name, text)]),
            }
        }
        for round in rounds {
            let folder = tempfile::tempdir().unwrap();
            let files = round.iter().map(|(name, text)| file(&folder, &format!("{name}.java"), text));
            tools::succeeds(tools::javac(classes.path()).arg("-cp").arg(sdk.path()).args(files));
        }
    }
}

#[test]
fn samples_in_go_compile_without_complaints_of_vet() {
    if !tools::has(&["go"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "go.mod", tools::GO_MODULE);
    for model in tools::specs() {
        for (nth, (name, text)) in tools::all(&model, Language::Go).into_iter().enumerate() {
            file(&folder, &format!("{name}{nth}/main.go"), &text);
        }
    }
    // It compiles, too: `vet` needs the types.
    tools::succeeds(tools::go().args(["vet", "./..."]).current_dir(folder.path()));
}

/// A sample is a program, with an environment of its own; this one runs itself
/// for each of them.
#[test]
fn rust_samples() {
    const NAME: &str = "RUST_SAMPLE";
    if let Ok(name) = std::env::var(NAME) {
        let (_, sample) = rust::ALL.iter().find(|(it, _)| *it == name).unwrap();
        sample().unwrap();
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(run(Language::Rust, |operation, nth, _| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "samples::rust_samples", "--nocapture"]);
        command.env(NAME, module(operation, nth));
        command
    }));
}

/// The file is what the samples are.
#[test]
fn the_compiled_samples_are_those_of_the_spec() {
    let model = model();
    let mut text = "//! The samples in Rust, written by the test beside this file: `BLESS=1`.\n".to_owned();
    let mut all = String::new();
    for operation in &model.operations {
        for nth in 0..operation.examples.len() {
            let example = on_the_sample(operation, nth, SESSION);
            let (module, sample) =
                (module(operation, nth), sample(&model, operation, &example, Language::Rust));
            text.push_str(&format!(
                "\nmod {module} {{\n{}\npub(super) fn run() -> Result<(), Box<dyn std::error::Error>> {{ main() }}\n}}\n",
                sample.text
            ));
            all.push_str(&format!("    ({module:?}, {module}::run),\n"));
        }
    }
    text.push_str(&format!(
        "\npub(super) type Run = fn() -> Result<(), Box<dyn std::error::Error>>;\n\n\
         pub(super) const ALL: &[(&str, Run)] = &[\n{all}];\n"
    ));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/samples/rust.rs");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == text,
        "{path} is not what the spec says; BLESS=1 writes it"
    );
}

/// Every stand-in is of an example, and stands for something in it.
#[test]
fn every_stand_in_stands_for_something() {
    let model = model();
    for (name, nth, stand_ins) in STAND_INS {
        let operation = model.operations.iter().find(|operation| operation.name == *name).unwrap();
        let request = json!(operation.examples[*nth].request).to_string();
        for (example, _) in *stand_ins {
            assert!(request.contains(example), "{name}, {nth}: no {example} in {request}");
        }
    }
}
