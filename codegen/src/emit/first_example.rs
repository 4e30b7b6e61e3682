//! The introductory example of the client: log in, query records, change one.

use std::collections::{BTreeMap, BTreeSet};

use quote::{format_ident, quote};

use super::comment::Line;
use super::example::{RustCall, rust_call, statements};
use super::{actions, columns, operation};
use zstack_model::{Auth, Category, Example, Execution, Model, Operation, Type};

/// The example as lines of documentation; empty if no operation has an example.
pub(super) fn lines(model: &Model) -> Vec<Line> {
    let calls = example_calls(model);
    if calls.is_empty() {
        return Vec::new();
    }
    let mut imports = Imports::default();
    imports.add("use zstack_client::Client;");
    let mut body = Vec::new();
    for (operation, example) in calls {
        let RustCall { imports: needed, request } = rust_call(model, operation, example);
        needed.iter().for_each(|import| imports.add(import));
        if let Some(category) = category(model, operation) {
            imports.add(&format!("use zstack_client::{};", actions::trait_ident(category)));
        }
        let method = operation::method_ident(operation);
        let result = format_ident!("{}", if operation.query { "found" } else { "response" });
        let format = format!("{{{result}:?}}");
        body.push(String::new());
        body.extend(statements(quote! {
            let request = #request;
            let #result = client.#method(request).await?;
            println!(#format);
        }));
    }
    let mut code = vec!["```no_run".to_owned()];
    code.extend(imports.lines());
    code.extend([String::new(), "# async fn example() -> Result<(), zstack_client::Error> {".to_owned()]);
    code.extend(statements(quote! {
        let client = Client::builder("http://127.0.0.1:8080").login("admin", "password").build()?;
    }));
    code.extend(body);
    code.extend(["", "client.log_out().await?;", "# Ok(())", "# }", "```"].map(str::to_owned));
    code.into_iter().map(Line::Code).collect()
}

/// A query and an asynchronous operation on the same kind of resource, if the model has them.
fn example_calls(model: &Model) -> Vec<(&Operation, &Example)> {
    let candidates: Vec<(&Operation, &Example)> = model
        .operations
        .iter()
        .filter(|operation| operation.auth == Auth::Session)
        .filter_map(|operation| {
            let example = operation.examples.iter().find(|example| example.status < 400)?;
            Some((operation, example))
        })
        .collect();
    let changes = |operation: &Operation| operation.execution == Execution::Async && !operation.query;
    // The weight of an operation is the number of operations on the same kind of resource.
    let weight = |operation: &Operation| {
        let subject = inventory(operation);
        let same = |other: &&Operation| subject.is_some() && inventory(other) == subject;
        model.operations.iter().filter(same).count()
    };
    let changing = candidates.iter().filter(|(operation, _)| changes(operation));
    // `max_by_key` returns the last maximum, hence the reverse order.
    let change = changing.rev().max_by_key(|(operation, _)| weight(operation)).copied();
    let subject = change.and_then(|(operation, _)| inventory(operation));
    let lists_subject = |operation: &Operation| {
        columns::item(model, operation).is_some_and(|item| Some(item.name.as_str()) == subject)
    };
    let query = candidates
        .iter()
        .find(|(operation, _)| lists_subject(operation))
        .or_else(|| candidates.iter().find(|(operation, _)| operation.query))
        .copied();
    query.into_iter().chain(change).collect()
}

/// The record that an operation returns.
fn inventory(operation: &Operation) -> Option<&str> {
    operation.response.iter().find_map(|field| match &field.ty {
        Type::Named(name) if field.name == "inventory" => Some(name.as_str()),
        _ => None,
    })
}

fn category<'a>(model: &'a Model, operation: &Operation) -> Option<&'a Category> {
    model.categories.iter().find(|category| category.name == operation.category)
}

/// `use` items, merged by path.
#[derive(Default)]
struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    fn add(&mut self, item: &str) {
        let Some((path, names)) = item
            .strip_prefix("use ")
            .and_then(|item| item.strip_suffix(';'))
            .and_then(|item| item.rsplit_once("::"))
        else {
            return;
        };
        let names = names.trim_matches(['{', '}']).split(", ");
        // The example uses the methods of the client and not the trait `Call`.
        let names = names.filter(|name| *name != "Call").map(str::to_owned);
        self.0.entry(path.to_owned()).or_default().extend(names);
    }

    /// The items in the order of rustfmt: modules before the names of their parent.
    fn lines(self) -> Vec<String> {
        let mut lines: Vec<(String, BTreeSet<String>)> = self.0.into_iter().collect();
        lines.sort_by_key(|(path, _)| (std::cmp::Reverse(path.matches("::").count()), path.clone()));
        let line = |(path, names): (String, BTreeSet<String>)| match Vec::from_iter(names).as_slice() {
            [name] => format!("use {path}::{name};"),
            names => format!("use {path}::{{{}}};", names.join(", ")),
        };
        lines.into_iter().map(line).collect()
    }
}
