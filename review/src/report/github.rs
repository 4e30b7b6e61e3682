//! The report as GitHub annotations: commands in the log of a workflow.

use std::fmt::Write as _;

use super::Report;
use super::clients::clients;
use super::entry::ReportEntry;
use crate::Finding;
use zstack_model::changes::Level;
use zstack_model::diagnostics::tame;

/// The maximum number of annotations of a kind that GitHub shows per step. It drops the others silently.
const MAX_ANNOTATIONS: usize = 10;

const KINDS: [&str; 3] = ["error", "warning", "notice"];

pub(super) fn annotations(report: &Report<'_>) -> String {
    let mut out = String::new();
    for kind in KINDS {
        let entries: Vec<_> =
            report.entries().filter(|entry| annotation_kind(&entry.finding) == kind).collect();
        let shown = if entries.len() > MAX_ANNOTATIONS { MAX_ANNOTATIONS - 1 } else { entries.len() };
        let (shown, others) = entries.split_at(shown);
        shown.iter().for_each(|entry| write_annotation(&mut out, kind, report, entry));
        if !others.is_empty() {
            let count = others.len();
            write_command(
                &mut out,
                kind,
                &[("title", "more changes".to_owned())],
                &format!(
                    "{count} more changes of this kind are not annotated; `cargo xtask diff` lists all of them."
                ),
            );
        }
    }
    out
}

const fn annotation_kind(finding: &Finding) -> &'static str {
    match finding.level {
        _ if finding.waiver.is_some() => KINDS[2],
        Level::Breaking => KINDS[0],
        Level::Risk => KINDS[1],
        Level::Compatible | Level::Documentation => KINDS[2],
    }
}

fn write_annotation(out: &mut String, kind: &str, report: &Report<'_>, entry: &ReportEntry<'_>) {
    let finding = &entry.finding;
    let file = report.new.relative_path(&entry.nearest.place.file);
    let mut properties = vec![("file", file)];
    if let Some(position) = entry.nearest.place.position {
        properties.extend([
            ("line", position.line.to_string()),
            ("col", position.column.to_string()),
            ("endColumn", (position.column + position.length).to_string()),
        ]);
    }
    properties.push(("title", format!("{}[{}]", finding.level_word(), finding.kind().id())));
    let why = finding.kind().rule().why;
    let mut message = format!("{}\nclients: {}\nwhy: {why}", entry.sentence, clients(finding));
    // Writing to a string does not fail, here and below.
    let because = entry.because().map(|because| ("because", because));
    let help = entry.help().map(|help| ("help", help.to_owned()));
    let waived = finding.waiver_text(tame).map(|waiver| ("waived", waiver));
    for (keyword, text) in because.into_iter().chain(help).chain(waived) {
        let _ = write!(message, "\n{keyword}: {text}");
    }
    let _ = write!(message, "\nfingerprint: {}", report.fingerprint(finding));
    write_command(out, kind, &properties, &message);
}

fn write_command(out: &mut String, kind: &str, properties: &[(&str, String)], message: &str) {
    let properties: Vec<_> =
        properties.iter().map(|(key, value)| format!("{key}={}", escape_property(value))).collect();
    let _ = writeln!(out, "::{kind} {}::{}", properties.join(","), escape_data(message));
}

/// Escapes the characters that end a command.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the characters that end a property or a command.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
