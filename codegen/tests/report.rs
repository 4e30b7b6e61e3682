//! Reports of what a change does, in every format.
//!
//! `BLESS=1` writes them down; then read them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "report/back.rs"]
mod back;
#[path = "report/formats.rs"]
mod formats;
#[path = "report/hostile.rs"]
mod hostile;

use std::collections::BTreeMap;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_codegen::diagnostics::Styles;
use zstack_codegen::diff::diff;
use zstack_codegen::diff::report::{Format, Options, Report, Revision};
use zstack_codegen::load::load;
use zstack_codegen::model::Model;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff/report");

/// A side, as whoever loads it has it.
struct Loaded {
    model: Model,
    texts: BTreeMap<Utf8PathBuf, String>,
}

impl Loaded {
    fn folder(name: &str) -> Self {
        let dir = Utf8Path::new(FOLDER).join(name);
        let model = load(&dir).unwrap_or_else(|problems| panic!("{problems}"));
        let mut texts = BTreeMap::new();
        let operations = model.operations.iter().map(|it| &it.file);
        let files = operations.chain(model.types.iter().map(|it| &it.file));
        for file in files.map(|it| &**it).chain([Utf8Path::new("api.yaml")]) {
            texts.insert(file.to_owned(), fs::read_to_string(dir.join(file)).unwrap());
        }
        Self { model, texts }
    }

    fn revision<'a>(&'a self, label: &'a str, folder: &'a str) -> Revision<'a> {
        Revision { label, folder: Utf8Path::new(folder), model: &self.model, texts: &self.texts }
    }
}

/// The report of a change, as it is in a repository.
fn report<'a>(old: &'a Loaded, new: &'a Loaded) -> Report<'a> {
    let findings = diff(&old.model, &new.model);
    Report::new(old.revision("main at 1a2b3c4", "spec"), new.revision("the working tree", "spec"), findings)
}

fn written(report: &Report<'_>, format: Format, verbose: bool) -> String {
    let mut out = Vec::new();
    report.write(&mut out, format, &Options { styles: Styles::plain(), verbose }).unwrap();
    String::from_utf8(out).unwrap()
}

fn golden(name: &str, found: &str) {
    let path = Utf8Path::new(FOLDER).join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{name}: BLESS=1 accepts what was found\n{found}");
}
