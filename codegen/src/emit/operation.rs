//! An operation: its request, its response, and the facts about both.

use super::comment::{self, Line};
use super::record::{Head, Member, Query};
use super::{Context, columns, docs, record};
use zstack_model::names;
use zstack_model::prose;
use zstack_model::{Auth, Body, Execution, Message, Method, Operation, Tag};

/// The name of an operation's response.
pub(super) fn response_name(operation: &Operation) -> String {
    format!("{}Response", operation.name)
}

pub(super) fn items(context: &Context<'_>, operation: &Operation) -> String {
    let mut text = request(context, operation);
    facts(context, operation, &mut text);
    text.push('\n');
    text.push_str(&response(context, operation));
    text
}

fn request(context: &Context<'_>, operation: &Operation) -> String {
    let members: Vec<Member<'_>> =
        operation.parameters.iter().map(|it| Member { field: &it.field, place: Some(it.place) }).collect();
    let head = Head {
        name: &operation.name,
        docs: docs::operation(context.model, operation),
        java_class: "",
        since: &operation.since,
        is_request: true,
        is_message: true,
        keeps_more: false,
        query: operation
            .query
            .then(|| Query { item: columns::item(context.model, operation).map(|it| it.name.as_str()) }),
    };
    let mut text = record::items(context, &head, &members);
    let name = &operation.name;
    if !operation.tags.is_empty() && members.iter().any(|member| record::tag_list(member).is_some()) {
        let setters: Vec<String> = operation.tags.iter().map(tag_setter).collect();
        text.push_str(&format!("\nimpl {name} {{\n{}}}\n", setters.join("\n")));
    }
    text
}

/// A setter for a system tag with a meaning.
fn tag_setter(tag: &Tag) -> String {
    let name = super::uses::ident(&names::field_ident(&tag.variable));
    let mut lines: Vec<Line> = prose::lines(tag.description.trim()).map(Line::text).collect();
    let pattern = prose::code(&tag.pattern);
    lines.extend([Line::Blank, Line::Text(format!("Adds the system tag {pattern}. Since {}.", tag.since))]);
    let prefix = tag.prefix.replace('{', "{{").replace('}', "}}");
    let format = format!("{prefix}{{{}}}", names::field_ident(&tag.variable));
    format!(
        "{}    #[must_use]\n    pub fn {name}(mut self, {name}: impl std::fmt::Display) -> Self {{\n        \
         self.tags.system.push(format!({format:?}));\n        self\n    }}\n",
        comment::outer(&lines, "    ")
    )
}

fn facts(context: &Context<'_>, operation: &Operation, text: &mut String) {
    let path = |path: &str| format!("{}{path}", context.model.service.base_path);
    let method = match operation.method {
        Method::Get => "Get",
        Method::Post => "Post",
        Method::Put => "Put",
        Method::Delete => "Delete",
    };
    let execution = match operation.execution {
        Execution::Sync => "Sync",
        Execution::Async => "Async",
    };
    let auth = match operation.auth {
        Auth::Session => "Session",
        Auth::None => "None",
    };
    let body = match &operation.body {
        Body::None => "None".to_owned(),
        Body::Key(key) => format!("Key({key:?})"),
        Body::Action(key) => format!("Action({key:?})"),
    };
    let others: String = operation.paths.iter().map(|it| format!(" or {:?}", path(it))).collect();
    let message = match &operation.message {
        Some(Message { class, reply }) => format!(",\n    as {class:?} to {reply:?}"),
        None => String::new(),
    };
    let tag = |it: &Tag| format!(",\n    tag {:?} since {}", it.pattern, context.release(&it.since));
    let tags: String = operation.tags.iter().map(tag).collect();
    text.push_str(&format!(
        "operation! {{ {} -> {}, {:?}, since {},\n    {method} {:?}{others}, {body}, {execution}, {auth}{message}{tags} }}\n",
        operation.name,
        response_name(operation),
        operation.category,
        context.release(&operation.since),
        path(&operation.path),
    ));
}

fn response(context: &Context<'_>, operation: &Operation) -> String {
    let members: Vec<Member<'_>> =
        operation.response.iter().map(|field| Member { field, place: None }).collect();
    let name = response_name(operation);
    let head = Head {
        name: &name,
        docs: vec![Line::Markdown(format!("What a successful [`{}`] answers.", operation.name))],
        java_class: "",
        since: &operation.since,
        is_request: false,
        is_message: true,
        keeps_more: false,
        query: None,
    };
    record::items(context, &head, &members)
}
