//! The programs that run the samples, if they are installed.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use camino::Utf8Path;
use zstack_model::{Example, Model, Operation, Type};
use zstack_reference::samples::{Language, sample};

use crate::sample::{NAMED, part_of};

/// Reports on the terminal that a test is skipped because a program is missing; with
/// `TEST_TOOLS=required` the test fails instead.
pub(crate) fn report_skipped(test: &str, program: &str) {
    assert!(std::env::var("TEST_TOOLS").as_deref() != Ok("required"), "{test}: `{program}` is not installed");
    // `eprintln!` is not shown for a test that succeeds.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: `{program}` is not installed");
}

/// Returns true if all programs are installed; otherwise reports a skipped test.
pub(crate) fn has(programs: &[&str]) -> bool {
    let is_missing = |program: &&&str| Command::new(program).arg("--version").output().is_err();
    let Some(missing) = programs.iter().find(is_missing) else { return true };
    report_skipped(std::thread::current().name().unwrap_or_default(), missing);
    false
}

/// Runs a command that has to succeed without output.
pub(crate) fn run_silent(command: &mut Command) {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && text.is_empty(), "{command:?}\n{text}");
}

/// The files with this extension below a folder.
pub(super) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension() == Some(OsStr::new(extension)) {
            found.push(path);
        }
    }
    found
}

/// Options of Java for programs that end soon.
pub(crate) const SHORT_RUN: [&str; 2] = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/// The Java compiler, which treats warnings as errors.
pub(crate) fn javac(classes: &Path) -> Command {
    let mut command = Command::new("javac");
    command.args(SHORT_RUN.map(|option| format!("-J{option}")));
    command.args(["-encoding", "UTF-8", "-Xlint:all,-processing", "-Werror", "-d"]).arg(classes);
    command
}

/// The file that makes a folder of Go packages a module.
pub(super) const GO_MODULE: &str = "module samples\n\ngo 1.18\n";

/// The Go tool, with the standard library only and without a network.
pub(super) fn go() -> Command {
    let mut command = Command::new("go");
    command.envs([("GOPROXY", "off"), ("GOTOOLCHAIN", "local"), ("GOFLAGS", ""), ("CGO_ENABLED", "0")]);
    command
}

/// Returns all samples of a model in a language, with the names of their operations,
/// and samples with values that contain the special characters of all languages.
pub(super) fn all(model: &Model, language: Language) -> Vec<(String, String)> {
    let text = |operation: &Operation, example: &Example| {
        (operation.name.clone(), sample(model, operation, example, language).text)
    };
    let mut texts = Vec::new();
    for operation in &model.operations {
        let examples = zstack_model::examples::examples(model, operation);
        texts.extend(examples.iter().map(|example| text(operation, example)));
        let mut hostile = examples[0].clone();
        let is_text = |name: &str| {
            operation
                .parameters
                .iter()
                .any(|parameter| parameter.field.name == name && parameter.field.ty == Type::String)
        };
        for (_, value) in
            hostile.request.iter_mut().filter(|(name, value)| value.is_string() && is_text(name))
        {
            *value = "'\"`$(id)${x}%s\\u000a\\\n\r\u{0}\u{202e}\u{2028}*/ </script> EOF".into();
        }
        texts.push(text(operation, &hostile));
    }
    texts
}

/// Compiles the substitutes of the SDK for a model.
pub(super) fn sdk(model: &Model) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sources = folder.path().join("sources");
    super::java::write(model, &sources);
    run_silent(javac(folder.path()).args(files(&sources, "java")));
    folder
}

/// The models whose samples are compiled: a part of the spec, and one with parameters of
/// every type.
pub(super) fn specs() -> [Model; 2] {
    let types = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../reference/tests/samples/spec"));
    let types = zstack_model::load::load(types);
    let types = types.unwrap_or_else(|diagnostics| panic!("{:?}", diagnostics.problems()));
    [part_of(crate::performed::model().clone(), 40, &NAMED), types]
}
