//! Types of fields, examined by their tokens.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// Returns the argument of a generic type: `String` for `Option<String>`.
pub(crate) fn argument_of<'t>(ty: &'t [TokenTree], generic: &str) -> Option<&'t [TokenTree]> {
    match ty {
        [TokenTree::Ident(name), TokenTree::Punct(open), argument @ .., TokenTree::Punct(close)]
            if name == generic && open.as_char() == '<' && close.as_char() == '>' =>
        {
            match argument {
                [argument @ .., TokenTree::Punct(comma)] if comma.as_char() == ',' => Some(argument),
                argument => Some(argument),
            }
        }
        _ => None,
    }
}

/// Returns whether a type is written as this single word.
pub(crate) fn is(ty: &[TokenTree], word: &str) -> bool {
    matches!(ty, [TokenTree::Ident(name)] if name == word)
}

/// Expands the wire type of a Rust type. A UUID has its own wire type, and is a `String` in Rust.
pub(crate) fn kind(ty: &[TokenTree], is_uuid: bool) -> TokenStream {
    let last_text = ty.iter().rposition(|token| matches!(token, TokenTree::Ident(name) if name == "String"));
    let ty: TokenStream = match last_text.filter(|_| is_uuid) {
        Some(at) => {
            let (before, after) = (&ty[..at], &ty[at + 1..]);
            quote!(#(#before)* __zstack::Uuid #(#after)*)
        }
        None => ty.iter().cloned().collect(),
    };
    quote!(<#ty as __zstack::Wire>::KIND)
}

/// Returns how a constructor or a setter takes the value of a field: the type of the argument, and
/// the expression that converts it.
pub(crate) fn argument(ty: &[TokenTree], name: &Ident) -> (TokenStream, TokenStream) {
    const AS_IS: [&str; 5] = ["bool", "i32", "i64", "f64", "Timestamp"];
    if let Some(inner) = argument_of(ty, "Box") {
        let inner: TokenStream = inner.iter().cloned().collect();
        return (
            quote!(impl __zstack::Into<#inner>),
            quote!(__zstack::Box::new(__zstack::Into::into(#name))),
        );
    }
    if argument_of(ty, "Vec").is_some_and(|item| is(item, "String")) {
        return (
            quote!(impl __zstack::IntoIterator<Item = impl __zstack::Into<__zstack::String>>),
            quote!(__zstack::texts(#name)),
        );
    }
    let tokens: TokenStream = ty.iter().cloned().collect();
    match ty {
        [TokenTree::Ident(word)] if !AS_IS.iter().any(|scalar| word == scalar) => {
            (quote!(impl __zstack::Into<#tokens>), quote!(__zstack::Into::into(#name)))
        }
        _ => (tokens, quote!(#name)),
    }
}

/// Marks an identifier as generated: errors point at the field, but lints ignore it.
pub(crate) fn mark_generated(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(name.span().resolved_at(Span::call_site()));
    name
}
