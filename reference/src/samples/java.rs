//! The platform's Java SDK: a class for each action, with a public field for
//! each parameter.

use std::collections::BTreeSet;

use serde_json::Value;

use super::message::Message;
use super::quoted;
use zstack_model::names;
use zstack_model::{Model, Type, TypeShape};

pub(super) fn write(message: &Message<'_>) -> String {
    let name = &message.operation.name;
    let mut body = Body { model: message.model, imports: BTreeSet::new(), statements: String::new() };
    body.line(&format!("{name}Action action = new {name}Action();"));
    for (field, value) in message.given() {
        if message.operation.query {
            body.query(&field.name, &field.ty, value);
        } else {
            let value = body.expression(&field.name, &field.ty, value);
            body.line(&format!("action.{} = {value};", field.name));
        }
    }
    if message.needs_session() {
        body.line("action.sessionId = System.getenv(\"ZSTACK_SESSION\");");
    }
    let wait = if message.is_job() { "        // Waits until the job is done.\n" } else { "" };
    let utilities: String = body.imports.iter().map(|it| format!("import java.util.{it};\n")).collect();
    format!(
        r#"import com.google.gson.Gson;
import java.net.URI;
{utilities}import org.zstack.sdk.*;

public class {name} {{
    public static void main(String[] arguments) {{
        URI url = URI.create(System.getenv("ZSTACK_URL"));
        ZSClient.configure(
            new ZSConfig.Builder().setHostname(url.getHost()).setPort(url.getPort()).build());

{}{wait}        {name}Action.Result result = action.call().throwExceptionIfError();
        System.out.println(new Gson().toJson(result.value));
    }}
}}
"#,
        body.statements
    )
}

/// The variables that every sample has.
const TAKEN: [&str; 4] = ["action", "arguments", "result", "url"];

struct Body<'a> {
    model: &'a Model,
    /// Of `java.util`.
    imports: BTreeSet<&'static str>,
    statements: String,
}

impl Body<'_> {
    fn line(&mut self, statement: &str) {
        self.statements.push_str(&format!("        {statement}\n"));
    }

    /// The SDK has fields of its own for what every query takes.
    fn query(&mut self, name: &str, ty: &Type, value: &Value) {
        match name {
            "q" => {
                let conditions = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                for condition in conditions {
                    self.line(&format!("action.conditions.add({});", literal(condition)));
                }
            }
            "sort" => {
                if let Some((field, descending)) = Message::order(value) {
                    let direction = if descending { "desc" } else { "asc" };
                    self.line(&format!("action.sortBy = {};", literal(field)));
                    self.line(&format!("action.sortDirection = \"{direction}\";"));
                }
            }
            "fields" => {
                let names = value.as_str().unwrap_or_default().split(',').map(|it| literal(it.trim()));
                let names = names.collect::<Vec<_>>().join(", ");
                self.imports.insert("List");
                self.line(&format!("action.fields = List.of({names});"));
            }
            // The one with this UUID, which has a path of its own.
            "uuid" => {
                let condition = format!("uuid={}", value.as_str().unwrap_or_default());
                self.line(&format!("action.conditions.add({});", literal(&condition)));
            }
            _ => {
                let value = self.expression(name, ty, value);
                self.line(&format!("action.{name} = {value};"));
            }
        }
    }

    /// An expression of a type. A record becomes a variable, called after the
    /// field that it is for.
    fn expression(&mut self, name: &str, ty: &Type, value: &Value) -> String {
        match (ty, value) {
            (Type::Named(record), Value::Object(members)) => {
                let Some(of) = self.model.data_type(record) else { return self.any(value) };
                let fields = self.model.fields(of);
                let given = fields.into_iter().filter_map(|it| Some((it, members.get(&it.name)?)));
                let values: Vec<_> = given
                    .filter(|(_, value)| !value.is_null())
                    .map(|(field, value)| {
                        let variable = format!("{name}{}", capitalized(&field.name));
                        (field.name.clone(), self.expression(&variable, &field.ty, value))
                    })
                    .collect();
                let name = if TAKEN.contains(&name) { format!("{name}Value") } else { name.to_owned() };
                self.line(&format!("{record} {name} = new {record}();"));
                for (field, value) in values {
                    self.line(&format!("{name}.{field} = {value};"));
                }
                name
            }
            (Type::Named(name), Value::String(text)) if self.is_enum(name) && names::is_ident(text) => {
                format!("{name}.{text}")
            }
            (Type::List(item), Value::Array(items)) => {
                self.imports.insert("List");
                let items = items.iter().enumerate();
                let items = items.map(|(nth, it)| self.expression(&format!("{name}{}", nth + 1), item, it));
                format!("List.of({})", items.collect::<Vec<_>>().join(", "))
            }
            (Type::Map(item), Value::Object(entries)) => {
                let entries = entries.iter().enumerate().map(|(nth, (key, it))| {
                    (literal(key), self.expression(&format!("{name}{}", nth + 1), item, it))
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
        self.model.data_type(name).is_some_and(|it| matches!(it.shape, TypeShape::Enum { .. }))
    }

    /// An expression for a value of any type.
    fn any(&mut self, value: &Value) -> String {
        match value {
            Value::Null | Value::Bool(_) => value.to_string(),
            Value::Number(number) => match number.as_i64() {
                Some(it) if i32::try_from(it).is_err() => format!("{it}L"),
                _ => number.to_string(),
            },
            Value::String(text) => literal(text),
            Value::Array(items) => {
                self.imports.insert("List");
                let items: Vec<_> = items.iter().map(|it| self.any(it)).collect();
                format!("List.of({})", items.join(", "))
            }
            Value::Object(members) => {
                let entries = members.iter().map(|(key, it)| (literal(key), self.any(it))).collect();
                self.map(entries)
            }
        }
    }

    /// `Map.of` takes ten entries at most.
    fn map(&mut self, entries: Vec<(String, String)>) -> String {
        self.imports.insert("Map");
        if entries.len() <= 10 {
            let entries: Vec<_> = entries.iter().map(|(key, it)| format!("{key}, {it}")).collect();
            format!("Map.of({})", entries.join(", "))
        } else {
            let entries: Vec<_> = entries.iter().map(|(key, it)| format!("Map.entry({key}, {it})")).collect();
            format!("Map.ofEntries({})", entries.join(", "))
        }
    }
}

fn capitalized(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// A text. `\uXXXX` is read before anything else, so what would end a line has
/// to be written in digits of eight.
pub(super) fn literal(text: &str) -> String {
    quoted(text, |it| match u32::from(it) {
        code @ 0..=0xff => format!("\\{code:03o}"),
        _ => super::utf16_escape(it),
    })
}
