//! The report as SARIF 2.1.0, which code scanning reads.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Report;
use super::clients::clients;
use super::entry::ReportEntry;
use zstack_model::changes::{ChangeRule, Level};
use zstack_model::waivers::Waiver;
use zstack_vocabulary::encode;

pub(super) fn sarif(report: &Report<'_>) -> String {
    // Only the rules of these findings, in the order of their ids.
    let rules: BTreeMap<_, _> =
        report.findings().map(|finding| (finding.kind().id(), finding.kind().rule())).collect();
    let index: BTreeMap<_, _> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results: Vec<_> = report.entries().map(|entry| result(report, entry, &index)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "zstack-api diff",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.values().map(descriptor).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": "api-diff/"},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn descriptor(rule: &ChangeRule) -> Value {
    let help = format!("{} {}", rule.why, rule.help);
    json!({
        "id": rule.id,
        "shortDescription": {"text": message(rule.title)},
        "fullDescription": {"text": message(rule.why)},
        "help": {"text": message(&help), "markdown": message(&help)},
        "defaultConfiguration": {"level": level(rule.request.max(rule.response))},
        "properties": {
            "request": rule.request.word(),
            "response": rule.response.word(),
            "step": rule.step.word(),
        },
    })
}

fn result(report: &Report<'_>, entry: &ReportEntry<'_>, index: &BTreeMap<&str, usize>) -> Value {
    let (finding, place) = (&entry.finding, &entry.nearest.place);
    let mut physical = json!({"artifactLocation": {
        "uri": uri(&report.new.relative_path(&place.file)),
        "uriBaseId": "%SRCROOT%",
    }});
    if let Some(position) = place.position {
        physical["region"] = json!({
            "startLine": position.line,
            "startColumn": position.column,
            "endColumn": position.column + position.length,
        });
    }
    let text = format!("{}. Clients: {}. {}", entry.sentence, clients(finding), finding.kind().rule().why);
    // The standard requires the list on all results or on none.
    let suppressions: Vec<_> = finding.waiver.iter().map(suppression).collect();
    json!({
        "ruleId": finding.kind().id(),
        "ruleIndex": index.get(finding.kind().id()),
        "level": level(finding.level),
        "message": {"text": message(&text)},
        "locations": [{
            "physicalLocation": physical,
            "logicalLocations": [{"fullyQualifiedName": finding.change.element.to_string()}],
        }],
        "suppressions": suppressions,
        "partialFingerprints": {"zstackApiChange/v1": report.fingerprint(finding)},
        "properties": {
            "level": finding.level.word(),
            "because": finding.because,
            "operations": *finding.operations,
            "step": finding.step.word(),
        },
    })
}

/// Encodes a path as the path of a URI.
fn uri(path: &str) -> String {
    path.split('/').map(|segment| encode(segment).to_string()).collect::<Vec<_>>().join("/")
}

fn suppression(waiver: &Waiver) -> Value {
    let properties = json!({
        "kind": waiver.kind.word(),
        "owner": waiver.owner,
        "expires": waiver.expires.as_ref().map(ToString::to_string),
    });
    json!({"kind": "external", "status": "accepted", "justification": waiver.reason, "properties": properties})
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Breaking => "error",
        Level::Risk => "warning",
        Level::Compatible | Level::Documentation => "note",
    }
}

/// Escapes the braces of placeholders and the brackets of links, which our messages do not use.
fn message(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '{' => message.push_str("{{"),
            '}' => message.push_str("}}"),
            '[' | ']' | '\\' => message.extend(['\\', char]),
            char => message.push(char),
        }
    }
    message
}
