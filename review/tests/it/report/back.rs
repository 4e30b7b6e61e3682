//! Parses reports, to find out which findings they contain.

use serde_json::Value;
use zstack_review::Finding;
use zstack_review::report::{Format, Report};

use super::text_of;

/// The rule and the fingerprint of a finding, and whether it is waived.
pub(crate) type ParsedFinding = (String, String, bool);

/// Parses the findings of a report, and sorts them.
pub(crate) fn read_back(report: &Report<'_>, format: Format) -> Vec<ParsedFinding> {
    let text = text_of(report, format, true);
    let mut found = match format {
        Format::Text => from_text(&text),
        Format::Markdown => from_markdown(&text),
        Format::Github => from_github(&text),
        Format::Json => {
            each(&json(&text)["findings"], "/rule", "/fingerprint", |finding| finding["waived"].is_object())
        }
        Format::Gitlab => each(&json(&text), "/check_name", "/fingerprint", |issue| {
            let description = issue["description"].as_str().unwrap();
            let is_waived = description.starts_with("waived ");
            assert!(
                !is_waived || issue["severity"] == "info" && description.contains("; waived as a "),
                "{issue}"
            );
            is_waived
        }),
        Format::Sarif => {
            let fingerprint = "/partialFingerprints/zstackApiChange~1v1";
            each(&json(&text)["runs"][0]["results"], "/ruleId", fingerprint, |result| {
                let suppressions = result["suppressions"].as_array().unwrap();
                suppressions.iter().any(|suppression| {
                    suppression["kind"] == "external" && suppression["status"] == "accepted"
                })
            })
        }
    };
    found.sort();
    found
}

pub(crate) fn expected_findings(report: &Report<'_>) -> Vec<ParsedFinding> {
    let parsed = |finding: &Finding| {
        (finding.kind().id().to_owned(), report.fingerprint(finding), finding.waiver.is_some())
    };
    let mut all: Vec<_> = report.findings().map(parsed).collect();
    all.sort();
    all
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn each(
    list: &Value,
    rule: &str,
    fingerprint: &str,
    is_waived: impl Fn(&Value) -> bool,
) -> Vec<ParsedFinding> {
    let text = |item: &Value, pointer: &str| item.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let parse = |item: &Value| (text(item, rule), text(item, fingerprint), is_waived(item));
    list.as_array().unwrap().iter().map(parse).collect()
}

fn from_text(text: &str) -> Vec<ParsedFinding> {
    let mut found = Vec::new();
    let (mut rule, mut is_waived, mut has_reason) = (None, false, false);
    for line in text.lines() {
        if let Some((word, rest)) = line.split_once('[')
            && let level = word.strip_prefix("waived ").unwrap_or(word)
            && ["breaking", "risk", "compatible", "documentation"].contains(&level)
        {
            (is_waived, has_reason) = (level != word, false);
            rule = rest.split_once(']').map(|(id, _)| id.to_owned());
        }
        has_reason |= line.trim_start().starts_with("= waived: as a ") || line.contains(", waived as a ");
        let remark = line.trim_start().strip_prefix("= fingerprint: ");
        let fingerprint = remark.or(line.rsplit_once(", fingerprint ").map(|(_, fingerprint)| fingerprint));
        if let Some(fingerprint) = fingerprint {
            assert!(has_reason || !is_waived, "{line}");
            found.push((rule.take().unwrap(), fingerprint.to_owned(), is_waived));
        }
    }
    found
}

fn from_markdown(text: &str) -> Vec<ParsedFinding> {
    let items = text.lines().filter_map(|line| line.strip_prefix("* **"));
    let parts = items.map(|item| {
        let (word, rest) = item.split_once("** `").unwrap();
        let (rule, rest) = rest.split_once('`').unwrap();
        let (_, fingerprint) = rest.strip_suffix(" -->").unwrap().rsplit_once("<!-- ").unwrap();
        (rule.to_owned(), fingerprint.to_owned(), word.starts_with("waived "))
    });
    parts.collect()
}

fn from_github(text: &str) -> Vec<ParsedFinding> {
    let parts = text.lines().filter_map(|line| {
        let command = line.strip_prefix("::").unwrap_or_else(|| panic!("{line}"));
        // The message may contain two colons, too.
        let (command, message) = command.split_once("::").unwrap();
        let (_, title) = command.split_once("title=").unwrap();
        let (word, rule) = title.split_once('[')?;
        let (rule, is_waived) = (rule.strip_suffix(']').unwrap(), word.starts_with("waived "));
        assert!(
            !is_waived || line.starts_with("::notice ") && message.contains("%0Awaived: as a "),
            "{line}"
        );
        let (_, fingerprint) = message.rsplit_once("%0Afingerprint: ").unwrap();
        Some((rule.to_owned(), fingerprint.to_owned(), is_waived))
    });
    parts.collect()
}
