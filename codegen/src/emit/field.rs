//! Fields of structs: of data types, responses and requests.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::arguments;
use super::docs::{self, Owner};
use super::imports::ident;
use super::reference::Scope;
use super::{Context, columns, comment, history, rust_type};
use zstack_model::names;
use zstack_model::{Field, Place, Type};

/// A field of a struct to emit.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) field: &'a Field,
    /// The location of a parameter; `None` for a field.
    pub(super) place: Option<Place>,
}

impl Member<'_> {
    /// The name of the member. Requests and bases have special members, whose names are reserved.
    pub(super) fn ident(&self) -> Ident {
        let name = names::field_ident(&self.field.name);
        let is_reserved = match self.place {
            Some(_) => matches!(name.as_str(), "tags" | "query"),
            None => name == "more",
        };
        if is_reserved { format_ident!("{name}_") } else { ident(&name) }
    }

    /// The list of tags that the parameter is, `system` or `user`. Requests have one member `Tags` for both lists.
    pub(super) fn tag_list(&self) -> Option<&'static str> {
        let is_string_list = matches!(&self.field.ty, Type::List(item) if **item == Type::String);
        if self.place.is_none() || !is_string_list || self.field.required {
            return None;
        }
        match self.field.name.as_str() {
            "systemTags" => Some("system"),
            "userTags" => Some("user"),
            _ => None,
        }
    }

    /// Emits the field with its documentation and attributes.
    pub(super) fn declaration(
        &self,
        context: &Context<'_>,
        owner: &Owner<'_>,
        scope: Scope<'_>,
    ) -> TokenStream {
        let reference = scope.reference(context, self.field);
        let docs = comment::outer_or_undocumented(&docs::field(self.field, self.place, owner, reference));
        let attribute = attribute(self.place, &self.arguments(context, owner));
        let name = self.ident();
        let mut ty = rust_type::value(&self.field.ty);
        if context.boxed.contains(&(owner.name, self.field.name.as_str())) {
            ty = quote!(Box<#ty>);
        }
        if !self.field.is_always_present() {
            ty = quote!(Option<#ty>);
        }
        quote!(#docs #attribute pub #name: #ty,)
    }

    /// The arguments of the attribute: facts that do not follow from the name, the type and the struct.
    fn arguments(&self, context: &Context<'_>, owner: &Owner<'_>) -> Vec<TokenStream> {
        let Self { field, place } = self;
        let mut arguments = Vec::from_iter(place.and_then(arguments::place));
        let member = names::field_ident(&field.name);
        if names::wire_name(&member) != field.name {
            let name = &field.name;
            arguments.push(quote!(name = #name));
        }
        let setter = names::setter_ident(&field.name);
        if place.is_some() && !field.is_always_present() && self.ident() != ident(&setter) {
            arguments.push(quote!(setter = #setter));
        }
        arguments.extend(arguments::since(&field.since, owner.since));
        if rust_type::is_uuid(&field.ty) {
            arguments.push(quote!(uuid));
        }
        if place.is_none() && context.with_columns.contains(owner.name) && self.lacks_column(context) {
            arguments.push(quote!(no_column));
        }
        arguments.extend(arguments::limits(&field.constraints));
        if field.sensitive {
            arguments.push(quote!(sensitive));
        }
        arguments.extend(self.changes(context));
        arguments
    }

    /// The arguments for changes by releases.
    fn changes(&self, context: &Context<'_>) -> Vec<TokenStream> {
        let mut arguments = history::removal(&self.field.retirement);
        if self.field.required && !self.field.is_always_present() {
            arguments.push(quote!(required));
        }
        arguments.extend(history::of_field(context.model, self.field, self.place));
        arguments
    }

    /// Returns whether the field has no column, although its Rust type might have one.
    fn lacks_column(&self, context: &Context<'_>) -> bool {
        let ty = &self.field.ty;
        let item = if let Type::List(item) = ty { item } else { ty };
        matches!(item, Type::Named(_)) && !columns::has_column(context.model, self.field)
    }

    /// The arguments of a list of tags.
    fn tag_arguments(&self, context: &Context<'_>, owner: &Owner<'_>) -> Vec<TokenStream> {
        let mut arguments = Vec::from_iter(self.place.and_then(arguments::place));
        arguments.extend(arguments::since(&self.field.since, owner.since));
        arguments.extend(arguments::limits(&self.field.constraints));
        if self.field.sensitive {
            arguments.push(quote!(sensitive));
        }
        arguments.extend(self.changes(context));
        arguments
    }
}

/// Emits the field for both lists of tags, or for one of them.
pub(super) fn tags(
    context: &Context<'_>,
    lists: &[Member<'_>],
    docs: &TokenStream,
    owner: &Owner<'_>,
) -> TokenStream {
    let lists: Vec<_> = lists
        .iter()
        .filter_map(|list| Some((list.tag_list()?, list.tag_arguments(context, owner))))
        .collect();
    let arguments = match &lists[..] {
        [("system", arguments), ("user", others)] if texts(arguments) == texts(others) => arguments.clone(),
        lists => {
            let list = |(name, arguments): &(&str, Vec<TokenStream>)| {
                let name = ident(name);
                if arguments.is_empty() { quote!(#name) } else { quote!(#name(#(#arguments),*)) }
            };
            lists.iter().map(list).collect()
        }
    };
    let attribute = attribute(Some(Place::Body), &arguments);
    quote!(#docs #attribute pub tags: Tags,)
}

fn texts(tokens: &[TokenStream]) -> Vec<String> {
    tokens.iter().map(TokenStream::to_string).collect()
}

fn attribute(place: Option<Place>, arguments: &[TokenStream]) -> Option<TokenStream> {
    let name = if place.is_some() { quote!(param) } else { quote!(field) };
    (!arguments.is_empty()).then(|| quote!(#[#name(#(#arguments,)*)]))
}
