//! The optional parameters and fields that an example shows.

use crate::model::{Field, Model, Operation, Parameter, Place, Type, TypeShape};

/// The most optional parameters of a request, and fields of a record, without required ones.
const TYPICAL: usize = 2;

/// Names of typical parameters and fields, the most typical first.
const NAMES: [&str; 4] = ["name", "description", "type", "state"];

/// The indices of the optional parameters to show: none if the request has required values; otherwise the most
/// typical ones first.
///
/// A request that only names a resource in its path has no required values if it sends a body.
pub(super) fn parameters(model: &Model, operation: &Operation) -> Vec<usize> {
    let required: Vec<_> = operation.parameters.iter().filter(|parameter| parameter.field.required).collect();
    let has_body = operation.body.key().is_some();
    let is_complete = if has_body {
        required.iter().any(|parameter| parameter.place != Place::Path)
    } else {
        !required.is_empty()
    };
    if is_complete {
        return Vec::new();
    }
    let is_shown = |parameter: &Parameter| match parameter.place {
        Place::Body => true,
        Place::Query => !has_body,
        Place::Path | Place::BesideBody => false,
    };
    let candidates = operation.parameters.iter().map(|parameter| (&parameter.field, is_shown(parameter)));
    typical(model, candidates)
}

/// The indices of the optional fields of a record to show: none if it has required fields; otherwise the most typical
/// ones first.
pub(super) fn fields(model: &Model, fields: &[&Field]) -> Vec<usize> {
    if fields.iter().any(|field| field.required) {
        return Vec::new();
    }
    typical(model, fields.iter().map(|field| (*field, true)))
}

/// Takes at most [`TYPICAL`] successes.
pub(super) fn first_successes<T>(values: impl Iterator<Item = Option<T>>) -> impl Iterator<Item = T> {
    values.flatten().take(TYPICAL)
}

/// The indices of optional scalar fields, the most typical first.
fn typical<'a>(model: &Model, fields: impl Iterator<Item = (&'a Field, bool)>) -> Vec<usize> {
    let rank = |field: &Field| NAMES.iter().position(|name| field.name == *name).unwrap_or(NAMES.len());
    let is_typical = |field: &Field| {
        is_scalar(model, &field.ty)
            && !field.required
            && !field.sensitive
            && field.retirement.deprecated.is_none()
            // The platform chooses the UUID of a new resource.
            && field.name != "resourceUuid"
    };
    let mut found: Vec<_> = fields
        .enumerate()
        .filter(|(_, (field, is_shown))| *is_shown && is_typical(field))
        .map(|(index, (field, _))| (rank(field), index))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

/// Returns whether a type has neither members nor elements.
pub(super) fn is_scalar(model: &Model, ty: &Type) -> bool {
    match ty {
        Type::String
        | Type::Uuid
        | Type::Boolean
        | Type::Integer
        | Type::Long
        | Type::Double
        | Type::Timestamp => true,
        Type::Any | Type::List(_) | Type::Map(_) => false,
        Type::Named(name) => {
            model.data_type(name).is_some_and(|ty| matches!(ty.shape, TypeShape::Enum { .. }))
        }
    }
}
