//! Emits the files of `generated-server`: a trait per category, and its routes.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::comment::{self, Line};
use super::imports::ident;
use super::{Context, Source, features, operation, reserved};
use zstack_model::Category;
use zstack_model::names;
use zstack_model::names::FULL;
use zstack_model::prose::code;

const FOLDER: &str = "generated-server/src";

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    let mut files = vec![Source::new(format!("{FOLDER}/lib.rs"), "spec/api.yaml", || root(context))];
    files.extend(context.model.categories.iter().map(|category| {
        let path = format!("{FOLDER}/{}.rs", names::module_ident(&category.name));
        Source::new(path, format!("spec/operations/{}", category.name), || category_file(context, category))
    }));
    files
}

fn trait_name(category: &Category) -> Ident {
    ident(&names::trait_ident(&category.name))
}

fn module_name(category: &Category) -> Ident {
    ident(&names::module_ident(&category.name))
}

fn root(context: &Context<'_>) -> TokenStream {
    let docs = comment::inner(&root_docs(context));
    let categories = &context.model.categories;
    let gates: Vec<_> = categories.iter().map(|category| features::gate(&category.name)).collect();
    let modules: Vec<_> = categories.iter().map(module_name).collect();
    let traits: Vec<_> = categories.iter().map(trait_name).collect();
    let reserved = reserved::table(context.model);
    quote! {
        #docs

        #(#gates mod #modules;)*

        #(#gates pub use #modules::{#traits, #modules};)*
        pub use zstack_runtime::query::{Condition, FieldNames, Operator, Query, Sort};
        pub use zstack_runtime::server::{
            AccessKeys, Admission, Answer, Api, ApiBuilder, Arrival, BoxFuture, BuildError, Call, Credentials,
            Dispatch, EncodedResult,
            FinishedJob, HttpWebhooks, Incoming, Intercept, Job, JobResult, JobStore, JobStoreError,
            ListenAddresses, MemoryJobs, NewerParameters, Options, Outcome, ParseWebhookRuleError,
            Rejection, RemoteAddress, RequestContext, ReservedPath, Response, Routes, RoutesOf,
            ServiceMethod, Sessions, StoredJob, WebhookAllow, WebhookError, WebhookRule,
            WebhookTransport, discard_body, is_cross_origin, is_own_address, read_body,
            refuse_unimplemented,
        };
        pub use zstack_runtime::{
            ErrorCode, More, Operation, Record, Request, Tagged, Tags, Timestamp, Version,
        };

        #reserved

        /// Creates the routes of all categories, served by one service.
        #[cfg(feature = #FULL)]
        pub fn routes<T>(service: &std::sync::Arc<T>) -> Vec<Routes>
        where
            T: #(#traits)+*,
        {
            let service = || std::sync::Arc::clone(service);
            Vec::from([#(#modules(service())),*])
        }
    }
}

/// The documentation of the crate, with a minimal server as an example.
fn root_docs(context: &Context<'_>) -> Vec<Line> {
    let mut text =
        vec![Line::Text(format!("Traits and routes to serve the {}.", context.model.service.title))];
    let introduction = [
        "",
        "Implement the trait of a category; operations without an implementation return the error",
        "`SYS.1014`, unimplemented. Mount the routes on an [`Api`], and serve its router with axum,",
        "within any tower layers.",
        "",
        "Each category is a cargo feature; `full` enables all of them.",
    ];
    text.extend(introduction.map(Line::markdown));
    if let Some(category) = context.model.categories.first() {
        let (module, name) = (module_name(category), trait_name(category));
        let example = format!(
            "```
use std::sync::Arc;

use zstack_server::{{Api, {name}}};

struct Service;

// Nothing is implemented yet.
impl {name} for Service {{}}

let api = Api::builder().mount(zstack_server::{module}(Arc::new(Service))).build()?;
let router: axum::Router = api.into_router();
# Ok::<(), zstack_server::BuildError>(())
```"
        );
        text.push(Line::Blank);
        text.extend(example.lines().map(|line| Line::Code(line.to_owned())));
    }
    text
}

/// Emits the trait of a category and its routes.
fn category_file(context: &Context<'_>, category: &Category) -> TokenStream {
    let (module, name) = (module_name(category), trait_name(category));
    let operations: Vec<_> = context.model.operations_of(&category.name).collect();
    let requests: Vec<_> = operations.iter().map(|operation| ident(&operation.name)).collect();
    let responses: Vec<_> = operations.iter().map(|operation| operation::response_ident(operation)).collect();
    let methods: Vec<_> = operations.iter().map(|operation| operation::method_ident(operation)).collect();
    let summaries = operations.iter().map(|operation| comment::outer(&[Line::text(&*operation.summary)]));
    let trait_docs = comment::outer(&[
        Line::Text(format!("The operations of category {}: {}.", code(&category.name), category.title)),
        Line::Blank,
        Line::markdown("By default, the methods return the error `SYS.1014`, unimplemented."),
    ]);
    let routes_docs = comment::outer(&[Line::Text(format!(
        "Creates the routes of category {}, served by `service`.",
        code(&category.name)
    ))]);
    let reserved = context.has_reserved_paths.then(|| quote!(.reserve_paths(crate::RESERVED_PATHS)));
    quote! {
        use std::sync::Arc;
        use zstack_runtime::server::{Call, Outcome, Routes, RoutesOf, refuse_unimplemented};
        use zstack_types::#module::*;

        #trait_docs
        pub trait #name: Send + Sync + 'static {
            #(
                #summaries
                fn #methods(
                    &self,
                    call: Call,
                    request: #requests,
                ) -> impl Future<Output = Outcome<#responses>> + Send {
                    refuse_unimplemented(call, request)
                }
            )*
        }

        #routes_docs
        pub fn #module<T: #name>(service: Arc<T>) -> Routes {
            RoutesOf::new(service) #reserved #(.add(T::#methods))* .into()
        }
    }
}
