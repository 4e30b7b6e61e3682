//! Checks of resources and of the references to them.

use std::collections::HashMap;

use super::names::UPPER_CAMEL;
use super::spec::{DeclaredField, Lookup, Spec};
use crate::diagnostics::{NameProblem, ReferenceProblem, nearest};
use crate::findings::{At, FileId, Finding, Findings};
use crate::model::{DataType, TypeShape};
use crate::names::is_upper_camel;
use crate::positions::Path;

/// The data types with a resource, by the resource.
type Records<'a> = HashMap<&'a str, (FileId, &'a DataType)>;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let mut records = Records::new();
    for (file, ty) in spec.types() {
        if let Some(resource) = &ty.resource {
            declaration(file, ty, resource, &mut records, findings);
        }
    }
    for it in spec.declared_fields() {
        if let Some(resource) = &it.field.refers {
            target(spec, &it, resource, &records, findings);
            holder(spec, &it, findings);
        }
    }
}

fn declaration<'a>(
    file: FileId,
    ty: &'a DataType,
    resource: &'a str,
    records: &mut Records<'a>,
    findings: &mut Findings,
) {
    let key = || Path::root().key("resource");
    if matches!(ty.shape, TypeShape::Enum { .. }) {
        let problem = ReferenceProblem::NotARecord { name: ty.name.clone() };
        findings.report(file, At::key(key()), problem);
    }
    if !is_upper_camel(resource) {
        let form = Some(UPPER_CAMEL);
        let problem = NameProblem::Form { kind: "resource", name: resource.to_owned(), form };
        findings.report(file, At::value(key()), problem);
    }
    if let Some((first, other)) = records.get(resource) {
        let (resource, other) = (resource.to_owned(), other.name.clone());
        let problem = ReferenceProblem::Duplicate { resource, other };
        let finding = Finding::new(file, At::value(key()), problem);
        findings.push(finding.with(*first, At::value(key()), "the first one"));
    } else {
        records.insert(resource, (file, ty));
    }
}

/// Reports a reference that leads to no record.
fn target(
    spec: &Spec<'_>,
    it: &DeclaredField<'_>,
    resource: &str,
    records: &Records<'_>,
    findings: &mut Findings,
) {
    if records.contains_key(resource) {
        return;
    }
    let problem = match spec.lookup(resource) {
        Lookup::Found(_, ty) => {
            ReferenceProblem::DataType { name: ty.name.clone(), resource: ty.resource.clone() }
        }
        // An unusable file may declare the resource.
        _ if !spec.draft.unread_types.is_empty() => return,
        Lookup::Unread | Lookup::Unknown => {
            let mut known: Vec<_> = records.keys().copied().collect();
            known.sort_unstable();
            ReferenceProblem::Unknown { resource: resource.to_owned(), suggestion: nearest(resource, known) }
        }
    };
    findings.report(it.file, it.at("refers"), problem);
}

/// Reports a reference whose type cannot contain UUIDs, unless the type itself is invalid.
fn holder(spec: &Spec<'_>, it: &DeclaredField<'_>, findings: &mut Findings) {
    let ty = &it.field.ty;
    let is_known = |name| matches!(spec.lookup(name), Lookup::Found(..));
    let is_valid = ty.data_type_name().is_none_or(is_known) && !findings.has_at(it.file, &it.at("type"));
    if is_valid && !ty.holds_uuids() {
        let problem = ReferenceProblem::TypeMismatch { ty: ty.to_string() };
        findings.report(it.file, At::key(it.path("refers")), problem);
    }
}
