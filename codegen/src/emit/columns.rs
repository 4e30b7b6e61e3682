//! Columns: the fields that conditions of queries can name.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::imports::ident;
use super::rust_type;
use zstack_model::names;
use zstack_model::{DataType, Field, Model, Operation, Type, TypeShape};

/// The record that a query lists. Queries with another response have no typed columns.
pub(super) fn item<'a>(model: &'a Model, operation: &'a Operation) -> Option<&'a DataType> {
    let field = operation
        .response
        .iter()
        .find(|response| response.name == "inventories")
        .filter(|_| operation.query)?;
    let Type::List(item) = &field.ty else { return None };
    record(model, item)
}

/// The generated record that a type names.
fn record<'a>(model: &'a Model, ty: &Type) -> Option<&'a DataType> {
    let Type::Named(name) = ty else { return None };
    model
        .data_type(name)
        .filter(|data_type| matches!(data_type.shape, TypeShape::Record { native: None, .. }))
}

/// The records that queries list, and those in their fields.
pub(super) fn records_of_queries(model: &Model) -> HashSet<&str> {
    let mut open: Vec<&DataType> =
        model.operations.iter().filter_map(|operation| item(model, operation)).collect();
    let mut found = HashSet::new();
    while let Some(ty) = open.pop() {
        if found.insert(ty.name.as_str()) {
            open.extend(model.fields(ty).into_iter().filter_map(|field| record(model, item_type(field))));
        }
    }
    found
}

/// The type of a field, or of the elements of a list.
fn item_type(field: &Field) -> &Type {
    if let Type::List(item) = &field.ty { item } else { &field.ty }
}

/// Returns whether a field can be compared.
pub(super) fn has_column(model: &Model, field: &Field) -> bool {
    match &field.ty {
        // The platform supports no conditions on maps and lists of values.
        Type::Any | Type::Map(_) => false,
        Type::List(item) => record(model, item).is_some(),
        Type::Named(name) => rust_type::is_enum(model, name) || record(model, &field.ty).is_some(),
        _ => true,
    }
}

/// The constant of a column. The name `SHAPE` is reserved.
fn column_ident(field: &Field) -> Ident {
    let name = names::field_ident(&field.name).to_uppercase();
    if name == "SHAPE" { format_ident!("{name}_") } else { ident(&name) }
}

/// Returns whether the values of a column are records.
pub(super) fn contains_records(model: &Model, field: &Field) -> bool {
    record(model, item_type(field)).is_some()
}

/// An expression for a column.
pub(super) struct Expression<'a> {
    pub(super) tokens: TokenStream,
    /// The field of the column.
    pub(super) field: &'a Field,
    /// The records that the expression names.
    pub(super) types: Vec<&'a str>,
}

/// Emits the column with a name on the wire such as `vmNics.ip`; `None` if it does not exist.
pub(super) fn expression<'a>(model: &'a Model, of: &'a DataType, name: &str) -> Option<Expression<'a>> {
    let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
    let field = model.fields(of).into_iter().find(|field| field.name == first)?;
    if !has_column(model, field) {
        return None;
    }
    let (record_name, column) = (ident(&of.name), column_ident(field));
    let tokens = quote!(#record_name::#column);
    let Some(rest) = rest else { return Some(Expression { tokens, field, types: vec![&of.name] }) };
    let mut inner = expression(model, record(model, item_type(field))?, rest)?;
    let at = inner.tokens;
    inner.tokens = quote!(#tokens.at(#at));
    inner.types.push(&of.name);
    Some(inner)
}
