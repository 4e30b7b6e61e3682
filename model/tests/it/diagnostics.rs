//! Reports about invalid specs: a folder of `tests/diagnostics` for each case, with the report in
//! `expected.txt`.
//!
//! The files of a case replace or extend those of `_base`. A case with a file `closing` is about
//! obstacles to closing that release. `BLESS=1` updates the reports.

#![cfg(unix)]

use std::fs;

use camino::Utf8Path;
use zstack_model::diagnostics::Diagnostics;
use zstack_model::load::{Releasing, lint, lint_releasing, load};
use zstack_model::rules::{self, Rule, Severity};

use crate::cases::{CASES, set_up};

#[test]
fn base_spec_is_valid() {
    let (_, warnings) = lint(&Utf8Path::new(CASES).join("_base/spec")).unwrap();
    assert!(warnings.is_empty(), "{warnings}");
}

#[test]
fn reports_match_expectations() {
    let mut wrong = Vec::new();
    for case in case_names() {
        let found = run(&case);
        let path = Utf8Path::new(CASES).join(&case).join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n") != found {
            wrong.push(format!("== {case}, found:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "BLESS=1 accepts what was found\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    for Rule { id, severity, .. } in rules::all() {
        let path = Utf8Path::new(CASES).join(id).join("expected.txt");
        let expected = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(expected.contains(&format!("{}[{id}]:", severity.word())), "no case is about {id}");
    }
}

#[test]
fn errors_prevent_loading_and_warnings_do_not() {
    for case in case_names() {
        let (_folder, spec) = set_up(&case);
        let errors = match lint(&spec) {
            Ok((model, warnings)) => {
                assert_eq!(load(&spec).unwrap(), model, "{case}");
                warnings.count(Severity::Error)
            }
            // Only `lint` compares releases with the lock.
            Err(_) if spec.join("releases.lock").exists() => {
                load(&spec).unwrap();
                continue;
            }
            Err(problems) => {
                let found = load(&spec).unwrap_err();
                assert_eq!(found.count(Severity::Warning), 0, "{case}");
                assert_eq!(found.count(Severity::Error), problems.count(Severity::Error), "{case}");
                continue;
            }
        };
        assert_eq!(errors, 0, "{case}");
    }
}

fn case_names() -> Vec<String> {
    let entries = Utf8Path::new(CASES).read_dir_utf8().unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_owned()).collect();
    names.retain(|name| !name.starts_with(['_', '.']));
    names.sort();
    names
}

/// Returns the report of a case.
fn run(case: &str) -> String {
    let (_folder, spec) = set_up(case);
    if let Ok(version) = fs::read_to_string(Utf8Path::new(CASES).join(case).join("closing")) {
        let version = version.trim().parse().unwrap();
        let problems = lint_releasing(&spec, Releasing::Close(&version)).unwrap_err();
        return report(&problems, &spec);
    }
    match lint(&spec) {
        Ok((_, warnings)) if warnings.is_empty() => "it holds\n".to_owned(),
        Ok((_, problems)) | Err(problems) => report(&problems, &spec),
    }
}

fn report(problems: &Diagnostics, spec: &Utf8Path) -> String {
    problems.to_string().replace(spec.as_str(), "spec")
}

#[test]
fn reports_ten_faults_at_once() {
    let (folder, spec) = set_up("ten-faults");
    let problems = load(&spec).unwrap_err();
    let found = problems.problems().iter().map(|problem| {
        let file = problem.place.file.strip_prefix(&spec).unwrap().as_str();
        let at = problem.place.position.unwrap();
        (problem.code(), file, at.line, at.column)
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
            ("constraint-type-mismatch", "operations/vm/ReimageVm.yaml", 12, 74),
            ("unknown-key", "types/Vm.yaml", 3, 1),
            ("unknown-type", "types/Vm.yaml", 8, 25),
            ("since-before-referenced-type", "types/Vm.yaml", 10, 42),
            ("version-not-quoted", "types/Vm.yaml", 13, 51),
            ("name-collision", "types/VmState.yaml", 6, 12),
        ]
    );
}
