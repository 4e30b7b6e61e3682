//! Two locks of releases, side by side.
//!
//! Both are taken at their word: that a lock is right about its own spec is for
//! `check` to see.

use super::element::Element;
use super::judge::Finding;
use super::reviewed::Reviewed;
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::lock::digests;
use zstack_model::{Model, ReleaseState, Version};

/// What became of releases that are out. `findings` are all that the specs
/// themselves give.
pub(super) fn compare(old: Reviewed<'_>, new: Reviewed<'_>, findings: &[Finding]) -> Vec<Finding> {
    let (rewritten, drifted) = releases(old, new);
    let rewritten = rewritten.into_iter().map(|rewritten| {
        let of = |side: Reviewed<'_>| side.lock?.get(rewritten).map(str::to_owned);
        Finding::about(ChangeKind::LockRewritten, element(rewritten), (of(old), of(new)), None, Vec::new())
    });
    let unlocked = out(new.model).filter(|it| !is_out(old.model, it));
    let unlocked = unlocked.filter(|it| new.lock.is_none_or(|lock| !lock.has(it)));
    let unlocked = unlocked
        .map(|it| Finding::about(ChangeKind::ReleaseNotLocked, element(it), (None, None), None, Vec::new()));
    drift(drifted, findings).into_iter().chain(rewritten).chain(unlocked).collect()
}

/// The releases that are out on the old side of which the lock alone has
/// changed, and those that have changed themselves.
fn releases<'a>(old: Reviewed<'a>, new: Reviewed<'a>) -> (Vec<&'a Version>, Vec<Drifted<'a>>) {
    let is_same = old.model == new.model;
    let line = |side: Reviewed<'a>, version: &Version| side.lock?.get(version);
    // Most have the same line on both sides.
    let suspects = out(old.model).filter(|it| match (line(old, it), line(new, it)) {
        (Some(old), Some(new)) => old != new,
        (None, None) => !is_same,
        (Some(_), None) | (None, Some(_)) => true,
    });
    let suspects: Vec<_> = suspects.collect();
    // Where nothing differs, no release does.
    let compared =
        if is_same { Vec::new() } else { [old, new].map(|it| digests(it.model, &suspects)).to_vec() };
    let (mut same, mut drifted) = (Vec::new(), Vec::new());
    for (nth, release) in suspects.into_iter().enumerate() {
        match &compared[..] {
            [were, are] if were[nth] != are[nth] => {
                drifted.push(Drifted { release, digests: [were[nth].clone(), are[nth].clone()] });
            }
            _ if line(old, release).is_some() => same.push(release),
            _ => {}
        }
    }
    (same, drifted)
}

/// A release that has changed.
struct Drifted<'a> {
    release: &'a Version,
    /// Of what it had on the wire by the old spec, and by the new one.
    digests: [String; 2],
}

/// One finding for all releases that have changed.
fn drift(drifted: Vec<Drifted<'_>>, findings: &[Finding]) -> Option<Finding> {
    let (first, last) = (drifted.first()?.release, drifted.last()?.release);
    let names: Vec<_> = drifted.iter().map(|it| it.release.text.as_str()).collect();
    let mut because = vec![format!("it concerns {}", names.join(", "))];
    let explained = findings.iter().find(|finding| explains(finding));
    because.push(match explained {
        Some(it) => format!("`{}` tells what changed", it.kind().id()),
        None => "nothing else that was found tells why".to_owned(),
    });
    let level = explained.map(|_| Level::Compatible);
    let range = if first == last { first.text.clone() } else { format!("{first} to {last}") };
    let found = Finding::about(ChangeKind::SliceDrift, Element::Service, (None, Some(range)), level, because);
    let accepted = drifted.into_iter().flat_map(|it| it.digests).collect::<Vec<_>>().join(" ");
    Some(Finding { accepted: Some(accepted), ..found })
}

/// Whether a finding says that what is out changed.
fn explains(it: &Finding) -> bool {
    use ChangeKind::*;
    it.level == Level::Breaking
        || matches!(it.kind(), SilentEdit | SinceRaised | SinceLowered | SinceBackdated | SinceSkipsNext)
}

fn element(version: &Version) -> Element {
    Element::Release(version.text.clone())
}

fn out(model: &Model) -> impl Iterator<Item = &Version> {
    let out = model.service.releases.iter().filter(|release| release.state == ReleaseState::Released);
    out.map(|it| &it.version)
}

fn is_out(model: &Model, version: &Version) -> bool {
    out(model).any(|it| it == version)
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use zstack_model::load::load;

    #[test]
    fn what_no_rule_explains_is_breaking() {
        let old = load(Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"))).unwrap();
        let mut new = old.clone();
        new.service.base_path = "/other".to_owned();
        let side = |model| Reviewed { model, lock: None, crates: None };
        let found = compare(side(&old), side(&new), &[]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind(), found[0].level), (ChangeKind::SliceDrift, Level::Breaking));
        assert!(found[0].because.iter().any(|it| it == "nothing else that was found tells why"));
    }
}
