//! Finds the parameters whose values become fields of a document.

use zstack_model::{Operation, Place, Type};

use super::action::Effect;
use super::index::{Record, Spec};

/// Parameters about tags, which many operations have; fields of the same names are unrelated.
const TAGS: [&str; 3] = ["systemTags", "userTags", "tagUuids"];

/// Lists the parameters of an operation with the fields that receive their values: those with the names
/// of fields and fitting types, then the declared ones.
pub(super) fn find(
    effect: &Effect,
    operation: &Operation,
    record: &Record<'_>,
    spec: &Spec<'_>,
) -> Vec<(String, String)> {
    let (Effect::Create { copy, .. } | Effect::Update { copy, .. }) = effect else { return Vec::new() };
    let is_key = |name: &str| effect.key() == Some(name);
    let same_name = operation.parameters.iter().filter_map(|parameter| {
        let field = record.field(&parameter.field.name)?;
        let name = &*parameter.field.name;
        // The path of an existing document, such as a NIC of a VM instance, says where it is.
        let is_place = effect.key().is_some() && parameter.place == Place::Path;
        let is_copied = !is_place
            && !TAGS.contains(&name)
            && !is_key(name)
            && !copy.iter().any(|(_, to)| to == name)
            && fits(&parameter.field.ty, &field.ty, spec);
        is_copied.then(|| (name.to_owned(), name.to_owned()))
    });
    same_name.chain(copy.iter().cloned()).collect()
}

/// Returns whether each value of one type can be a value of the other one.
pub(super) fn fits(from: &Type, to: &Type, spec: &Spec<'_>) -> bool {
    let is_text = |ty: &Type| match ty {
        Type::String | Type::Uuid => true,
        Type::Named(_) => spec.model.is_scalar(ty),
        _ => false,
    };
    match (from, to) {
        (_, Type::Any) => true,
        (Type::List(from), Type::List(to)) | (Type::Map(from), Type::Map(to)) => fits(from, to, spec),
        (Type::Integer, Type::Integer | Type::Long | Type::Double)
        | (Type::Long, Type::Long | Type::Double) => true,
        // Many parameters are declared as any value; the document is checked when it is read.
        (Type::Any, Type::Named(_)) => true,
        _ => from == to || (is_text(from) && is_text(to)),
    }
}
