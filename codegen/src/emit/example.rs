//! Emits the call of an example in Rust, for documentation and samples.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use serde_json::{Map, Value};

use super::arguments;
use super::comment::Line;
use super::conditions::{self, QuerySetters};
use super::field::Member;
use super::imports::ident;
use super::{columns, print, rust_type};
use zstack_model::names;
use zstack_model::{Auth, Example, Field, Model, Operation, Parameter, Type, TypeShape};

/// A call in Rust.
pub(crate) struct RustCall {
    /// `use` items, a line each.
    pub(crate) imports: Vec<String>,
    /// The request with its setters.
    pub(crate) request: TokenStream,
}

/// Emits the call of an example.
pub(crate) fn rust_call(model: &Model, operation: &Operation, example: &Example) -> RustCall {
    let mut query = match columns::item(model, operation) {
        Some(item) => conditions::query_setters(model, item, &example.request),
        None => QuerySetters::default(),
    };
    let mut values = Values { model, types: std::mem::take(&mut query.types) };
    let request = values.request(operation, example, &query.setters);
    let module = ident(&names::module_ident(&operation.category));
    let mut imports = vec![format!("use zstack_client::{module}::{};", operation.name)];
    match Vec::from_iter(values.types).as_slice() {
        [] => {}
        [one] => imports.push(format!("use zstack_client::types::{one};")),
        several => imports.push(format!("use zstack_client::types::{{{}}};", several.join(", "))),
    }
    let mut names = query.names;
    names.extend(["Call", "Client"]);
    imports.push(format!("use zstack_client::{{{}}};", Vec::from_iter(names).join(", ")));
    RustCall { imports, request }
}

/// Emits the first successful example of an operation as documentation; nothing if no such example is written. A
/// generated one would add little to the constructor and the setters, but a test to compile for each operation.
pub(super) fn lines(model: &Model, operation: &Operation) -> Vec<Line> {
    let Some(example) = operation.examples.iter().find(|example| example.status < 400) else {
        return Vec::new();
    };
    let RustCall { imports, request } = rust_call(model, operation, example);
    let mut code = imports;
    code.push(String::new());
    code.push("# async fn example(client: &Client) -> Result<(), zstack_client::Error> {".to_owned());
    if operation.auth == Auth::Session {
        code.push("// `client` is logged in.".to_owned());
    }
    code.extend(statements(quote! {
        let response = #request.call(client).await?;
        println!("{response:?}");
    }));
    code.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    let mut lines = ["", "# Example", "", "```no_run"].map(Line::markdown).to_vec();
    lines.extend(code.into_iter().map(Line::Code));
    lines
}

