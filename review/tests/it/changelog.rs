//! Tests of the changelog.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::{Model, ReleaseState, Version};
use zstack_review::changelog::{Changelog, FILE, Section};
use zstack_review::{Finding, Fingerprints, OperationPart, SpecElement, diff};

use crate::COMMITTED;
use crate::pairs::random_model;
use crate::rows;
use crate::spec::Spec;
use crate::styles::Choices;

/// The slice of a release, with all its releases published.
fn slice(model: &Model, version: &Version) -> Model {
    let mut slice = model.at(version);
    slice.service.releases.iter_mut().for_each(|release| release.state = ReleaseState::Released);
    slice
}

/// Returns whether a section contains a finding: not descriptions, and not the release itself.
fn is_listed(finding: &Finding) -> bool {
    let is_documentation = finding.level == Level::Documentation
        || finding.kind().is_about_references()
        || matches!(finding.kind(), ChangeKind::DocChanged | ChangeKind::DocRemoved)
        || matches!(finding.change.element, SpecElement::OfOperation(_, OperationPart::Example, _));
    !is_documentation && !matches!(finding.change.element, SpecElement::Release(_))
}

/// Checks that the sections contain exactly the changes between releases; returns their number.
fn check_sections(model: &Model) -> usize {
    let releases: Vec<_> = model.service.releases.iter().map(|release| &release.version).collect();
    let mut count = 0;
    for pair in releases.windows(2) {
        let (before, this) = (slice(model, pair[0]), slice(model, pair[1]));
        let fingerprints = Fingerprints::new(&before, &this);
        let mut expected: Vec<_> = diff(&before, &this).into_iter().filter(is_listed).collect();
        let section = Section::of(model, pair[1]).unwrap();
        let mut found: Vec<_> = section.findings().cloned().collect();
        for findings in [&mut expected, &mut found] {
            findings.sort_by_key(|finding| fingerprints.of(finding));
        }
        assert_eq!(found, expected, "{}", pair[1]);
        check_text(&section);
        count += found.len();
    }
    count
}

/// Checks that the text of a section names every changed element, and has no line twice.
fn check_text(section: &Section) {
    let text = section.to_string();
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("- ")).collect();
    for finding in section.findings() {
        let own = finding.change.element.to_string();
        let name = own.rsplit('/').next().unwrap();
        let owner = own.split('/').next().unwrap();
        let names_element = |line: &&&str| {
            line.contains(name) && (line.contains(owner) || owner == "api" && line.contains("every response"))
        };
        assert!(lines.iter().any(|line| names_element(&line)), "{own} is not in\n{text}");
    }
    let owners: BTreeSet<_> = lines.iter().collect();
    assert_eq!(owners.len(), lines.len(), "a line is duplicated in\n{text}");
    assert!(lines.len() <= section.findings().count());
}

/// `BLESS=1` writes the file.
#[test]
fn the_committed_changelog_is_up_to_date() {
    let path = [env!("CARGO_MANIFEST_DIR"), "/../spec/", FILE].concat();
    let found = Changelog::of(&COMMITTED).to_string();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "`cargo xtask changelog --write` writes spec/{FILE} anew\n{found}");
}

#[test]
fn every_published_release_has_a_section() {
    let model = crate::model();
    let changelog = Changelog::of(&model);
    let versions: Vec<_> = changelog.sections().iter().map(|section| section.version.to_string()).collect();
    let mut expected: Vec<_> =
        model.service.releases.iter().map(|release| release.version.to_string()).collect();
    expected.reverse();
    assert_eq!(versions, expected);
    for section in changelog.sections() {
        assert_eq!(Section::of(&model, &section.version).as_ref(), Some(section));
    }
    assert!(check_sections(&model) > 20);
}

/// Sections with each kind of entry; `BLESS=1` writes the file.
#[test]
fn sections_have_the_expected_text() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/changelog.md");
    let mut model = Spec::base().model();
    model.service.releases.iter_mut().for_each(|release| release.state = ReleaseState::Released);
    let found = Changelog::of(&model).to_string();
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, &found).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "BLESS=1 accepts what was found\n{found}");
    assert!(found.contains("### Removed") && found.contains("### Deprecated"));
}

/// The section of an unpublished release can be printed, but is not in the file.
#[test]
fn unpublished_releases_are_not_in_the_file() {
    let model = Spec::base().model();
    let next = "4.0".parse().unwrap();
    assert!(Changelog::of(&model).sections().iter().all(|section| section.version != next));
    assert!(Section::of(&model, &next).is_some());
    assert_eq!(Section::of(&model, &"9.9".parse().unwrap()), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn sections_of_any_spec_are_complete(seed: u64) {
        check_sections(&random_model(&rows::all(), &mut Choices(seed)));
    }
}
