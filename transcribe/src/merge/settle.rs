//! Makes the versions of new elements valid: nothing is older than what it is part of, and no type
//! is newer than what uses it. Where that is not what a page prints, `documented` keeps it.

use std::collections::HashMap;

use zstack_model::names::lower_first;
use zstack_model::{Body, Field, Method, Operation, TypeShape, Version};

use crate::draft::{Draft, ElementKey};

/// The number of passes over types that use each other.
const ROUNDS: usize = 12;

/// Settles the bodies of operations that share a path, and all versions.
pub(crate) fn settle(draft: &mut Draft<'_>) {
    select_by_key(draft);
    for nth in 0..draft.types.len() {
        if draft.is_new(&ElementKey::DataType(draft.types[nth].name.clone())) {
            let ty = &mut draft.types[nth];
            let oldest = match &ty.shape {
                TypeShape::Record { fields, .. } => fields.iter().map(|field| &field.since).min(),
                TypeShape::Enum { values } => values.iter().map(|value| &value.since).min(),
            };
            if let Some(oldest) = oldest.cloned() {
                ty.since = oldest;
            }
        }
    }
    for _ in 0..ROUNDS {
        raise_fields(draft);
        if !lower_types(draft) {
            break;
        }
    }
}

/// New operations with the same method and path, each with its own name as the key of its body, are
/// selected by that key.
fn select_by_key(draft: &mut Draft<'_>) {
    let shape = |operation: &Operation| {
        let segments =
            operation.path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
        (operation.method.as_str(), segments.collect::<Vec<_>>().join("/"))
    };
    let mut counts: HashMap<(&str, String), usize> = HashMap::new();
    for operation in &draft.operations {
        *counts.entry(shape(operation)).or_default() += 1;
    }
    let is_shared: Vec<bool> =
        draft.operations.iter().map(|operation| counts[&shape(operation)] > 1).collect();
    for (nth, is_shared) in is_shared.into_iter().enumerate() {
        let is_new = draft.is_new(&ElementKey::Operation(draft.operations[nth].name.clone()));
        let operation = &mut draft.operations[nth];
        let own = lower_first(&operation.name);
        if is_shared && is_new && operation.method == Method::Put && operation.body == Body::Key(own.clone())
        {
            operation.body = Body::Action(own);
        }
    }
}

/// Lowers each new type to the oldest element that uses it; returns whether one was lowered.
fn lower_types(draft: &mut Draft<'_>) -> bool {
    let mut oldest: Vec<Option<Version>> = vec![None; draft.types.len()];
    let of_operations = draft.operations.iter().flat_map(|operation| {
        operation.parameters.iter().map(|parameter| &parameter.field).chain(&operation.response)
    });
    let of_types = draft.types.iter().flat_map(|ty| ty.own_fields());
    for field in of_operations.chain(of_types).chain(&draft.service.envelope) {
        let Some(nth) = field.ty.data_type_name().and_then(|name| draft.data_type(name)) else { continue };
        if oldest[nth].as_ref().is_none_or(|since| field.since < *since) {
            oldest[nth] = Some(field.since);
        }
    }
    let mut is_lowered = false;
    for (nth, oldest) in oldest.into_iter().enumerate() {
        let is_new = draft.is_new(&ElementKey::DataType(draft.types[nth].name.clone()));
        let ty = &mut draft.types[nth];
        if let Some(oldest) = oldest.filter(|oldest| is_new && *oldest < ty.since) {
            ty.since = oldest;
            is_lowered = true;
        }
    }
    is_lowered
}

/// Raises new elements to the release of what contains them, and of the types that they use.
fn raise_fields(draft: &mut Draft<'_>) {
    let since: Vec<Version> = draft.types.iter().map(|ty| ty.since).collect();
    let is_new_type: Vec<bool> =
        draft.types.iter().map(|ty| draft.is_new(&ElementKey::DataType(ty.name.clone()))).collect();
    let mut changes = Vec::new();
    let floor = |draft: &Draft<'_>, field: &Field, owner: &Version| {
        let of_type = field.ty.data_type_name().and_then(|name| draft.data_type(name));
        let of_type = of_type.filter(|nth| !is_new_type[*nth]).map(|nth| &since[nth]);
        *of_type.map_or(owner, |since| since.max(owner))
    };
    for operation in &draft.operations {
        for parameter in &operation.parameters {
            let field = &parameter.field;
            let key = ElementKey::Parameter(operation.name.clone(), field.name.clone());
            if !draft.is_new(&key) {
                continue;
            }
            let floor = floor(draft, field, &operation.since);
            // A parameter that must be given is as old as its operation.
            let is_late = field.required && field.since > operation.since;
            if field.since < floor || is_late {
                changes.push((key, if is_late { operation.since.max(floor) } else { floor }));
            }
        }
        for field in &operation.response {
            let key = ElementKey::ResponseField(operation.name.clone(), field.name.clone());
            let floor = floor(draft, field, &operation.since);
            if draft.is_new(&key) && field.since < floor {
                changes.push((key, floor));
            }
        }
    }
    for ty in &draft.types {
        for field in ty.own_fields() {
            let key = ElementKey::Field(ty.name.clone(), field.name.clone());
            let floor = floor(draft, field, &ty.since);
            if draft.is_new(&key) && field.since < floor {
                changes.push((key, floor));
            }
        }
    }
    for (key, since) in changes {
        let has_version = draft.origins.get(&key).is_some_and(|origin| origin.has_version);
        if let Some(field) = draft.field_mut(&key) {
            let printed = std::mem::replace(&mut field.since, since);
            let documented = field.documented.get_or_insert_default();
            if has_version && documented.since.is_none() {
                documented.since = Some(printed.to_string());
            }
            if *documented == zstack_model::Documented::default() {
                field.documented = None;
            }
        }
    }
}
