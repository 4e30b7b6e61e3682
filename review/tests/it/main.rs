//! Tests of the comparison of specs and of its reports.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod changelog;
mod docs;
mod duals;
mod fingerprints;
mod mutations;
mod pairs;
mod proofs;
mod random;
mod report;
mod review;
mod rows;
mod semver;
mod spec;
mod styles;
mod waivers;
mod witnesses;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::load::load;
use zstack_model::{Model, Parameter, TypeShape};
use zstack_review::{Fingerprints, SideFiles, compare, diff};

use crate::random::models::sample;
use crate::spec::Spec;

/// The model of the committed spec.
static COMMITTED: LazyLock<Model> = LazyLock::new(|| {
    let dir = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    load(dir).unwrap_or_else(|problems| panic!("{problems}"))
});

/// The model of a part of the committed spec: the operations that tests name, and some of the others.
fn model() -> Model {
    sample::part_of(COMMITTED.clone(), 30, &sample::NAMED)
}

/// `level rule element` for each finding of a change.
fn findings(change: impl FnOnce(&mut Model)) -> Vec<String> {
    let (old, mut new) = (model(), model());
    change(&mut new);
    mutations::summaries(&diff(&old, &new))
}

fn parameter<'m>(model: &'m mut Model, operation: &str, name: &str) -> &'m mut Parameter {
    let operation = model.operations.iter_mut().find(|candidate| candidate.name == operation).unwrap();
    operation.parameters.iter_mut().find(|parameter| parameter.field.name == name).unwrap()
}

#[test]
fn a_model_has_no_changes_from_itself() {
    assert_eq!(findings(|_| {}), Vec::<String>::new());
    let slice = model().at(&"3.0.0".parse().unwrap());
    assert_eq!(compare(&slice, &slice.clone()), []);
}

#[test]
fn finds_typical_changes() {
    let detach = "DetachIsoFromVmInstance";
    let found = findings(|model| parameter(model, detach, "isoUuid").field.required = true);
    // Without a history entry, published releases would also require it.
    let expected = ["breaking param-became-required", "breaking silent-edit"];
    assert_eq!(found, expected.map(|rule| format!("{rule} DetachIsoFromVmInstance/isoUuid")));

    let found = findings(|model| parameter(model, detach, "isoUuid").field.since = "2.3".parse().unwrap());
    assert_eq!(found, ["breaking since-lowered DetachIsoFromVmInstance/isoUuid"]);

    let found = findings(|model| model.operations.retain(|operation| operation.name != detach));
    assert_eq!(found, ["breaking op-removed DetachIsoFromVmInstance"]);

    let found = findings(|model| {
        let nic = model.types.iter_mut().find(|ty| ty.name == "VmNicInventory").unwrap();
        let TypeShape::Record { fields, .. } = &mut nic.shape else { panic!() };
        let mut field = fields[1].clone();
        field.name = "mtu".to_owned();
        fields.push(field);
    });
    assert_eq!(
        found,
        ["compatible field-added VmNicInventory/mtu", "breaking since-backdated VmNicInventory/mtu"]
    );

    let found = findings(|model| {
        parameter(model, detach, "isoUuid").field.description = Some("The UUID of the ISO.".to_owned());
    });
    assert_eq!(found, ["documentation doc-changed DetachIsoFromVmInstance/isoUuid"]);
}

#[test]
fn ids_and_texts_of_rules_are_well_formed() {
    let ids: BTreeSet<_> = ChangeKind::all().map(ChangeKind::id).collect();
    assert_eq!(ids.len(), ChangeKind::all().count());
    for rule in ChangeKind::all().map(ChangeKind::rule) {
        assert!(
            rule.why.ends_with('.') && rule.help.ends_with('.') && !rule.title.ends_with('.'),
            "{}",
            rule.id
        );
        // The only rule of both commands.
        let is_check = zstack_model::rules::find(rule.id).is_some();
        assert_eq!(is_check, rule.id == "slice-drift", "{} is also a rule of `check`", rule.id);
    }
}

#[test]
fn a_changed_type_gives_one_finding_with_all_affected_operations() {
    let (old, mut new) = (model(), model());
    let nic = new.types.iter_mut().find(|ty| ty.name == "VmNicInventory").unwrap();
    let TypeShape::Record { fields, .. } = &mut nic.shape else { panic!() };
    fields.retain(|field| field.name != "mac");
    let found = diff(&old, &new);
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!((finding.kind(), finding.level), (ChangeKind::FieldRemoved, Level::Breaking));
    assert!(finding.operations.len() > 5 && finding.operations.contains(&"QueryVmInstance".to_owned()));
    assert!(finding.in_responses && !finding.in_requests);
    assert_eq!(Fingerprints::new(&old, &new).of(finding).len(), 16);
}

/// The sides have different names and files.
#[test]
fn finds_renamed_elements_on_both_sides() {
    let base = Spec::base();
    let mut changed = base.clone();
    changed.rename("StopVm", "HaltVm");
    changed.set("HaltVm/renamedFrom", "StopVm".into());
    changed.set("HaltVm/parameters/force/renamedFrom", "force".into());
    changed.set("HaltVm/parameters/force/name", "hard".into());
    changed.set("HaltVm/parameters/uuid/description", "It.".into());
    let texts = |spec: &Spec| -> BTreeMap<Utf8PathBuf, String> {
        spec.0.iter().map(|(path, file)| (path.into(), serde_yaml::to_string(file).unwrap())).collect()
    };
    let (old, new) = (base.model(), changed.model());
    let (old_texts, new_texts) = (texts(&base), texts(&changed));
    let (old_side, new_side) = (SideFiles::new(&old, &[], &old_texts), SideFiles::new(&new, &[], &new_texts));
    let line = |side: &SideFiles<'_>, texts: &BTreeMap<Utf8PathBuf, String>, change| {
        let place = side.place(change).unwrap();
        let line = texts[&place.file].lines().nth(place.position.unwrap().line - 1).unwrap();
        format!("{}: {}", place.file.file_name().unwrap(), line.trim())
    };
    let found: Vec<_> = diff(&old, &new)
        .iter()
        .map(|finding| {
            let change = &finding.change;
            [
                finding.kind().id().to_owned(),
                line(&old_side, &old_texts, change),
                line(&new_side, &new_texts, change),
            ]
        })
        .collect();
    let expected = [
        ["op-renamed", "StopVm.yaml: name: StopVm", "HaltVm.yaml: name: HaltVm"],
        ["doc-changed", "StopVm.yaml: - description: The VM instance.", "HaltVm.yaml: - description: It."],
        ["param-renamed", "StopVm.yaml: name: force", "HaltVm.yaml: name: hard"],
    ];
    assert_eq!(found, expected);
}
