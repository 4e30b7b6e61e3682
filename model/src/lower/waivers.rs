//! Converts waivers.

use jiff::civil::Date;

use crate::changes::ChangeKind;
use crate::diagnostics::{WaiverProblem, nearest};
use crate::findings::{At, FileId, Findings};
use crate::positions::Path;
use crate::rules;
use crate::source;
use crate::waivers::{Expiry, Waiver};

/// Converts the waivers of a file, each with its index. Invalid ones are reported and left out.
pub(super) fn lower(file: FileId, written: source::Waivers, findings: &mut Findings) -> Vec<(usize, Waiver)> {
    let waivers = written.waivers.into_iter().enumerate();
    waivers.filter_map(|(nth, entry)| Some((nth, waiver(file, &at(nth), entry?, findings)?))).collect()
}

/// The path of a waiver.
pub(crate) fn at(nth: usize) -> Path {
    Path::root().key("waivers").index(nth)
}

fn waiver(file: FileId, at: &Path, written: source::Waiver, findings: &mut Findings) -> Option<Waiver> {
    let source::Waiver { rule, element, fingerprint, kind, reason, owner, expires } = written;
    let found = ChangeKind::find(&rule);
    if found.is_none() {
        let suggestion = nearest(&rule, ChangeKind::all().map(ChangeKind::id));
        let is_check = rules::find(&rule).is_some();
        let problem = WaiverProblem::UnknownRule { rule: rule.into(), suggestion, is_check };
        findings.report(file, At::value(at.key("rule")), problem);
    }
    let expires = expires.and_then(|text| {
        let expiry = expiry(&text);
        if expiry.is_none() {
            let problem = WaiverProblem::ExpiryForm { text: text.to_string() };
            findings.report(file, At::value(at.key("expires")), problem);
        }
        expiry
    });
    Some(Waiver {
        rule: found?,
        element: element.into(),
        fingerprint: fingerprint.map(String::from),
        kind,
        reason: reason.into(),
        owner: owner.map(String::from),
        expires,
    })
}

fn expiry(text: &str) -> Option<Expiry> {
    // The library also accepts other forms of a date.
    let day = text.parse::<Date>().ok().filter(|date| date.to_string() == text).map(Expiry::Day);
    day.or_else(|| text.parse().ok().map(Expiry::Release))
}

#[cfg(test)]
mod tests {
    use super::expiry;

    #[test]
    fn parses_dates_and_releases() {
        for (text, expected) in [
            ("2026-12-31", Some("day 2026-12-31")),
            ("2028-02-29", Some("day 2028-02-29")),
            ("5.3.0", Some("release 5.3.0")),
            // Whether the release is declared is checked elsewhere.
            ("20261231", None),
            ("2026", Some("release 2026")),
            ("2026-02-29", None),
            ("2026-1-1", None),
            ("2026-12-31T00:00:00", None),
            ("zsv 4.1.6", None),
            ("soon", None),
            ("", None),
        ] {
            let found = expiry(text).map(|expiry| match expiry {
                super::Expiry::Day(expiry) => format!("day {expiry}"),
                super::Expiry::Release(expiry) => format!("release {expiry}"),
            });
            assert_eq!(found.as_deref(), expected, "{text:?}");
        }
    }
}
