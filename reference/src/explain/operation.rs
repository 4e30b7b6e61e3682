//! The page of an operation.

use super::page::Page;
use super::table::Table;
use super::{data_type, example, rows};
use zstack_model::words;
use zstack_model::{Auth, Execution, Model, Operation, Place, Source, Version, query_parameters};

/// Writes the page of an operation; `at` is the release of the model, if it is a
/// slice.
pub(super) fn write_page(model: &Model, operation: &Operation, at: Option<&Version>, page: &mut Page<'_>) {
    page.paragraph(&operation.summary);
    if let Some(description) = &operation.description {
        page.paragraph(description);
    }
    page.blank();
    page.table(&labels(model, operation));

    let source = operation.source;
    page.section("Parameters", |page| page.table(&rows::parameters(model, &operation.parameters, source)));
    page.section("Standard query parameters", |page| page.table(&standard_parameters(model, operation, at)));
    page.section("System tags", |page| page.table(&tags(operation)));
    let response: Vec<_> = operation.response.iter().chain(&model.service.envelope).collect();
    page.section("Response", |page| page.table(&rows::fields(model, response.iter().copied(), source)));
    let parameters = operation.parameters.iter().map(|parameter| &parameter.field);
    let types = data_type::reachable_types(model, parameters.chain(response));
    data_type::write_section(model, &types, page);
    page.section("Errors", |page| page.table(&errors(operation)));
    page.section("Examples", |page| example::write_examples(model, operation, page));
    page.section("Notes", |page| {
        for note in &operation.notes {
            page.paragraph(note);
        }
    });
}

fn labels(model: &Model, operation: &Operation) -> Table {
    let mut table = Table::of_labels();
    let category = model.categories.iter().find(|category| category.name == operation.category);
    let title = category.map(|category| format!(" ({})", category.title)).unwrap_or_default();
    table.label("category", format!("{}{title}", operation.category));
    table.label("since", rows::since(&operation.since));
    table.label("status", rows::retirement(&operation.retirement).unwrap_or_default());
    let method = operation.method.as_str();
    table.label("request", format!("{method} {}{}", model.service.base_path, operation.path));
    for path in &operation.paths {
        table.label("or", format!("{method} {}{path}", model.service.base_path));
    }
    table.label("auth", auth(operation.auth));
    table.label("execution", execution(operation.execution));
    table.label("body", body_outline(operation));
    if let Some(message) = &operation.message {
        table.label("message", format!("{}, on the legacy channel (/zstack/api)", message.class));
        table.label("reply", message.reply.clone());
    }
    if operation.source == Source::Platform {
        table.label("source", rows::UNDOCUMENTED);
    }
    table.label(
        "docs",
        operation.documented.as_ref().and_then(words::describe_documented).unwrap_or_default(),
    );
    table
}

fn auth(auth: Auth) -> &'static str {
    match auth {
        Auth::Session => "a session, in the header `Authorization: OAuth {sessionUuid}`",
        Auth::None => "none",
    }
}

fn execution(execution: Execution) -> &'static str {
    match execution {
        Execution::Sync => "synchronous",
        Execution::Async => "asynchronous: 202 with a job to poll, whose result is the response",
    }
}

/// The outline of a body: `{"params": {…}, "systemTags": …}`.
fn body_outline(operation: &Operation) -> String {
    let in_place = |place| operation.parameters.iter().filter(move |parameter| parameter.place == place);
    let inner = if in_place(Place::Body).next().is_some() { "{…}" } else { "{}" };
    let key = operation.body.key().map(|key| format!("\"{key}\": {inner}"));
    let top_level = in_place(Place::BesideBody).map(|parameter| format!("\"{}\": …", parameter.field.name));
    let members: Vec<_> = key.into_iter().chain(top_level).collect();
    if members.is_empty() { String::new() } else { format!("{{{}}}", members.join(", ")) }
}

/// The standard query parameters, if the operation is a query.
fn standard_parameters(model: &Model, operation: &Operation, at: Option<&Version>) -> Table {
    let mut parameters = if operation.query { query_parameters() } else { Vec::new() };
    parameters.retain(|parameter| at.is_none_or(|at| parameter.since <= *at));
    rows::fields(model, &parameters, Source::Platform)
}

fn tags(operation: &Operation) -> Table {
    let mut table = Table::new(["tag", "since", "description"]);
    for tag in &operation.tags {
        table.row([tag.pattern.clone(), rows::since(&tag.since), tag.description.clone()]);
    }
    table
}

fn errors(operation: &Operation) -> Table {
    let mut table = Table::new(["code", "cause", "when"]);
    for error in &operation.errors {
        table.row([error.code.clone(), error.cause.clone().unwrap_or_default(), error.when.clone()]);
    }
    table
}
