//! Samples for the platform's Java SDK, which has a class for each action with a
//! public field for each parameter.

use std::collections::BTreeSet;

use askama::Template;
use serde_json::Value;

use super::quote;
use super::sample_request::SampleRequest;
use zstack_model::names;
use zstack_model::{Model, Type, TypeShape};

#[derive(Template)]
#[template(path = "samples/java.txt", escape = "none")]
struct Program<'a> {
    request: &'a SampleRequest<'a>,
    name: &'a str,
    /// Classes of `java.util` to import.
    utilities: BTreeSet<&'static str>,
    statements: Vec<String>,
}

pub(super) fn write(request: &SampleRequest<'_>) -> String {
    let mut body = Body { model: request.model, utilities: BTreeSet::new(), statements: Vec::new() };
    for (field, value) in request.arguments() {
        if request.operation.query {
            body.set_query_field(&field.name, &field.ty, value);
        } else {
            body.set_field(&field.name, &field.ty, value);
        }
    }
    let Body { utilities, statements, .. } = body;
    super::file(Program { request, name: &request.operation.name, utilities, statements })
}

/// The variables that every sample declares.
const DECLARED: [&str; 4] = ["action", "arguments", "result", "url"];

/// The statements that fill the fields of the action.
struct Body<'a> {
    model: &'a Model,
    utilities: BTreeSet<&'static str>,
    statements: Vec<String>,
}

impl Body<'_> {
    fn set_field(&mut self, name: &str, ty: &Type, value: &Value) {
        let value = self.expression(name, ty, value);
        self.statements.push(format!("action.{name} = {value};"));
    }

    /// The SDK has special fields for the parameters of all queries.
    fn set_query_field(&mut self, name: &str, ty: &Type, value: &Value) {
        match name {
            "q" => {
                let conditions = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                conditions.for_each(|condition| self.add_condition(condition));
            }
            "sort" => {
                if let Some((field, direction)) = SampleRequest::sort_order(value) {
                    self.statements.push(format!("action.sortBy = {};", literal(field)));
                    self.statements.push(format!("action.sortDirection = \"{direction}\";"));
                }
            }
            "fields" => {
                let names = value.as_str().unwrap_or_default().split(',');
                let names = self.list(names.map(|name| literal(name.trim())).collect());
                self.statements.push(format!("action.fields = {names};"));
            }
            // The SDK has no action for the query by UUID, which has a path of its own.
            "uuid" => self.add_condition(&format!("uuid={}", value.as_str().unwrap_or_default())),
            _ => self.set_field(name, ty, value),
        }
    }

    fn add_condition(&mut self, condition: &str) {
        self.statements.push(format!("action.conditions.add({});", literal(condition)));
    }

    /// An expression for a value of a type. A record becomes a variable with the
    /// name `name`.
    fn expression(&mut self, name: &str, ty: &Type, value: &Value) -> String {
        match (ty, value) {
            (Type::Named(record), Value::Object(members)) => {
                let Some(of) = self.model.data_type(record) else { return self.any(value) };
                let mut values = Vec::new();
                for field in self.model.fields(of) {
                    if let Some(value) = members.get(&field.name).filter(|value| !value.is_null()) {
                        let variable = format!("{name}{}", capitalize(&field.name));
                        values.push((&field.name, self.expression(&variable, &field.ty, value)));
                    }
                }
                let name = if DECLARED.contains(&name) { format!("{name}Value") } else { name.to_owned() };
                self.statements.push(format!("{record} {name} = new {record}();"));
                let fields = values.iter().map(|(field, value)| format!("{name}.{field} = {value};"));
                self.statements.extend(fields);
                name
            }
            (Type::Named(name), Value::String(text)) if self.is_enum(name) && names::is_ident(text) => {
                format!("{name}.{text}")
            }
            (Type::List(item), Value::Array(items)) => {
                let items = (1..).zip(items);
                let items =
                    items.map(|(number, value)| self.expression(&format!("{name}{number}"), item, value));
                let items = items.collect();
                self.list(items)
            }
            (Type::Map(item), Value::Object(entries)) => {
                let entries = (1..).zip(entries).map(|(number, (key, value))| {
                    (literal(key), self.expression(&format!("{name}{number}"), item, value))
                });
                let entries = entries.collect();
                self.map(entries)
            }
            (Type::Long, Value::Number(number)) => format!("{number}L"),
            (Type::Double, Value::Number(number)) => format!("{number}D"),
            _ => self.any(value),
        }
    }

    fn is_enum(&self, name: &str) -> bool {
        self.model.data_type(name).is_some_and(|ty| matches!(ty.shape, TypeShape::Enum { .. }))
    }

    /// An expression for a value of any type.
    fn any(&mut self, value: &Value) -> String {
        match value {
            Value::Null | Value::Bool(_) => value.to_string(),
            Value::Number(number) => match number.as_i64() {
                Some(long) if i32::try_from(long).is_err() => format!("{long}L"),
                _ => number.to_string(),
            },
            Value::String(text) => literal(text),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.any(item)).collect();
                self.list(items)
            }
            Value::Object(members) => {
                let entries = members.iter().map(|(key, value)| (literal(key), self.any(value))).collect();
                self.map(entries)
            }
        }
    }

    fn list(&mut self, items: Vec<String>) -> String {
        self.utilities.insert("List");
        format!("List.of({})", items.join(", "))
    }

    /// `Map.of` takes ten entries at most.
    fn map(&mut self, entries: Vec<(String, String)>) -> String {
        self.utilities.insert("Map");
        if entries.len() <= 10 {
            let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}, {value}")).collect();
            format!("Map.of({})", entries.join(", "))
        } else {
            let entries = entries.iter().map(|(key, value)| format!("Map.entry({key}, {value})"));
            format!("Map.ofEntries({})", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn capitalize(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// A string literal. The compiler replaces `\uXXXX` before it splits the text
/// into lines and tokens, so characters that end a line are octal escapes.
pub(super) fn literal(text: &str) -> String {
    quote(text, |character| match u32::from(character) {
        code @ 0..=0xff => format!("\\{code:03o}"),
        _ => super::utf16_escape(character),
    })
}
