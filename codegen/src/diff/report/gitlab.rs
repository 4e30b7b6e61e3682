//! A Code Quality report, which GitLab shows beside the lines of a merge
//! request.

use serde_json::{Value, json};

use super::Report;
use super::entry::Entry;
use crate::rules::changes::Level;

pub(super) fn code_quality(report: &Report<'_>) -> String {
    let issues: Vec<_> = report.entries().map(|it| issue(report, it)).collect();
    format!("{:#}\n", Value::Array(issues))
}

fn issue(report: &Report<'_>, entry: &Entry<'_>) -> Value {
    let (finding, place) = (&entry.finding, &entry.nearest.place);
    let severity = match finding.level {
        Level::Breaking => "critical",
        Level::Risk => "minor",
        Level::Compatible | Level::Documentation => "info",
    };
    json!({
        "check_name": finding.rule.id,
        "description": format!("{}: {}", finding.level.word(), entry.sentence),
        "fingerprint": finding.fingerprint(),
        "severity": severity,
        "location": {
            "path": report.new.relative(&place.file),
            "lines": {"begin": place.position.map_or(1, |it| it.line)},
        },
    })
}
