//! Since when elements exist.

use super::elements::{Element, Use};
use super::owner::Owner;
use super::spec::Spec;
use crate::diagnostics::VersionProblem;
use crate::findings::{At, Finding, Findings};
use crate::model::{Field, Version, Was};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.elements() {
        parent(spec, &it, findings);
    }
    for it in spec.declared().filter(|it| it.list == "parameters" && was_required(it.field)) {
        required_parameter(spec, &Element::from(it), findings);
    }
    for it in spec.uses() {
        used_type(spec, &it, findings);
    }
}

/// What is always there in an answer was there from the beginning.
pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    let always = |list| matches!(list, "fields" | "response");
    for it in spec.declared().filter(|it| always(it.list) && was_required(it.field)) {
        let it = Element::from(it);
        if let Some(owner) = it.owner.filter(|owner| spec.is_older(owner.since, it.since)) {
            let problem = VersionProblem::RequiredFieldNewerThanType {
                name: it.name.to_owned(),
                since: it.since.text.clone(),
                owner: owner.name.to_owned(),
                owner_since: owner.since.text.clone(),
            };
            findings.push(against_owner(&it, problem));
        }
    }
}

/// Whether it was required when it came; a later release may have changed that.
fn was_required(field: &Field) -> bool {
    let first = field.history.iter().find_map(|history| match history.was {
        Was::Required(was) => Some(was),
        _ => None,
    });
    first.unwrap_or(field.required)
}

/// The `since` of what a file is about.
pub(super) fn since() -> At {
    At::value(Path::root().key("since"))
}

/// A problem with when an element begins and when its owner does.
fn against_owner(it: &Element<'_>, problem: VersionProblem) -> Finding {
    it.finding("since", problem).with(it.file, since(), "declared here")
}

/// Nothing is older than what it is part of.
fn parent(spec: &Spec<'_>, it: &Element<'_>, findings: &mut Findings) {
    if let Some(owner) = it.owner.filter(|owner| spec.is_older(it.since, owner.since)) {
        findings.push(against_owner(it, before_parent(it, it.since, owner)));
    }
}

fn before_parent(it: &Element<'_>, since: &Version, parent: Owner<'_>) -> VersionProblem {
    VersionProblem::BeforeParent {
        what: it.what,
        name: it.name.to_owned(),
        since: since.text.clone(),
        parent: parent.name.to_owned(),
        parent_since: parent.since.text.clone(),
    }
}

/// What came later is optional.
fn required_parameter(spec: &Spec<'_>, it: &Element<'_>, findings: &mut Findings) {
    if let Some(owner) = it.owner.filter(|owner| spec.is_older(owner.since, it.since)) {
        let problem = VersionProblem::RequiredNewerThanOperation {
            name: it.name.to_owned(),
            since: it.since.text.clone(),
            operation: owner.name.to_owned(),
            operation_since: owner.since.text.clone(),
        };
        findings.push(against_owner(it, problem));
    }
}

/// Nothing is older than its type, or than the record it extends.
fn used_type(spec: &Spec<'_>, it: &Use<'_>, findings: &mut Findings) {
    let Use { by, is_base, since: (release, at), file, data_type, .. } = it;
    if !spec.is_older(release, &data_type.since) {
        return;
    }
    let problem = match is_base {
        true => before_parent(by, release, Owner::from(*data_type)),
        false => VersionProblem::BeforeReferencedType {
            name: by.name.to_owned(),
            since: release.text.clone(),
            ty: data_type.name.clone(),
            type_since: data_type.since.text.clone(),
        },
    };
    let finding = Finding::new(by.file, At::value(at.clone()), problem);
    findings.push(finding.with(*file, since(), "declared here"));
}
