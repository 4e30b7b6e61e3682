//! The actions of the client: a trait per category, with a method for each operation.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::comment::{self, Line};
use super::imports::{self, ident};
use super::{Context, Source, operation};
use zstack_model::Category;
use zstack_model::names;
use zstack_model::prose::code;

/// Emits the files of the traits, below the source folder of the client.
pub(super) fn files<'a>(context: &'a Context<'_>, folder: &'a str) -> impl Iterator<Item = Source<'a>> {
    context.model.categories.iter().map(move |category| {
        let path = format!("{folder}/{MODULE}/{}.rs", names::module_ident(&category.name));
        Source::new(path, format!("spec/operations/{}", category.name), || file(context, category))
    })
}

/// The module of the traits.
pub(super) const MODULE: &str = "actions";

/// The name of the trait of a category.
pub(super) fn trait_ident(category: &Category) -> Ident {
    ident(&names::actions_ident(&category.name))
}

fn file(context: &Context<'_>, category: &Category) -> TokenStream {
    let operations: Vec<_> = context.model.operations_of(&category.name).collect();
    let requests: Vec<_> = operations.iter().map(|operation| ident(&operation.name)).collect();
    let responses: Vec<_> = operations.iter().map(|operation| operation::response_ident(operation)).collect();
    let methods = operations.iter().map(|operation| operation::method_ident(operation));
    let summaries = operations.iter().map(|operation| comment::outer(&[Line::text(&*operation.summary)]));
    let module = ident(&names::module_ident(&category.name));
    let name = trait_ident(category);
    let docs = comment::outer(&[
        Line::Text(format!("Calls the operations of category {}: {}.", code(&category.name), category.title)),
        Line::Blank,
        Line::markdown("Implemented for every [`Caller`], such as [`Client`](crate::Client)."),
    ]);
    let names = ["Caller"].into_iter().chain((!operations.is_empty()).then_some("Error"));
    let imports = imports::list(quote!(zstack_runtime::client), names);
    quote! {
        #imports
        use zstack_types::#module::*;

        #docs
        pub trait #name: Caller {
            #(
                #summaries
                fn #methods(
                    &self,
                    request: #requests,
                ) -> impl Future<Output = Result<#responses, Error>> + Send {
                    Caller::execute(self, request)
                }
            )*
        }

        impl<C: Caller> #name for C {}
    }
}
