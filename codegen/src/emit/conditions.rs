//! The conditions, order and limits of the example of a query.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::{Map, Value};

use super::imports::ident;
use super::{arguments, columns, rust_type};
use zstack_model::{DataType, Field, Model, Type};

/// Calls of setters, and the imports that they need.
#[derive(Default)]
pub(super) struct QuerySetters<'a> {
    pub(super) setters: TokenStream,
    /// The data types to import.
    pub(super) types: BTreeSet<&'a str>,
    /// The names of the client crate to import.
    pub(super) names: BTreeSet<&'static str>,
}

/// The operators of conditions and the methods of columns. Longer operators come before those that they contain.
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

/// Emits setters for the standard query parameters of an example.
pub(super) fn query_setters<'a>(
    model: &'a Model,
    item: &'a DataType,
    request: &Map<String, Value>,
) -> QuerySetters<'a> {
    let mut query = QuerySetters::default();
    let mut setters = TokenStream::new();
    let conditions = request.get("q").and_then(Value::as_array).into_iter().flatten();
    for text in conditions.filter_map(Value::as_str) {
        if let Some(condition) = condition(model, item, text, &mut query) {
            setters.extend(quote!(.filter(#condition)));
        }
    }
    if let Some(sort) = request.get("sort").and_then(Value::as_str) {
        let column = sort_column(model, item, sort.trim_start_matches(['+', '-', ' ']), &mut query);
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
    query.setters = match (setters.is_empty(), others.is_empty()) {
        (true, true) => TokenStream::new(),
        (false, true) => {
            query.names.insert("QueryRequest");
            setters
        }
        // Only `Query` has setters for the other parameters.
        (_, false) => {
            query.names.insert("Query");
            quote!(.query(Query::new() #setters #others))
        }
    };
    query
}

fn number(request: &Map<String, Value>, name: &str) -> Option<TokenStream> {
    request.get(name).and_then(Value::as_i64).map(arguments::integer)
}

/// Emits a column for a name that has no typed column, or whose type does not fit the value.
fn untyped_column<'a>(name: &str, query: &mut QuerySetters<'a>) -> TokenStream {
    query.names.insert("Column");
    quote!(Column::<String>::new(#name))
}

/// Emits the column to sort by. Records cannot be sorted.
fn sort_column<'a>(
    model: &'a Model,
    item: &'a DataType,
    name: &str,
    query: &mut QuerySetters<'a>,
) -> TokenStream {
    let found = columns::expression(model, item, name)
        .filter(|expression| !columns::contains_records(model, expression.field));
    match found.map(|column| (column.tokens, column.types)) {
        Some((column, types)) => {
            query.types.extend(types);
            column
        }
        None => untyped_column(name, query),
    }
}

fn condition<'a>(
    model: &'a Model,
    item: &'a DataType,
    text: &str,
    query: &mut QuerySetters<'a>,
) -> Option<TokenStream> {
    let (name, operator, method) = split(text)?;
    let value = &text[name.len() + operator.len()..];
    let name = name.trim();
    let typed = columns::expression(model, item, name).and_then(|expression| {
        // Patterns apply to strings only.
        let fits = !method.ends_with("like") || expression.field.ty == Type::String;
        let arguments =
            fits.then(|| values(value, method, |text| literal(model, expression.field, text)))??;
        Some((expression.tokens, expression.types, arguments))
    });
    let (column, arguments) = match typed {
        Some((column, types, arguments)) => {
            query.types.extend(types);
            (column, arguments)
        }
        // A value that does not fit the column is compared as a string.
        None => (untyped_column(name, query), values(value, method, |text| Some(text.to_token_stream()))?),
    };
    let method = ident(method);
    Some(quote!(#column.#method(#arguments)))
}

/// Splits a condition at its first operator: the name, the operator, and the method for it.
pub fn split(text: &str) -> Option<(&str, &'static str, &'static str)> {
    text.char_indices().find_map(|(at, _)| {
        let rest = &text[at..];
        let (operator, method) = OPERATORS.into_iter().find(|(operator, _)| rest.starts_with(operator))?;
        let ends = !operator.starts_with(' ') || rest.trim_end() == operator;
        (ends && !text[..at].trim().is_empty()).then(|| (&text[..at], operator, method))
    })
}

/// Emits the arguments of a method; `None` if a value does not fit the column.
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

/// Emits a value; `None` if the text does not fit the type of the column.
fn literal(model: &Model, field: &Field, text: &str) -> Option<TokenStream> {
    match &field.ty {
        Type::String | Type::Uuid => Some(text.to_token_stream()),
        Type::Boolean => text.parse::<bool>().ok().map(ToTokens::into_token_stream),
        Type::Integer => text.parse::<i32>().ok().map(|number| arguments::integer(number.into())),
        Type::Long => {
            let number: i64 = text.parse().ok()?;
            // Without a suffix, the literal would be an `i32`.
            let digits = Literal::i64_suffixed(number.checked_abs()?);
            Some(if number < 0 { quote!(-#digits) } else { digits.to_token_stream() })
        }
        Type::Named(name) if rust_type::is_enum(model, name) => Some(text.to_token_stream()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use camino::Utf8Path;

    use super::*;

    static MODEL: LazyLock<Model> = LazyLock::new(|| {
        let spec = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
        zstack_model::load::load(&spec).unwrap()
    });

    fn emit_setters(request: Value) -> String {
        let model = &*MODEL;
        let item = model.data_type("VmInstanceInventory").unwrap();
        let Value::Object(request) = request else { panic!("a request is an object") };
        let query = query_setters(model, item, &request);
        let imports: Vec<&str> = query.types.into_iter().chain(query.names).collect();
        format!("{} | {}", query.setters.to_string().replace(' ', ""), imports.join(" "))
    }

    #[test]
    fn emits_conditions() {
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
            // Not a field, not a number, and a pattern for an enum.
            ("zone.name~=a%", r#"Column::<String>::new("zone.name").like("a%")"#, "Column"),
            ("cpuNum=many", r#"Column::<String>::new("cpuNum").eq("many")"#, "Column"),
            ("state~=Run%", r#"Column::<String>::new("state").like("Run%")"#, "Column"),
        ] {
            let expected = format!(".filter({call}) | {imports} QueryRequest");
            assert_eq!(emit_setters(serde_json::json!({"q": [text]})), expected, "{text}");
        }
        assert_eq!(emit_setters(serde_json::json!({"q": ["no condition", "=x"]})), " | ");
    }

    #[test]
    fn emits_order_and_limits() {
        assert_eq!(
            emit_setters(serde_json::json!({"sort": "-cpuNum", "limit": 2})),
            ".sort(VmInstanceInventory::CPU_NUM.descending()).limit(2) | VmInstanceInventory QueryRequest"
        );
        assert_eq!(
            emit_setters(serde_json::json!({"limit": 2, "start": 4, "count": true, "fields": "uuid, name"})),
            r#".query(Query::new().limit(2).start(4).count().fields(["uuid","name"])) | Query"#
        );
    }
}
