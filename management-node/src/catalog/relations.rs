//! Relations: the declared ones, and those that follow from references and inventories.

use zstack_model::{Field, Type};

use super::file::RelationForm;
use super::index::{Record, Spec};
use super::problem::{Reporter, Spanned};
use super::resource::{Relation, Resource};
use super::values::{find_field, find_resource};

/// Resolves a declared relation.
pub(super) fn resolve(
    form: &RelationForm,
    record: &Record<'_>,
    spec: &Spec<'_>,
    reporter: Reporter<'_>,
) -> Option<Relation> {
    let uuid = || Spanned { value: "uuid".to_owned(), span: form.name.span };
    let field = find_field(&form.field.clone().unwrap_or_else(uuid), record, reporter);
    let resource = find_resource(&form.resource, spec, reporter)?;
    let foreign = spec.records.get(resource)?;
    let foreign_field = find_field(&form.foreign_field.clone().unwrap_or_else(uuid), foreign, reporter)?;
    Some(Relation {
        name: form.name.value.clone(),
        resource: resource.to_owned(),
        field: field?.name.clone(),
        foreign_field: foreign_field.name.clone(),
        is_embedded: false,
    })
}

/// Derives relations: `zone` from the reference `zoneUuid`, and `vmNics` from the list of inventories of
/// NICs, which have a reference to the VM instance. Declared relations of the same name win.
pub(super) fn derive(resource: &mut Resource, record: &Record<'_>, spec: &Spec<'_>) {
    let forward = resource.references.iter().filter_map(|reference| {
        let name = reference.field.strip_suffix("Uuid").filter(|name| !name.is_empty())?;
        spec.records.get(&*reference.resource)?.field("uuid")?;
        Some(new(name, &reference.resource, &reference.field, "uuid"))
    });
    let backward = record.fields.values().filter_map(|field| {
        let Type::List(item) = &field.ty else { return None };
        let target = spec.resource_of(item)?;
        let foreign_field = only_reference(spec.records.get(target)?, &resource.name, spec)?;
        record.field("uuid")?;
        Some(new(&field.name, target, "uuid", foreign_field))
    });
    let derived: Vec<_> = forward.chain(backward).collect();
    for relation in derived {
        if resource.relation(&relation.name).is_none() {
            resource.relations.push(relation);
        }
    }
    resource.relations.sort_by(|a, b| a.name.cmp(&b.name));
    for relation in &mut resource.relations {
        let field = record.field(&relation.name);
        relation.is_embedded = field.is_some_and(|field| has_inventory(field, &relation.resource, spec));
    }
}

fn new(name: &str, resource: &str, field: &str, foreign_field: &str) -> Relation {
    Relation {
        name: name.to_owned(),
        resource: resource.to_owned(),
        field: field.to_owned(),
        foreign_field: foreign_field.to_owned(),
        is_embedded: false,
    }
}

/// Finds the only field of a record that refers to a resource, apart from those that record history.
fn only_reference<'m>(record: &Record<'m>, resource: &str, spec: &Spec<'m>) -> Option<&'m str> {
    let refers = |field: &&&'m Field| {
        let target = field.refers.as_deref();
        target.is_some_and(|target| spec.is_related(target, resource)) && !field.name.starts_with("last")
    };
    let mut found = record.fields.values().filter(refers);
    let field = found.next()?;
    (found.next().is_none() && !matches!(field.ty, Type::List(_))).then_some(&*field.name)
}

/// Returns whether a field has the inventory of a resource, or a list of them.
fn has_inventory(field: &Field, resource: &str, spec: &Spec<'_>) -> bool {
    let item = if let Type::List(item) = &field.ty { item } else { &field.ty };
    spec.resource_of(item).is_some_and(|item| spec.is_related(item, resource))
}
