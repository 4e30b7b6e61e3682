//! Obstacles to closing a release.

use super::spec::Spec;
use crate::diagnostics::{CutProblem, VersionProblem};
use crate::findings::{At, Findings};
use crate::lock::Lock;
use crate::model::{ReleaseState, Version};
use crate::positions::Path;

/// Reports earlier releases that are not closed or not locked, and elements that name such releases. `close`
/// itself refuses a version that is not a release to be closed.
pub(super) fn check(spec: &Spec<'_>, version: &Version, lock: &Lock, findings: &mut Findings) {
    let Some((file, releases)) = spec.releases() else { return };
    if !releases.iter().any(|release| release.version == *version && release.state == ReleaseState::Next) {
        return;
    }
    let list = Path::root().key("releases");
    let skipped: Vec<_> = releases
        .iter()
        .filter(|release| release.state == ReleaseState::Next && release.version < *version)
        .collect();
    for (nth, it) in releases.iter().enumerate() {
        let item = list.clone().index(nth);
        let release = it.version.to_string();
        if it.state == ReleaseState::Released && !lock.has(&it.version) {
            let problem = VersionProblem::Cut(CutProblem::NotLocked { release });
            findings.report(file, At::value(item.key("version")), problem);
        } else if skipped.iter().any(|skipped| skipped.version == it.version) {
            let problem = VersionProblem::Cut(CutProblem::Skips { release, version: version.to_string() });
            findings.report(file, At::value(item.key("state")), problem);
        }
    }
    let is_skipped = |version: &Version| skipped.iter().any(|release| release.version == *version);
    for it in spec.elements() {
        for (key, release) in it.versions().filter(|(_, release)| is_skipped(release)) {
            let problem = VersionProblem::Cut(CutProblem::LeavesOut {
                kind: it.kind,
                name: it.name.to_owned(),
                release: release.to_string(),
                version: version.to_string(),
            });
            findings.push(it.finding(key, problem));
        }
    }
}
