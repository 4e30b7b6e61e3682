//! Fields of structs: fields of data types and of responses, and parameters.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::docs::{self, Owner};
use super::imports::ident;
use super::{Context, columns, comment, rust_type};
use zstack_model::names;
use zstack_model::{Constraints, Field, Place, Type, Version};

/// A field of a struct to be written.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) field: &'a Field,
    /// A parameter's place; `None` for a field.
    pub(super) place: Option<Place>,
}

impl Member<'_> {
    /// The name of the struct's member. Requests have members of their own, and
    /// so have records that others extend.
    pub(super) fn ident(&self) -> Ident {
        let name = names::field_ident(&self.field.name);
        let taken = match self.place {
            Some(_) => matches!(name.as_str(), "tags" | "query"),
            None => name == "more",
        };
        if taken { format_ident!("{name}_") } else { ident(&name) }
    }

    /// The list of tags that a parameter is, if it is one: `system` or `user`.
    /// All operations take both under these names, and all requests keep them
    /// in one `Tags`.
    pub(super) fn tag_list(&self) -> Option<&'static str> {
        let is_texts = matches!(&self.field.ty, Type::List(item) if **item == Type::String);
        if self.place.is_none() || !is_texts || self.field.required {
            return None;
        }
        match self.field.name.as_str() {
            "systemTags" => Some("system"),
            "userTags" => Some("user"),
            _ => None,
        }
    }

    /// The declaration of the field, with its documentation and attributes.
    pub(super) fn declaration(&self, context: &Context<'_>, owner: &Owner<'_>) -> TokenStream {
        let docs = comment::outer(&docs::field(self.field, self.place, owner));
        let attribute = attribute(self.place, &self.facts(context, owner));
        let name = self.ident();
        let mut ty = rust_type::value(&self.field.ty);
        if context.boxed.contains(&(owner.name, self.field.name.as_str())) {
            ty = quote!(Box<#ty>);
        }
        if !self.field.required {
            ty = quote!(Option<#ty>);
        }
        quote!(#docs #attribute pub #name: #ty,)
    }

    /// The arguments of its attribute: what neither its name and its type nor
    /// the struct says.
    fn facts(&self, context: &Context<'_>, owner: &Owner<'_>) -> Vec<TokenStream> {
        let Self { field, place } = self;
        let mut facts = Vec::from_iter(place.and_then(place_argument));
        let member = names::field_ident(&field.name);
        if names::wire_name(&member) != field.name {
            let name = &field.name;
            facts.push(quote!(name = #name));
        }
        let setter = names::setter_ident(&field.name);
        if place.is_some() && !field.required && self.ident() != ident(&setter) {
            facts.push(quote!(setter = #setter));
        }
        facts.extend(since(&field.since, owner.since));
        if rust_type::is_uuid(&field.ty) {
            facts.push(quote!(uuid));
        }
        if place.is_none() && context.with_columns.contains(owner.name) && self.lacks_column(context) {
            facts.push(quote!(no_column));
        }
        facts.extend(limits(&field.constraints));
        if field.sensitive {
            facts.push(quote!(sensitive));
        }
        facts
    }

    /// Whether the field has no column, although its Rust type might have one.
    fn lacks_column(&self, context: &Context<'_>) -> bool {
        let ty = &self.field.ty;
        let item = if let Type::List(item) = ty { item } else { ty };
        matches!(item, Type::Named(_)) && !columns::has_column(context.model, self.field)
    }

    /// The arguments of a list of tags.
    fn tag_facts(&self, owner: &Owner<'_>) -> Vec<TokenStream> {
        let mut facts = Vec::from_iter(self.place.and_then(place_argument));
        facts.extend(since(&self.field.since, owner.since));
        facts.extend(limits(&self.field.constraints));
        if self.field.sensitive {
            facts.push(quote!(sensitive));
        }
        facts
    }
}

/// The field for both lists of tags, or for one of them.
pub(super) fn tags(lists: &[Member<'_>], docs: &TokenStream, owner: &Owner<'_>) -> TokenStream {
    let lists: Vec<_> =
        lists.iter().filter_map(|list| Some((list.tag_list()?, list.tag_facts(owner)))).collect();
    let facts = match &lists[..] {
        [("system", facts), ("user", others)] if shown(facts) == shown(others) => facts.clone(),
        lists => {
            let list = |(name, facts): &(&str, Vec<TokenStream>)| {
                let name = ident(name);
                if facts.is_empty() { quote!(#name) } else { quote!(#name(#(#facts),*)) }
            };
            lists.iter().map(list).collect()
        }
    };
    let attribute = attribute(Some(Place::Body), &facts);
    quote!(#docs #attribute pub tags: Tags,)
}

fn shown(facts: &[TokenStream]) -> Vec<String> {
    facts.iter().map(TokenStream::to_string).collect()
}

fn attribute(place: Option<Place>, facts: &[TokenStream]) -> Option<TokenStream> {
    let name = if place.is_some() { quote!(param) } else { quote!(field) };
    (!facts.is_empty()).then(|| quote!(#[#name(#(#facts,)*)]))
}

/// The argument for a parameter's place; the body is where one is by itself.
fn place_argument(place: Place) -> Option<TokenStream> {
    match place {
        Place::Path => Some(quote!(path)),
        Place::Query => Some(quote!(query)),
        Place::Body => None,
        Place::BesideBody => Some(quote!(beside)),
    }
}

/// The argument for a release that is not that of what the element belongs to.
pub(super) fn since(version: &Version, owner: &Version) -> Option<TokenStream> {
    let text = &version.text;
    (version != owner || *text != owner.text).then(|| quote!(since = #text))
}

/// What a value must satisfy, an argument for each constraint.
fn limits(constraints: &Constraints) -> Vec<TokenStream> {
    let Constraints { max_length, min_length, range, pattern, values, non_empty, no_trim, .. } = constraints;
    let mut limits = Vec::new();
    if let Some(units) = max_length.map(Literal::u32_unsuffixed) {
        limits.push(quote!(max_length = #units));
    }
    if let Some(units) = min_length.map(Literal::u32_unsuffixed) {
        limits.push(quote!(min_length = #units));
    }
    if let Some((low, high)) = range {
        let (low, high) = (integer(*low), integer(*high));
        limits.push(quote!(range(#low, #high)));
    }
    if let Some(pattern) = pattern {
        limits.push(quote!(pattern = #pattern));
    }
    if !values.is_empty() {
        limits.push(quote!(values(#(#values),*)));
    }
    if *non_empty {
        limits.push(quote!(non_empty));
    }
    if *no_trim {
        limits.push(quote!(no_trim));
    }
    limits
}

/// A number as a literal, which has no sign of its own.
pub(super) fn integer(number: i64) -> TokenStream {
    let digits = Literal::u64_unsuffixed(number.unsigned_abs());
    if number < 0 { quote!(-#digits) } else { digits.into_token_stream() }
}
