//! Resolves resource files, with the conventions, into resources.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zstack_model::{Field, Type};

use super::assignments::fits;
use super::file::{FillForm, ReferenceForm, ResourceFile};
use super::index::{Record, Spec};
use super::problem::{Reporter, Spanned};
use super::resource::{Fill, OnDelete, Reference, Relation, Resource};
use super::values::{self, find_field, find_resource};
use super::{label, relations};

/// The facts of one record, without those of its bases.
#[derive(Default)]
struct OwnFacts {
    is_owned: Option<bool>,
    references: Vec<Reference>,
    fills: Vec<Fill>,
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
            inventory: record.name.to_owned(),
            base: record.bases.first().map(|base| (*base).to_owned()),
            subtypes: spec.subtypes(name).into_iter().map(str::to_owned).collect(),
            is_owned: false,
            references: Vec::new(),
            fills: Vec::new(),
            defaults: Map::new(),
            unique: Vec::new(),
            relations: Vec::new(),
        };
        let line = std::iter::once(name).chain(&record.bases).rev();
        line.filter_map(|name| own.get(name)).for_each(|facts| inherit(&mut resource, facts));
        relations::derive(&mut resource, record, spec);
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
    for fill in &facts.fills {
        resource.fills.retain(|inherited| inherited.field != fill.field);
        resource.fills.push(fill.clone());
    }
    resource.defaults.extend(facts.defaults.clone());
    resource.unique.extend(facts.unique.iter().cloned());
    for relation in &facts.relations {
        resource.relations.retain(|inherited| inherited.name != relation.name);
        resource.relations.push(relation.clone());
    }
}

fn own_facts(record: &Record<'_>, file: Option<&ResourceFile<'_>>, spec: &Spec<'_>) -> OwnFacts {
    let own_fields = record.own_fields.iter().filter_map(reference);
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
        fills: file.fills.iter().filter_map(|form| fill(form, record, spec, reporter)).collect(),
        defaults: values::resolve(&file.defaults, false, record, spec, reporter),
        unique: file.unique.iter().map(fields).collect(),
        relations: file
            .relations
            .iter()
            .filter_map(|form| relations::resolve(form, record, spec, reporter))
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
    // The spec does not know the items of some lists.
    let is_list_of_any = matches!(&field.ty, Type::List(item) if **item == Type::Any);
    if !field.ty.holds_uuids() && !is_list_of_any {
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

fn fill(form: &FillForm, record: &Record<'_>, spec: &Spec<'_>, reporter: Reporter<'_>) -> Option<Fill> {
    let field = find_field(&form.field, record, reporter)?;
    let Some((reference, source)) = form.path.value.split_once('.') else {
        let message = "the source must be a reference and a field of its target";
        let help = "write `<reference>.<field>`, such as `clusterUuid.zoneUuid`".to_owned();
        reporter.add("wrong-type", form.path.span, message, help);
        return None;
    };
    let part = |start: usize, text: &str| {
        let length = text.chars().count();
        let span =
            if form.path.span.is_on_one_line() { form.path.span.part(start, length) } else { form.path.span };
        Spanned { value: text.to_owned(), span }
    };
    let reference_name = part(0, reference);
    let reference = find_field(&reference_name, record, reporter)?;
    let target = reference.refers.as_deref().and_then(|resource| spec.records.get(resource));
    let Some(target) = target.filter(|_| !matches!(reference.ty, Type::List(_))) else {
        let message = format!("`{}` does not refer to one document", reference.name);
        reporter.add("wrong-type", reference_name.span, message, None);
        return None;
    };
    let source_name = part(reference.name.chars().count() + 1, source);
    let source = find_field(&source_name, target, reporter)?;
    if !fits(&source.ty, &field.ty, spec) {
        let message = format!(
            "`{}` has the type `{}`, but `{}` has `{}`",
            source.name, source.ty, field.name, field.ty
        );
        reporter.add("wrong-type", source_name.span, message, None);
        return None;
    }
    Some(Fill { field: field.name.clone(), reference: reference.name.clone(), source: source.name.clone() })
}
