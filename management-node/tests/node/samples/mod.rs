//! Tests that run the code samples of the reference against this node, in the
//! installed languages: an example of each kind of operation, and with `SAMPLES=all`
//! every example. With `TEST_TOOLS=required`, a missing language is an error.
//!
//! `rust.rs` contains the samples in Rust, so that they are compiled; `BLESS=1`
//! rewrites it. Samples in Java use the platform's SDK, which is not published, so
//! they are compiled and run with substitutes for its classes: see `java.rs`.

mod java;
pub(crate) mod tools;

#[rustfmt::skip]
#[expect(clippy::print_stdout, reason = "samples print the answer")]
mod rust;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
use zstack_model::names;
use zstack_model::{Example, Operation};
use zstack_node::control::CONTROL_HEADER;
use zstack_reference::samples::{Language, sample};

use crate::local::sample::{BARE_1, CACHE_1, DB_1, DB_DRIVE, OLD_1, RESCUE, WEB_1, WINDOWS_1, WINDOWS_DRIVE};
use crate::performed::{model, performed_operations};
use crate::process::{Caller, Server};

pub(crate) use tools::report_skipped;

/// The session in the examples of the spec.
const SESSION: &str = "f4d1c06e87a94c1b9e5207b3a8d6c14f";

/// UUIDs of an example, with the UUIDs of the sample inventory that replace them.
type Substitutions = &'static [(&'static str, &'static str)];

