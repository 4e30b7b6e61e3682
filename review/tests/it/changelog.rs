//! What releases changed, derived from the spec.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::{Model, ReleaseState, Version};
use zstack_review::changelog::{Changelog, FILE, Section};
use zstack_review::{Element, Finding, Fingerprints, Part, diff};

use crate::pairs::random;
use crate::rows;
use crate::spec::Spec;
use crate::styles::Choices;

/// A model as of a release, when that is out.
fn slice(model: &Model, version: &Version) -> Model {
    let mut slice = model.at(version);
    slice.service.releases.iter_mut().for_each(|release| release.state = ReleaseState::Released);
    slice
}

/// Whether a section tells it: not words, and not that there is a release.
fn is_told(it: &Finding) -> bool {
    let is_words = it.level == Level::Documentation
        || matches!(it.kind(), ChangeKind::DocChanged | ChangeKind::DocRemoved)
        || matches!(it.change.element, Element::OfOperation(_, Part::Example, _));
    !is_words && !matches!(it.change.element, Element::Release(_))
}

/// One section after the other tells exactly what is between the releases.
fn replays(model: &Model) -> usize {
    let releases: Vec<_> = model.service.releases.iter().map(|release| &release.version).collect();
    let mut count = 0;
    for pair in releases.windows(2) {
        let (before, this) = (slice(model, pair[0]), slice(model, pair[1]));
        let fingerprints = Fingerprints::new(&before, &this);
        let mut expected: Vec<_> = diff(&before, &this).into_iter().filter(is_told).collect();
        let section = Section::of(model, pair[1]).unwrap();
        let mut found: Vec<_> = section.findings().cloned().collect();
        for it in [&mut expected, &mut found] {
            it.sort_by_key(|finding| fingerprints.of(finding));
        }
        assert_eq!(found, expected, "{}", pair[1]);
        is_written(&section);
        count += found.len();
    }
    count
}

/// Every element that a section is about stands in its text, in one line each
/// but for what is new in one operation or data type.
fn is_written(section: &Section) {
    let text = section.to_string();
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("- ")).collect();
    for it in section.findings() {
        let own = it.change.element.to_string();
        let name = own.rsplit('/').next().unwrap();
        let owner = own.split('/').next().unwrap();
        let is_it = |line: &&&str| {
            line.contains(name) && (line.contains(owner) || owner == "api" && line.contains("every answer"))
        };
        assert!(lines.iter().any(|line| is_it(&line)), "{own} is not in\n{text}");
    }
    let owners: BTreeSet<_> = lines.iter().collect();
    assert_eq!(owners.len(), lines.len(), "a line stands twice in\n{text}");
    assert!(lines.len() <= section.findings().count());
}

/// `BLESS=1` writes what the engine says.
#[test]
fn the_changelog_of_the_spec_is_what_the_engine_says() {
    let path = [env!("CARGO_MANIFEST_DIR"), "/../spec/", FILE].concat();
    let found = Changelog::of(&Spec::committed().model()).to_string();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "`cargo xtask changelog --write` writes spec/{FILE} anew\n{found}");
}

#[test]
fn the_changelog_has_a_section_for_each_release_that_is_out() {
    let model = Spec::committed().model();
    let changelog = Changelog::of(&model);
    let versions: Vec<_> = changelog.sections().iter().map(|section| section.version.text.clone()).collect();
    let mut expected: Vec<_> =
        model.service.releases.iter().map(|release| release.version.text.clone()).collect();
    expected.reverse();
    assert_eq!(versions, expected);
    for it in changelog.sections() {
        assert_eq!(Section::of(&model, &it.version).as_ref(), Some(it));
    }
    assert!(replays(&model) > 20);
}

/// A section of each kind of entry, as people read it.
#[test]
fn sections_read_well() {
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

/// What is not out has no section in the file, and can be looked at.
#[test]
fn what_is_next_is_not_in_the_file() {
    let model = Spec::base().model();
    let next = "4.0".parse().unwrap();
    assert!(Changelog::of(&model).sections().iter().all(|section| section.version != next));
    assert!(Section::of(&model, &next).is_some());
    assert_eq!(Section::of(&model, &"9.9".parse().unwrap()), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn sections_of_any_spec_replay(seed: u64) {
        replays(&random(&rows::all(), &mut Choices(seed)));
    }
}
