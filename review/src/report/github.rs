//! Annotations on GitHub: commands in the log of a workflow.

use std::fmt::Write as _;

use super::Report;
use super::clients::clients;
use super::entry::ReportEntry;
use crate::Finding;
use zstack_model::changes::Level;
use zstack_model::diagnostics::tame;

/// How many annotations of a kind GitHub shows of a step; the others are lost
/// without a word.
const SHOWN: usize = 10;

const KINDS: [&str; 3] = ["error", "warning", "notice"];

pub(super) fn annotations(report: &Report<'_>) -> String {
    let mut out = String::new();
    for kind in KINDS {
        let entries: Vec<_> = report.entries().filter(|entry| of(&entry.finding) == kind).collect();
        let shown = if entries.len() > SHOWN { SHOWN - 1 } else { entries.len() };
        let (shown, others) = entries.split_at(shown);
        shown.iter().for_each(|it| annotation(&mut out, kind, report, it));
        if !others.is_empty() {
            let count = others.len();
            line(
                &mut out,
                kind,
                &[("title", "more changes".to_owned())],
                &format!(
                    "{count} more changes of this kind have no annotation of their own; the log of \
                 `cargo xtask diff` tells all."
                ),
            );
        }
    }
    out
}

const fn of(finding: &Finding) -> &'static str {
    match finding.level {
        _ if finding.waiver.is_some() => KINDS[2],
        Level::Breaking => KINDS[0],
        Level::Risk => KINDS[1],
        Level::Compatible | Level::Documentation => KINDS[2],
    }
}

fn annotation(out: &mut String, kind: &str, report: &Report<'_>, entry: &ReportEntry<'_>) {
    let finding = &entry.finding;
    let file = report.new.relative(&entry.nearest.place.file);
    let mut properties = vec![("file", file)];
    if let Some(it) = entry.nearest.place.position {
        properties.extend([
            ("line", it.line.to_string()),
            ("col", it.column.to_string()),
            ("endColumn", (it.column + it.length).to_string()),
        ]);
    }
    properties.push(("title", format!("{}[{}]", finding.word(), finding.kind().id())));
    let why = finding.kind().rule().why;
    let mut message = format!("{}\nclients: {}\nwhy: {why}", entry.sentence, clients(finding));
    // Writing to a text does not fail, here and below.
    let because = entry.because().map(|it| ("because", it));
    let help = entry.help().map(|help| ("help", help.to_owned()));
    let waived = finding.waived(tame).map(|it| ("waived", it));
    for (keyword, text) in because.into_iter().chain(help).chain(waived) {
        let _ = write!(message, "\n{keyword}: {text}");
    }
    let _ = write!(message, "\nfingerprint: {}", report.fingerprint(finding));
    line(out, kind, &properties, &message);
}

fn line(out: &mut String, kind: &str, properties: &[(&str, String)], message: &str) {
    let properties: Vec<_> = properties.iter().map(|(key, it)| format!("{key}={}", property(it))).collect();
    let _ = writeln!(out, "::{kind} {}::{}", properties.join(","), data(message));
}

/// What would end a command, or begin another one, as its readers undo it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
