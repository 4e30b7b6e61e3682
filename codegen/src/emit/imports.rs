//! The `use` block of a file, and identifiers.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use zstack_model::names;
use zstack_model::{AttributeValue, Field, Operation, Type};

/// The imports of a file of `generated-types`.
#[derive(Default)]
pub(super) struct Imports<'a> {
    /// Names of the runtime: derives and types of fields.
    runtime: BTreeSet<&'static str>,
    /// Data types.
    pub(super) types: BTreeSet<&'a str>,
    has_maps: bool,
}

impl<'a> Imports<'a> {
    /// Adds names of the runtime.
    pub(super) fn runtime(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.runtime.extend(names);
        self
    }

    /// Adds the names in the types of fields.
    pub(super) fn fields(mut self, fields: impl IntoIterator<Item = &'a Field>) -> Self {
        for field in fields {
            self.add_type(&field.ty);
        }
        self
    }

    fn add_type(&mut self, ty: &'a Type) {
        match ty {
            Type::Timestamp => drop(self.runtime.insert("Timestamp")),
            Type::List(item) => self.add_type(item),
            Type::Map(item) => {
                self.has_maps = true;
                self.add_type(item);
            }
            Type::Named(name) => drop(self.types.insert(name)),
            _ => {}
        }
    }

    /// Emits the `use` items.
    pub(super) fn tokens(&self) -> TokenStream {
        let maps = self.has_maps.then(|| {
            quote!(
                use std::collections::BTreeMap;
            )
        });
        let runtime = list(quote!(zstack_runtime), self.runtime.iter().copied());
        let types = list(quote!(crate::types), self.types.iter().copied());
        quote!(#maps #runtime #types)
    }
}

/// Emits a `use` item for names, if there are any.
pub(super) fn list<'a>(path: TokenStream, names: impl IntoIterator<Item = &'a str>) -> Option<TokenStream> {
    let names: Vec<Ident> = names.into_iter().map(ident).collect();
    match &names[..] {
        [] => None,
        [name] => Some(quote!(use #path::#name;)),
        names => Some(quote!(use #path::{#(#names),*};)),
    }
}

/// Adds the data types that fields name or named.
pub(super) fn collect_type_names<'a>(
    fields: impl IntoIterator<Item = &'a Field>,
    to: &mut BTreeSet<&'a str>,
) {
    for field in fields {
        let earlier = field.history.iter().filter_map(|entry| match &entry.was {
            AttributeValue::Type(ty) => Some(ty),
            _ => None,
        });
        to.extend(earlier.chain([&field.ty]).filter_map(Type::data_type_name));
    }
}

/// The data types that the parameters and the response of an operation name.
pub(super) fn of_operation(operation: &Operation) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    collect_type_names(operation.parameters.iter().map(|parameter| &parameter.field), &mut names);
    collect_type_names(&operation.response, &mut names);
    names
}

/// Emits an identifier, raw if it is a keyword.
pub(super) fn ident(name: &str) -> Ident {
    if names::is_keyword(name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}
