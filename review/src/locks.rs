//! Changes of the locks of releases. `check` verifies that a lock matches its own spec; this module trusts both locks.

use super::element::SpecElement;
use super::judge::Finding;
use super::review_side::ReviewSide;
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::lock::digests;
use zstack_model::{Model, ReleaseState, Version};

/// Finds changes of published releases and their locks. `findings` are those of the specs.
pub(super) fn compare(old: ReviewSide<'_>, new: ReviewSide<'_>, findings: &[Finding]) -> Vec<Finding> {
    let (rewritten, drifted) = changed_releases(old, new);
    let rewritten = rewritten.into_iter().map(|release| {
        let digest = |side: ReviewSide<'_>| side.lock?.get(release).map(str::to_owned);
        let digests = (digest(old), digest(new));
        Finding::about(ChangeKind::LockRewritten, element(release), digests, None, Vec::new())
    });
    let unlocked = released_versions(new.model)
        .filter(|release| !released_versions(old.model).any(|other| other == *release))
        .filter(|release| new.lock.is_none_or(|lock| !lock.has(release)))
        .map(|release| {
            Finding::about(ChangeKind::ReleaseNotLocked, element(release), (None, None), None, Vec::new())
        });
    drift(drifted, findings).into_iter().chain(rewritten).chain(unlocked).collect()
}

/// The published releases of the old side of which only the lock changed, and those whose API changed.
fn changed_releases<'a>(
    old: ReviewSide<'a>,
    new: ReviewSide<'a>,
) -> (Vec<&'a Version>, Vec<DriftedRelease<'a>>) {
    let is_same = old.model == new.model;
    let line = |side: ReviewSide<'a>, version: &Version| side.lock?.get(version);
    // Releases with the same line on both sides need no comparison.
    let suspects =
        released_versions(old.model).filter(|release| match (line(old, release), line(new, release)) {
            (Some(old), Some(new)) => old != new,
            (None, None) => !is_same,
            (Some(_), None) | (None, Some(_)) => true,
        });
    let suspects: Vec<_> = suspects.collect();
    // Equal models have equal releases.
    let compared =
        if is_same { Vec::new() } else { [old, new].map(|side| digests(side.model, &suspects)).to_vec() };
    let (mut rewritten, mut drifted) = (Vec::new(), Vec::new());
    for (index, release) in suspects.into_iter().enumerate() {
        match &compared[..] {
            [old, new] if old[index] != new[index] => {
                drifted.push(DriftedRelease { release, digests: [old[index].clone(), new[index].clone()] });
            }
            _ if line(old, release).is_some() => rewritten.push(release),
            _ => {}
        }
    }
    (rewritten, drifted)
}

/// A published release whose API changed.
struct DriftedRelease<'a> {
    release: &'a Version,
    /// The digests of its API by the old and the new spec.
    digests: [String; 2],
}

/// Makes one finding of all releases whose API changed.
fn drift(drifted: Vec<DriftedRelease<'_>>, findings: &[Finding]) -> Option<Finding> {
    let (first, last) = (drifted.first()?.release, drifted.last()?.release);
    let names: Vec<_> = drifted.iter().map(|drifted| drifted.release.to_string()).collect();
    let mut because = vec![format!("affected releases: {}", names.join(", "))];
    let explained = findings.iter().find(|finding| explains(finding));
    because.push(match explained {
        Some(finding) => format!("`{}` reports the cause", finding.kind().id()),
        None => "no other finding reports the cause".to_owned(),
    });
    let level = explained.map(|_| Level::Compatible);
    let range = if first == last { first.to_string() } else { format!("{first} to {last}") };
    let found =
        Finding::about(ChangeKind::SliceDrift, SpecElement::Service, (None, Some(range)), level, because);
    let accepted = drifted.into_iter().flat_map(|drifted| drifted.digests).collect::<Vec<_>>().join(" ");
    Some(Finding { accepted: Some(accepted), ..found })
}

/// Returns whether a finding reports a change of published releases.
fn explains(finding: &Finding) -> bool {
    use ChangeKind::*;
    finding.level == Level::Breaking
        || matches!(finding.kind(), SilentEdit | SinceRaised | SinceLowered | SinceBackdated | SinceSkipsNext)
}

fn element(version: &Version) -> SpecElement {
    SpecElement::Release(version.to_string())
}

/// The published releases.
fn released_versions(model: &Model) -> impl Iterator<Item = &Version> {
    let released = model.service.releases.iter().filter(|release| release.state == ReleaseState::Released);
    released.map(|release| &release.version)
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use zstack_model::load::load;

    #[test]
    fn unexplained_change_of_a_release_is_breaking() {
        let old = load(Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"))).unwrap();
        let mut new = old.clone();
        new.service.base_path = "/other".to_owned();
        let side = |model| ReviewSide { model, lock: None, crates: None };
        let found = compare(side(&old), side(&new), &[]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind(), found[0].level), (ChangeKind::SliceDrift, Level::Breaking));
        assert!(found[0].because.iter().any(|reason| reason == "no other finding reports the cause"));
    }
}
