//! Imports a small corpus with every feature and every kind of problem, and compares the report and the spec with
//! `tests/import`.
//!
//! `BLESS=1` updates the expected files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::load::load;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/import");

#[test]
fn imports_corpus_as_valid_spec() {
    let folder = tempfile::tempdir().unwrap();
    let spec = Utf8Path::from_path(folder.path()).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_zstack-bench"))
        .args(["import", "--corpus"])
        .arg(format!("{FOLDER}/corpus"))
        .arg("--out")
        .arg(spec)
        .output()
        .unwrap();
    // The corpus has problems.
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8(run.stderr).unwrap().contains("of the corpus are invalid and were omitted"));

    let report = fs::read_to_string(spec.join("report.txt")).unwrap();
    let summary = String::from_utf8(run.stdout).unwrap();
    assert!(summary.len() < report.len());
    assert!(summary.contains("operations.jsonl:2: omitted"));

    let mut paths: Vec<Utf8PathBuf> = files_below(spec);
    paths.retain(|path| path.extension() == Some("yaml"));
    let text =
        |path: &Utf8PathBuf| format!("--- {}\n{}\n", path, fs::read_to_string(spec.join(path)).unwrap());
    for (name, found) in [("report.txt", report), ("spec.txt", paths.iter().map(text).collect())] {
        let path = Utf8Path::new(FOLDER).join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap();
        assert!(found == expected, "run with BLESS=1 to accept\n{found}");
    }

    let model = load(spec).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(model.operations.len() + model.types.len() + 1, paths.len());
}

/// Returns the relative paths of the files below a folder, sorted.
fn files_below(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir_utf8().unwrap() {
            let path = entry.unwrap().into_path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}
