//! Tests of errors: each names the problem and the part of the declaration.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test is to fail there")]

use proc_macro2::TokenStream;

use crate::declaration::Declaration;
use crate::error::Result;
use crate::{enumeration, expand, operation, record};

type Derive = fn(&Declaration) -> Result<TokenStream>;

const RECORD: Derive = record::record;
const RESPONSE: Derive = record::response;
const OPERATION: Derive = operation::operation;
const ENUMERATION: Derive = enumeration::enumeration;

/// Expands a declaration; returns the tokens as text.
fn expand_text(keyword: &str, derive: Derive, item: &str) -> String {
    expand(item.parse().unwrap(), keyword, derive).to_string()
}

/// Returns the message of the error, and the token that it points at.
fn expand_error(keyword: &str, derive: Derive, item: &str) -> (String, String) {
    let error = Declaration::parse(item.parse().unwrap(), keyword)
        .and_then(|declaration| derive(&declaration))
        .expect_err(item);
    (error.message, error.token.map(|token| token.to_string()).unwrap_or_default())
}

const HEAD: &str = "#[operation(GET = \"/v1/a\", category = \"a\", since = \"1.0\", response = R)]";

#[test]
fn errors_name_the_problem_and_its_position() {
    let request = |fields: &str| format!("{HEAD} struct A {{ {fields} }}");
    let record = |fields: &str| format!("#[record(since = \"1.0\")] struct A {{ {fields} }}");
    for (derive, item, place, message) in [
        (RECORD, "struct A {}".to_owned(), "A", "`#[record(…)]` needs `since"),
        (RESPONSE, "struct A {}".to_owned(), "A", "`#[response(…)]` needs `since"),
        (RECORD, "#[record(since = \"1.x\")] struct A {}".to_owned(), "since", "`1.x` is not a release"),
        (RECORD, "#[record(since = 1)] struct A {}".to_owned(), "since", "`since` takes a string"),
        (RECORD, "#[record(sense = \"1\")] struct A {}".to_owned(), "sense", "`sense` is not an argument"),
        (RECORD, "struct A(String);".to_owned(), "(String)", "this derive is for a struct with braces"),
        (RECORD, "enum A {}".to_owned(), "enum", "this derive is for a struct"),
        (RECORD, record("#[field(path)] a: String"), "path", "`path` is not an argument"),
        (
            RECORD,
            record("#[field(max_length = \"9\")] a: String"),
            "max_length",
            "`max_length` takes an integer",
        ),
        (RECORD, record("#[field(range(1))] a: i32"), "range", "`range` takes the minimum and the maximum"),
        (RECORD, record("#[field(uuid = 1)] a: String"), "uuid", "`uuid` takes no value"),
        (RECORD, record("#[param(path)] a: String"), "param", "`param` is not allowed here"),
        (RECORD, record("#[field(name = \"a\")] more: More"), "name", "the fields of extensions take no"),
        (OPERATION, "#[operation(since = \"1\")] struct A {}".to_owned(), "A", "needs a method and a path"),
        (OPERATION, request("#[param(path, query)] a: String"), "query", "a parameter has one place"),
        (OPERATION, request("#[param(columns)] a: String"), "columns", "`columns` is not an argument"),
        (
            OPERATION,
            format!("#[tag(a = \"b\")] {}", request("")),
            "a",
            "the pattern \"b\" must end with a variable",
        ),
        (OPERATION, format!("#[tag(since = \"1\")] {}", request("")), "tag", "a tag needs a setter"),
        (
            OPERATION,
            format!("#[operation(PUT = \"/v1/b\")] {}", request("")),
            // The attribute above comes first.
            "GET",
            "an operation has one method",
        ),
        (
            RECORD,
            record("#[field(removed = \"2.0\")] a: String"),
            "removed",
            "a removed field is an `Option`",
        ),
        (RECORD, record("#[field(required)] a: Option<String>"), "required", "`required` needs `removed"),
        (RECORD, record("#[field(replacement = \"b\")] a: String"), "replacement", "needs `removed"),
        (RECORD, record("#[field(history(required = false))] a: String"), "history", "needs `until"),
        (RECORD, record("#[field(history = \"2.0\")] a: String"), "history", "`history` takes a list"),
        (
            RECORD,
            record("#[field(history(until = \"2.0\", path))] a: String"),
            "path",
            "`path` is not an argument",
        ),
        (
            RECORD,
            record("#[field(history(until = \"2.0\", required))] a: String"),
            "required",
            "`required` takes `required = true` or `required = false` here",
        ),
        (
            RECORD,
            record("#[field(history(until = \"3.0\", max_length = 1), history(until = \"2.0\"))] a: String"),
            "history",
            "in the order of their releases",
        ),
        (
            OPERATION,
            format!("#[operation(history(until = \"2.0\", since = \"1.0\"))] {}", request("")),
            "since",
            "`since` is not an argument of this attribute; allowed: until, GET",
        ),
        (
            OPERATION,
            format!("#[operation(history(until = \"2.0\", message = \"M\"))] {}", request("")),
            "message",
            "must be given together",
        ),
        (OPERATION, request("#[param(path)] query: Query"), "path", "allowed: since, removed, replacement"),
        (
            OPERATION,
            format!("#[operation(message = \"M\")] {}", request("")),
            "message",
            "must be given together",
        ),
        (OPERATION, format!("#[operation(lists = B)] {}", request("")), "A", "needs a field of type `Query`"),
        (
            OPERATION,
            format!("#[operation(body = \"a\", action = \"b\")] {}", request("")),
            "action",
            "an operation has at most one key",
        ),
    ] {
        let (found, at) = expand_error("struct", derive, &item);
        assert!(found.contains(message), "{item}: {found}");
        assert_eq!(at, place, "{item}: {found}");
    }
    for (item, place, message) in [
        ("#[enumeration(since = \"1\")] enum A { B }", "A", "needs a variant for unknown values"),
        ("enum A { B, C(D) }", "A", "`#[enumeration(…)]` needs `since"),
        ("#[enumeration(since = \"1\")] enum A { B(C), D(E) }", "D", "only the variant for unknown values"),
        (
            "#[enumeration(since = \"1\")] enum A { #[value(since = \"\")] B, C(D) }",
            "since",
            "is not a release",
        ),
    ] {
        let (found, at) = expand_error("enum", ENUMERATION, item);
        assert!(found.contains(message), "{item}: {found}");
        assert_eq!(at, place, "{item}: {found}");
    }
}

