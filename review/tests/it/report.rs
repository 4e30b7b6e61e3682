//! Tests of reports in every format. `BLESS=1` writes the expected reports.

mod back;
mod formats;
mod hostile;

use std::fs;

use camino::Utf8Path;
use jiff::civil::date;
use zstack_model::diagnostics::Styles;

use zstack_model::load;
use zstack_review::report::{Format, Options, Report, ReportSide};
use zstack_review::{Finding, Fingerprints, diff, waive};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report");

/// A loaded side.
struct Loaded(load::Loaded);

impl Loaded {
    fn folder(name: &str) -> Self {
        let dir = Utf8Path::new(FOLDER).join(name);
        let loaded = load::load_tree(&load::Folder::new(&dir), &dir);
        Self(loaded.unwrap_or_else(|problems| panic!("{problems}")))
    }

    fn side<'a>(&'a self, label: &'a str, folder: &'a str) -> ReportSide<'a> {
        let load::Loaded { model, waivers, texts, name: _ } = &self.0;
        ReportSide { label, folder: Utf8Path::new(folder), model, waivers, texts }
    }
}

/// The findings of a change, as of a fixed day.
fn findings(old: &Loaded, new: &Loaded) -> Vec<Finding> {
    let findings = diff(&old.0.model, &new.0.model);
    let fingerprints = Fingerprints::new(&old.0.model, &new.0.model);
    waive(findings, &fingerprints, &old.0.waivers, &new.0.waivers, date(2026, 6, 15))
}

/// The report of a change, with the labels of a repository.
fn report<'a>(old: &'a Loaded, new: &'a Loaded) -> Report<'a> {
    let findings = findings(old, new);
    Report::new(old.side("main at 1a2b3c4", "spec"), new.side("the working tree", "spec"), findings)
}

/// The text of a report.
fn text_of(report: &Report<'_>, format: Format, verbose: bool) -> String {
    let mut out = Vec::new();
    report.write(&mut out, format, &Options { styles: Styles::plain(), verbose }).unwrap();
    String::from_utf8(out).unwrap()
}

fn golden(name: &str, found: &str) {
    let path = Utf8Path::new(FOLDER).join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "{name}: BLESS=1 accepts what was found\n{found}");
}
