//! What somebody accepted does not count; what was accepted for nothing does.

use jiff::civil::Date;

use super::change::Change;
use super::element::Element;
use super::fingerprint::Fingerprints;
use super::judge::Finding;
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::waivers::Waiver;

/// What has become of a waiver.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing came of it.
    Unused,
    /// It waives something.
    Used,
    /// It would, if it had not expired.
    Expired,
}

/// Applies the waivers of the new side, and adds a finding for each that has
/// expired or waives nothing. A finding that is waived stays, with its waiver.
///
/// `fingerprints` are those of the two models. Waivers expire by the day, or by the releases of the new model.
pub fn waive(
    mut findings: Vec<Finding>,
    fingerprints: &Fingerprints<'_>,
    old: &[Waiver],
    new: &[Waiver],
    today: Date,
) -> Vec<Finding> {
    let releases = &fingerprints.new_model().service.releases;
    let expired: Vec<_> = new.iter().map(|it| it.is_expired(today, releases)).collect();
    let mut fates = vec![Fate::Unused; new.len()];
    for finding in &mut findings {
        // One that holds goes before one that has expired, and one that means
        // this very change before one that means any.
        let fitting = (0..new.len()).filter(|nth| fits(&new[*nth], finding, fingerprints));
        let best = fitting.max_by_key(|nth| (!expired[*nth], new[*nth].fingerprint.is_some()));
        match best {
            Some(nth) if expired[nth] => fates[nth] = Fate::Expired,
            Some(nth) => {
                fates[nth] = Fate::Used;
                finding.waiver = Some(new[nth].clone());
            }
            None => {}
        }
    }
    let left = new.iter().zip(fates).filter_map(|(it, fate)| match fate {
        Fate::Used => None,
        Fate::Expired => Some(expired_waiver(it)),
        Fate::Unused => Some(unused_waiver(it, old.iter().any(|other| other.is_same(it)))),
    });
    findings.extend(left);
    findings
}

/// Whether a waiver is about a finding. An element is taken at its whole name.
fn fits(waiver: &Waiver, finding: &Finding, fingerprints: &Fingerprints<'_>) -> bool {
    waiver.rule == finding.kind()
        && waiver.element == finding.change.element.to_string()
        && waiver.fingerprint.as_ref().is_none_or(|fingerprint| *fingerprint == fingerprints.of(finding))
}

fn expired_waiver(it: &Waiver) -> Finding {
    let expires = it.expires.as_ref().map(ToString::to_string);
    finding(it, ChangeKind::WaiverExpired, "expires", expires)
}

fn unused_waiver(it: &Waiver, was_there: bool) -> Finding {
    let found = finding(it, ChangeKind::WaiverUnused, "", None);
    match was_there {
        // The base has what it waived, as a rule, and the waiver with it.
        true => Finding {
            level: Level::Documentation,
            because: vec!["the old side has it, too: it has done its work".to_owned()],
            ..found
        },
        false => found,
    }
}

/// A finding about a waiver.
fn finding(waiver: &Waiver, kind: ChangeKind, attribute: &'static str, new: Option<String>) -> Finding {
    let change = Change { kind, element: Element::from(waiver), formerly: None, attribute, old: None, new };
    Finding::outside_operations(change, None, Vec::new())
}
