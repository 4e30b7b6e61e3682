//! A corpus becomes a spec: every feature and every mistake in a few lines,
//! with the report and the files as they come out in `tests/import`.
//!
//! `BLESS=1` writes down what comes out.

use std::fs;

use camino::Utf8Path;
use zstack_codegen::import::{FOLDERS, import};
use zstack_codegen::load::load;
use zstack_codegen::write;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/import");

#[test]
fn a_corpus_becomes_a_spec_that_holds() {
    let import = import(&Utf8Path::new(FOLDER).join("corpus")).unwrap();
    let files = import.files.iter().map(|file| format!("--- {}\n{}\n", file.path, file.text));
    for (name, found) in [("report.txt", import.report.full()), ("spec.txt", files.collect())] {
        let path = Utf8Path::new(FOLDER).join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap();
        assert!(found == expected, "BLESS=1 accepts what was found\n{found}");
    }

    let folder = tempfile::tempdir().unwrap();
    let spec = Utf8Path::from_path(folder.path()).unwrap();
    let plan = write::plan(spec, import.files, &FOLDERS).unwrap();
    write::apply(spec, &plan).unwrap();
    let model = load(spec).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(model.operations.len(), import.report.operations);
    assert_eq!(model.types.len(), import.report.types);
}

#[test]
fn a_summary_shows_two_of_each_kind() {
    let report = import(&Utf8Path::new(FOLDER).join("corpus")).unwrap().report;
    assert!(report.summary().len() < report.full().len());
    assert!(report.summary().contains("operations.jsonl:2: left out"));
}
