//! Releases and `since`.

use super::spec::{Declared, Lookup, Spec, named};
use crate::diagnostics::{VersionProblem, nearest};
use crate::findings::{At, FileId, Finding, Findings};
use crate::lower::terms::is_known;
use crate::model::{DataType, Release, TypeShape, Version};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    if let Some((file, releases)) = spec.releases() {
        order(file, releases, findings);
    }
    for declared in spec.declared() {
        undeclared(spec, declared.file, declared.path("since"), &declared.field.since, findings);
        parent(spec, &declared, findings);
        referenced_type(spec, &declared, findings);
    }
    for (file, it) in spec.types() {
        undeclared(spec, file, since(), &it.since, findings);
        base(spec, file, it, findings);
        if let TypeShape::Enum { values } = &it.shape {
            let parts = values.iter().map(|it| (it.name.as_str(), &it.since));
            children(spec, file, "values", "value", (&it.name, &it.since), parts, findings);
        }
    }
    for (file, it) in spec.operations() {
        undeclared(spec, file, since(), &it.since, findings);
        let tags = it.tags.iter().map(|it| (it.pattern.as_str(), &it.since));
        children(spec, file, "tags", "tag", (&it.name, &it.since), tags, findings);
    }
}

fn since() -> Path {
    Path::root().key("since")
}

fn order(file: FileId, releases: &[Release], findings: &mut Findings) {
    let list = Path::root().key("releases");
    if releases.is_empty() {
        findings.report(file, At::key(list), VersionProblem::NoReleases);
        return;
    }
    for (nth, pair) in releases.windows(2).enumerate() {
        let [previous, it] = pair else { continue };
        let (version, previous) = (&it.version, &previous.version);
        if is_known(version) && is_known(previous) && version <= previous {
            let problem = VersionProblem::OutOfOrder {
                version: version.text.clone(),
                previous: previous.text.clone(),
                same: version == previous,
            };
            findings.report(file, At::value(list.index(nth + 1).key("version")), problem);
        }
    }
}

fn undeclared(spec: &Spec<'_>, file: FileId, path: Path, version: &Version, findings: &mut Findings) {
    if !is_known(version) || spec.is_declared(version) {
        return;
    }
    let releases = spec.releases().map_or(&[][..], |(_, all)| all);
    let known = releases.iter().map(|it| it.version.text.as_str());
    let suggestion = nearest(&version.text, known);
    let problem = VersionProblem::Undeclared { version: version.text.clone(), suggestion };
    findings.report(file, At::value(path), problem);
}

/// Nothing is older than what it is part of, and what came later is optional.
fn parent(spec: &Spec<'_>, it: &Declared<'_>, findings: &mut Findings) {
    let Some((owner, owner_since)) = it.owner else { return };
    let field_since = &it.field.since;
    if spec.is_older(field_since, owner_since) {
        let problem = before_parent(it.what, &it.field.name, field_since, owner, owner_since);
        report_against_owner(it.file, it.at("since"), problem, findings);
    } else if it.list == "parameters" && it.field.required && spec.is_older(owner_since, field_since) {
        let problem = VersionProblem::RequiredNewerThanOperation {
            name: it.field.name.clone(),
            since: field_since.text.clone(),
            operation: owner.to_owned(),
            operation_since: owner_since.text.clone(),
        };
        report_against_owner(it.file, it.at("since"), problem, findings);
    }
}

/// The same for enum values and tags.
fn children<'a>(
    spec: &Spec<'_>,
    file: FileId,
    list: &'static str,
    what: &'static str,
    (owner, owner_since): (&str, &Version),
    parts: impl Iterator<Item = (&'a str, &'a Version)>,
    findings: &mut Findings,
) {
    let list = Path::root().key(list);
    for (nth, (name, version)) in parts.enumerate() {
        let path = list.index(nth).key("since");
        undeclared(spec, file, path.clone(), version, findings);
        if spec.is_older(version, owner_since) {
            let problem = before_parent(what, name, version, owner, owner_since);
            report_against_owner(file, At::value(path), problem, findings);
        }
    }
}

fn before_parent(
    what: &'static str,
    name: &str,
    since: &Version,
    parent: &str,
    parent_since: &Version,
) -> VersionProblem {
    VersionProblem::BeforeParent {
        what,
        name: name.to_owned(),
        since: since.text.clone(),
        parent: parent.to_owned(),
        parent_since: parent_since.text.clone(),
    }
}

/// The owner is the file's operation or data type.
fn report_against_owner(file: FileId, at: At, problem: VersionProblem, findings: &mut Findings) {
    let owner = At::value(since());
    findings.push(Finding::new(file, at, problem).with(file, owner, "declared here"));
}

/// Nothing is older than the record it extends.
fn base(spec: &Spec<'_>, file: FileId, it: &DataType, findings: &mut Findings) {
    let Some((base_file, base)) = spec.bases(it).next() else { return };
    if spec.is_older(&it.since, &base.since) {
        let problem = before_parent("data type", &it.name, &it.since, &base.name, &base.since);
        let declared = At::value(since());
        findings.push(Finding::new(file, declared.clone(), problem).with(
            base_file,
            declared,
            "declared here",
        ));
    }
}

fn referenced_type(spec: &Spec<'_>, it: &Declared<'_>, findings: &mut Findings) {
    let Some(name) = named(&it.field.ty) else { return };
    let Lookup::Found(type_file, data_type) = spec.lookup(name) else { return };
    if !spec.is_older(&it.field.since, &data_type.since) {
        return;
    }
    let problem = VersionProblem::BeforeReferencedType {
        name: it.field.name.clone(),
        since: it.field.since.text.clone(),
        ty: name.to_owned(),
        type_since: data_type.since.text.clone(),
    };
    let declared = At::value(since());
    let finding = Finding::new(it.file, it.at("since"), problem);
    findings.push(finding.with(type_file, declared, "declared here"));
}
