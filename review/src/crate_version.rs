//! The version of the generated crates, and the version step that a change requires.

use semver::Version;

use super::element::SpecElement;
use super::judge::Finding;
use super::review_side::ReviewSide;
use zstack_model::changes::{ChangeKind, Level, Step};

/// Checks that the version step is as large as the findings require. Changes that need a patch step only are not
/// checked, since the version may wait until the crates are published.
pub(super) fn compare(old: ReviewSide<'_>, new: ReviewSide<'_>, findings: &[Finding]) -> Option<Finding> {
    let (old, new) = (old.crates?, new.crates?);
    let first = findings
        .iter()
        .rev()
        .max_by_key(|finding| finding.step)
        .filter(|finding| finding.step > Step::Patch)?;
    if step_between(old, new) >= Some(first.step) {
        return None;
    }
    let needed = next_version(old, first.step);
    let step = first.step.word();
    let mut because = vec![format!("`{}` requires a {step} version step, to {needed}", first.kind().id())];
    let closed = findings.iter().find(|finding| finding.kind() == ChangeKind::ReleaseClosed);
    if let Some(finding) = closed {
        because.push(format!("this change closes release {}", finding.change.element.name()));
    }
    let level = closed.map(|_| Level::Breaking);
    let versions = (Some(old.to_string()), Some(new.to_string()));
    let found = Finding::about(ChangeKind::BumpTooSmall, SpecElement::Service, versions, level, because);
    Some(Finding { accepted: Some(step.to_owned()), ..found })
}

/// The step between two versions by the rules of Cargo, in which the first number that is not zero decides about
/// compatibility. `None` if the version did not increase.
fn step_between(old: &Version, new: &Version) -> Option<Step> {
    let numbers = |version: &Version| [version.major, version.minor, version.patch];
    if new <= old {
        return None;
    }
    // A pre-release promises no compatibility.
    if !old.pre.is_empty() {
        return Some(Step::Major);
    }
    let differs = numbers(old).iter().zip(numbers(new)).position(|(old, new)| *old != new);
    Some(match (old.major, old.minor, differs) {
        (_, _, Some(0)) | (0, _, Some(1)) | (0, 0, Some(2)) => Step::Major,
        (_, _, Some(1)) | (0, _, Some(2)) => Step::Minor,
        _ => Step::Patch,
    })
}

/// The smallest version that makes a step.
fn next_version(old: &Version, step: Step) -> Version {
    let Version { major, minor, patch, .. } = *old;
    if !old.pre.is_empty() {
        return Version::new(major, minor, patch);
    }
    match (major, minor, step) {
        (0, 0, _) => Version::new(0, 0, patch + 1),
        (0, _, Step::Major) => Version::new(0, minor + 1, 0),
        (0, ..) | (_, _, Step::Patch) => Version::new(major, minor, patch + 1),
        (_, _, Step::Major) => Version::new(major + 1, 0, 0),
        (_, _, Step::Minor) => Version::new(major, minor + 1, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn steps_follow_the_rules_of_cargo() {
        use Step::{Major, Minor, Patch};
        for (old, new, expected) in [
            ("1.2.3", "2.0.0", Some(Major)),
            ("1.2.3", "1.3.0", Some(Minor)),
            ("1.2.3", "1.2.4", Some(Patch)),
            ("1.2.3", "1.2.3", None),
            ("1.2.3", "1.2.2", None),
            ("1.2.3", "0.9.0", None),
            ("0.1.0", "1.0.0", Some(Major)),
            ("0.1.0", "0.2.0", Some(Major)),
            ("0.1.0", "0.1.1", Some(Minor)),
            ("0.0.1", "0.0.2", Some(Major)),
            ("0.0.1", "0.1.0", Some(Major)),
            ("1.0.0-rc.1", "1.0.0-rc.2", Some(Major)),
            ("1.0.0-rc.1", "1.0.0", Some(Major)),
            ("1.0.0", "1.1.0-rc.1", Some(Minor)),
            ("1.0.0", "1.0.0-rc.1", None),
            ("1.0.0", "2.0.0-rc.1", Some(Major)),
        ] {
            assert_eq!(step_between(&version(old), &version(new)), expected, "{old} {new}");
        }
    }

    #[test]
    fn next_version_is_the_smallest_that_makes_the_step() {
        for old in ["1.2.3", "0.1.0", "0.0.1", "0.0.0", "1.0.0-rc.1", "10.0.0"].map(version) {
            for step in [Step::Minor, Step::Major] {
                let needed = next_version(&old, step);
                assert!(step_between(&old, &needed) >= Some(step), "{old} {needed}");
                let Version { major, minor, patch, .. } = needed;
                // The version just below.
                let less = match (major, minor, patch) {
                    (_, _, 1..) => Version::new(major, minor, patch - 1),
                    (_, 1.., _) => Version::new(major, minor - 1, u64::MAX),
                    _ => Version::new(major.saturating_sub(1), u64::MAX, u64::MAX),
                };
                assert!(step_between(&old, &less) < Some(step), "{old} {less}");
            }
        }
    }
}
