//! The page of a data type, and the section of the data types that an operation
//! uses.

use std::collections::{HashSet, VecDeque};

use super::page::Page;
use super::rows;
use super::table::Table;
use zstack_model::{DataType, EnumValue, Field, Model, Source, TypeShape};

/// Writes the page of a data type.
pub(super) fn write_page(model: &Model, ty: &DataType, page: &mut Page<'_>) {
    page.paragraph(&ty.summary);
    if let Some(description) = &ty.description {
        page.paragraph(description);
    }
    page.blank();
    page.table(&labels(model, ty));
    let heading = if is_enum(ty) { "Values" } else { "Fields" };
    page.section(heading, |page| write_shape(model, ty, page));
    let mut others = reachable_types(model, model.fields(ty));
    others.retain(|other| other.name != ty.name);
    write_section(model, &others, page);
}

/// Writes the section of these data types, unless there are none.
pub(super) fn write_section(model: &Model, types: &[&DataType], page: &mut Page<'_>) {
    page.section("Data types", |page| {
        for (index, ty) in types.iter().enumerate() {
            if index > 0 {
                page.blank();
            }
            page.name(&ty.name, &remarks(ty));
            page.indent(|page| {
                page.lines(&ty.summary);
                if let Some(description) = &ty.description {
                    page.lines(description);
                }
                let extensions = extensions(model, ty);
                if !extensions.is_empty() {
                    page.lines(&format!("Extended by {extensions}."));
                }
                write_shape(model, ty, page);
            });
        }
    });
}

/// The data types that fields lead to, directly or through others; the nearest
/// first, in the order of the fields.
pub(super) fn reachable_types<'a>(
    model: &'a Model,
    fields: impl IntoIterator<Item = &'a Field>,
) -> Vec<&'a DataType> {
    let mut open: VecDeque<&Field> = fields.into_iter().collect();
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    while let Some(field) = open.pop_front() {
        let Some(ty) = field.ty.data_type_name().and_then(|name| model.data_type(name)) else { continue };
        if seen.insert(&ty.name) {
            found.push(ty);
            open.extend(model.fields(ty));
        }
    }
    found
}

fn is_enum(ty: &DataType) -> bool {
    matches!(ty.shape, TypeShape::Enum { .. })
}

fn labels(model: &Model, ty: &DataType) -> Table {
    let mut table = Table::of_labels();
    let kind = if is_enum(ty) { "open enum: later releases may add values" } else { "record" };
    table.label("kind", kind);
    table.label("since", rows::since(&ty.since));
    table.label("status", rows::retirement(&ty.retirement).unwrap_or_default());
    table.label("extends", ty.extends.clone().unwrap_or_default());
    table.label("extended by", extensions(model, ty));
    table.label("resource", ty.resource.clone().unwrap_or_default());
    table.label("Java class", ty.java_class.clone().unwrap_or_default());
    table.label("used by", users(model, ty).join(", "));
    if ty.source == Source::Platform {
        table.label("source", rows::UNDOCUMENTED);
    }
    table
}

/// The fields and operations that name a data type directly.
fn users(model: &Model, ty: &DataType) -> Vec<String> {
    let is_user = |field: &&Field| field.ty.data_type_name() == Some(&ty.name);
    let fields = model.types.iter().flat_map(|owner| {
        let fields = owner.own_fields().iter().filter(is_user);
        fields.map(move |field| format!("{}.{}", owner.name, field.name))
    });
    let envelope = model.service.envelope.iter().filter(is_user);
    let envelope = envelope.map(|field| format!("the {} of every response", field.name));
    let operations = model.operations.iter().filter(|operation| {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.field);
        parameters.chain(&operation.response).any(|field| is_user(&field))
    });
    envelope.chain(fields).chain(operations.map(|operation| operation.name.clone())).collect()
}

/// The remarks after the name of a data type: `, since 0.6`.
fn remarks(ty: &DataType) -> String {
    let remarks = [("since", rows::since(&ty.since)), ("extends", ty.extends.clone().unwrap_or_default())];
    let remarks = remarks.iter().filter(|(_, text)| !text.is_empty());
    let mut line: String = remarks.map(|(label, text)| format!(", {label} {text}")).collect();
    if ty.source == Source::Platform {
        line.push_str(", undocumented");
    }
    line
}

/// The records that extend a record.
fn extensions(model: &Model, ty: &DataType) -> String {
    let extensions = model.types.iter().filter(|other| other.extends.as_ref() == Some(&ty.name));
    extensions.map(|extension| extension.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn write_shape(model: &Model, ty: &DataType, page: &mut Page<'_>) {
    match &ty.shape {
        TypeShape::Record { .. } => page.table(&rows::fields(model, model.fields(ty), ty.source)),
        TypeShape::Enum { values } => page.table(&enum_values(values)),
    }
}

fn enum_values(values: &[EnumValue]) -> Table {
    let mut table = Table::new(["value", "since", "description"]);
    for value in values {
        let text = value.description.clone().into_iter().chain(rows::retirement(&value.retirement));
        let text = text.collect::<Vec<_>>().join(" ");
        table.row([value.name.clone(), rows::since(&value.since), text]);
    }
    table
}
