//! The example in an operation's documentation: a call that compiles, made of
//! the spec's first example.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use serde_json::Value;

use super::conditions::{self, Asked};
use super::uses::ident;
use super::{columns, record};
use crate::model::{Auth, Example, Model, Operation, Parameter, Type, TypeShape};
use crate::names;

/// Lines of documentation.
pub(super) fn lines(model: &Model, operation: &Operation) -> Vec<String> {
    let example = operation.examples.iter().find(|it| it.status < 400);
    let asked = match (columns::item(model, operation), example) {
        (Some(item), Some(example)) => conditions::asked(model, item, &example.request),
        _ => Asked::default(),
    };
    let call = call(model, operation, example, &asked.setters);
    let body: syn::File = match syn::parse2(quote! {
        async fn example(client: &Client) -> Result<(), zstack_client::Error> {
            let answer = #call.call(client).await?;
            println!("{answer:?}");
            Ok(())
        }
    }) {
        Ok(file) => file,
        // The tokens above are a function whatever the spec says.
        Err(_) => return Vec::new(),
    };
    let body = prettyplease::unparse(&body);
    let mut statements: Vec<&str> = body.lines().collect();
    statements.retain(|line| !line.trim().is_empty());
    // Inside the function; the function itself is hidden.
    let inner =
        statements[1..statements.len() - 2].iter().map(|line| line.strip_prefix("    ").unwrap_or(line));
    let module = ident(&names::module_ident(&operation.category));
    let mut text: Vec<String> = ["", "# Example", "", "```no_run"].map(str::to_owned).to_vec();
    text.push(format!("use zstack_client::{module}::{};", operation.name));
    match Vec::from_iter(asked.types).as_slice() {
        [] => {}
        [one] => text.push(format!("use zstack_client::types::{one};")),
        several => text.push(format!("use zstack_client::types::{{{}}};", several.join(", "))),
    }
    let mut names = asked.names;
    names.extend(["Call", "Client"]);
    text.push(format!("use zstack_client::{{{}}};", Vec::from_iter(names).join(", ")));
    text.push(String::new());
    text.push("# async fn example(client: &Client) -> Result<(), zstack_client::Error> {".to_owned());
    if operation.auth == Auth::Session {
        text.push("// `client` has a session.".to_owned());
    }
    text.extend(inner.map(str::to_owned));
    text.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    text
}

fn call(model: &Model, operation: &Operation, example: Option<&Example>, asked: &TokenStream) -> TokenStream {
    let name = ident(&operation.name);
    let given = |parameter: &Parameter| example.and_then(|it| it.request.get(&parameter.field.name));
    let required = operation.parameters.iter().filter(|it| it.field.required);
    let arguments = required.map(|parameter| argument(model, &parameter.field.ty, given(parameter)));
    let optional = operation.parameters.iter().filter(|it| !it.field.required);
    let setters = optional.filter_map(|parameter| {
        let member = record::Member { field: &parameter.field, place: Some(parameter.place) };
        if record::tag_list(&member).is_some() {
            return None;
        }
        let value = argument(model, &parameter.field.ty, Some(given(parameter)?));
        let setter: proc_macro2::TokenStream = record::setter_name(&parameter.field).parse().ok()?;
        Some(quote!(.#setter(#value)))
    });
    let tags = tag_setters(operation, example);
    quote!(#name::new(#(#arguments),*) #(#setters)* #(#tags)* #asked)
}

/// The setters for the tags of an example that have a meaning.
fn tag_setters(operation: &Operation, example: Option<&Example>) -> Vec<TokenStream> {
    let given = example.and_then(|it| it.request.get("systemTags")).and_then(Value::as_array);
    let texts = given.into_iter().flatten().filter_map(Value::as_str);
    texts
        .filter_map(|text| {
            operation.tags.iter().find_map(|tag| {
                let value = text.strip_prefix(&tag.prefix)?;
                let setter = ident(&names::field_ident(&tag.variable));
                Some(quote!(.#setter(#value)))
            })
        })
        .collect()
}

/// An argument for a parameter of a type: the example's value, or any other.
/// Texts need not be owned, nor enums made: arguments are converted.
fn argument(model: &Model, ty: &Type, given: Option<&Value>) -> TokenStream {
    match ty {
        Type::String | Type::Uuid => text(ty, given).to_token_stream(),
        Type::Named(name) => match enum_text(model, name, given) {
            Some(text) => text.to_token_stream(),
            None => value(model, ty, given),
        },
        Type::List(item) if matches!(**item, Type::String | Type::Uuid) => {
            let items = given.and_then(Value::as_array).into_iter().flatten();
            let items = items.map(|it| text(item, Some(it)).to_owned());
            quote!([#(#items),*])
        }
        _ => value(model, ty, given),
    }
}

fn text<'a>(ty: &Type, given: Option<&'a Value>) -> &'a str {
    let other = if *ty == Type::Uuid { "36c27e8ff05c4780bf6d2fa65700f22e" } else { "text" };
    given.and_then(Value::as_str).unwrap_or(other)
}

fn enum_text<'a>(model: &'a Model, name: &str, given: Option<&'a Value>) -> Option<&'a str> {
    let TypeShape::Enum { values } = &model.data_type(name)?.shape else { return None };
    let first = values.first().map_or("", |it| it.name.as_str());
    Some(given.and_then(Value::as_str).unwrap_or(first))
}

/// An expression of exactly the type.
fn value(model: &Model, ty: &Type, given: Option<&Value>) -> TokenStream {
    match ty {
        Type::String | Type::Uuid => {
            let text = text(ty, given);
            quote!(#text.to_owned())
        }
        Type::Boolean => given.and_then(Value::as_bool).unwrap_or(true).to_token_stream(),
        Type::Integer | Type::Long => record::integer(given.and_then(Value::as_i64).unwrap_or(1)),
        Type::Double => {
            let number = given.and_then(Value::as_f64).unwrap_or(1.0);
            let digits = proc_macro2::Literal::f64_unsuffixed(number.abs());
            if number < 0.0 { quote!(-#digits) } else { digits.to_token_stream() }
        }
        Type::Timestamp => {
            let text = given.and_then(Value::as_str).unwrap_or("Nov 14, 2017 10:20:57 PM");
            quote!(#text.parse().unwrap_or_default())
        }
        Type::Any => quote!(Default::default()),
        Type::List(item) => {
            let items = given.and_then(Value::as_array).into_iter().flatten();
            let items = items.map(|it| value(model, item, Some(it)));
            quote!(vec![#(#items),*])
        }
        Type::Map(item) => {
            let entries = given.and_then(Value::as_object).into_iter().flatten().map(|(key, it)| {
                let value = value(model, item, Some(it));
                quote!((#key.to_owned(), #value))
            });
            quote!([#(#entries),*].into())
        }
        Type::Named(name) => match enum_text(model, name, given) {
            Some(text) => quote!(#text.into()),
            None => quote!(Default::default()),
        },
    }
}
