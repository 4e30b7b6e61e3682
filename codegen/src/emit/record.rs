//! A struct and its table.
//!
//! This is most of what is generated, and always the same few forms: it is
//! written as text. Tokens would be parsed and printed again, which takes ten
//! times as long.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::comment::{self, Line};
use super::uses::{WIDTH, ident};
use super::{Context, docs, rust_type};
use zstack_model::names;
use zstack_model::{Constraints, Field, Place, Type, Version};

/// A field of a struct to be written.
pub(super) struct Member<'a> {
    pub(super) field: &'a Field,
    /// A parameter's place; `None` for a field.
    pub(super) place: Option<Place>,
}

impl Member<'_> {
    /// The name of the struct's member. Requests have members of their own,
    /// and so have records that others extend.
    pub(super) fn ident(&self) -> String {
        let name = names::field_ident(&self.field.name);
        let taken = match self.place {
            Some(_) => matches!(name.as_str(), "tags" | "query"),
            None => name == "more",
        };
        if taken { format!("{name}_") } else { ident(&name).to_string() }
    }
}

/// The list of tags that a parameter is, if it is one: `system` or `user`.
/// All operations take both under these names, and all requests keep them in
/// one [`Tags`](zstack_runtime::Tags).
pub(super) fn tag_list(member: &Member<'_>) -> Option<&'static str> {
    let strings = matches!(&member.field.ty, Type::List(item) if **item == Type::String);
    if member.place.is_none() || !strings || member.field.required {
        return None;
    }
    match member.field.name.as_str() {
        "systemTags" => Some("system"),
        "userTags" => Some("user"),
        _ => None,
    }
}

/// What stands around the table: names and facts.
pub(super) struct Head<'a> {
    pub(super) name: &'a str,
    pub(super) docs: Vec<Line>,
    pub(super) java_class: &'a str,
    pub(super) since: &'a Version,
    /// Requests have setters, and always a constructor.
    pub(super) is_request: bool,
    /// Requests and responses stand in no field.
    pub(super) is_message: bool,
    /// Others extend it: what they have more is kept.
    pub(super) keeps_more: bool,
    /// It takes what every query takes.
    pub(super) query: Option<Query<'a>>,
}

/// What a query is about.
#[derive(Clone, Copy)]
pub(super) struct Query<'a> {
    /// The record that it answers a list of.
    pub(super) item: Option<&'a str>,
}

/// The rows that a query has before its own.
const QUERY_ROWS: usize = 9;

