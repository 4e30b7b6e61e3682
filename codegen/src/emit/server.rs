//! The files of `generated-server`: a trait per category, and its routes.

use super::comment::{self, Line};
use super::uses::ident;
use super::{Context, Source, features, operation};
use zstack_model::names;
use zstack_model::names::FULL;
use zstack_model::prose::code;
use zstack_model::{Category, ReservedPath, Service};

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
    ident(&names::trait_ident(&category.name))
}

fn root(context: &Context<'_>) -> String {
    let mut text = comment::inner(&root_docs(context));
    let mut exports = String::new();
    let mut bounds = Vec::new();
    let mut mounts = String::new();
    text.push('\n');
    for category in &context.model.categories {
        let (module, name) = (ident(&names::module_ident(&category.name)), trait_name(category));
        let gate = features::gate(&category.name);
        text.push_str(&format!("{gate}mod {module};\n"));
        exports.push_str(&format!("{gate}pub use {module}::{{{name}, {module}}};\n"));
        bounds.push(name.to_string());
        mounts.push_str(&format!("        {module}(service()),\n"));
    }
    text.push_str(&format!(
        "\n{exports}pub use zstack_runtime::query::{{Condition, Names, Operator, Query, Sort}};\n\
         pub use zstack_runtime::server::*;\n\
         pub use zstack_runtime::{{\n    \
         ErrorCode, More, Operation, Record, Request, Tagged, Tags, Timestamp, Version,\n\
         }};\n\n",
    ));
    text.push_str(&reserved_paths(&context.model.service));
    text.push_str(&format!(
        "/// The routes of every category, served by one service.\n\
         #[cfg(feature = {FULL:?})]\n\
         pub fn routes<T>(service: &std::sync::Arc<T>) -> Vec<Routes>\nwhere\n    T: {},\n{{\n    \
         let service = || std::sync::Arc::clone(service);\n    vec![\n{mounts}    ]\n}}\n",
        bounds.join("\n        + "),
    ));
    text
}

/// The table of reserved paths; nothing where the spec has none.
fn reserved_paths(service: &Service) -> String {
    if service.reserved.is_empty() {
        return String::new();
    }
    let rows = service.reserved.iter().map(|reserved| {
        let ReservedPath { path, operations } = reserved;
        format!("    ReservedPath::new({:?}, &{operations:?}),\n", format!("{}{path}", service.base_path))
    });
    let rows: String = rows.collect();
    format!(
        "/// The paths of the platform that the spec does not describe. A request for one of\n\
         /// them gets 404 and the names of its operations. The routes of each category\n\
         /// have them.\npub const RESERVED_PATHS: &[ReservedPath] = &[\n{rows}];\n\n"
    )
}

/// What the crate is for, with the smallest server there can be as an example.
fn root_docs(context: &Context<'_>) -> Vec<Line> {
    let mut text = vec![Line::Text(format!("Serve the {}.", context.model.service.title))];
    let introduction = [
        "",
        "Implement the trait of a category; an operation that you leave out answers `SYS.1014`,",
        "unimplemented. Mount the routes on an [`Api`], and serve its router with axum, with any",
        "tower layers of your own around it.",
        "",
        "Each category is a cargo feature; `full`, the default, is all of them.",
    ];
    text.extend(introduction.map(Line::markdown));
    if let Some(category) = context.model.categories.first() {
        let (module, name) = (ident(&names::module_ident(&category.name)), trait_name(category));
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

/// The trait and its routes, as text: one of each for every operation.
fn category_file(context: &Context<'_>, category: &Category) -> String {
    let module = ident(&names::module_ident(&category.name));
    let name = trait_name(category);
    let mut text = format!(
        "use std::sync::Arc;\n\n\
         use zstack_runtime::server::{{Call, Outcome, Routes, RoutesOf, unimplemented}};\n\
         use zstack_types::{module}::*;\n\n"
    );
    text.push_str(&comment::outer(
        &[
            Line::Text(format!("The operations of category {}: {}.", code(&category.name), category.title)),
            Line::Blank,
            Line::markdown("A method that is left out answers `SYS.1014`, unimplemented."),
        ],
        "",
    ));
    text.push_str(&format!("pub trait {name}: Send + Sync + 'static {{\n"));
    let mut adds = String::new();
    for operation in context.model.operations_of(&category.name) {
        let method = ident(&names::field_ident(&operation.name));
        if !adds.is_empty() {
            text.push('\n');
        }
        text.push_str(&comment::outer(&[Line::text(&*operation.summary)], "    "));
        text.push_str(&format!(
            "    fn {method}(&self, call: Call, request: {}) -> impl Future<Output = Outcome<{}>> + Send {{\n        \
             unimplemented(call, request)\n    }}\n",
            operation.name,
            operation::response_name(operation),
        ));
        adds.push_str(&format!("        .add(T::{method})\n"));
    }
    text.push_str("}\n\n");
    let reserved = match context.model.service.reserved.is_empty() {
        true => "",
        false => "        .reserved(crate::RESERVED_PATHS)\n",
    };
    text.push_str(&format!(
        "/// The routes of category `{}`, served by `service`.\n\
         pub fn {module}<T: {name}>(service: Arc<T>) -> Routes {{\n    \
         RoutesOf::new(service)\n{reserved}{adds}        .into()\n}}\n",
        category.name,
    ));
    text
}
