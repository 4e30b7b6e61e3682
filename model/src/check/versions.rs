//! Checks of `since`.

use super::elements::{SpecElement, TypeUse};
use super::owner::Owner;
use super::spec::Spec;
use crate::diagnostics::VersionProblem;
use crate::findings::{At, Finding, Findings};
use crate::model::{AttributeValue, Field, Version};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.elements() {
        parent(spec, &it, findings);
    }
    for it in spec
        .declared_fields()
        .filter(|declared| declared.list == "parameters" && was_required(declared.field))
    {
        required_parameter(spec, &SpecElement::from(it), findings);
    }
    for it in spec.uses() {
        used_type(spec, &it, findings);
    }
}

/// Warns about required fields that are newer than their owner.
pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    let is_response = |list| matches!(list, "fields" | "response");
    for it in
        spec.declared_fields().filter(|declared| is_response(declared.list) && was_required(declared.field))
    {
        let it = SpecElement::from(it);
        if let Some(owner) = it.owner.filter(|owner| spec.is_older(owner.since, it.since)) {
            let problem = VersionProblem::RequiredFieldNewerThanType {
                name: it.name.to_owned(),
                since: it.since.to_string(),
                owner: owner.name.to_owned(),
                owner_since: owner.since.to_string(),
            };
            findings.push(against_owner(&it, problem));
        }
    }
}

/// Returns whether a field was required in the release that added it.
fn was_required(field: &Field) -> bool {
    let first = field.history.iter().find_map(|history| match history.was {
        AttributeValue::Required(was) => Some(was),
        _ => None,
    });
    first.unwrap_or(field.required)
}

/// The position of `since` of the operation or data type of a file.
pub(super) fn since() -> At {
    At::value(Path::root().key("since"))
}

/// Creates a finding about `since` of an element, related to `since` of its owner.
fn against_owner(it: &SpecElement<'_>, problem: VersionProblem) -> Finding {
    it.finding("since", problem).with(it.file, since(), "declared here")
}

/// Reports an element that is older than its owner.
fn parent(spec: &Spec<'_>, element: &SpecElement<'_>, findings: &mut Findings) {
    if let Some(owner) = element.owner.filter(|owner| spec.is_older(element.since, owner.since)) {
        findings.push(against_owner(element, before_parent(element, element.since, owner)));
    }
}

fn before_parent(element: &SpecElement<'_>, since: &Version, parent: Owner<'_>) -> VersionProblem {
    VersionProblem::BeforeParent {
        kind: element.kind,
        name: element.name.to_owned(),
        since: since.to_string(),
        parent: parent.name.to_owned(),
        parent_since: parent.since.to_string(),
    }
}

/// Reports a required parameter that is newer than its operation.
fn required_parameter(spec: &Spec<'_>, element: &SpecElement<'_>, findings: &mut Findings) {
    if let Some(owner) = element.owner.filter(|owner| spec.is_older(owner.since, element.since)) {
        let problem = VersionProblem::RequiredNewerThanOperation {
            name: element.name.to_owned(),
            since: element.since.to_string(),
            operation: owner.name.to_owned(),
            operation_since: owner.since.to_string(),
        };
        findings.push(against_owner(element, problem));
    }
}

/// Reports an element that is older than its type or than the record that it extends.
fn used_type(spec: &Spec<'_>, usage: &TypeUse<'_>, findings: &mut Findings) {
    let TypeUse { by, is_base, since: (release, at), file, data_type, .. } = usage;
    if !spec.is_older(release, &data_type.since) {
        return;
    }
    let problem = match is_base {
        true => before_parent(by, release, Owner::from(*data_type)),
        false => VersionProblem::BeforeReferencedType {
            name: by.name.to_owned(),
            since: release.to_string(),
            ty: data_type.name.clone(),
            type_since: data_type.since.to_string(),
        },
    };
    let finding = Finding::new(by.file, At::value(at.clone()), problem);
    findings.push(finding.with(*file, since(), "declared here"));
}