/// The struct, a constructor that takes what is required, and the table.
pub(super) fn items(context: &Context<'_>, head: &Head<'_>, members: &[Member<'_>]) -> String {
    let takes_tags = members.iter().any(|member| tag_list(member).is_some());
    let plain: Vec<&Member<'_>> = members.iter().filter(|member| tag_list(member).is_none()).collect();
    let mut text = comment::outer(&head.docs, "");
    text.push_str("#[derive(Clone, Default)]\n#[non_exhaustive]\n");
    let own = [
        (head.query.is_some(), "query", "Query", "Which ones, how many, in which order."),
        (takes_tags, "tags", "Tags", "System and user tags."),
        (head.keeps_more, "more", "More", "What an extension of this record has besides."),
    ];
    let own: Vec<_> = own.into_iter().filter(|(has, ..)| *has).collect();
    if plain.is_empty() && own.is_empty() {
        text.push_str(&format!("pub struct {} {{}}\n\n", head.name));
    } else {
        text.push_str(&format!("pub struct {} {{\n", head.name));
        for member in &plain {
            declaration(context, head.name, member, &mut text);
        }
        for (_, name, ty, documentation) in &own {
            text.push_str(&format!("    /// {documentation}\n    pub {name}: {ty},\n"));
        }
        text.push_str("}\n\n");
    }
    if head.is_request {
        request(context, head.name, &plain, &mut text);
    } else {
        constructor(context, head, &plain, !own.is_empty(), &mut text);
    }
    table(context, head, members, takes_tags, &mut text);
    text
}

fn is_boxed(context: &Context<'_>, owner: &str, field: &Field) -> bool {
    context.boxed.contains(&(owner, field.name.as_str()))
}

fn declaration(context: &Context<'_>, owner: &str, member: &Member<'_>, text: &mut String) {
    let field = member.field;
    text.push_str(&comment::outer(&docs::field(context.model, field, member.place), "    "));
    let mut ty = rust_type::value(&field.ty);
    if is_boxed(context, owner, field) {
        ty = format!("Box<{ty}>");
    }
    if !field.required {
        ty = format!("Option<{ty}>");
    }
    text.push_str(&format!("    pub {}: {ty},\n", member.ident()));
}

/// How a parameter is taken, and what makes the member's value of it.
fn argument(context: &Context<'_>, owner: &str, field: &Field) -> (String, Option<&'static str>) {
    let (ty, convert) = rust_type::argument(context.model, &field.ty);
    // What is boxed is a record, which is taken as it is.
    (ty, if is_boxed(context, owner, field) { Some("Box::new") } else { convert })
}

/// `new`, for a struct with something that is always there.
fn constructor(
    context: &Context<'_>,
    head: &Head<'_>,
    members: &[&Member<'_>],
    has_own: bool,
    text: &mut String,
) {
    let required: Vec<_> = members.iter().filter(|it| it.field.required).collect();
    if required.is_empty() {
        return;
    }
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for member in &required {
        let name = member.ident();
        let (ty, convert) = argument(context, head.name, member.field);
        values.push(match convert {
            Some("Into::into") => format!("{name}: {name}.into()"),
            Some(function) => format!("{name}: {function}({name})"),
            None => name.clone(),
        });
        arguments.push(format!("{name}: {ty}"));
    }
    if required.len() < members.len() || has_own {
        values.push("..Self::default()".to_owned());
    }
    text.push_str(&format!("impl {} {{\n    /// With what is always there.\n    #[must_use]\n", head.name));
    if required.len() > 7 {
        text.push_str("    #[expect(clippy::too_many_arguments, reason = \"all of them are required\")]\n");
    }
    let line = format!("    pub fn new({}) -> Self {{\n", arguments.join(", "));
    if line.len() <= WIDTH + 1 {
        text.push_str(&line);
    } else {
        let lines: String = arguments.iter().map(|it| format!("        {it},\n")).collect();
        text.push_str(&format!("    pub fn new(\n{lines}    ) -> Self {{\n"));
    }
    let line = format!("        Self {{ {} }}\n", values.join(", "));
    if line.len() <= WIDTH + 1 {
        text.push_str(&line);
    } else {
        let comma = |it: &String| if it.starts_with("..") { "" } else { "," };
        let lines: String = values.iter().map(|it| format!("            {it}{}\n", comma(it))).collect();
        text.push_str(&format!("        Self {{\n{lines}        }}\n"));
    }
    text.push_str("    }\n}\n\n");
}

/// The name of a parameter's setter.
pub(super) fn setter_name(field: &Field) -> String {
    ident(&names::setter_ident(&field.name)).to_string()
}

/// The invocation of `request!`: what is needed, and a row for each parameter
/// that is not.
fn request(context: &Context<'_>, owner: &str, members: &[&Member<'_>], text: &mut String) {
    let convert = |convert: Option<&'static str>| convert.unwrap_or("identity");
    let needed = members.iter().filter(|it| it.field.required).map(|member| {
        let (ty, function) = argument(context, owner, member.field);
        format!("{}: {ty} => {}", member.ident(), convert(function))
    });
    let needed: Vec<String> = needed.collect();
    let line = format!("request! {{ {owner} new({}) {{", needed.join(", "));
    if line.len() <= WIDTH {
        text.push_str(&line);
    } else {
        let lines: String = needed.iter().map(|it| format!("    {it},\n")).collect();
        text.push_str(&format!("request! {{ {owner} new(\n{lines}) {{"));
    }
    let mut rows = String::new();
    for member in members.iter().filter(|it| !it.field.required) {
        let (setter, name) = (setter_name(member.field), member.ident());
        let target = if setter == name { String::new() } else { format!("({name})") };
        let (ty, function) = argument(context, owner, member.field);
        rows.push_str(&format!("    {setter}{target}: {ty} => {},\n", convert(function)));
    }
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&rows);
    }
    // One table below the other.
    text.push_str("}}\n");
}