/// The substitutions for an example, by operation and number of the example.
const SUBSTITUTIONS: &[(&str, usize, Substitutions)] = &[
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

/// Returns an example with UUIDs of the sample inventory.
fn sample_example(operation: &Operation, nth: usize, session: &str) -> Example {
    let found = SUBSTITUTIONS.iter().find(|(name, number, _)| *name == operation.name && *number == nth);
    let substitutions = found.map_or(&[][..], |(.., substitutions)| substitutions);
    let mut example = operation.examples[nth].clone();
    for value in example.request.values_mut() {
        replace(value, &[substitutions, &[(SESSION, session)]].concat());
    }
    example
}

fn replace(value: &mut Value, substitutions: &[(&str, &str)]) {
    match value {
        Value::String(text) => {
            for (example, real) in substitutions {
                *text = text.replace(example, real);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, substitutions)),
        Value::Object(members) => members.values_mut().for_each(|value| replace(value, substitutions)),
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

    /// Resets the node to the sample, and logs in.
    async fn reset(&self) -> Caller {
        let caller = self.server.caller();
        let reset = caller.client.post(format!("{}/_node/reset", caller.url)).body(r#"{"sample": true}"#);
        assert!(reset.header(CONTROL_HEADER, "1").send().await.unwrap().status().is_success());
        caller.with_session().await
    }

    /// Returns the number of calls of an operation.
    async fn calls(&self, operation: &str) -> u64 {
        let caller = self.server.caller();
        let response = caller.client.get(format!("{}/_node", caller.url)).send().await.unwrap();
        let report: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        report["calls"][operation].as_u64().unwrap_or(0)
    }
}

/// Runs the examples; `command` returns the command that runs one of them.
async fn run(language: Language, command: impl Fn(&Operation, usize, &str) -> Command) {
    let operations = operations_to_run();
    let count = run_on(&Node::start(&[]), language, &operations, &command).await;
    assert!(count >= operations.len() && count >= 10, "{count} examples");
    // Polling is the same for all operations, and takes a second each time.
    let waiting: Vec<_> = operations.into_iter().filter(|operation| operation.name == POLLED).collect();
    assert!(run_on(&Node::start(&["--jobs-always"]), language, &waiting, &command).await > 0);
}

/// Set if all examples run, which takes minutes.
fn runs_all() -> bool {
    std::env::var("SAMPLES").is_ok_and(|var| var == "all")
}

/// The number of examples of each operation to run.
fn examples_per_operation() -> usize {
    if runs_all() { usize::MAX } else { 1 }
}

/// The operation whose samples also poll a job.
const POLLED: &str = "ReimageVmInstance";

/// The operations whose examples run: all of them, or the first of each kind. The samples of a kind
/// differ only in names and values, and those of all operations are compiled.
fn operations_to_run() -> Vec<&'static Operation> {
    let mut kinds = BTreeSet::new();
    let mut is_new = |operation: &Operation| {
        let mut places: Vec<_> =
            operation.parameters.iter().map(|parameter| format!("{:?}", parameter.place)).collect();
        places.sort_unstable();
        places.dedup();
        let Operation { method, auth, execution, query, .. } = operation;
        let body = std::mem::discriminant(&operation.body);
        let succeeds = operation.examples[0].status == 200;
        kinds.insert(format!("{method:?} {auth:?} {execution:?} {query} {body:?} {places:?} {succeeds}"))
    };
    performed_operations()
        .filter(|operation| is_new(operation) || operation.name == POLLED || runs_all())
        .collect()
}

async fn run_on(
    node: &Node,
    language: Language,
    operations: &[&Operation],
    command: &impl Fn(&Operation, usize, &str) -> Command,
) -> usize {
    let mut run = 0;
    for operation in operations {
        for (nth, example) in operation.examples.iter().enumerate().take(examples_per_operation()) {
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
    // A compiled program cannot contain the session, which is opened later.
    let is_compiled = matches!(language, Language::Rust | Language::Java | Language::Go);
    let lacks_session = is_compiled && operation.name == "RenewSession";
    if example.status != 200 || lacks_session {
        let code =
            if lacks_session { "SYS.1003" } else { example.response["error"]["code"].as_str().unwrap() };
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

/// Runs the samples in a language, if `programs` are installed; `command` returns
/// the command that runs the text of a sample.
async fn run_with(language: Language, programs: &[&str], command: impl Fn(String) -> Command) {
    if !tools::has(programs) {
        return;
    }
    run(language, |operation, nth, session| {
        let example = sample_example(operation, nth, session);
        command(sample(model(), operation, &example, language).text)
    })
    .await;
}

/// Creates a command whose last argument is a text.
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

/// Writes a file. Returns its path.
fn write_file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

/// Returns the samples to compile in a language, with operation and number.
fn samples_to_compile(language: Language) -> Vec<(String, usize, String)> {
    let mut texts = Vec::new();
    for operation in operations_to_run() {
        for nth in 0..operation.examples.len().min(examples_per_operation()) {
            let example = sample_example(operation, nth, SESSION);
            let text = sample(model(), operation, &example, language).text;
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
    let (sdk, classes) = (tools::sdk(model()), tempfile::tempdir().unwrap());
    // The samples of an operation are classes with the same name.
    let folder = |nth: usize| classes.path().join(nth.to_string());
    let texts = samples_to_compile(Language::Java);
    for nth in texts.iter().map(|(_, nth, _)| *nth).collect::<BTreeSet<_>>() {
        let sources = tempfile::tempdir().unwrap();
        let files = texts
            .iter()
            .filter(|(_, number, _)| *number == nth)
            .map(|(name, _, text)| write_file(&sources, &format!("{name}.java"), text));
        std::fs::create_dir(folder(nth)).unwrap();
        tools::run_silent(tools::javac(&folder(nth)).arg("-cp").arg(sdk.path()).args(files));
    }
    run(Language::Java, |operation, nth, _| {
        let mut command = Command::new("java");
        let path = std::env::join_paths([sdk.path(), &folder(nth)]).unwrap();
        command.args(tools::SHORT_RUN).arg("-cp").arg(path).arg(&operation.name);
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
    write_file(&folder, "go.mod", tools::GO_MODULE);
    for (name, nth, text) in samples_to_compile(Language::Go) {
        write_file(&folder, &format!("{name}{nth}/main.go"), &text);
    }
    let programs = folder.path().join("programs");
    // With an existing folder, each package becomes a program in it.
    std::fs::create_dir(&programs).unwrap();
    tools::run_silent(
        tools::go().args(["build", "-o"]).arg(&programs).arg("./...").current_dir(folder.path()),
    );
    run(Language::Go, |operation, nth, _| Command::new(programs.join(format!("{}{nth}", operation.name))))
        .await;
}

/// Compiles all samples, also those that the sample inventory cannot run.
#[test]
fn samples_in_java_compile() {
    if !tools::has(&["javac"]) {
        return;
    }
    for model in tools::specs() {
        let (sdk, classes) = (tools::sdk(&model), tempfile::tempdir().unwrap());
        // The samples of an operation are classes with the same name.
        let mut rounds: Vec<Vec<(String, String)>> = Vec::new();
        for (name, text) in tools::all(&model, Language::Java) {
            match rounds.iter_mut().find(|round| round.iter().all(|(other, _)| *other != name)) {
                Some(round) => round.push((name, text)),
                None => rounds.push(vec![(name, text)]),
            }
        }
        for round in rounds {
            let folder = tempfile::tempdir().unwrap();
            let files = round.iter().map(|(name, text)| write_file(&folder, &format!("{name}.java"), text));
            tools::run_silent(tools::javac(classes.path()).arg("-cp").arg(sdk.path()).args(files));
        }
    }
}

#[test]
fn samples_in_go_pass_vet() {
    if !tools::has(&["go"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write_file(&folder, "go.mod", tools::GO_MODULE);
    for model in tools::specs() {
        for (nth, (name, text)) in tools::all(&model, Language::Go).into_iter().enumerate() {
            write_file(&folder, &format!("{name}{nth}/main.go"), &text);
        }
    }
    // `vet` also compiles, as it needs the types.
    tools::run_silent(tools::go().args(["vet", "./..."]).current_dir(folder.path()));
}

/// Each sample needs an environment of its own, so the test program runs itself once
/// for each.
#[test]
fn rust_samples() {
    const NAME: &str = "RUST_SAMPLE";
    if let Ok(name) = std::env::var(NAME) {
        let (_, sample) = rust::ALL.iter().find(|(module, _)| *module == name).unwrap();
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

/// Checks that `rust.rs` is up to date.
#[test]
fn the_compiled_samples_equal_those_of_the_spec() {
    let mut text = "//! The samples in Rust, written by a test of `mod.rs` with `BLESS=1`.\n".to_owned();
    let mut all = String::new();
    for operation in performed_operations() {
        for nth in 0..operation.examples.len() {
            let example = sample_example(operation, nth, SESSION);
            let (module, sample) =
                (module(operation, nth), sample(model(), operation, &example, Language::Rust));
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
        "{path} does not match the spec; BLESS=1 rewrites it"
    );
}

/// Checks that every substitution replaces a UUID of its example.
#[test]
fn substitutions_match_examples() {
    for (name, nth, substitutions) in SUBSTITUTIONS {
        let operation = performed_operations().find(|operation| operation.name == *name).unwrap();
        let request = json!(operation.examples[*nth].request).to_string();
        for (example, _) in *substitutions {
            assert!(request.contains(example), "{name}, {nth}: no {example} in {request}");
        }
    }
}
