//! Samples: their text, and their syntax.
//!
//! `BLESS=1` overwrites the expected files.

use std::fs;
use std::io::Write as _;
use std::process::Command;

use camino::Utf8Path;
use zstack_model::examples::{examples, generate};
use zstack_model::load::load;
use zstack_model::{Model, Operation};
use zstack_reference::samples::{Language, sample, samples};

use crate::sample::{NAMED, part_of};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples");

fn model() -> Model {
    let spec = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    load(&spec).unwrap_or_else(|diagnostics| panic!("{:?}", diagnostics.problems()))
}

fn golden(name: &str, found: &str) {
    let path = Utf8Path::new(FOLDER).join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "{path}: BLESS=1 accepts the new text\n{found}");
}

fn operation<'a>(model: &'a Model, name: &str) -> &'a Operation {
    model.operations.iter().find(|operation| operation.name == name).unwrap()
}

/// A file for each language, with two jobs, a synchronous operation, a query, and an
/// operation without a session.
#[test]
fn samples_match_the_expected_files() {
    let model = model();
    let shown = [
        ("AttachIsoToVmInstance", 1),
        ("CreateVmCdRom", 0),
        ("GetCandidateVmForAttachingIso", 0),
        ("QueryVmCdRom", 0),
        ("LogInByAccount", 0),
    ];
    for language in Language::ALL {
        let text = shown.map(|(name, index)| {
            let operation = operation(&model, name);
            format!("──── {name}\n{}", sample(&model, operation, &operation.examples[index], language).text)
        });
        golden(&format!("{}.txt", language.name()), &text.concat());
    }
}

/// One operation has parameters of every kind and no example, so it gets a generated
/// one; the other has an example with nested values.
#[test]
fn values_of_every_kind_match_the_expected_files() {
    let spec = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/spec");
    let model = load(&spec).unwrap_or_else(|diagnostics| panic!("{:?}", diagnostics.problems()));
    for (name, file) in [("CreateThing", "generated.txt"), ("UpdateThing", "nested.txt")] {
        let operation = operation(&model, name);
        let samples = samples(&model, operation, &examples(&model, operation)[0]);
        let text: String = samples
            .iter()
            .map(|sample| format!("──── {}\n{}", sample.language.title(), sample.text))
            .collect();
        golden(file, &text);
    }
}

/// Samples of the committed spec in a language, of written and generated examples, and one
/// with special characters of all languages.
fn all(language: Language) -> Vec<(String, String)> {
    let model = part_of(model(), 40, &NAMED);
    let mut texts = Vec::new();
    for operation in &model.operations {
        let generated = generate(&model, operation).unwrap().example;
        for (index, example) in operation.examples.iter().chain([&generated]).enumerate() {
            texts.push((
                format!("{}{index}", operation.name),
                sample(&model, operation, example, language).text,
            ));
        }
    }
    let operation = operation(&model, "CreateVmCdRom");
    let mut example = operation.examples[0].clone();
    example.request.insert("name".to_owned(), "'\"`$(id)\\u000a\\\n\u{0}\u{202e}*/ EOF".into());
    texts.push(("Hostile".to_owned(), sample(&model, operation, &example, language).text));
    texts
}

/// Runs a checker on all samples of a language, each in its own folder, and expects no
/// output.
fn check_syntax(language: Language, file: impl Fn(&str) -> String, command: &mut Command) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in all(language) {
        let folder = folder.path().join(&name);
        fs::create_dir(&folder).unwrap();
        let file = folder.join(file(name.trim_end_matches(|last: char| last.is_ascii_digit())));
        fs::write(&file, text).unwrap();
        command.arg(file);
    }
    match command.output() {
        Ok(output) => {
            assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
        }
        Err(_) => report_skipped(command.get_program()),
    }
}

/// Reports that a check is skipped because a program is not installed; with
/// `TEST_TOOLS=required` the test fails instead.
fn report_skipped(program: &std::ffi::OsStr) {
    assert!(std::env::var("TEST_TOOLS").as_deref() != Ok("required"), "{program:?} is not installed");
    // Not `eprintln!`, whose output is hidden if the test succeeds.
    let _ = writeln!(std::io::stderr(), "SKIPPED: a check of samples: {program:?} is not installed");
}

/// Checks only the syntax, without the SDK. The tests of the management node compile
/// the samples with stand-ins for it.
#[test]
fn java_samples_parse() {
    let mut command = Command::new("javac");
    command.args(["-encoding", "UTF-8", "-XDshould-stop.ifNoError=PARSE"]);
    check_syntax(Language::Java, |name| format!("{name}.java"), &mut command);
}

#[test]
fn go_samples_are_formatted() {
    let mut command = Command::new("gofmt");
    command.arg("-l");
    check_syntax(Language::Go, |_| "main.go".to_owned(), &mut command);
}

/// Checks only the syntax, too.
#[test]
fn cli_samples_parse() {
    let texts: String = all(Language::Cli).into_iter().map(|(_, text)| text).collect();
    let output = Command::new("sh").args(["-n", "-c", &texts]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
