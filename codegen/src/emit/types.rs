//! The files of `generated-types`.

use std::collections::BTreeSet;

use super::comment::{self, Line};
use super::record::{Head, Member};
use super::uses::{self, ident};
use super::{Context, Source, columns, docs, enumeration, features, operation, prelude, record};
use zstack_model::names;
use zstack_model::{Category, DataType, Field, Operation, TypeShape};

const FOLDER: &str = "generated-types/src";

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    let model = context.model;
    let mut files = vec![
        Source::new(format!("{FOLDER}/lib.rs"), "spec/api.yaml", || root(context)),
        Source::new(format!("{FOLDER}/types.rs"), "spec/types", || type_list(context)),
        Source::new(format!("{FOLDER}/prelude.rs"), "spec/api.yaml", || prelude::file(context)),
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

fn root(context: &Context<'_>) -> String {
    let title = format!("Requests, responses and data types of the {}.", context.model.service.title);
    let mut text = comment::inner(&[Line::Text(title)]);
    text.push_str(
        "//!\n\
         //! One module per category of operations, and [`types`] for the data types. Each category is\n\
         //! a cargo feature, with the data types that no other category needs; `full`, the default, is\n\
         //! all of them.\n\
         //!\n\
         //! Every struct is a [`Record`]: `serde` reads and writes it in the form of the wire, and its\n\
         //! table says what is known of each field.\n\n\
         use prelude::*;\n",
    );
    let envelope = &context.model.service.envelope;
    let mut named = BTreeSet::new();
    uses::named(envelope, &mut named);
    for name in named {
        text.push_str(&format!("use types::{};\n", ident(name)));
    }
    text.push('\n');
    let categories = &context.model.categories;
    for category in categories {
        let module = ident(&names::module_ident(&category.name));
        text.push_str(&format!("{}pub mod {module};\n", features::gate(&category.name)));
    }
    text.push_str(
        "mod prelude;\npub mod types;\n\n/// The fields that any answer may carry besides its own.\n",
    );
    text.push_str(&format!("pub const ENVELOPE: &[Field] = &[\n{}];\n\n", rows(context, envelope)));
    text.push_str("/// The operations of every category, by category.\n");
    text.push_str("pub const OPERATIONS: &[&[&Operation]] = &[\n");
    for category in categories {
        let module = ident(&names::module_ident(&category.name));
        text.push_str(&format!("    {}{module}::OPERATIONS,\n", features::gate(&category.name)));
    }
    text.push_str(
        "];\n\n\
         /// The operation of this name, of the categories that are compiled in.\n\
         #[must_use]\n\
         pub fn operation(name: &str) -> Option<&'static Operation> {\n    \
             find_operation(OPERATIONS, name)\n\
         }\n",
    );
    text
}

/// The rows of fields that stand in no struct.
fn rows(context: &Context<'_>, fields: &[Field]) -> String {
    let members: Vec<_> = fields.iter().map(|field| Member { field, place: None }).collect();
    record::rows(context, &members)
}

fn type_list(context: &Context<'_>) -> String {
    let mut modules = String::new();
    let mut exports = String::new();
    for ty in &context.model.types {
        let name = ident(&ty.name);
        let module = ident(&names::module_ident(&ty.name));
        let gate = context.categories.get(ty.name.as_str()).map(|it| features::gate(it)).unwrap_or_default();
        modules.push_str(&format!(
            "{gate}mod {module};
"
        ));
        exports.push_str(&format!(
            "{gate}pub use {module}::{name};
"
        ));
    }
    format!(
        "//! The data types of operations.

{modules}
{exports}"
    )
}

fn data_type(context: &Context<'_>, ty: &DataType) -> String {
    let fields = context.model.fields(ty);
    let body = match &ty.shape {
        TypeShape::Enum { values } => enumeration::items(context, ty, values),
        TypeShape::Record { fields, native: Some(path) } => native(context, ty, fields, path),
        TypeShape::Record { native: None, .. } => {
            let members: Vec<_> = fields.iter().map(|field| Member { field, place: None }).collect();
            let head = Head {
                name: &ty.name,
                docs: docs::data_type(ty),
                java_class: ty.java_class.as_deref().unwrap_or_default(),
                since: &ty.since,
                is_request: false,
                is_message: false,
                keeps_more: context.bases.contains(ty.name.as_str()),
                query: None,
            };
            record::items(context, &head, &members) + &columns::items(context, ty) + &conversions(context, ty)
        }
    };
    let mut names = BTreeSet::new();
    uses::named(fields.iter().copied(), &mut names);
    names.extend(bases(context, ty).map(|it| it.name.as_str()));
    names.remove(ty.name.as_str());
    uses::block(&names) + &body
}

/// A type that is written by hand: what holds it against the spec.
fn native(context: &Context<'_>, ty: &DataType, fields: &[Field], path: &str) -> String {
    let name = &ty.name;
    let renamed = if path.rsplit("::").next() == Some(name) { String::new() } else { format!(" as {name}") };
    format!(
        "#[doc(inline)]\npub use {path}{renamed};\n\n\
         /// The spec's fields, which the struct, written by hand, has to have.\n\
         const _: () = assert!(has_fields({name}::SHAPE, &[\n{}]));\n",
        rows(context, fields)
    )
}

/// The records that a record can be converted into. One that is written by
/// hand keeps nothing of an extension.
fn bases<'a>(context: &'a Context<'_>, ty: &'a DataType) -> impl Iterator<Item = &'a DataType> {
    let is_native = |it: &&DataType| matches!(it.shape, TypeShape::Record { native: Some(_), .. });
    context.model.bases(ty).filter(move |it| !is_native(it))
}

fn conversions(context: &Context<'_>, ty: &DataType) -> String {
    let bases: Vec<_> = bases(context, ty).map(|it| it.name.as_str()).collect();
    if bases.is_empty() { String::new() } else { format!("\nextends!({}: {});\n", ty.name, bases.join(", ")) }
}

fn operation_list(context: &Context<'_>, category: &Category) -> String {
    let mut lines = vec![Line::Text(format!("{}: requests and responses.", category.title))];
    if let Some(description) = &category.description {
        docs::paragraphs(description, &mut lines);
    }
    let mut text = comment::inner(&lines);
    let operations: Vec<&Operation> = context.model.operations_of(&category.name).collect();
    let module = |operation: &Operation| ident(&names::module_ident(&operation.name));
    text.push('\n');
    for operation in &operations {
        text.push_str(&format!("mod {};\n", module(operation)));
    }
    text.push('\n');
    for operation in &operations {
        let response = operation::response_name(operation);
        text.push_str(&format!("pub use {}::{{{}, {response}}};\n", module(operation), operation.name));
    }
    text.push_str(
        "\nuse zstack_runtime::{Operation, Request};\n\n\
         /// The operations of this category, by name.\n\
         pub const OPERATIONS: &[&Operation] = &[\n",
    );
    for operation in &operations {
        text.push_str(&format!("    {}::OPERATION,\n", operation.name));
    }
    text.push_str("];\n");
    text
}

fn operation_file(context: &Context<'_>, operation: &Operation) -> String {
    uses::block(&uses::of_operation(operation)) + &operation::items(context, operation)
}
