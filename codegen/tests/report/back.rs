//! Reports, read back: which findings they carry.

use serde_json::Value;
use zstack_codegen::diff::report::{Format, Report};

use super::written;

/// A rule and a fingerprint, for each finding, in order.
pub(crate) fn read_back(report: &Report<'_>, format: Format) -> Vec<(String, String)> {
    let text = written(report, format, true);
    let mut found = match format {
        Format::Text => from_text(&text),
        Format::Markdown => from_markdown(&text),
        Format::Github => from_github(&text),
        Format::Json => each(&json(&text)["findings"], "/rule", "/fingerprint"),
        Format::Gitlab => each(&json(&text), "/check_name", "/fingerprint"),
        Format::Sarif => {
            each(&json(&text)["runs"][0]["results"], "/ruleId", "/partialFingerprints/zstackApiChange~1v1")
        }
    };
    found.sort();
    found
}

pub(crate) fn expected(report: &Report<'_>) -> Vec<(String, String)> {
    let mut all: Vec<_> = report.findings().map(|it| (it.rule.id.to_owned(), it.fingerprint())).collect();
    all.sort();
    all
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn each(list: &Value, rule: &str, fingerprint: &str) -> Vec<(String, String)> {
    let text = |it: &Value, pointer: &str| it.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(|it| (text(it, rule), text(it, fingerprint))).collect()
}

fn from_text(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rule = None;
    for line in text.lines() {
        if let Some((word, rest)) = line.split_once('[')
            && ["breaking", "risk", "compatible", "documentation"].contains(&word)
        {
            rule = rest.split_once(']').map(|(id, _)| id.to_owned());
        }
        let remark = line.trim_start().strip_prefix("= fingerprint: ");
        let fingerprint = remark.or(line.rsplit_once(", fingerprint ").map(|(_, it)| it));
        if let Some(fingerprint) = fingerprint {
            found.push((rule.take().unwrap(), fingerprint.to_owned()));
        }
    }
    found
}

fn from_markdown(text: &str) -> Vec<(String, String)> {
    let items = text.lines().filter_map(|it| it.strip_prefix("* **"));
    let parts = items.map(|it| {
        let (_, rest) = it.split_once("** `").unwrap();
        let (rule, rest) = rest.split_once('`').unwrap();
        let (_, fingerprint) = rest.strip_suffix(" -->").unwrap().rsplit_once("<!-- ").unwrap();
        (rule.to_owned(), fingerprint.to_owned())
    });
    parts.collect()
}

fn from_github(text: &str) -> Vec<(String, String)> {
    let parts = text.lines().filter_map(|line| {
        let command = line.strip_prefix("::").unwrap_or_else(|| panic!("{line}"));
        // What follows is the message, in which two colons are two colons.
        let (command, message) = command.split_once("::").unwrap();
        let (_, title) = command.split_once("title=").unwrap();
        let rule = title.split_once('[')?.1.strip_suffix(']').unwrap();
        let (_, fingerprint) = message.rsplit_once("%0Afingerprint: ").unwrap();
        Some((rule.to_owned(), fingerprint.to_owned()))
    });
    parts.collect()
}
