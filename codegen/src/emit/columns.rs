//! Columns: the fields of the records that queries answer, for conditions.

use std::collections::HashSet;

use super::uses::{WIDTH, ident};
use super::{Context, rust_type};
use zstack_model::names;
use zstack_model::{DataType, Field, Model, Operation, Type, TypeShape};

/// The record that a query answers a list of. A query that answers something
/// else has conditions, and no more.
pub(super) fn item<'a>(model: &'a Model, operation: &'a Operation) -> Option<&'a DataType> {
    let field = operation.response.iter().find(|it| it.name == "inventories").filter(|_| operation.query)?;
    let Type::List(item) = &field.ty else { return None };
    record(model, item)
}

/// The generated record that a type is.
fn record<'a>(model: &'a Model, ty: &Type) -> Option<&'a DataType> {
    let Type::Named(name) = ty else { return None };
    model.data_type(name).filter(|it| matches!(it.shape, TypeShape::Record { native: None, .. }))
}

/// The records that queries answer, and those in their fields.
pub(super) fn records_of_queries(model: &Model) -> HashSet<&str> {
    let mut open: Vec<&DataType> = model.operations.iter().filter_map(|it| item(model, it)).collect();
    let mut found = HashSet::new();
    while let Some(ty) = open.pop() {
        if found.insert(ty.name.as_str()) {
            open.extend(model.fields(ty).into_iter().filter_map(|field| record(model, held(field))));
        }
    }
    found
}

/// What a field holds: of a list, its elements.
fn held(field: &Field) -> &Type {
    if let Type::List(item) = &field.ty { item } else { &field.ty }
}

/// The type of a column; nothing where a field cannot be compared.
fn column_type(model: &Model, field: &Field) -> Option<String> {
    match &field.ty {
        // The platform has no conditions on maps, nor on lists of values.
        Type::Any | Type::Map(_) => None,
        Type::List(item) => record(model, item).map(|_| rust_type::value(item)),
        Type::Named(name) if !rust_type::is_enum(model, name) => {
            record(model, &field.ty).map(|_| rust_type::value(&field.ty))
        }
        ty => Some(rust_type::value(ty)),
    }
}

/// The identifier of a column. Every record has a `SHAPE`.
fn column_ident(field: &Field) -> String {
    let name = names::field_ident(&field.name).to_uppercase();
    if name == "SHAPE" { format!("{name}_") } else { name }
}

/// The invocation of `columns!` for a record; nothing for one that no query
/// answers.
pub(super) fn items(context: &Context<'_>, ty: &DataType) -> String {
    if !context.with_columns.contains(ty.name.as_str()) {
        return String::new();
    }
    let columns = context.model.fields(ty).into_iter().filter_map(|field| {
        let of = column_type(context.model, field)?;
        Some(format!("{} {:?} {of}", column_ident(field), field.name))
    });
    let mut text = format!("columns! {{ {}:", ident(&ty.name));
    let mut length = text.len();
    for (index, column) in columns.enumerate() {
        let comma = if index > 0 { "," } else { "" };
        text.push_str(comma);
        length += comma.len();
        if length + column.len() + " , }".len() > WIDTH {
            text.push_str("\n   ");
            length = 3;
        }
        text.push(' ');
        text.push_str(&column);
        length += 1 + column.len();
    }
    text.push_str(" }\n");
    text
}

/// Whether a column leads to records, which have columns of their own.
pub(super) fn holds_records(model: &Model, field: &Field) -> bool {
    record(model, held(field)).is_some()
}

/// An expression for a column.
pub(super) struct Expression<'a> {
    pub(super) text: String,
    /// The field that it is.
    pub(super) field: &'a Field,
    /// The records that it names.
    pub(super) types: Vec<&'a str>,
}

/// The column of this name on the wire, `vmNics.ip`; nothing where no record
/// has it.
pub(super) fn expression<'a>(model: &'a Model, of: &'a DataType, name: &str) -> Option<Expression<'a>> {
    let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
    let field = model.fields(of).into_iter().find(|it| it.name == first)?;
    column_type(model, field)?;
    let text = format!("{}::{}", of.name, column_ident(field));
    let Some(rest) = rest else { return Some(Expression { text, field, types: vec![&of.name] }) };
    let mut inner = expression(model, record(model, held(field))?, rest)?;
    inner.text = format!("{text}.at({})", inner.text);
    inner.types.push(&of.name);
    Some(inner)
}
