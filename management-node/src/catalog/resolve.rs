//! Resolves resource files, with the conventions, into resources.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zstack_model::{Field, Type};

use super::file::{ReferenceForm, RelationForm, ResourceFile};
use super::index::{Record, Spec};
use super::label;
use super::problem::{Reporter, Spanned};
use super::resource::{OnDelete, Reference, Relation, Resource};
use super::values::{self, find_field};

/// The facts of one record, without those of its bases.
#[derive(Default)]
struct OwnFacts {
    is_owned: Option<bool>,
    references: Vec<Reference>,
    defaults: Map<String, Value>,
    unique: Vec<Vec<String>>,
    relations: Vec<Relation>,
}

/// Creates the resources of all records. `files` are the resource files by the names of their resources.
pub(super) fn resources(
    spec: &Spec<'_>,
    files: &BTreeMap<&str, &ResourceFile<'_>>,
) -> BTreeMap<String, Resource> {
    let own: BTreeMap<_, _> = spec
        .records
        .iter()
        .map(|(name, record)| (*name, own_facts(record, files.get(name).copied(), spec)))
        .collect();
    let resource = |(name, record): (&&str, &Record<'_>)| {
        let label = files.get(name).and_then(|file| file.label.as_ref());
        let mut resource = Resource {
            name: (*name).to_owned(),
            label: label.map_or_else(|| label::derive(name), |label| label.value.clone()),
            inventory: record.ty.name.clone(),
            base: record.bases.first().map(|base| (*base).to_owned()),
            subtypes: spec.subtypes(name).into_iter().map(str::to_owned).collect(),
            is_owned: false,
            references: Vec::new(),
            defaults: Map::new(),
            unique: Vec::new(),
            relations: Vec::new(),
        };
        let line = std::iter::once(name).chain(&record.bases).rev();
        line.filter_map(|name| own.get(name)).for_each(|facts| inherit(&mut resource, facts));
        relate(&mut resource, record, spec);
        (resource.name.clone(), resource)
    };
    spec.records.iter().map(resource).collect()
}

/// Adds facts, which override those of the bases.
fn inherit(resource: &mut Resource, facts: &OwnFacts) {
    resource.is_owned = facts.is_owned.unwrap_or(resource.is_owned);
    for reference in &facts.references {
        resource.references.retain(|inherited| inherited.field != reference.field);
        resource.references.push(reference.clone());
    }
    resource.defaults.extend(facts.defaults.clone());
    resource.unique.extend(facts.unique.iter().cloned());
    for relation in &facts.relations {
        resource.relations.retain(|inherited| inherited.name != relation.name);
        resource.relations.push(relation.clone());
    }
}

fn own_facts(record: &Record<'_>, file: Option<&ResourceFile<'_>>, spec: &Spec<'_>) -> OwnFacts {
    let own_fields = record.ty.own_fields().iter().filter_map(reference);
    let mut references: Vec<_> =
        own_fields.filter(|reference| spec.records.contains_key(&*reference.resource)).collect();
    let Some(file) = file else { return OwnFacts { references, ..OwnFacts::default() } };
    let reporter = file.reporter;
    for form in &file.references {
        let Some(reference) = declared_reference(form, record, spec, reporter) else { continue };
        references.retain(|derived| derived.field != reference.field);
        references.push(reference);
    }
    let fields = |set: &Vec<Spanned<String>>| {
        let names = set.iter().filter_map(|name| find_field(name, record, reporter));
        names.map(|field| field.name.clone()).collect()
    };
    OwnFacts {
        is_owned: file.is_owned,
        references,
        defaults: values::resolve(&file.defaults, false, record, spec, reporter),
        unique: file.unique.iter().map(fields).collect(),
        relations: file
            .relations
            .iter()
            .filter_map(|form| declared_relation(form, record, spec, reporter))
            .collect(),
    }
}

/// Derives the reference of a field. The field that identifies the document is not one.
fn reference(field: &Field) -> Option<Reference> {
    let resource = field.refers.clone().filter(|_| field.name != "uuid")?;
    let is_list = matches!(field.ty, Type::List(_));
    let on_delete = match &*field.name {
        name if name.starts_with("last") => OnDelete::Keep,
        _ if is_list => OnDelete::Clear,
        _ => OnDelete::Forbid,
    };
    Some(Reference { field: field.name.clone(), resource, on_delete, is_list })
}

fn declared_reference(
    form: &ReferenceForm,
    record: &Record<'_>,
    spec: &Spec<'_>,
    reporter: Reporter<'_>,
) -> Option<Reference> {
    let field = find_field(&form.field, record, reporter)?;
    if !field.ty.holds_uuids() {
        let message = format!("`{}` cannot have UUIDs; its type is `{}`", field.name, field.ty);
        reporter.add("wrong-type", form.field.span, message, None);
        return None;
    }
    let resource = match &form.resource {
        Some(resource) => find_resource(resource, spec, reporter)?.to_owned(),
        None => {
            let refers = field.refers.clone();
            if refers.is_none() {
                let message = format!("the spec does not say to what `{}` refers", field.name);
                let help = format!("write `{}: {{resource: <name>, onDelete: forbid}}`", field.name);
                reporter.add("missing-resource", form.field.span, message, help);
            }
            refers?
        }
    };
    let is_list = matches!(field.ty, Type::List(_));
    Some(Reference { field: field.name.clone(), resource, on_delete: form.on_delete, is_list })
}

/// Finds a resource by name, or reports that there is none.
pub(super) fn find_resource<'m>(
    name: &Spanned<String>,
    spec: &Spec<'m>,
    reporter: Reporter<'_>,
) -> Option<&'m str> {
    let found = spec.records.get_key_value(&*name.value).map(|(name, _)| *name);
    if found.is_none() {
        let message = format!("no data type of the spec describes the resource `{}`", name.value);
        reporter.unknown("unknown-resource", name, message, spec.records.keys().copied());
    }
    found
}

fn declared_relation(
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

/// Derives the relations of references: `zoneUuid` gives `zone`. Marks embedded relations.
fn relate(resource: &mut Resource, record: &Record<'_>, spec: &Spec<'_>) {
    for reference in &resource.references {
        let has_uuid =
            spec.records.get(&*reference.resource).is_some_and(|target| target.field("uuid").is_some());
        let name = reference.field.strip_suffix("Uuid").filter(|name| !name.is_empty() && has_uuid);
        let Some(name) = name.filter(|name| resource.relation(name).is_none()) else { continue };
        resource.relations.push(Relation {
            name: name.to_owned(),
            resource: reference.resource.clone(),
            field: reference.field.clone(),
            foreign_field: "uuid".to_owned(),
            is_embedded: false,
        });
    }
    resource.relations.sort_by(|a, b| a.name.cmp(&b.name));
    for relation in &mut resource.relations {
        let field = record.field(&relation.name);
        relation.is_embedded = field.is_some_and(|field| match &field.ty {
            Type::List(item) => {
                spec.resource_of(item).is_some_and(|item| spec.is_related(item, &relation.resource))
            }
            _ => false,
        });
    }
}
