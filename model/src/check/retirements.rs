//! How elements leave: deprecated first, removed later, and what depends on
//! them with them.

use super::elements::{Element, Use};
use super::spec::Spec;
use crate::diagnostics::RetirementProblem;
use crate::findings::{At, Finding, Findings};
use crate::model::{Retirement, Version};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.elements() {
        deprecated(spec, &it, findings);
        removed(spec, &it, findings);
    }
    for it in spec.uses() {
        removed_type(spec, &it, findings);
    }
}

pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.elements() {
        replacement(&it, findings);
        outlives(spec, &it, findings);
    }
    for it in spec.uses() {
        deprecated_type(spec, &it, findings);
    }
}

/// Nobody advises against what is not there yet. Of some elements nobody knows
/// since when they are deprecated.
fn deprecated(spec: &Spec<'_>, it: &Element<'_>, findings: &mut Findings) {
    let deprecated = it.retirement.deprecated.as_ref().filter(|it| !it.is_unknown());
    if let Some(deprecated) = deprecated.filter(|deprecated| spec.is_older(deprecated, it.since)) {
        let problem = RetirementProblem::DeprecatedBeforeSince {
            what: it.what,
            name: it.name.to_owned(),
            deprecated: deprecated.text.clone(),
            since: it.since.text.clone(),
        };
        findings.push(it.finding("deprecated", problem).with(it.file, it.at("since"), "declared here"));
    }
}

/// A removal is announced, and early enough.
fn removed(spec: &Spec<'_>, it: &Element<'_>, findings: &mut Findings) {
    let Retirement { deprecated, removed: Some(removed), .. } = it.retirement else { return };
    let (what, name) = (it.what, it.name.to_owned());
    let Some(deprecated) = deprecated else {
        let problem = RetirementProblem::RemovedNotAfterDeprecated {
            what,
            name,
            removed: removed.text.clone(),
            deprecated: None,
        };
        findings.push(it.finding("removed", problem));
        return;
    };
    if !spec.are_declared(deprecated, removed) {
        return;
    }
    // Since when it is deprecated may not be known; since when it exists is.
    let known = if deprecated.is_unknown() { it.since } else { deprecated };
    let problem = if removed <= known {
        RetirementProblem::RemovedNotAfterDeprecated {
            what,
            name,
            removed: removed.text.clone(),
            deprecated: Some(deprecated.text.clone()),
        }
    } else if let Some((releases, window, earliest)) = short_window(spec, deprecated, removed) {
        RetirementProblem::WindowShort {
            what,
            name,
            deprecated: deprecated.text.clone(),
            releases,
            window,
            earliest: earliest.map(|earliest| earliest.text.clone()),
        }
    } else {
        return;
    };
    findings.push(it.finding("removed", problem).with(it.file, it.at("deprecated"), "deprecated here"));
}

/// How many releases there are from one release to another, how many there
/// must be, and the first that is far enough; nothing if it is.
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
    let releases = later.iter().filter(|it| **it <= removed).count();
    let earliest = later.get(window.saturating_sub(1)).copied();
    (releases < window).then_some((releases, service.deprecation_window, earliest))
}

/// What is removed is not used any more; otherwise a release would have a
/// value without a type.
fn removed_type(spec: &Spec<'_>, it: &Use<'_>, findings: &mut Findings) {
    let Some(removed) = &it.data_type.retirement.removed else { return };
    if !is_used_after(spec, it, removed) {
        return;
    }
    let problem = RetirementProblem::UsesRemovedType {
        name: it.by.name.to_owned(),
        ty: it.data_type.name.clone(),
        removed: removed.text.clone(),
        extends: it.is_base,
    };
    let there = At::value(Path::root().key("removed"));
    let finding = Finding::new(it.by.file, At::value(it.at.clone()), problem);
    findings.push(finding.with(it.file, there, "removed here"));
}

fn is_used_after(spec: &Spec<'_>, it: &Use<'_>, removed: &Version) -> bool {
    let end = it.by.end().into_iter().chain(it.until).min();
    spec.is_declared(removed) && end.is_none_or(|end| spec.is_older(removed, end))
}

/// Who advises against something says what to do instead.
fn replacement(it: &Element<'_>, findings: &mut Findings) {
    if it.retirement.deprecated.is_some() && it.retirement.replacement.is_none() {
        let problem = RetirementProblem::WithoutReplacement { what: it.what, name: it.name.to_owned() };
        findings.push(it.finding("deprecated", problem));
    }
}

/// A part goes with the whole. It need not say so, but it cannot say otherwise.
fn outlives(spec: &Spec<'_>, it: &Element<'_>, findings: &mut Findings) {
    let Some(owner) = it.owner else { return };
    let Some(end) = &owner.retirement.removed else { return };
    let is_after = |(key, version): &(&str, &Version)| {
        let at_the_end = *key != "removed" && *version == end;
        spec.is_older(end, version) || (at_the_end && spec.is_declared(end))
    };
    let Some((key, version)) = it.versions().find(is_after) else { return };
    let problem = RetirementProblem::OutlivesParent {
        what: it.what,
        name: it.name.to_owned(),
        version: version.text.clone(),
        parent: owner.name.to_owned(),
        removed: end.text.clone(),
    };
    let there = At::value(Path::root().key("removed"));
    findings.push(it.finding(key, problem).with(it.file, there, "removed here"));
}

/// What nobody should use is used by nothing that is there to stay.
fn deprecated_type(spec: &Spec<'_>, it: &Use<'_>, findings: &mut Findings) {
    let Retirement { deprecated: Some(_), removed, replacement } = &it.data_type.retirement else {
        return;
    };
    // A use after the removal is an error, which says it all.
    if it.until.is_some()
        || it.by.is_deprecated()
        || removed.as_ref().is_some_and(|removed| is_used_after(spec, it, removed))
    {
        return;
    }
    let problem = RetirementProblem::LiveUsesDeprecated {
        name: it.by.name.to_owned(),
        ty: it.data_type.name.clone(),
        replacement: replacement.clone(),
    };
    let there = At::value(Path::root().key("deprecated"));
    let finding = Finding::new(it.by.file, At::value(it.at.clone()), problem);
    findings.push(finding.with(it.file, there, "deprecated here"));
}
