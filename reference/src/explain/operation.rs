//! The page of an operation.

use super::page::Page;
use super::table::Table;
use super::{data_type, example, facts};
use zstack_model::words;
use zstack_model::{
    Auth, Body, Execution, Model, Operation, Parameter, Place, Source, Version, query_parameters,
};

/// The page of an operation, as of a version of its model.
pub(super) fn page(model: &Model, it: &Operation, at: Option<&Version>, page: &mut Page<'_>) {
    page.paragraph(&it.summary);
    if let Some(description) = &it.description {
        page.paragraph(description);
    }
    page.blank();
    page.table(&labels(model, it));

    page.section("Parameters", |page| page.table(&facts::parameters(&it.parameters, it.source)));
    page.section("Parameters of every query", |page| page.table(&standard(it, at)));
    page.section("System tags", |page| page.table(&tags(it)));
    let answer: Vec<_> = it.response.iter().chain(&model.service.envelope).collect();
    page.section("Answer", |page| page.table(&facts::fields(answer.iter().copied(), it.source)));
    let parameters = it.parameters.iter().map(|parameter| &parameter.field);
    data_type::section(model, &data_type::reached(model, parameters.chain(answer)), page);
    page.section("Errors", |page| page.table(&errors(it)));
    page.section("Examples", |page| example::all(model, it, page));
    page.section("Notes", |page| {
        for note in &it.notes {
            page.paragraph(note);
        }
    });
}

fn labels(model: &Model, it: &Operation) -> Table {
    let mut table = Table::of_labels();
    let mut row = |label: &str, text: String| {
        if !text.is_empty() {
            table.row([label.to_owned(), text]);
        }
    };
    let category = model.categories.iter().find(|category| category.name == it.category);
    let title = category.map(|category| format!(" ({})", category.title)).unwrap_or_default();
    row("category", format!("{}{title}", it.category));
    row("since", facts::since(&it.since));
    row("end", facts::retirement(&it.retirement).unwrap_or_default());
    let method = it.method.as_str();
    row("request", format!("{method} {}{}", model.service.base_path, it.path));
    for path in &it.paths {
        row("or", format!("{method} {}{path}", model.service.base_path));
    }
    row("auth", auth(it.auth).to_owned());
    row("answered", answered(it.execution).to_owned());
    row("body", body(it));
    if let Some(message) = &it.message {
        row("message", format!("{}, on the platform's older channel, /zstack/api", message.class));
        row("reply", message.reply.clone());
    }
    if it.source == Source::Platform {
        row("source", facts::ON_PLATFORM.to_owned());
    }
    if let Some(documented) = it.documented.as_ref().and_then(words::documented) {
        row("document", format!("prints: {documented}"));
    }
    table
}

fn auth(auth: Auth) -> &'static str {
    match auth {
        Auth::Session => "a session, in the header `Authorization: OAuth {sessionUuid}`",
        Auth::None => "none",
    }
}

fn answered(execution: Execution) -> &'static str {
    match execution {
        Execution::Sync => "at once (synchronous)",
        Execution::Async => "202 with a job to poll, which has the answer (asynchronous)",
    }
}

/// The outline of a body: `{"params": {…}, "systemTags": …}`.
fn body(it: &Operation) -> String {
    let in_place = |place| it.parameters.iter().filter(move |parameter| parameter.place == place);
    let key = match &it.body {
        Body::None => None,
        Body::Key(key) | Body::Action(key) => Some(key),
    };
    let inner = if in_place(Place::Body).next().is_some() { "{…}" } else { "{}" };
    let key = key.map(|key| format!("\"{key}\": {inner}"));
    let beside = in_place(Place::BesideBody).map(|it: &Parameter| format!("\"{}\": …", it.field.name));
    let members: Vec<_> = key.into_iter().chain(beside).collect();
    if members.is_empty() { String::new() } else { format!("{{{}}}", members.join(", ")) }
}

/// What every query takes, which is in no model.
fn standard(it: &Operation, at: Option<&Version>) -> Table {
    let mut standard = if it.query { query_parameters() } else { Vec::new() };
    standard.retain(|it| at.is_none_or(|at| it.since <= *at));
    facts::fields(&standard, Source::Platform)
}

fn tags(it: &Operation) -> Table {
    let mut table = Table::new(["tag", "since", "description"]);
    for tag in &it.tags {
        table.row([tag.pattern.clone(), facts::since(&tag.since), tag.description.clone()]);
    }
    table
}

fn errors(it: &Operation) -> Table {
    let mut table = Table::new(["code", "cause", "when"]);
    for error in &it.errors {
        table.row([error.code.clone(), error.cause.clone().unwrap_or_default(), error.when.clone()]);
    }
    table
}
