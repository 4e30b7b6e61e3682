//! Data types: the page of one, and the section of those that an answer leads
//! to.

use std::collections::{HashSet, VecDeque};

use super::facts;
use super::page::Page;
use super::table::Table;
use zstack_model::{DataType, EnumValue, Field, Model, Source, TypeShape};

/// The page of a data type.
pub(super) fn page(model: &Model, ty: &DataType, page: &mut Page<'_>) {
    page.paragraph(&ty.summary);
    if let Some(description) = &ty.description {
        page.paragraph(description);
    }
    page.blank();
    page.table(&labels(model, ty));
    let heading = if is_enum(ty) { "Values" } else { "Fields" };
    page.section(heading, |page| shape(model, ty, page));
    let mut others = reached(model, model.fields(ty));
    others.retain(|it| it.name != ty.name);
    section(model, &others, page);
}

/// The section of these data types; left out where there is none.
pub(super) fn section(model: &Model, types: &[&DataType], page: &mut Page<'_>) {
    page.section("Data types", |page| {
        for (nth, ty) in types.iter().enumerate() {
            if nth > 0 {
                page.blank();
            }
            page.name(&ty.name, &origin(model, ty));
            page.indented(|page| {
                page.lines(&ty.summary);
                if let Some(description) = &ty.description {
                    page.lines(description);
                }
                shape(model, ty, page);
            });
        }
    });
}

/// The data types that fields lead to, each once: the nearest first, in the
/// order of the fields.
pub(super) fn reached<'a>(
    model: &'a Model,
    fields: impl IntoIterator<Item = &'a Field>,
) -> Vec<&'a DataType> {
    let mut open: VecDeque<&Field> = fields.into_iter().collect();
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    while let Some(field) = open.pop_front() {
        let Some(ty) = field.ty.named().and_then(|it| model.data_type(it)) else { continue };
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
    let mut row = |label: &str, text: String| {
        if !text.is_empty() {
            table.row([label.to_owned(), text]);
        }
    };
    let kind = if is_enum(ty) { "enum, open to values of later releases" } else { "record" };
    row("kind", kind.to_owned());
    row("since", facts::since(&ty.since));
    row("end", facts::retirement(&ty.retirement).unwrap_or_default());
    row("extends", ty.extends.clone().unwrap_or_default());
    row("extended by", extensions(model, ty));
    row("class", ty.java_class.clone().unwrap_or_default());
    row("used by", users(model, ty).join(", "));
    if ty.source == Source::Platform {
        row("source", facts::ON_PLATFORM.to_owned());
    }
    table
}

/// What names a data type itself: fields, and operations.
fn users(model: &Model, ty: &DataType) -> Vec<String> {
    let names_it = |field: &&Field| field.ty.named() == Some(&ty.name);
    let fields = model.types.iter().flat_map(|owner| {
        owner.own_fields().iter().filter(names_it).map(move |field| format!("{}.{}", owner.name, field.name))
    });
    let envelope = model.service.envelope.iter().filter(names_it);
    let envelope = envelope.map(|envelope| format!("the {} of every answer", envelope.name));
    let operations = model.operations.iter().filter(|operation| {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.field);
        parameters.chain(&operation.response).any(|parameter| names_it(&parameter))
    });
    envelope.chain(fields).chain(operations.map(|operation| operation.name.clone())).collect()
}

/// Since when there is a data type, and where it comes from: `, since 0.6`.
fn origin(model: &Model, ty: &DataType) -> String {
    let facts = [
        ("since", facts::since(&ty.since)),
        ("extends", ty.extends.clone().unwrap_or_default()),
        ("extended by", extensions(model, ty)),
    ];
    let facts = facts.iter().filter(|(_, text)| !text.is_empty());
    let mut line: String = facts.map(|(label, text)| format!(", {label} {text}")).collect();
    if ty.source == Source::Platform {
        line.push_str(", in no document");
    }
    line
}

/// What may stand in the place of a record.
fn extensions(model: &Model, ty: &DataType) -> String {
    let names = model.types.iter().filter(|it| it.extends.as_ref() == Some(&ty.name)).map(|it| &*it.name);
    names.collect::<Vec<_>>().join(", ")
}

fn shape(model: &Model, ty: &DataType, page: &mut Page<'_>) {
    match &ty.shape {
        TypeShape::Record { .. } => page.table(&facts::fields(model.fields(ty), ty.source)),
        TypeShape::Enum { values } => page.table(&enum_values(values)),
    }
}

fn enum_values(values: &[EnumValue]) -> Table {
    let mut table = Table::new(["value", "since", "description"]);
    for it in values {
        let text = it.description.clone().into_iter().chain(facts::retirement(&it.retirement));
        let text = text.collect::<Vec<_>>().join(" ");
        table.row([it.name.clone(), facts::since(&it.since), text]);
    }
    table
}
