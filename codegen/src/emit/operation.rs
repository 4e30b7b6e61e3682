//! An operation: its request, its response, and the facts about both.

use proc_macro2::TokenStream;
use quote::quote;

use super::record::{Head, Member};
use super::uses::ident;
use super::{Context, docs, record};
use crate::model::{Auth, Body, Execution, Method, Operation, Tag};
use crate::names;

/// The name of an operation's response.
pub(super) fn response_name(operation: &Operation) -> String {
    format!("{}Response", operation.name)
}

pub(super) fn items(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let request = request(context, operation);
    let facts = facts(context, operation);
    let response = response(context, operation);
    quote! {
        #request
        #facts
        #response
    }
}

fn request(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let members: Vec<Member<'_>> =
        operation.parameters.iter().map(|it| Member { field: &it.field, place: Some(it.place) }).collect();
    let head = Head {
        name: &operation.name,
        docs: docs::operation(context.model, operation),
        java_class: "",
        since: &operation.since,
        is_request: true,
    };
    let record = record::items(context, &head, &members);
    let name = ident(&operation.name);
    let takes_tags = members.iter().any(|member| record::tag_list(member).is_some());
    let tagged = takes_tags.then(|| {
        let setters = operation.tags.iter().map(tag_setter);
        let setters = (!operation.tags.is_empty()).then(|| quote!(impl #name { #(#setters)* }));
        quote! {
            #setters

            tagged!(#name);
        }
    });
    quote! {
        #record
        #tagged
    }
}

/// A setter for a system tag with a meaning.
fn tag_setter(tag: &Tag) -> TokenStream {
    let name = ident(&names::field_ident(&tag.variable));
    let mut text: Vec<String> = tag.description.trim().lines().map(docs::prose).collect();
    text.extend([String::new(), format!("Adds the system tag `{}`. Since {}.", tag.pattern, tag.since)]);
    let documentation = docs::lines(&text);
    let format = format!(
        "{}{{{}}}",
        tag.prefix.replace('{', "{{").replace('}', "}}"),
        names::field_ident(&tag.variable)
    );
    quote! {
        #documentation
        #[must_use]
        pub fn #name(mut self, #name: impl std::fmt::Display) -> Self {
            self.tags.system.push(format!(#format));
            self
        }
    }
}

fn facts(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let name = ident(&operation.name);
    let response = ident(&response_name(operation));
    let (text, category) = (&operation.name, &operation.category);
    let path = format!("{}{}", context.model.service.base_path, operation.path);
    let since = &operation.since.text;
    let method = match operation.method {
        Method::Get => quote!(Method::Get),
        Method::Post => quote!(Method::Post),
        Method::Put => quote!(Method::Put),
        Method::Delete => quote!(Method::Delete),
    };
    let execution = match operation.execution {
        Execution::Sync => quote!(Execution::Sync),
        Execution::Async => quote!(Execution::Async),
    };
    let auth = match operation.auth {
        Auth::Session => quote!(Auth::Session),
        Auth::None => quote!(Auth::None),
    };
    let body = match &operation.body {
        Body::None => quote!(Body::None),
        Body::Key(key) => quote!(Body::Key(#key)),
        Body::Action(key) => quote!(Body::Action(#key)),
    };
    quote! {
        impl Request for #name {
            type Response = #response;

            const OPERATION: &'static Operation = &Operation {
                name: #text,
                category: #category,
                method: #method,
                path: #path,
                since: Version::new(#since),
                execution: #execution,
                auth: #auth,
                body: #body,
                request: Self::SHAPE,
                response: #response::SHAPE,
            };
        }
    }
}

fn response(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let members: Vec<Member<'_>> =
        operation.response.iter().map(|field| Member { field, place: None }).collect();
    let name = response_name(operation);
    let head = Head {
        name: &name,
        docs: vec![format!("What a successful [`{}`] answers.", operation.name)],
        java_class: "",
        since: &operation.since,
        is_request: false,
    };
    record::items(context, &head, &members)
}