/// Tables of elements without changes cost nothing.
#[test]
fn rows_without_changes_have_none() {
    let item = "#[record(since = \"1.0\")] struct A { #[field(max_length = 9)] a: String }";
    let text = expand_text("struct", RECORD, item);
    for word in ["changes", "earlier_classes", "Removal"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

/// Each entry changes the state that follows it; the oldest comes first.
#[test]
fn histories_become_rows() {
    let item = "#[record(since = \"1.0\")] struct A { #[field(
        max_length = 9,
        removed = \"5.0\",
        history(until = \"2.0\", max_length = None, required = true),
        history(until = \"3.0\", max_length = 5, non_empty = true),
    )] a: Option<String> }";
    let text = expand_text("struct", RECORD, item).replace(' ', "");
    let limits: Vec<_> =
        text.split(".limits(").skip(1).map(|rest| rest.split("))").next().unwrap()).collect();
    let [newest, oldest, middle] = limits[..] else { panic!("{limits:?}") };
    assert!(newest.contains(".max_length(9"), "{newest}");
    assert!(!oldest.contains("max_length") && oldest.contains(".non_empty("), "{oldest}");
    assert!(middle.contains(".max_length(5") && middle.contains(".non_empty("), "{middle}");
    let required: Vec<_> = text.match_indices(".required()").map(|(at, _)| at).collect();
    assert_eq!(required.len(), 1, "{text}");
    assert!(text.contains("removal:__zstack::Some(__zstack::Removal::new("), "{text}");
}

#[test]
fn errors_become_compile_errors() {
    assert!(expand_text("struct", RECORD, "struct A {}").starts_with(":: core :: compile_error ! {"));
}

/// Macros by example put what they matched into invisible groups.
#[test]
fn reads_types_inside_invisible_groups() {
    use proc_macro2::{Delimiter, Group, TokenTree};
    let hidden = Group::new(Delimiter::None, "Option<String>".parse().unwrap());
    let mut body: TokenStream = "a:".parse().unwrap();
    body.extend([TokenTree::Group(hidden)]);
    let mut item: TokenStream = "#[record(since = \"1.0\")] struct A".parse().unwrap();
    item.extend([TokenTree::Group(Group::new(Delimiter::Brace, body))]);
    let text = expand(item, "struct", RECORD).to_string();
    assert!(
        text.contains("< String as __zstack :: Wire > :: KIND") && !text.contains("required ()"),
        "{text}"
    );
}
