//! The files of `generated-server`: a trait per category, and its routes.

use proc_macro2::TokenStream;
use quote::quote;

use super::uses::ident;
use super::{Context, Source, docs, operation};
use crate::model::{Category, Operation};
use crate::names;

const FOLDER: &str = "generated-server/src";

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    let mut files = vec![Source::new(format!("{FOLDER}/lib.rs"), "spec/api.yaml", || root(context))];
    files.extend(context.model.categories.iter().map(|category| {
        let path = format!("{FOLDER}/{}.rs", names::module_ident(&category.name));
        Source::new(path, format!("spec/operations/{}", category.name), || category_file(context, category))
    }));
    files
}

fn trait_name(category: &Category) -> proc_macro2::Ident {
    ident(&format!("{}Api", names::type_ident(&category.name)))
}

fn root(context: &Context<'_>) -> TokenStream {
    let documentation = docs::inner(&root_docs(context).iter().map(String::as_str).collect::<Vec<_>>());
    let mut modules = Vec::new();
    let mut uses = Vec::new();
    let mut bounds = Vec::new();
    let mut mounts = Vec::new();
    for category in &context.model.categories {
        let module = ident(&names::module_ident(&category.name));
        let name = trait_name(category);
        modules.push(quote!(mod #module;));
        uses.push(quote!(pub use #module::{#name, #module};));
        mounts.push(quote!(#module(Arc::clone(service))));
        bounds.push(name);
    }
    quote! {
        #documentation

        #(#modules)*
        #(#uses)*
        pub use zstack_runtime::server::*;

        use std::sync::Arc;

        /// The routes of every category, served by one service.
        pub fn routes<T: #(#bounds)+*>(service: &Arc<T>) -> Vec<Routes> {
            vec![#(#mounts),*]
        }
    }
}

/// What the crate is for, with the smallest server there can be as an example.
fn root_docs(context: &Context<'_>) -> Vec<String> {
    let mut text = vec![
        format!("Serve the {}.", context.model.service.title),
        String::new(),
        "Implement the trait of a category; an operation that you leave out answers `SYS.1014`,".to_owned(),
        "unimplemented. Mount the routes on an [`Api`], and serve its router with axum, with any".to_owned(),
        "tower layers of your own around it.".to_owned(),
    ];
    if let Some(category) = context.model.categories.first() {
        let (module, name) = (ident(&names::module_ident(&category.name)), trait_name(category));
        text.extend(["", "```", "use std::sync::Arc;", ""].map(str::to_owned));
        text.push(format!("use zstack_server::{{Api, {name}}};"));
        text.extend(["", "struct Service;", "", "// Nothing is implemented yet."].map(str::to_owned));
        text.push(format!("impl {name} for Service {{}}"));
        text.push(String::new());
        text.push(format!(
            "let api = Api::builder().mount(zstack_server::{module}(Arc::new(Service))).build()?;"
        ));
        text.push("let router: axum::Router = api.into_router();".to_owned());
        text.extend(["# Ok::<(), zstack_server::BuildError>(())", "```"].map(str::to_owned));
    }
    text
}

fn category_file(context: &Context<'_>, category: &Category) -> TokenStream {
    let operations: Vec<&Operation> = context.model.operations_of(&category.name).collect();
    let module = ident(&names::module_ident(&category.name));
    let name = trait_name(category);
    let types = operations.iter().map(|operation| {
        let (request, response) = (ident(&operation.name), ident(&operation::response_name(operation)));
        quote!(use zstack_types::#module::{#request, #response};)
    });
    let methods = operations.iter().map(|operation| {
        let method = ident(&names::field_ident(&operation.name));
        let (request, response) = (ident(&operation.name), ident(&operation::response_name(operation)));
        let documentation = docs::lines(&[
            docs::prose(&operation.summary),
            String::new(),
            docs::http_line(context.model, operation),
        ]);
        quote! {
            #documentation
            fn #method(&self, call: Call, request: #request) -> impl Future<Output = Outcome<#response>> + Send {
                unimplemented(call, request)
            }
        }
    });
    let adds = operations.iter().map(|operation| {
        let method = ident(&names::field_ident(&operation.name));
        quote!(.add(|it, call, request| async move { it.#method(call, request).await }))
    });
    let trait_docs = docs::lines(&[
        format!("The operations of category `{}`: {}.", category.name, docs::prose(&category.title)),
        String::new(),
        "A method that is left out answers `SYS.1014`, unimplemented.".to_owned(),
    ]);
    let routes_docs =
        docs::line(&format!("The routes of category `{}`, served by `service`.", category.name));
    quote! {
        use std::sync::Arc;

        use zstack_runtime::server::{Call, Outcome, Routes, RoutesOf, unimplemented};
        #(#types)*

        #trait_docs
        pub trait #name: Send + Sync + 'static {
            #(#methods)*
        }

        #routes_docs
        pub fn #module<T: #name>(service: Arc<T>) -> Routes {
            RoutesOf::new(service) #(#adds)* .into()
        }
    }
}
