//! The report as a Code Quality report, which GitLab shows in a merge request.

use serde_json::{Value, json};

use super::Report;
use super::entry::ReportEntry;
use zstack_model::changes::Level;
use zstack_model::diagnostics::tame;

pub(super) fn code_quality(report: &Report<'_>) -> String {
    let issues: Vec<_> = report.entries().map(|entry| issue(report, entry)).collect();
    format!("{:#}\n", Value::Array(issues))
}

fn issue(report: &Report<'_>, entry: &ReportEntry<'_>) -> Value {
    let (finding, place) = (&entry.finding, &entry.nearest.place);
    let severity = match finding.level {
        _ if finding.waiver.is_some() => "info",
        Level::Breaking => "critical",
        Level::Risk => "minor",
        Level::Compatible | Level::Documentation => "info",
    };
    let waived = finding.waiver_text(tame).map_or(String::new(), |waiver| format!("; waived {waiver}"));
    json!({
        "check_name": finding.kind().id(),
        "description": format!("{}: {}{waived}", finding.level_word(), entry.sentence),
        "fingerprint": report.fingerprint(finding),
        "severity": severity,
        "location": {
            "path": report.new.relative_path(&place.file),
            "lines": {"begin": place.position.map_or(1, |position| position.line)},
        },
    })
}
