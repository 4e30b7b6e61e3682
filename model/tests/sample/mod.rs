//! Samples of operations and releases, for tests that would take too long with all of a large spec.
//!
//! They are the same in every run. With `SAMPLES=all`, they are complete; with a number, they have so many items.

#![allow(dead_code, reason = "each test uses a part")]

use std::collections::BTreeSet;

use zstack_model::{DataType, Field, Model, Operation, TypeShape, Version};

/// The operations that tests name.
pub(crate) const NAMED: [&str; 30] = [
    "AttachIsoToVmInstance",
    "CreateAccessKey",
    "CreateVmCdRom",
    "DeleteAccessKey",
    "DeleteVmCdRom",
    "DestroyVmInstance",
    "DetachIsoFromVmInstance",
    "ExpungeVmInstance",
    "GetCandidateIsoForAttachingVm",
    "GetCandidateVmForAttachingIso",
    "GetCurrentTime",
    "GetVersion",
    "IsReadyToGo",
    "LogInByAccount",
    "LogOut",
    "PauseVmInstance",
    "QueryAccessKey",
    "QueryImage",
    "QueryVmCdRom",
    "QueryVmInstance",
    "RebootVmInstance",
    "RecoverVmInstance",
    "ReimageVmInstance",
    "RenewSession",
    "ResumeVmInstance",
    "SetVmInstanceDefaultCdRom",
    "StartVmInstance",
    "StopVmInstance",
    "UpdateVmCdRom",
    "ValidateSession",
];

/// Returns items in their order: all of them if there are at most `count`; otherwise the first, the last, and random
/// others.
pub(crate) fn sample<T>(items: impl IntoIterator<Item = T>, count: usize) -> Vec<T> {
    let items: Vec<_> = items.into_iter().collect();
    let count = match std::env::var("SAMPLES").as_deref() {
        Ok("all") => items.len(),
        Ok(number) => {
            number.parse().unwrap_or_else(|_| panic!("SAMPLES={number} is neither `all` nor a number"))
        }
        Err(_) => count,
    };
    let last = items.len().saturating_sub(1);
    let rank = |index: usize| if index == 0 || index == last { 0 } else { mix(index as u64).max(1) };
    let mut indices: Vec<_> = (0..items.len()).collect();
    indices.sort_by_key(|index| rank(*index));
    let chosen: BTreeSet<_> = indices.into_iter().take(count).collect();
    items.into_iter().enumerate().filter(|(index, _)| chosen.contains(index)).map(|(_, item)| item).collect()
}

/// A random number that depends only on the index (splitmix64).
fn mix(index: u64) -> u64 {
    let mut mixed = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Returns a sample of the releases of a model.
pub(crate) fn releases(model: &Model, count: usize) -> Vec<Version> {
    sample(model.service.releases.iter().map(|release| release.version), count)
}

/// Returns a part of a model: a sample of its operations, those with the names in `kept`, and the data types that these
/// use.
pub(crate) fn part_of(mut model: Model, count: usize, kept: &[&str]) -> Model {
    let names = model.operations.iter().map(|operation| operation.name.clone());
    let (named, others): (Vec<_>, Vec<_>) = names.partition(|name| kept.contains(&&**name));
    let chosen: BTreeSet<_> = named.into_iter().chain(sample(others, count)).collect();
    model.operations.retain(|operation| chosen.contains(&operation.name));
    model
        .categories
        .retain(|category| model.operations.iter().any(|operation| operation.category == category.name));
    let used = used_types(&model);
    model.types.retain(|ty| used.contains(&ty.name));
    drop_references(&mut model);
    model
}

/// Drops the references to resources whose records are not in the model.
fn drop_references(model: &mut Model) {
    let resources: BTreeSet<_> = model.types.iter().filter_map(|ty| ty.resource.clone()).collect();
    let of_operations = model.operations.iter_mut().flat_map(|operation| {
        let parameters = operation.parameters.iter_mut().map(|parameter| &mut parameter.field);
        parameters.chain(&mut operation.response)
    });
    let of_types = model.types.iter_mut().flat_map(|ty| match &mut ty.shape {
        TypeShape::Record { fields, .. } => fields.iter_mut(),
        TypeShape::Enum { .. } => [].iter_mut(),
    });
    for field in of_operations.chain(of_types).chain(&mut model.service.envelope) {
        field.refers = field.refers.take().filter(|resource| resources.contains(resource));
    }
}

/// The names of the data types that operations use, and those of their bases and extensions.
fn used_types(model: &Model) -> BTreeSet<String> {
    let of_operation = |operation: &Operation| {
        let parameters = operation.parameters.iter().flat_map(|parameter| names(&parameter.field));
        parameters.chain(operation.response.iter().flat_map(names)).collect::<Vec<_>>()
    };
    let mut open: Vec<_> = model.operations.iter().flat_map(of_operation).collect();
    open.extend(model.service.envelope.iter().flat_map(names));
    let mut used = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !used.insert(name.clone()) {
            continue;
        }
        let Some(ty) = model.data_type(&name) else { continue };
        open.extend(ty.own_fields().iter().flat_map(names));
        open.extend(bases(ty));
        open.extend(
            model.types.iter().filter(|other| bases(other).contains(&name)).map(|other| other.name.clone()),
        );
    }
    used
}

/// The data types that a field names or named.
fn names(field: &Field) -> Vec<String> {
    field.types().map(str::to_owned).collect()
}

/// The records that a data type extends or extended.
fn bases(ty: &DataType) -> Vec<String> {
    let former = ty.history.iter().filter_map(|entry| match &entry.was {
        zstack_model::AttributeValue::Extends(base) => base.clone(),
        _ => None,
    });
    ty.extends.iter().cloned().chain(former).collect()
}
