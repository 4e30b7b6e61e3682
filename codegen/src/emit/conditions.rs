//! What the example of a query asks for: conditions, order, and how much.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::{Map, Value};

use super::imports::ident;
use super::{columns, field, rust_type};
use zstack_model::{DataType, Field, Model, Type};

/// Calls of setters, and what has to be imported for them.
#[derive(Default)]
pub(super) struct Asked<'a> {
    pub(super) setters: TokenStream,
    /// Data types.
    pub(super) types: BTreeSet<&'a str>,
    /// Names of the client crate.
    pub(super) names: BTreeSet<&'static str>,
}

/// The operators of conditions and the methods of columns; longer ones before
/// their beginnings and endings.
const OPERATORS: [(&str, &str); 12] = [
    (" is null", "is_null"),
    (" not null", "is_not_null"),
    ("!?=", "not_in"),
    ("!~=", "not_like"),
    ("!=", "ne"),
    (">=", "ge"),
    ("<=", "le"),
    ("~=", "like"),
    ("?=", "is_in"),
    ("=", "eq"),
    (">", "gt"),
    ("<", "lt"),
];

/// The standard parameters of an example's request.
pub(super) fn asked<'a>(model: &'a Model, item: &'a DataType, request: &Map<String, Value>) -> Asked<'a> {
    let mut asked = Asked::default();
    let mut setters = TokenStream::new();
    let conditions = request.get("q").and_then(Value::as_array).into_iter().flatten();
    for text in conditions.filter_map(Value::as_str) {
        if let Some(condition) = condition(model, item, text, &mut asked) {
            setters.extend(quote!(.filter(#condition)));
        }
    }
    if let Some(sort) = request.get("sort").and_then(Value::as_str) {
        let column = ordered(model, item, sort.trim_start_matches(['+', '-', ' ']), &mut asked);
        let order = if sort.starts_with('-') { quote!(descending()) } else { quote!(ascending()) };
        setters.extend(quote!(.sort(#column.#order)));
    }
    if let Some(limit) = number(request, "limit") {
        setters.extend(quote!(.limit(#limit)));
    }
    let mut others = TokenStream::new();
    if let Some(start) = number(request, "start") {
        others.extend(quote!(.start(#start)));
    }
    let is_set = |name| request.get(name) == Some(&Value::Bool(true));
    if is_set("count") {
        others.extend(quote!(.count()));
    }
    if is_set("replyWithCount") {
        others.extend(quote!(.reply_with_count()));
    }
    if let Some(fields) = request.get("fields").and_then(Value::as_str) {
        let fields = fields.split(',').map(str::trim);
        others.extend(quote!(.fields([#(#fields),*])));
    }
    asked.setters = match (setters.is_empty(), others.is_empty()) {
        (true, true) => TokenStream::new(),
        (false, true) => {
            asked.names.insert("QueryRequest");
            setters
        }
        // The request itself has no setters for these.
        (_, false) => {
            asked.names.insert("Query");
            quote!(.query(Query::new() #setters #others))
        }
    };
    asked
}

fn number(request: &Map<String, Value>, name: &str) -> Option<TokenStream> {
    request.get(name).and_then(Value::as_i64).map(field::integer)
}

/// A column that no record has, or whose values are not those of a condition.
fn untyped<'a>(name: &str, asked: &mut Asked<'a>) -> TokenStream {
    asked.names.insert("Column");
    quote!(Column::<String>::named(#name))
}

/// The column to sort by. There is no order of records.
fn ordered<'a>(model: &'a Model, item: &'a DataType, name: &str, asked: &mut Asked<'a>) -> TokenStream {
    let found = columns::expression(model, item, name)
        .filter(|expression| !columns::holds_records(model, expression.field));
    match found.map(|column| (column.tokens, column.types)) {
        Some((column, types)) => {
            asked.types.extend(types);
            column
        }
        None => untyped(name, asked),
    }
}

fn condition<'a>(
    model: &'a Model,
    item: &'a DataType,
    text: &str,
    asked: &mut Asked<'a>,
) -> Option<TokenStream> {
    let (name, operator, method) = split(text)?;
    let value = &text[name.len() + operator.len()..];
    let name = name.trim();
    let typed = columns::expression(model, item, name).and_then(|expression| {
        // Patterns are for texts.
        let fits = !method.ends_with("like") || expression.field.ty == Type::String;
        let arguments =
            fits.then(|| values(value, method, |text| literal(model, expression.field, text)))??;
        Some((expression.tokens, expression.types, arguments))
    });
    let (column, arguments) = match typed {
        Some((column, types, arguments)) => {
            asked.types.extend(types);
            (column, arguments)
        }
        // What is no value of the column is compared as a text.
        None => (untyped(name, asked), values(value, method, |text| Some(text.to_token_stream()))?),
    };
    let method = ident(method);
    Some(quote!(#column.#method(#arguments)))
}

/// The name, the operator and the method of a condition, which is split at its
/// first operator.
pub fn split(text: &str) -> Option<(&str, &'static str, &'static str)> {
    text.char_indices().find_map(|(at, _)| {
        let rest = &text[at..];
        let (operator, method) = OPERATORS.into_iter().find(|(operator, _)| rest.starts_with(operator))?;
        let ends = !operator.starts_with(' ') || rest.trim_end() == operator;
        (ends && !text[..at].trim().is_empty()).then(|| (&text[..at], operator, method))
    })
}

/// The arguments of a method; nothing where one of the texts is no value.
fn values(value: &str, method: &str, literal: impl Fn(&str) -> Option<TokenStream>) -> Option<TokenStream> {
    match method {
        "is_null" | "is_not_null" => Some(TokenStream::new()),
        "is_in" | "not_in" => {
            let values: Vec<TokenStream> = value.split(',').map(literal).collect::<Option<_>>()?;
            Some(quote!([#(#values),*]))
        }
        _ => literal(value),
    }
}

/// A value of a column; nothing where the text is none.
fn literal(model: &Model, field: &Field, text: &str) -> Option<TokenStream> {
    match &field.ty {
        Type::String | Type::Uuid => Some(text.to_token_stream()),
        Type::Boolean => text.parse::<bool>().ok().map(ToTokens::into_token_stream),
        Type::Integer => text.parse::<i32>().ok().map(|text| field::integer(text.into())),
        Type::Long => {
            let number: i64 = text.parse().ok()?;
            // Without a suffix, it would be an `i32`.
            let digits = Literal::i64_suffixed(number.checked_abs()?);
            Some(if number < 0 { quote!(-#digits) } else { digits.to_token_stream() })
        }
        Type::Named(name) if rust_type::is_enum(model, name) => Some(text.to_token_stream()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;

    fn shown(request: Value) -> String {
        let spec = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
        let model = zstack_model::load::load(&spec).unwrap();
        let item = model.data_type("VmInstanceInventory").unwrap();
        let Value::Object(request) = request else { panic!("a request is an object") };
        let asked = asked(&model, item, &request);
        let imports: Vec<&str> = asked.types.into_iter().chain(asked.names).collect();
        format!("{} | {}", asked.setters.to_string().replace(' ', ""), imports.join(" "))
    }

    #[test]
    fn conditions_are_calls() {
        let vm = "VmInstanceInventory";
        for (text, call, imports) in [
            ("name=a>=b", r#"VmInstanceInventory::NAME.eq("a>=b")"#, vm),
            ("type!~=x%", r#"VmInstanceInventory::TYPE.not_like("x%")"#, vm),
            ("cpuNum>=4", "VmInstanceInventory::CPU_NUM.ge(4)", vm),
            ("memorySize<8589934592", "VmInstanceInventory::MEMORY_SIZE.lt(8589934592i64)", vm),
            ("state?=Running,Stopped", r#"VmInstanceInventory::STATE.is_in(["Running","Stopped"])"#, vm),
            ("imageUuid is null", "VmInstanceInventory::IMAGE_UUID.is_null()", vm),
            (
                "vmNics.usedIps.ip!=::1",
                "VmInstanceInventory::VM_NICS.at(VmNicInventory::USED_IPS.at(UsedIpInventory::IP)).ne(\"::1\")",
                "UsedIpInventory VmInstanceInventory VmNicInventory",
            ),
            ("vmCdRoms not null", "VmInstanceInventory::VM_CD_ROMS.is_not_null()", vm),
            // Neither is a field, nor a number, nor can a state be matched.
            ("zone.name~=a%", r#"Column::<String>::named("zone.name").like("a%")"#, "Column"),
            ("cpuNum=many", r#"Column::<String>::named("cpuNum").eq("many")"#, "Column"),
            ("state~=Run%", r#"Column::<String>::named("state").like("Run%")"#, "Column"),
        ] {
            let expected = format!(".filter({call}) | {imports} QueryRequest");
            assert_eq!(shown(serde_json::json!({"q": [text]})), expected, "{text}");
        }
        assert_eq!(shown(serde_json::json!({"q": ["no condition", "=x"]})), " | ");
    }

    #[test]
    fn order_and_number_are_calls() {
        assert_eq!(
            shown(serde_json::json!({"sort": "-cpuNum", "limit": 2})),
            ".sort(VmInstanceInventory::CPU_NUM.descending()).limit(2) | VmInstanceInventory QueryRequest"
        );
        assert_eq!(
            shown(serde_json::json!({"limit": 2, "start": 4, "count": true, "fields": "uuid, name"})),
            r#".query(Query::new().limit(2).start(4).count().fields(["uuid","name"])) | Query"#
        );
    }
}
