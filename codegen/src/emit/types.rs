//! The files of `generated-types`.

use proc_macro2::TokenStream;
use quote::quote;

use super::record::{Head, Member};
use super::uses::{self, ident};
use super::{Context, Source, docs, enumeration, operation, record};
use crate::model::{Category, DataType, Field, Operation, Type, TypeShape};
use crate::names;

const FOLDER: &str = "generated-types/src";

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    let model = context.model;
    let mut files = vec![
        Source::new(format!("{FOLDER}/lib.rs"), "spec/api.yaml", || root(context)),
        Source::new(format!("{FOLDER}/types.rs"), "spec/types", || type_list(context)),
    ];
    files.extend(model.types.iter().map(|ty| {
        let path = format!("{FOLDER}/types/{}.rs", names::module_ident(&ty.name));
        Source::new(path, format!("spec/{}", ty.file), || data_type(context, ty))
    }));
    files.extend(model.categories.iter().map(|category| {
        let path = format!("{FOLDER}/{}.rs", names::module_ident(&category.name));
        Source::new(path, format!("spec/operations/{}", category.name), || operation_list(context, category))
    }));
    files.extend(model.operations.iter().map(|operation| {
        let (folder, module) =
            (names::module_ident(&operation.category), names::module_ident(&operation.name));
        let path = format!("{FOLDER}/{folder}/{module}.rs");
        Source::new(path, format!("spec/{}", operation.file), || operation_file(context, operation))
    }));
    files
}

fn root(context: &Context<'_>) -> TokenStream {
    let title = format!("Requests, responses and data types of the {}.", context.model.service.title);
    let documentation = docs::inner(&[
        &title,
        "",
        "One module per category of operations, and [`types`] for the data types they share.",
        "Every struct is a [`Record`](zstack_runtime::Record): `serde` reads and writes it in the form",
        "of the wire, and its table says what is known of each field.",
    ]);
    let modules = context.model.categories.iter().map(|category| {
        let module = ident(&names::module_ident(&category.name));
        quote!(pub mod #module;)
    });
    let lists = context.model.categories.iter().map(|category| ident(&names::module_ident(&category.name)));
    let envelope: Vec<_> =
        context.model.service.envelope.iter().map(|field| Member { field, place: None }).collect();
    let envelope = format!(
        "/// The fields that any answer may carry besides its own.\npub const ENVELOPE: &[Field] = &[\n{}];\n",
        record::rows(context, &envelope)
    );
    let types = context.model.types.iter().map(|it| it.name.as_str());
    let types = types.filter(|name| context.model.service.envelope.iter().any(|it| names_type(&it.ty, name)));
    let types = types.map(ident);
    quote! {
        #documentation

        use zstack_runtime::generated::*;
        #(use types::#types;)*

        #(#modules)*
        pub mod types;

        verbatim!(#envelope);

        /// The operations of every category, by category.
        pub const OPERATIONS: &[&[&Operation]] = &[#(#lists::OPERATIONS),*];
    }
}

/// Whether a type is, or holds, the data type of this name.
fn names_type(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Named(it) => it == name,
        Type::List(item) | Type::Map(item) => names_type(item, name),
        _ => false,
    }
}

fn type_list(context: &Context<'_>) -> TokenStream {
    let documentation = docs::inner(&["The data types that operations share."]);
    let mut modules = Vec::new();
    let mut uses = Vec::new();
    for ty in &context.model.types {
        let name = ident(&ty.name);
        let module = ident(&names::module_ident(&ty.name));
        modules.push(quote!(mod #module;));
        uses.push(quote!(pub use #module::#name;));
    }
    quote! {
        #documentation

        #(#modules)*
        #(#uses)*
    }
}

fn data_type(context: &Context<'_>, ty: &DataType) -> TokenStream {
    let body = match &ty.shape {
        TypeShape::Enum { values } => enumeration::items(ty, values),
        TypeShape::Record { fields, native: Some(path) } => native(context, ty, fields, path),
        TypeShape::Record { fields, native: None } => {
            let members: Vec<_> = fields.iter().map(|field| Member { field, place: None }).collect();
            let head = Head {
                name: &ty.name,
                docs: docs::data_type(ty),
                java_class: ty.java_class.as_deref().unwrap_or_default(),
                since: &ty.since,
                is_request: false,
            };
            record::items(context, &head, &members)
        }
    };
    let others = context.model.types.iter().map(|it| it.name.as_str()).filter(|name| *name != ty.name);
    let uses = uses::block(&body, others);
    quote!(#uses #body)
}

/// A type that is written by hand: what holds it against the spec.
fn native(context: &Context<'_>, ty: &DataType, fields: &[Field], path: &str) -> TokenStream {
    let name = ident(&ty.name);
    // The spec's check made sure that it is a path.
    let segments = path.split("::").map(ident);
    let renamed = (path.rsplit("::").next() != Some(&ty.name)).then(|| quote!(as #name));
    let members: Vec<_> = fields.iter().map(|field| Member { field, place: None }).collect();
    let text = format!(
        "/// The spec's fields, which the struct, written by hand, has to have.\nconst _: () = assert!(has_fields({}::SHAPE, \
         &[\n{}]));\n",
        ty.name,
        record::rows(context, &members)
    );
    quote! {
        #[doc(inline)]
        pub use #(#segments)::* #renamed;

        verbatim!(#text);
    }
}

fn operation_list(context: &Context<'_>, category: &Category) -> TokenStream {
    let title = format!("{}: requests and responses.", category.title);
    let mut text = vec![title.as_str()];
    let description = category.description.as_deref().map(docs::prose);
    if let Some(description) = &description {
        text.extend(["", description]);
    }
    let documentation = docs::inner(&text);
    let mut modules = Vec::new();
    let mut uses = Vec::new();
    let mut names = Vec::new();
    for operation in context.model.operations_of(&category.name) {
        let module = ident(&names::module_ident(&operation.name));
        let request = ident(&operation.name);
        let response = ident(&operation::response_name(operation));
        modules.push(quote!(mod #module;));
        uses.push(quote!(pub use #module::{#request, #response};));
        names.push(quote!(#request::OPERATION));
    }
    quote! {
        #documentation

        #(#modules)*
        #(#uses)*

        use zstack_runtime::{Operation, Request};

        /// The operations of this category, by name.
        pub const OPERATIONS: &[&Operation] = &[#(#names),*];
    }
}

fn operation_file(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let body = operation::items(context, operation);
    let uses = uses::block(&body, context.model.types.iter().map(|it| it.name.as_str()));
    quote!(#uses #body)
}
