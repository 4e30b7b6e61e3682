//! Emits the files of `generated-types`.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::comment::{self, Line};
use super::imports::{self, ident};
use super::{Context, Source, docs, enumeration, features, native, operation, record};
use zstack_model::names;
use zstack_model::{Category, DataType, TypeShape};

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
        Source::new(path, format!("spec/{}", operation.file), || operation::file(context, operation))
    }));
    files
}

fn root(context: &Context<'_>) -> TokenStream {
    let title = format!("Requests, responses and data types of the {}.", context.model.service.title);
    let introduction = [
        "",
        "One module per category of operations, and [`types`] for the data types. Each category is",
        "a cargo feature, with the data types that no other category needs; `full` enables all of them.",
        "",
        "Every struct is a [`Record`](zstack_runtime::Record): `serde` reads and writes it in the",
        "form of the wire, and its table describes each field.",
    ];
    let mut lines = vec![Line::Text(title)];
    lines.extend(introduction.map(Line::markdown));
    let docs = comment::inner(&lines);

    let envelope = &context.model.service.envelope;
    let mut named = BTreeSet::new();
    imports::collect_type_names(envelope, &mut named);
    let types = imports::list(quote!(types), named);
    let kinds = (!envelope.is_empty()).then(|| {
        quote!(
            use zstack_runtime::{Version, record::Wire};
        )
    });
    let rows = envelope.iter().map(native::row);
    let modules: Vec<_> = context.model.categories.iter().map(module).collect();
    let gates: Vec<_> =
        context.model.categories.iter().map(|category| features::gate(&category.name)).collect();
    quote! {
        #docs

        use zstack_runtime::operation::{Operation, find_operation};
        use zstack_runtime::record::Field;
        #kinds
        #types

        #(#gates pub mod #modules;)*
        pub mod types;

        /// The fields that any response may have in addition to its own.
        pub const ENVELOPE: &[Field] = &[#(#rows),*];

        /// The operations of every category, by category.
        pub const OPERATIONS: &[&[&Operation]] = &[#(#gates #modules::OPERATIONS),*];

        /// Finds an operation by its name among the categories that are compiled in.
        #[must_use]
        pub fn operation(name: &str) -> Option<&'static Operation> {
            find_operation(OPERATIONS, name)
        }
    }
}

fn module(category: &Category) -> proc_macro2::Ident {
    ident(&names::module_ident(&category.name))
}

fn type_list(context: &Context<'_>) -> TokenStream {
    let types = &context.model.types;
    let gates: Vec<_> = types
        .iter()
        .map(|ty| context.categories.get(ty.name.as_str()).map(|category| features::gate(category)))
        .collect();
    let modules: Vec<_> = types.iter().map(|ty| ident(&names::module_ident(&ty.name))).collect();
    let types = types.iter().map(|ty| ident(&ty.name));
    quote! {
        //! The data types of operations.

        #(#gates mod #modules;)*

        #(#gates pub use #modules::#types;)*
    }
}

fn data_type(context: &Context<'_>, ty: &DataType) -> TokenStream {
    match &ty.shape {
        TypeShape::Enum { values } => enumeration::file(ty, values),
        TypeShape::Record { native: Some(path), .. } => native::file(context, ty, path),
        TypeShape::Record { native: None, .. } => record::file(context, ty),
    }
}

fn operation_list(context: &Context<'_>, category: &Category) -> TokenStream {
    let mut lines = vec![Line::Text(format!("{}: requests and responses.", category.title))];
    if let Some(description) = &category.description {
        docs::paragraphs(description, &mut lines);
    }
    let docs = comment::inner(&lines);
    let operations: Vec<_> = context.model.operations_of(&category.name).collect();
    let modules: Vec<_> =
        operations.iter().map(|operation| ident(&names::module_ident(&operation.name))).collect();
    let requests: Vec<_> = operations.iter().map(|operation| ident(&operation.name)).collect();
    let responses = operations.iter().map(|operation| operation::response_ident(operation));
    quote! {
        #docs

        use zstack_runtime::{Operation, Request};

        #(mod #modules;)*

        #(pub use #modules::{#requests, #responses};)*

        /// The operations of this category, by name.
        pub const OPERATIONS: &[&Operation] = &[#(#requests::OPERATION),*];
    }
}
