//! Applies waivers to findings, and reports waivers that are expired or unused.

use jiff::civil::Date;

use super::change::Change;
use super::element::SpecElement;
use super::fingerprint::Fingerprints;
use super::judge::Finding;
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::waivers::Waiver;

/// The use of a waiver.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WaiverUse {
    /// No finding matches.
    Unused,
    /// A finding is waived.
    Used,
    /// A finding matches, but the waiver has expired.
    Expired,
}

/// Applies the waivers of the new side, and adds a finding for each one that is expired or unused. A waived finding
/// stays in the list, with its waiver.
///
/// `fingerprints` belong to the two models. Waivers expire on a day, or when the new model publishes a release.
pub fn waive(
    mut findings: Vec<Finding>,
    fingerprints: &Fingerprints<'_>,
    old: &[Waiver],
    new: &[Waiver],
    today: Date,
) -> Vec<Finding> {
    let releases = &fingerprints.new_model().service.releases;
    let expired: Vec<_> = new.iter().map(|waiver| waiver.is_expired(today, releases)).collect();
    let mut uses = vec![WaiverUse::Unused; new.len()];
    for finding in &mut findings {
        // Valid waivers come before expired ones, and those with a fingerprint before those without.
        let matching = (0..new.len()).filter(|index| is_match(&new[*index], finding, fingerprints));
        let best = matching.max_by_key(|index| (!expired[*index], new[*index].fingerprint.is_some()));
        match best {
            Some(index) if expired[index] => uses[index] = WaiverUse::Expired,
            Some(index) => {
                uses[index] = WaiverUse::Used;
                finding.waiver = Some(new[index].clone());
            }
            None => {}
        }
    }
    findings.extend(new.iter().zip(uses).filter_map(|(waiver, waiver_use)| match waiver_use {
        WaiverUse::Used => None,
        WaiverUse::Expired => Some(expired_finding(waiver)),
        WaiverUse::Unused => Some(unused_finding(waiver, old.iter().any(|other| other.is_same(waiver)))),
    }));
    findings
}

/// Returns whether a waiver matches a finding. The identities of the elements must be equal.
fn is_match(waiver: &Waiver, finding: &Finding, fingerprints: &Fingerprints<'_>) -> bool {
    waiver.rule == finding.kind()
        && waiver.element == finding.change.element.to_string()
        && waiver.fingerprint.as_ref().is_none_or(|fingerprint| *fingerprint == fingerprints.of(finding))
}

fn expired_finding(waiver: &Waiver) -> Finding {
    let expires = waiver.expires.as_ref().map(ToString::to_string);
    waiver_finding(waiver, ChangeKind::WaiverExpired, "expires", expires)
}

fn unused_finding(waiver: &Waiver, is_in_old: bool) -> Finding {
    let finding = waiver_finding(waiver, ChangeKind::WaiverUnused, "", None);
    if !is_in_old {
        return finding;
    }
    // The old side usually has the change that was waived, too.
    let because = vec!["the old side has the waiver, too, and probably the waived change".to_owned()];
    Finding { level: Level::Documentation, because, ..finding }
}

/// Makes a finding about a waiver.
fn waiver_finding(
    waiver: &Waiver,
    kind: ChangeKind,
    attribute: &'static str,
    new: Option<String>,
) -> Finding {
    let change =
        Change { kind, element: SpecElement::from(waiver), formerly: None, attribute, old: None, new };
    Finding::outside_operations(change, None, Vec::new())
}
