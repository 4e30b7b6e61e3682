//! What people read when their spec does not hold: a folder of
//! `tests/diagnostics` for each case, with what is expected in `expected.txt`.
//!
//! A case has the files of `_base` unless it says otherwise, with its own files
//! put over them. `BLESS=1` writes down what comes out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::symlink;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use zstack_codegen::diagnostics::Diagnostics;
use zstack_codegen::load::load;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diagnostics");

#[test]
fn the_base_holds() {
    assert!(load(&Utf8Path::new(CASES).join("_base/spec")).is_ok());
}

#[test]
fn cases() {
    let mut wrong = Vec::new();
    for case in case_names() {
        let found = run(&case);
        let path = Utf8Path::new(CASES).join(&case).join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != found {
            wrong.push(format!("== {case}, found:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "BLESS=1 accepts what was found\n{}", wrong.join("\n"));
}

#[test]
fn every_code_has_its_case() {
    let codes = codes();
    for case in case_names().into_iter().filter(|it| codes.contains(it)) {
        let path = Utf8Path::new(CASES).join(&case).join("expected.txt");
        let expected = fs::read_to_string(path).unwrap_or_default();
        assert!(expected.contains(&format!("error[{case}]:")), "{case} is about something else");
    }
    let cases: BTreeSet<_> = case_names().into_iter().collect();
    let missing: Vec<_> = codes.difference(&cases).collect();
    assert!(missing.is_empty(), "no case is named after {missing:?}");
}

/// The codes that the sources of the diagnostics name.
fn codes() -> BTreeSet<String> {
    let sources = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostics");
    let mut codes = BTreeSet::new();
    for entry in sources.read_dir_utf8().unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let calls = source.split("Words::new(").skip(1);
        codes.extend(calls.filter_map(|it| it.trim_start().strip_prefix('"')).map(|it| {
            let (code, _) = it.split_once('"').unwrap();
            code.to_owned()
        }));
    }
    assert!(codes.len() > 50, "the sources look different now: {codes:?}");
    codes
}

fn case_names() -> Vec<String> {
    let entries = Utf8Path::new(CASES).read_dir_utf8().unwrap();
    let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name().to_owned()).collect();
    names.retain(|it| !it.starts_with(['_', '.']));
    names.sort();
    names
}

/// What a case reports.
fn run(case: &str) -> String {
    let (_folder, spec) = set_up(case);
    match load(&spec) {
        Ok(_) => "it holds\n".to_owned(),
        Err(problems) => shown(&problems, &spec),
    }
}

fn shown(problems: &Diagnostics, spec: &Utf8Path) -> String {
    problems.to_string().replace(spec.as_str(), "spec")
}

/// The spec of a case, which is there as long as its folder.
fn set_up(case: &str) -> (TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let spec = Utf8Path::from_path(folder.path()).unwrap().join("spec");
    let case_folder = Utf8Path::new(CASES).join(case);
    if !case_folder.join("without-base").exists() {
        copy(&Utf8Path::new(CASES).join("_base/spec"), &spec);
    }
    if case_folder.join("spec").exists() {
        copy(&case_folder.join("spec"), &spec);
    }
    match case {
        "file-too-large" => sparse_file(&spec.join("types/Huge.yaml")),
        "unreadable" => symlink("/dev/null", spec.join("types/Pipe.yaml")).unwrap(),
        _ => {}
    }
    (folder, spec)
}

/// A hundred megabytes of nothing.
fn sparse_file(path: &Utf8Path) {
    File::create(path).unwrap().set_len(100 << 20).unwrap();
}

fn copy(from: &Utf8Path, to: &Utf8Path) {
    fs::create_dir_all(to).unwrap();
    for entry in from.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let target: Utf8PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn ten_faults_are_ten_problems() {
    let (folder, spec) = set_up("ten-faults");
    let problems = load(&spec).unwrap_err();
    let found = problems.problems().iter().map(|it| {
        let file = it.place.file.strip_prefix(&spec).unwrap().as_str();
        let at = it.place.position.unwrap();
        (it.code(), file, at.line, at.column)
    });
    let found: Vec<_> = found.collect();
    drop(folder);
    assert_eq!(
        found,
        [
            ("duplicate-key", "operations/vm/GetVm.yaml", 6, 1),
            ("url-variable-undeclared", "operations/vm/GetVm.yaml", 7, 19),
            ("example-number-form", "operations/vm/GetVm.yaml", 23, 17),
            ("body-not-quoted", "operations/vm/ReimageVm.yaml", 9, 7),
            ("constraint-misfit", "operations/vm/ReimageVm.yaml", 12, 74),
            ("unknown-key", "types/Vm.yaml", 3, 1),
            ("unknown-type", "types/Vm.yaml", 8, 25),
            ("since-before-referenced-type", "types/Vm.yaml", 10, 42),
            ("version-not-quoted", "types/Vm.yaml", 13, 51),
            ("name-collision", "types/VmState.yaml", 6, 12),
        ]
    );
}
