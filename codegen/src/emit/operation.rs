//! Emits operations: requests and responses.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::comment::Line;
use super::docs::{self, Owner};
use super::field::{self, Member};
use super::imports::{Imports, ident};
use super::reference::Scope;
use super::{Context, arguments, columns, comment, example, history};
use zstack_model::names;
use zstack_model::{Auth, Body, Execution, Operation, QueryReleases, Tag};

/// The name of the response of an operation.
pub(super) fn response_ident(operation: &Operation) -> Ident {
    format_ident!("{}Response", operation.name)
}

/// The name of the method of an operation in the traits of client and server.
pub(super) fn method_ident(operation: &Operation) -> Ident {
    ident(&names::field_ident(&operation.name))
}

pub(super) fn file(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let mut imports = Imports::default()
        .runtime(["Operation", "Response"])
        .runtime(operation.query_releases().map(|_| "Query"))
        .fields(&operation.response);
    let (tags, others): (Vec<_>, Vec<_>) = members(operation).partition(|member| member.tag_list().is_some());
    imports = imports.runtime((!tags.is_empty()).then_some("Tags"));
    imports = imports.fields(others.into_iter().map(|member| member.field));
    let scope = Scope { category: Some(&operation.category), types: &imports.types };
    let (request, response) = (request(context, operation, scope), response(context, operation, scope));
    let imports = imports.tokens();
    quote!(#imports #request #response)
}

fn members(operation: &Operation) -> impl Iterator<Item = Member<'_>> {
    operation
        .parameters
        .iter()
        .map(|parameter| Member { field: &parameter.field, place: Some(parameter.place) })
}

fn request(context: &Context<'_>, operation: &Operation, scope: Scope<'_>) -> TokenStream {
    let owner = Owner::operation(operation, &operation.name);
    let example = example::lines(context.model, operation);
    let docs = comment::outer(&docs::operation(context.model, operation, example));
    let arguments = arguments(context, operation);
    let tags = operation.tags.iter().map(|tag| tag_attribute(tag, &owner));
    let name = ident(&operation.name);
    let query = operation.query_releases().map(|releases| {
        let attribute = query_attribute(&releases);
        quote! {
            /// The conditions, order and limits of the query.
            #attribute
            pub query: Query,
        }
    });
    let fields = fields(context, operation, &owner, scope);
    quote! {
        #docs
        #[derive(Clone, Default, Operation)]
        #[operation(#arguments)]
        #(#tags)*
        #[non_exhaustive]
        pub struct #name {
            #query
            #fields
        }
    }
}

/// Emits the parameters in the order of the spec, with one field for both lists of tags.
fn fields(context: &Context<'_>, operation: &Operation, owner: &Owner<'_>, scope: Scope<'_>) -> TokenStream {
    let lists: Vec<Member<'_>> = members(operation).filter(|member| member.tag_list().is_some()).collect();
    let first = lists.first().map(|list| &list.field.name);
    let mut fields = TokenStream::new();
    for member in members(operation) {
        if member.tag_list().is_none() {
            fields.extend(member.declaration(context, owner, scope));
        } else if Some(&member.field.name) == first {
            let docs = comment::outer(&docs::tags(operation));
            fields.extend(field::tags(context, &lists, &docs, owner));
        }
    }
    fields
}

/// Emits the arguments of `#[operation(…)]`.
fn arguments(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let path = |path: &str| format!("{}{path}", context.model.service.base_path);
    let method = format_ident!("{}", operation.method.as_str());
    let first_path = path(&operation.path);
    let aliases = operation.paths.iter().map(|alias| path(alias));
    let (category, since) = (&operation.category, &operation.since.to_string());
    let removal = history::removal(&operation.retirement);
    let history = history::of_operation(operation, path);
    let body = match &operation.body {
        Body::None => None,
        Body::Key(key) => Some(quote!(body = #key,)),
        Body::Action(key) => Some(quote!(action = #key,)),
    };
    let job = (operation.execution == Execution::Async).then(|| quote!(job,));
    let no_session = (operation.auth == Auth::None).then(|| quote!(no_session,));
    let response = response_ident(operation);
    let lists = operation.query.then(|| columns::item(context.model, operation)).flatten().map(|item| {
        let item = ident(&item.name);
        quote!(lists = #item,)
    });
    let message = operation.message.as_ref().map(|message| {
        let (class, reply) = (&message.class, &message.reply);
        quote!(message = #class, reply = #reply,)
    });
    quote! {
        #method = #first_path,
        #(alias = #aliases,)*
        category = #category,
        since = #since,
        #(#removal,)*
        #body
        #job
        #no_session
        response = #response,
        #lists
        #message
        #(#history,)*
    }
}

/// Emits the attribute of the standard query parameters, if releases added or removed them.
fn query_attribute(releases: &QueryReleases) -> Option<TokenStream> {
    let QueryReleases { since, removed } = releases;
    let since = since.as_ref().map(ToString::to_string).map(|since| quote!(since = #since,));
    let removed = removed.as_ref().map(ToString::to_string).map(|removed| quote!(removed = #removed,));
    (since.is_some() || removed.is_some()).then(|| quote!(#[param(#since #removed)]))
}

/// Emits the attribute for a system tag that the operation recognizes.
fn tag_attribute(tag: &Tag, owner: &Owner<'_>) -> TokenStream {
    let setter = ident(&names::field_ident(&tag.variable));
    let pattern = &tag.pattern;
    let since = arguments::since(&tag.since, owner.since).map(|since| quote!(, #since));
    quote!(#[tag(#setter = #pattern #since)])
}

fn response(context: &Context<'_>, operation: &Operation, scope: Scope<'_>) -> TokenStream {
    let name = response_ident(operation);
    let text = name.to_string();
    let owner = Owner::operation(operation, &text);
    let docs = comment::outer(&[Line::Markdown(format!("The response to [`{}`].", operation.name))]);
    let since = &operation.since.to_string();
    let members = operation.response.iter().map(|field| Member { field, place: None });
    let fields = members.map(|member| member.declaration(context, &owner, scope));
    quote! {
        #docs
        #[derive(Clone, Default, Response)]
        #[response(since = #since)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }
    }
}
