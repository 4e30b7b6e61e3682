//! A struct and its table.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::uses::ident;
use super::{Context, docs, rust_type};
use crate::model::{Constraints, Field, Place, Type, Version};
use crate::names;

/// A field of a struct to be written.
pub(super) struct Member<'a> {
    pub(super) field: &'a Field,
    /// A parameter's place; `None` for a field.
    pub(super) place: Option<Place>,
}

/// The list of tags that a parameter is, if it is one: `system` or `user`.
/// All operations take both under these names, and all requests keep them in
/// one [`Tags`](zstack_runtime::Tags).
pub(super) fn tag_list(member: &Member<'_>) -> Option<Ident> {
    let strings = matches!(&member.field.ty, Type::List(item) if **item == Type::String);
    if member.place.is_none() || !strings || member.field.required {
        return None;
    }
    match member.field.name.as_str() {
        "systemTags" => Some(ident("system")),
        "userTags" => Some(ident("user")),
        _ => None,
    }
}

/// What stands around the table: names and facts.
pub(super) struct Head<'a> {
    pub(super) name: &'a str,
    pub(super) docs: Vec<String>,
    pub(super) java_class: &'a str,
    pub(super) since: &'a Version,
    /// Requests have setters, and always a constructor.
    pub(super) is_request: bool,
}

/// The struct, a constructor that takes what is required, and the table.
pub(super) fn items(context: &Context<'_>, head: &Head<'_>, members: &[Member<'_>]) -> TokenStream {
    let name = ident(head.name);
    let documentation = docs::lines(&head.docs);
    let takes_tags = members.iter().any(|member| tag_list(member).is_some());
    let plain: Vec<&Member<'_>> = members.iter().filter(|member| tag_list(member).is_none()).collect();
    let declared = plain.iter().map(|member| declaration(context, head.name, member));
    let tags = takes_tags.then(|| {
        quote! {
            /// System and user tags.
            pub tags: Tags,
        }
    });
    let constructor = constructor(context, head, &plain, takes_tags);
    let table = table(context, head, members);
    quote! {
        #documentation
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#declared)*
            #tags
        }

        #constructor

        #table
    }
}

fn is_boxed(context: &Context<'_>, owner: &str, field: &Field) -> bool {
    context.boxed.contains(&(owner, field.name.as_str()))
}

