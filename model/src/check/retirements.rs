//! Checks of deprecations and removals.

use super::elements::{SpecElement, TypeUse};
use super::spec::Spec;
use crate::diagnostics::RetirementProblem;
use crate::findings::{At, Finding, Findings};
use crate::model::{Retirement, Version};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.elements() {
        check_deprecation(spec, &it, findings);
        check_removal(spec, &it, findings);
    }
    for it in spec.uses() {
        check_removed_type(spec, &it, findings);
    }
}

pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.elements() {
        check_replacement(&it, findings);
        check_parent(spec, &it, findings);
    }
    for it in spec.uses() {
        check_deprecated_type(spec, &it, findings);
    }
}

/// Reports an element that is deprecated before it exists. Release 0 means that the release of the
/// deprecation is unknown.
fn check_deprecation(spec: &Spec<'_>, it: &SpecElement<'_>, findings: &mut Findings) {
    let deprecated = it.retirement.deprecated.as_ref().filter(|version| !version.is_unknown());
    if let Some(deprecated) = deprecated.filter(|deprecated| spec.is_older(deprecated, it.since)) {
        let problem = RetirementProblem::DeprecatedBeforeSince {
            kind: it.kind,
            name: it.name.to_owned(),
            deprecated: deprecated.to_string(),
            since: it.since.to_string(),
        };
        findings.push(it.finding("deprecated", problem).with(it.file, it.at("since"), "declared here"));
    }
}

/// Reports a removal without an earlier deprecation, or too soon after it.
fn check_removal(spec: &Spec<'_>, it: &SpecElement<'_>, findings: &mut Findings) {
    let Retirement { deprecated, removed: Some(removed), .. } = it.retirement else { return };
    let (kind, name) = (it.kind, it.name.to_owned());
    let Some(deprecated) = deprecated else {
        let problem = RetirementProblem::RemovedNotAfterDeprecated {
            kind,
            name,
            removed: removed.to_string(),
            deprecated: None,
        };
        findings.push(it.finding("removed", problem));
        return;
    };
    if !spec.are_declared(deprecated, removed) {
        return;
    }
    // The release of the deprecation may be unknown.
    let known = if deprecated.is_unknown() { it.since } else { deprecated };
    let problem = if removed <= known {
        RetirementProblem::RemovedNotAfterDeprecated {
            kind,
            name,
            removed: removed.to_string(),
            deprecated: Some(deprecated.to_string()),
        }
    } else if let Some((releases, window, earliest)) = short_window(spec, deprecated, removed) {
        RetirementProblem::WindowShort {
            kind,
            name,
            deprecated: deprecated.to_string(),
            releases,
            window,
            earliest: earliest.map(|earliest| earliest.to_string()),
        }
    } else {
        return;
    };
    findings.push(it.finding("removed", problem).with(it.file, it.at("deprecated"), "deprecated here"));
}

/// Returns the number of releases from a deprecation to the removal, the required number, and the first
/// release that may remove the element; `None` if there are enough releases.
fn short_window<'a>(
    spec: &Spec<'a>,
    deprecated: &Version,
    removed: &Version,
) -> Option<(usize, u16, Option<&'a Version>)> {
    let (_, service, _) = spec.draft.api.as_ref().filter(|_| !deprecated.is_unknown())?;
    let window = usize::from(service.deprecation_window);
    let later: Vec<_> = service
        .releases
        .iter()
        .map(|release| &release.version)
        .filter(|version| *version > deprecated)
        .collect();
    let releases = later.iter().filter(|version| **version <= removed).count();
    let earliest = later.get(window.saturating_sub(1)).copied();
    (releases < window).then_some((releases, service.deprecation_window, earliest))
}

/// Reports a use of a data type that outlasts its removal.
fn check_removed_type(spec: &Spec<'_>, usage: &TypeUse<'_>, findings: &mut Findings) {
    let Some(removed) = &usage.data_type.retirement.removed else { return };
    if !is_used_after(spec, usage, removed) {
        return;
    }
    let problem = RetirementProblem::UsesRemovedType {
        name: usage.by.name.to_owned(),
        ty: usage.data_type.name.clone(),
        removed: removed.to_string(),
        extends: usage.is_base,
    };
    let there = At::value(Path::root().key("removed"));
    let finding = Finding::new(usage.by.file, At::value(usage.at.clone()), problem);
    findings.push(finding.with(usage.file, there, "removed here"));
}

fn is_used_after(spec: &Spec<'_>, usage: &TypeUse<'_>, removed: &Version) -> bool {
    let end = usage.by.end().into_iter().chain(usage.until).min();
    spec.is_declared(removed) && end.is_none_or(|end| spec.is_older(removed, end))
}

/// Warns about a deprecation without a replacement.
fn check_replacement(element: &SpecElement<'_>, findings: &mut Findings) {
    if element.retirement.deprecated.is_some() && element.retirement.replacement.is_none() {
        let problem =
            RetirementProblem::WithoutReplacement { kind: element.kind, name: element.name.to_owned() };
        findings.push(element.finding("deprecated", problem));
    }
}

/// Warns about an element that names a release in which its owner no longer exists.
fn check_parent(spec: &Spec<'_>, element: &SpecElement<'_>, findings: &mut Findings) {
    let Some(owner) = element.owner else { return };
    let Some(end) = &owner.retirement.removed else { return };
    let is_after = |(key, version): &(&str, &Version)| {
        let at_the_end = *key != "removed" && *version == end;
        spec.is_older(end, version) || (at_the_end && spec.is_declared(end))
    };
    let Some((key, version)) = element.versions().find(is_after) else { return };
    let problem = RetirementProblem::OutlivesParent {
        kind: element.kind,
        name: element.name.to_owned(),
        version: version.to_string(),
        parent: owner.name.to_owned(),
        removed: end.to_string(),
    };
    let there = At::value(Path::root().key("removed"));
    findings.push(element.finding(key, problem).with(element.file, there, "removed here"));
}

/// Warns about an element that uses a deprecated data type without being deprecated itself.
fn check_deprecated_type(spec: &Spec<'_>, usage: &TypeUse<'_>, findings: &mut Findings) {
    let Retirement { deprecated: Some(_), removed, replacement } = &usage.data_type.retirement else {
        return;
    };
    // A use after the removal has been reported as an error.
    if usage.until.is_some()
        || usage.by.is_deprecated()
        || removed.as_ref().is_some_and(|removed| is_used_after(spec, usage, removed))
    {
        return;
    }
    let problem = RetirementProblem::LiveUsesDeprecated {
        name: usage.by.name.to_owned(),
        ty: usage.data_type.name.clone(),
        replacement: replacement.clone(),
    };
    let there = At::value(Path::root().key("deprecated"));
    let finding = Finding::new(usage.by.file, At::value(usage.at.clone()), problem);
    findings.push(finding.with(usage.file, there, "deprecated here"));
}
