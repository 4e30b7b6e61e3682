//! Finds the parameters whose values become fields of a document.

use zstack_model::{Field, Operation, Place, Type};

use super::action::{Assignment, Conversion, EVENTS, Effect};
use super::index::{Record, Spec};

/// Parameters about tags, which many operations have; fields of the same names are unrelated.
const TAGS: [&str; 3] = ["systemTags", "userTags", "tagUuids"];

/// The parameter with an event, and the field with the state after it.
const EVENT: (&str, &str) = ("stateEvent", "state");

/// Lists the parameters of an operation with the fields that receive their values: those with the names
/// of fields and fitting types, then the declared ones.
pub(super) fn find(
    effect: &Effect,
    operation: &Operation,
    record: &Record<'_>,
    spec: &Spec<'_>,
) -> Vec<Assignment> {
    let (Effect::Create { copy, .. } | Effect::Update { copy, .. }) = effect else { return Vec::new() };
    let is_key = |name: &str| effect.key() == Some(name);
    let same_name = operation.parameters.iter().filter_map(|parameter| {
        let name = &*parameter.field.name;
        let (event, state) = EVENT;
        let field = record.field(if name == event { state } else { name })?;
        // The path of an existing document, such as a NIC of a VM instance, says where it is.
        let is_place = effect.key().is_some() && parameter.place == Place::Path;
        let is_copied =
            !is_place && !TAGS.contains(&name) && !is_key(name) && !copy.iter().any(|(_, to)| to == name);
        if !is_copied {
            return None;
        }
        let conversion =
            if name == event { states(field, spec) } else { convert(&parameter.field, field, spec) };
        let (parameter, field) = (name.to_owned(), field.name.clone());
        Some(Assignment { parameter, field, conversion: conversion? })
    });
    let copied = copy.iter().map(|(parameter, field)| {
        let parameter = parameter.clone();
        match field.split_once('.') {
            Some((list, item)) => Assignment {
                parameter,
                field: list.to_owned(),
                conversion: Conversion::Records(item.to_owned()),
            },
            None => Assignment { parameter, field: field.clone(), conversion: Conversion::Same },
        }
    });
    same_name.chain(copied).collect()
}

/// Finds the conversion of a parameter to a field with the same name.
fn convert(from: &Field, to: &Field, spec: &Spec<'_>) -> Option<Conversion> {
    let is_structured = |ty: &Type| match ty {
        Type::List(_) | Type::Map(_) => true,
        Type::Named(_) => !spec.model.is_scalar(ty),
        _ => false,
    };
    if fits(&from.ty, &to.ty, spec) {
        Some(Conversion::Same)
    } else if from.ty == Type::String && is_structured(&to.ty) && !matches!(to.ty, Type::List(_)) {
        Some(Conversion::FromJson)
    } else if is_structured(&from.ty) && to.ty == Type::String {
        Some(Conversion::ToJson)
    } else {
        None
    }
}

/// The states after the usual events, if a field has them.
fn states(field: &Field, spec: &Spec<'_>) -> Option<Conversion> {
    let allowed = spec.allowed_texts(field);
    let is_allowed = |state: &str| allowed.as_ref().is_none_or(|allowed| allowed.contains(&state));
    EVENTS.iter().all(|(_, state)| is_allowed(state)).then(|| {
        let states = EVENTS.iter().map(|(event, state)| ((*event).to_owned(), (*state).to_owned()));
        Conversion::State(states.collect())
    })
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
