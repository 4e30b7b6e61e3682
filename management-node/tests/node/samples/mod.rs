//! The samples of the documentation, run against this node, in the languages
//! that this machine has: of each operation the first example, and with
//! `SAMPLES=all` every one.
//!
//! `rust.rs` holds those in Rust, so that they are compiled; `BLESS=1` writes
//! it anew.

#[rustfmt::skip]
#[expect(clippy::print_stdout, reason = "samples print what is answered")]
mod rust;

use std::process::{Command, Output};

use camino::Utf8Path;
use serde_json::{Value, json};
use zstack_codegen::load::load;
use zstack_codegen::model::{Example, Model, Operation};
use zstack_codegen::names;
use zstack_codegen::samples::{Language, sample};

use crate::local::sample::{BARE_1, CACHE_1, DB_1, DB_DRIVE, OLD_1, RESCUE, WEB_1, WINDOWS_1, WINDOWS_DRIVE};
use crate::process::{Caller, Server};

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
        Value::Array(items) => items.iter_mut().for_each(|it| replace(it, stand_ins)),
        Value::Object(members) => members.values_mut().for_each(|it| replace(it, stand_ins)),
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
        assert!(reset.send().await.unwrap().status().is_success());
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

async fn run_on(
    node: &Node,
    language: Language,
    operations: &[&Operation],
    command: &impl Fn(&Operation, usize, &str) -> Command,
) -> usize {
    let of_each = if std::env::var("SAMPLES").is_ok_and(|it| it == "all") { usize::MAX } else { 1 };
    let mut run = 0;
    for operation in operations {
        for (nth, example) in operation.examples.iter().enumerate().take(of_each) {
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
    let too_late = language == Language::Rust && operation.name == "RenewSession";
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
    for field in operation.response.iter().filter(|it| it.required) {
        assert!(!answer[&field.name].is_null(), "no {}: {context}", field.name);
    }
}

/// Runs texts in a language, if this machine has it.
#[expect(clippy::print_stderr, reason = "what is skipped is said")]
async fn run_with(language: Language, program: &str, arguments: &[&str], needs: &str) {
    if Command::new(needs).arg("--version").output().is_err() {
        eprintln!("skipped: there is no `{needs}` here to run the samples in {}", language.title());
        return;
    }
    let model = model();
    run(language, |operation, nth, session| {
        let example = on_the_sample(operation, nth, session);
        let mut command = Command::new(program);
        command.args(arguments).arg(sample(&model, operation, &example, language).text);
        command
    })
    .await;
}

#[tokio::test]
async fn curl() {
    run_with(Language::Curl, "sh", &["-c"], "curl").await;
}

#[tokio::test]
async fn python() {
    run_with(Language::Python, "python3", &["-c"], "python3").await;
}

#[tokio::test]
async fn javascript() {
    run_with(Language::JavaScript, "node", &["--input-type=module", "-e"], "node").await;
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
        let operation = model.operations.iter().find(|it| it.name == *name).unwrap();
        let request = json!(operation.examples[*nth].request).to_string();
        for (example, _) in *stand_ins {
            assert!(request.contains(example), "{name}, {nth}: no {example} in {request}");
        }
    }
}
