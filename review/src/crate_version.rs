//! The version of the generated crates, and the step that a change needs.

use semver::Version;

use super::element::Element;
use super::judge::Finding;
use super::reviewed::Reviewed;
use zstack_model::changes::{ChangeKind, Level, Step};

/// Whether the version makes a step as large as the change needs. What changes
/// nobody's code needs none until it is published.
pub(super) fn compare(old: Reviewed<'_>, new: Reviewed<'_>, findings: &[Finding]) -> Option<Finding> {
    let (old, new) = (old.crates?, new.crates?);
    let first = findings
        .iter()
        .rev()
        .max_by_key(|finding| finding.step)
        .filter(|finding| finding.step > Step::Patch)?;
    if made(old, new) >= Some(first.step) {
        return None;
    }
    let needed = next(old, first.step);
    let step = first.step.word();
    let mut because = vec![format!("`{}` needs a {step} step, which is {needed}", first.kind().id())];
    let closed = findings.iter().find(|finding| finding.kind() == ChangeKind::ReleaseClosed);
    if let Some(it) = closed {
        because.push(format!("this closes release {}", it.change.element.name()));
    }
    let level = closed.map(|_| Level::Breaking);
    let versions = (Some(old.to_string()), Some(new.to_string()));
    let found = Finding::about(ChangeKind::BumpTooSmall, Element::Service, versions, level, because);
    Some(Finding { accepted: Some(step.to_owned()), ..found })
}

/// The step between two versions, as Cargo sees it: the first number that is
/// not zero says whether they go together. `None` where the version stays, or
/// goes back.
fn made(old: &Version, new: &Version) -> Option<Step> {
    let numbers = |it: &Version| [it.major, it.minor, it.patch];
    if new <= old {
        return None;
    }
    // Before it is out, a version promises nothing.
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
fn next(old: &Version, step: Step) -> Version {
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
    fn steps_are_those_of_cargo() {
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
            assert_eq!(made(&version(old), &version(new)), expected, "{old} {new}");
        }
    }

    #[test]
    fn the_version_that_is_asked_for_is_enough_and_no_smaller_one_is() {
        for old in ["1.2.3", "0.1.0", "0.0.1", "0.0.0", "1.0.0-rc.1", "10.0.0"].map(version) {
            for step in [Step::Minor, Step::Major] {
                let needed = next(&old, step);
                assert!(made(&old, &needed) >= Some(step), "{old} {needed}");
                let Version { major, minor, patch, .. } = needed;
                // One less in the last number that is not zero.
                let less = match (major, minor, patch) {
                    (_, _, 1..) => Version::new(major, minor, patch - 1),
                    (_, 1.., _) => Version::new(major, minor - 1, u64::MAX),
                    _ => Version::new(major.saturating_sub(1), u64::MAX, u64::MAX),
                };
                assert!(made(&old, &less) < Some(step), "{old} {less}");
            }
        }
    }
}