/// Prints statements in the format of rustfmt.
pub(super) fn statements(statements: TokenStream) -> Vec<String> {
    let text = print::file(quote!(async fn example() { #statements }));
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    // The first and the last line belong to the function.
    let [_, lines @ .., _] = &lines[..] else { return Vec::new() };
    let mut lines = lines.iter().map(|line| line.strip_prefix("    ").unwrap_or(line)).peekable();
    let mut formatted = Vec::new();
    let mut is_broken_head = false;
    while let Some(line) = lines.next() {
        if !line.starts_with(' ') {
            let is_deep = lines.peek().is_some_and(|next| next.starts_with("        "));
            is_broken_head = line.ends_with('(') && is_deep;
        }
        // When the arguments at the beginning of a chain have their own lines, rustfmt does not indent
        // the rest of the chain.
        let line = if is_broken_head { line.strip_prefix("    ").unwrap_or(line) } else { line };
        formatted.push(line.to_owned());
    }
    formatted
}

/// Emits values and collects the data types that they name.
struct Values<'a> {
    model: &'a Model,
    types: BTreeSet<&'a str>,
}

impl<'a> Values<'a> {
    fn request(&mut self, operation: &'a Operation, example: &Example, query: &TokenStream) -> TokenStream {
        let name = ident(&operation.name);
        let given = |parameter: &Parameter| {
            example.request.get(&parameter.field.name).filter(|request| !request.is_null())
        };
        let mut arguments = Vec::new();
        let mut setters = TokenStream::new();
        for parameter in &operation.parameters {
            let (field, value) = (&parameter.field, given(parameter));
            let member = Member { field, place: Some(parameter.place) };
            if field.is_always_present() {
                arguments.push(self.argument(&field.ty, value));
            } else if let (Some(value), None) = (value, member.tag_list()) {
                let value = self.argument(&field.ty, Some(value));
                let setter = ident(&names::setter_ident(&field.name));
                setters.extend(quote!(.#setter(#value)));
            }
        }
        let tags = tag_setters(operation, example);
        quote!(#name::new(#(#arguments),*) #setters #(#tags)* #query)
    }

    /// Emits an argument: the value of the example, or an arbitrary one. Arguments are converted, so that strings need
    /// not be owned and enums can be strings.
    fn argument(&mut self, ty: &'a Type, given: Option<&Value>) -> TokenStream {
        match ty {
            Type::String | Type::Uuid => text(ty, given).to_token_stream(),
            Type::Named(name) => match enum_text(self.model, name, given) {
                Some(text) => text.to_token_stream(),
                None => self.value(ty, given),
            },
            Type::List(item) if matches!(**item, Type::String | Type::Uuid) => {
                let items: Vec<_> = given.and_then(Value::as_array).into_iter().flatten().collect();
                if items.is_empty() {
                    // The type of an empty list cannot be inferred.
                    return quote!([""; 0]);
                }
                let items = items.into_iter().map(|value| text(item, Some(value)));
                quote!([#(#items),*])
            }
            _ => self.value(ty, given),
        }
    }

    /// Emits an expression of exactly this type.
    fn value(&mut self, ty: &'a Type, given: Option<&Value>) -> TokenStream {
        match ty {
            Type::String | Type::Uuid => {
                let text = text(ty, given);
                quote!(#text.to_owned())
            }
            Type::Boolean => given.and_then(Value::as_bool).unwrap_or(true).to_token_stream(),
            Type::Integer | Type::Long => arguments::integer(given.and_then(Value::as_i64).unwrap_or(1)),
            Type::Double => {
                let number = given.and_then(Value::as_f64).unwrap_or(1.0);
                let digits = proc_macro2::Literal::f64_unsuffixed(number.abs());
                if number < 0.0 { quote!(-#digits) } else { digits.to_token_stream() }
            }
            Type::Timestamp => {
                let text = given.and_then(Value::as_str).unwrap_or("Nov 14, 2017 10:20:57 PM");
                quote!(#text.parse().unwrap_or_default())
            }
            Type::Any => match given {
                Some(value) => {
                    let json = value.to_string();
                    quote!(#json.parse().unwrap_or_default())
                }
                None => quote!(Default::default()),
            },
            Type::List(item) => {
                let items = given.and_then(Value::as_array).into_iter().flatten();
                let items: Vec<_> = items.map(|value| self.value(item, Some(value))).collect();
                // The contents of a macro such as `vec!` would not be formatted.
                quote!(Vec::from([#(#items),*]))
            }
            Type::Map(item) => {
                let entries = given.and_then(Value::as_object).into_iter().flatten();
                let entries: Vec<_> = entries
                    .map(|(key, value)| {
                        let value = self.value(item, Some(value));
                        quote!((#key.to_owned(), #value))
                    })
                    .collect();
                quote!([#(#entries),*].into())
            }
            Type::Named(name) => match (enum_text(self.model, name, given), given.and_then(Value::as_object))
            {
                (Some(text), _) => quote!(#text.into()),
                (None, Some(members)) => self.record(name, members),
                (None, None) => {
                    self.types.insert(name);
                    let name = ident(name);
                    quote!(#name::default())
                }
            },
        }
    }

    /// Emits a record with these members. Records are non-exhaustive, so that optional fields are assigned one by one.
    fn record(&mut self, name: &str, members: &Map<String, Value>) -> TokenStream {
        let model = self.model;
        let Some(ty) = model.data_type(name) else { return quote!(Default::default()) };
        self.types.insert(&ty.name);
        let name = ident(&ty.name);
        let fields = model.fields(ty);
        let given = |field: &Field| members.get(&field.name).filter(|member| !member.is_null());
        let required = fields.iter().filter(|field| field.is_always_present());
        let arguments: Vec<_> = required.map(|field| self.argument(&field.ty, given(field))).collect();
        let created =
            if arguments.is_empty() { quote!(#name::default()) } else { quote!(#name::new(#(#arguments),*)) };
        let mut assigned = TokenStream::new();
        for field in fields.into_iter().filter(|field| !field.is_always_present()) {
            let Some(value) = given(field) else { continue };
            let value = self.value(&field.ty, Some(value));
            let member = Member { field, place: None }.ident();
            // A record in a field of its own type is boxed.
            let is_record = matches!(&field.ty, Type::Named(name) if !rust_type::is_enum(model, name));
            let value = if is_record { quote!(#value.into()) } else { value };
            assigned.extend(quote!(record.#member = Some(#value);));
        }
        if assigned.is_empty() { created } else { quote!({ let mut record = #created; #assigned record }) }
    }
}

/// Emits setters for the tags of an example.
fn tag_setters(operation: &Operation, example: &Example) -> Vec<TokenStream> {
    let mut setters = Vec::new();
    for parameter in &operation.parameters {
        let member = Member { field: &parameter.field, place: Some(parameter.place) };
        let Some(list) = member.tag_list() else { continue };
        let given = example.request.get(&parameter.field.name).and_then(Value::as_array);
        for text in given.into_iter().flatten().filter_map(Value::as_str) {
            setters.push(if list == "system" {
                system_tag(operation, text)
            } else {
                quote!(.user_tag(#text))
            });
        }
    }
    setters
}

/// Emits the setter for a system tag. Recognized tags have their own setters.
fn system_tag(operation: &Operation, text: &str) -> TokenStream {
    let own_setter = operation.tags.iter().find_map(|tag| {
        let value = text.strip_prefix(&tag.prefix)?;
        let setter = ident(&names::field_ident(&tag.variable));
        Some(quote!(.#setter(#value)))
    });
    own_setter.unwrap_or_else(|| quote!(.system_tag(#text)))
}

fn text<'a>(ty: &Type, given: Option<&'a Value>) -> &'a str {
    let other = if *ty == Type::Uuid { "36c27e8ff05c4780bf6d2fa65700f22e" } else { "text" };
    given.and_then(Value::as_str).unwrap_or(other)
}

fn enum_text<'a>(model: &'a Model, name: &str, given: Option<&'a Value>) -> Option<&'a str> {
    let TypeShape::Enum { values } = &model.data_type(name)?.shape else { return None };
    let first = values.first().map_or("", |value| value.name.as_str());
    Some(given.and_then(Value::as_str).unwrap_or(first))
}
