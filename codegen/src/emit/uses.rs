//! The `use` block of a file: of the names the emitters write short, those
//! that the file has.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// Short names and the module each comes from, by module.
const RUNTIME: [(&str, &[&str]); 5] = [
    ("", &[
        "Auth", "Body", "Enumeration", "Execution", "Method", "Operation", "Record", "Request", "Tagged",
        "Tags", "Timestamp", "UnknownValue", "Version", "View",
    ]),
    ("enumeration", &["enum_shape"]),
    ("record", &["EnumShape", "Field", "Kind", "Shape", "put", "shape", "skip", "view"]),
    ("", &["enumeration_traits", "record_traits"]),
    ("", &["tags"]),
];

/// `use` items for `body`: what it takes from `std`, the runtime and, where
/// `types` are given, the data types.
pub(super) fn block<'a>(body: &TokenStream, types: impl Iterator<Item = &'a str>) -> TokenStream {
    let mut names = BTreeSet::new();
    collect(body.clone(), &mut names);
    let has = |name: &&str| names.contains(*name);
    let mut block = TokenStream::new();
    if has(&"BTreeMap") {
        block.extend(quote!(use std::collections::BTreeMap;));
    }
    if has(&"Deserializer") {
        block.extend(quote!(use serde::Deserializer;));
    }
    for (module, list) in RUNTIME {
        let idents: Vec<Ident> = list.iter().copied().filter(|name| has(name)).map(ident).collect();
        if idents.is_empty() {
            continue;
        }
        let path = if module.is_empty() {
            quote!(zstack_runtime)
        } else {
            let module = ident(module);
            quote!(zstack_runtime::#module)
        };
        block.extend(match &idents[..] {
            [one] => quote!(use #path::#one;),
            _ => quote!(use #path::{#(#idents),*};),
        });
    }
    let types: Vec<Ident> = types.filter(|name| has(name)).map(ident).collect();
    match &types[..] {
        [] => {}
        [one] => block.extend(quote!(use crate::types::#one;)),
        _ => block.extend(quote!(use crate::types::{#(#types),*};)),
    }
    block
}

/// An identifier, raw where it is a keyword.
pub(super) fn ident(name: &str) -> Ident {
    if crate::names::is_keyword(name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}

fn collect(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                names.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