/// The value of a field, in a box if it needs one; `None` if it is the argument
/// as it is.
fn boxed(
    context: &Context<'_>,
    owner: &str,
    field: &Field,
    value: Option<TokenStream>,
    argument: &Ident,
) -> Option<TokenStream> {
    if !is_boxed(context, owner, field) {
        return value;
    }
    let value = value.unwrap_or_else(|| quote!(#argument));
    Some(quote!(Box::new(#value)))
}

fn declaration(context: &Context<'_>, owner: &str, member: &Member<'_>) -> TokenStream {
    let field = member.field;
    let documentation = docs::lines(&docs::field(context.model, field, member.place));
    let name = ident(&names::field_ident(&field.name));
    let mut ty = rust_type::value(&field.ty);
    if is_boxed(context, owner, field) {
        ty = quote!(Box<#ty>);
    }
    if !field.required {
        ty = quote!(Option<#ty>);
    }
    quote! {
        #documentation
        pub #name: #ty,
    }
}

/// `new`, for a struct with something required or a request.
fn constructor(
    context: &Context<'_>,
    head: &Head<'_>,
    members: &[&Member<'_>],
    takes_tags: bool,
) -> TokenStream {
    let (owner, is_request) = (head.name, head.is_request);
    let required: Vec<&Field> = members.iter().map(|it| it.field).filter(|it| it.required).collect();
    if required.is_empty() && !is_request {
        return TokenStream::new();
    }
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for field in &required {
        let name = ident(&names::field_ident(&field.name));
        let (ty, value) = rust_type::argument(context.model, &field.ty, &name);
        arguments.push(quote!(#name: #ty));
        values.push(match boxed(context, owner, field, value, &name) {
            Some(value) => quote!(#name: #value),
            None => quote!(#name),
        });
    }
    let rest = (required.len() < members.len() || takes_tags).then(|| quote!(..Self::default()));
    let name = ident(owner);
    let text = if is_request { "The request, with what it needs." } else { "With what is always there." };
    let documentation = docs::line(text);
    let lint = (required.len() > 7)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "all of them are required")]));
    let setters = members
        .iter()
        .filter(|member| is_request && !member.field.required)
        .map(|member| setter(context, owner, member.field));
    quote! {
        impl #name {
            #documentation
            #[must_use]
            #lint
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* #rest }
            }

            #(#setters)*
        }
    }
}

/// Methods of every request, which a setter must not hide.
const METHODS: [&str; 13] = [
    "call",
    "call_blocking",
    "clone",
    "dry_run",
    "eq",
    "get",
    "into",
    "new",
    "set",
    "start",
    "system_tag",
    "tags",
    "user_tag",
];

/// The name of a parameter's setter: the parameter's own, where that is free.
pub(super) fn setter_ident(field: &Field) -> Ident {
    let name = names::field_ident(&field.name);
    if METHODS.contains(&name.as_str()) { ident(&format!("with_{name}")) } else { ident(&name) }
}

fn setter(context: &Context<'_>, owner: &str, field: &Field) -> TokenStream {
    let setter = setter_ident(field);
    let name = ident(&names::field_ident(&field.name));
    let (ty, value) = rust_type::argument(context.model, &field.ty, &name);
    let value = boxed(context, owner, field, value, &name).unwrap_or_else(|| quote!(#name));
    let documentation = docs::line(&format!("Sets [`{0}`](Self::{0}).", names::field_ident(&field.name)));
    quote! {
        #documentation
        #[must_use]
        pub fn #setter(mut self, #name: #ty) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

/// The invocation of `record!`, a row for each field.
fn table(context: &Context<'_>, head: &Head<'_>, members: &[Member<'_>]) -> TokenStream {
    let mut text =
        format!("record! {{ {}, class {:?}, since {:?} {{\n", head.name, head.java_class, head.since.text);
    for (index, member) in members.iter().enumerate() {
        let place = match tag_list(member) {
            Some(list) => format!("tags.{list}"),
            None => ident(&names::field_ident(&member.field.name)).to_string(),
        };
        text.push_str(&format!("    {index} {place}: {},\n", row(context, member)));
    }
    text.push_str("}}\n");
    quote!(verbatim!(#text);)
}

/// The rows of fields that are not listed with members.
pub(super) fn rows(context: &Context<'_>, members: &[Member<'_>]) -> String {
    members.iter().map(|member| format!("    {},\n", row(context, member))).collect()
}

fn row(context: &Context<'_>, member: &Member<'_>) -> String {
    let field = member.field;
    let kind = rust_type::kind(context.model, &field.ty);
    let mut row = format!("Field::new({:?}, {kind}, {:?})", field.name, field.since.text);
    if field.required {
        row.push_str(".required()");
    }
    row.push_str(match member.place {
        None | Some(Place::Body) => "",
        Some(Place::Path) => ".in_path()",
        Some(Place::Query) => ".in_query()",
        Some(Place::BesideBody) => ".beside()",
    });
    limits(&field.constraints, &mut row);
    row
}

fn limits(constraints: &Constraints, row: &mut String) {
    let Constraints { max_length, min_length, range, pattern, values, non_empty } = constraints;
    if let Some(units) = max_length {
        row.push_str(&format!(".max_length({units})"));
    }
    if let Some(units) = min_length {
        row.push_str(&format!(".min_length({units})"));
    }
    if let Some((low, high)) = range {
        row.push_str(&format!(".range({low}, {high})"));
    }
    if let Some(pattern) = pattern {
        row.push_str(&format!(".pattern({pattern:?})"));
    }
    if !values.is_empty() {
        row.push_str(&format!(".values(&{values:?})"));
    }
    if *non_empty {
        row.push_str(".non_empty()");
    }
}

/// A number as a literal, which has no sign of its own.
pub(super) fn integer(number: i64) -> TokenStream {
    let digits = proc_macro2::Literal::u64_unsuffixed(number.unsigned_abs());
    if number < 0 { quote!(-#digits) } else { digits.into_token_stream() }
}
