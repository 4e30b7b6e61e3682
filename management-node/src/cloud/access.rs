//! The checks that precede every effect: referenced documents exist, and the caller may use them.

use std::collections::HashMap;

use super::plan::{ParameterReference, Plan};
use super::volumes::check_field;
use super::{Parameters, texts};
use crate::catalog::Resource;
use crate::model::{AccountKind, Caller, Document, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::uuids;

/// A document to which a parameter refers.
#[derive(Debug)]
pub(crate) struct Referenced<'a> {
    /// The parameter.
    pub(crate) reference: &'a ParameterReference,
    /// The UUID in the parameter.
    pub(crate) uuid: &'a str,
    /// The document, if it exists.
    pub(crate) document: Option<&'a Document>,
}

/// The documents to which the parameters of a request refer, in the order of the spec.
pub(crate) fn find_references<'a>(
    plan: &'a Plan,
    parameters: &'a Parameters,
    documents: &'a HashMap<Uuid, Document>,
) -> Vec<Referenced<'a>> {
    let of_parameter = |reference: &'a ParameterReference| {
        texts(parameters.get(&reference.parameter)).map(move |uuid| Referenced {
            reference,
            uuid,
            document: documents.get(uuid),
        })
    };
    plan.references.iter().flat_map(of_parameter).collect()
}

/// Checks that all referenced documents exist.
pub(crate) fn check_existence(referenced: &[Referenced<'_>]) -> Verdict<()> {
    for Referenced { reference, uuid, document } in referenced {
        let exists = document
            .is_some_and(|document| reference.resource.is_none_or(|resource| is_a(resource, document)));
        // A deleted document has a valid UUID; any other text never was one.
        let may_be_deleted = || reference.parameter != "uuid" || uuids::is_valid(uuid);
        if !(exists || reference.may_be_missing && may_be_deleted()) {
            return Err(errors::not_found(&reference.parameter, reference.label(), uuid));
        }
    }
    Ok(())
}

/// True if a document is one of a resource, or of its subtypes.
pub(crate) fn is_a(resource: &Resource, document: &Document) -> bool {
    let Document { kind, base, .. } = document;
    let is_one = kind == &resource.name || resource.subtypes.contains(kind);
    // Inventory files create hosts and storages without a subtype.
    is_one || (kind == base && resource.base.as_ref() == Some(kind))
}

/// Checks that the caller may call the operation, and use the referenced documents.
pub(crate) fn check_access(plan: &Plan, caller: &Caller, referenced: &[Referenced<'_>]) -> Verdict<()> {
    if caller.kind == AccountKind::Normal && !plan.action.is_normal {
        return Err(errors::admin_only(plan.operation.name));
    }
    for Referenced { reference, uuid, document } in referenced {
        let Some(document) = document else { continue };
        if !document.may_be_used_by(caller) {
            return Err(errors::permission_denied(reference.label(), uuid));
        }
    }
    Ok(())
}

/// Checks that the fields of a document have the values that the operation requires.
pub(crate) fn check_fields(plan: &Plan, document: &Document) -> Verdict<()> {
    for (field, allowed) in &plan.action.when {
        let allowed: Vec<_> = allowed.iter().map(String::as_str).collect();
        check_field(&plan.resource.label, document, field, &allowed)?;
    }
    Ok(())
}
