//! Reports, read back: which findings they carry, and which of them are waived.

use serde_json::Value;
use zstack_review::Finding;
use zstack_review::report::{Format, Report};

use super::written;

/// The rule and the fingerprint of a finding, and whether it is waived.
pub(crate) type Told = (String, String, bool);

/// Each finding, in order.
pub(crate) fn read_back(report: &Report<'_>, format: Format) -> Vec<Told> {
    let text = written(report, format, true);
    let mut found = match format {
        Format::Text => from_text(&text),
        Format::Markdown => from_markdown(&text),
        Format::Github => from_github(&text),
        Format::Json => {
            each(&json(&text)["findings"], "/rule", "/fingerprint", |it| it["waived"].is_object())
        }
        Format::Gitlab => each(&json(&text), "/check_name", "/fingerprint", |it| {
            let description = it["description"].as_str().unwrap();
            let is_waived = description.starts_with("waived ");
            assert!(!is_waived || it["severity"] == "info" && description.contains("; waived as a "), "{it}");
            is_waived
        }),
        Format::Sarif => {
            let fingerprint = "/partialFingerprints/zstackApiChange~1v1";
            each(&json(&text)["runs"][0]["results"], "/ruleId", fingerprint, |it| {
                let suppressions = it["suppressions"].as_array().unwrap();
                suppressions.iter().any(|suppression| {
                    suppression["kind"] == "external" && suppression["status"] == "accepted"
                })
            })
        }
    };
    found.sort();
    found
}

pub(crate) fn expected(report: &Report<'_>) -> Vec<Told> {
    let told = |it: &Finding| (it.kind().id().to_owned(), report.fingerprint(it), it.waiver.is_some());
    let mut all: Vec<_> = report.findings().map(told).collect();
    all.sort();
    all
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn each(list: &Value, rule: &str, fingerprint: &str, is_waived: impl Fn(&Value) -> bool) -> Vec<Told> {
    let text = |it: &Value, pointer: &str| it.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let told = |it: &Value| (text(it, rule), text(it, fingerprint), is_waived(it));
    list.as_array().unwrap().iter().map(told).collect()
}

fn from_text(text: &str) -> Vec<Told> {
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
        let fingerprint = remark.or(line.rsplit_once(", fingerprint ").map(|(_, it)| it));
        if let Some(fingerprint) = fingerprint {
            assert!(has_reason || !is_waived, "{line}");
            found.push((rule.take().unwrap(), fingerprint.to_owned(), is_waived));
        }
    }
    found
}

fn from_markdown(text: &str) -> Vec<Told> {
    let items = text.lines().filter_map(|line| line.strip_prefix("* **"));
    let parts = items.map(|item| {
        let (word, rest) = item.split_once("** `").unwrap();
        let (rule, rest) = rest.split_once('`').unwrap();
        let (_, fingerprint) = rest.strip_suffix(" -->").unwrap().rsplit_once("<!-- ").unwrap();
        (rule.to_owned(), fingerprint.to_owned(), word.starts_with("waived "))
    });
    parts.collect()
}

fn from_github(text: &str) -> Vec<Told> {
    let parts = text.lines().filter_map(|line| {
        let command = line.strip_prefix("::").unwrap_or_else(|| panic!("{line}"));
        // What follows is the message, in which two colons are two colons.
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
