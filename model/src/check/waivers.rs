//! Checks of waivers.

use super::spec::Spec;
use crate::diagnostics::WaiverProblem;
use crate::findings::{At, Finding, Findings};
use crate::lower::waivers::at;
use crate::waivers::Waiver;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let Some((file, waivers)) = &spec.draft.waivers else { return };
    for (index, (nth, it)) in waivers.iter().enumerate() {
        for (key, problem) in problems(it) {
            findings.report(*file, At::value(at(*nth).key(key)), problem);
        }
        if let Some((first, _)) = waivers[..index].iter().find(|(_, other)| other.is_same(it)) {
            let problem = WaiverProblem::Duplicate { rule: it.rule, element: it.element.clone() };
            let finding = Finding::new(*file, At::value(at(*nth)), problem);
            findings.push(finding.with(*file, At::value(at(*first)), "the first one"));
        }
    }
}

/// Returns the problems of a single waiver, with the keys that they are about.
fn problems(waiver: &Waiver) -> impl Iterator<Item = (&'static str, WaiverProblem)> {
    let (rule, kind, fits) = (waiver.rule, waiver.kind, waiver.rule.rule().waived_as);
    let possible = if fits.is_empty() {
        Some(("rule", WaiverProblem::NotAllowed { rule }))
    } else {
        (!fits.contains(&kind)).then_some(("kind", WaiverProblem::KindMismatch { rule, kind, fits }))
    };
    let reason = waiver.reason.trim().is_empty().then_some(("reason", WaiverProblem::NoReason));
    let fingerprint = waiver.fingerprint.as_ref().filter(|fingerprint| !is_fingerprint(fingerprint));
    let fingerprint = fingerprint
        .map(|fingerprint| ("fingerprint", WaiverProblem::FingerprintForm { text: fingerprint.clone() }));
    [possible, fingerprint, reason].into_iter().flatten()
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