/// The invocation of `record!` or `message!`, a row for each field.
fn table(
    context: &Context<'_>,
    head: &Head<'_>,
    members: &[Member<'_>],
    takes_tags: bool,
    text: &mut String,
) {
    text.push_str(&format!(
        "{}! {{ {}, class {:?}, since {}{}{}{} {{",
        if head.is_message { "message" } else { "record" },
        head.name,
        head.java_class,
        context.release(head.since),
        if head.keeps_more { ", keeps more" } else { "" },
        match head.query {
            Some(Query { item: Some(item) }) => format!(", asks query for {item}"),
            Some(Query { item: None }) => ", asks query".to_owned(),
            None => String::new(),
        },
        if takes_tags { ", takes tags" } else { "" },
    ));
    if !members.is_empty() {
        text.push('\n');
    }
    let first = if head.query.is_some() { QUERY_ROWS } else { 0 };
    for (index, member) in members.iter().enumerate() {
        let place = match tag_list(member) {
            Some(list) => format!("tags.{list}"),
            None => member.ident(),
        };
        text.push_str(&format!("    {} {place}: {},\n", first + index, row(context, member)));
    }
    text.push_str("}}\n");
}

/// The rows of fields that are not listed with members.
pub(super) fn rows(context: &Context<'_>, members: &[Member<'_>]) -> String {
    members.iter().map(|member| format!("    {},\n", row(context, member))).collect()
}

fn row(context: &Context<'_>, member: &Member<'_>) -> String {
    let field = member.field;
    let kind = rust_type::kind(context.model, &field.ty);
    let mut row = format!("Field::new({:?}, {kind}, {})", field.name, context.release(&field.since));
    if field.required {
        row.push_str(".required()");
    }
    row.push_str(match member.place {
        None | Some(Place::Body) => "",
        Some(Place::Path) => ".in_path()",
        Some(Place::Query) => ".in_query()",
        Some(Place::BesideBody) => ".beside()",
    });
    let limits = limits(&field.constraints);
    if !limits.is_empty() {
        row.push_str(&format!(".limits(&Limits::NONE{limits})"));
    }
    if field.sensitive {
        row.push_str(".sensitive()");
    }
    row
}

/// What a value must satisfy, a call for each of it.
fn limits(constraints: &Constraints) -> String {
    let mut calls = String::new();
    let Constraints { max_length, min_length, range, pattern, values, non_empty, no_trim, .. } = constraints;
    if let Some(units) = max_length {
        calls.push_str(&format!(".max_length({units})"));
    }
    if let Some(units) = min_length {
        calls.push_str(&format!(".min_length({units})"));
    }
    if let Some((low, high)) = range {
        calls.push_str(&format!(".range({low}, {high})"));
    }
    if let Some(pattern) = pattern {
        calls.push_str(&format!(".pattern({pattern:?})"));
    }
    if !values.is_empty() {
        calls.push_str(&format!(".values(&{values:?})"));
    }
    if *non_empty {
        calls.push_str(".non_empty()");
    }
    if *no_trim {
        calls.push_str(".no_trim()");
    }
    calls
}

/// A number as a literal, which has no sign of its own.
pub(super) fn integer(number: i64) -> TokenStream {
    let digits = proc_macro2::Literal::u64_unsuffixed(number.unsigned_abs());
    if number < 0 { quote!(-#digits) } else { digits.into_token_stream() }
}
