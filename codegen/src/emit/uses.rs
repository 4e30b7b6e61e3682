//! The `use` block of a file, and identifiers.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// `use` items for `body`: what generated code writes short, and those of the
/// data types that it names.
pub(super) fn block<'a>(body: &TokenStream, types: impl Iterator<Item = &'a str>) -> TokenStream {
    let mut names = BTreeSet::new();
    collect(body.clone(), &mut names);
    let types: Vec<Ident> = types.filter(|name| names.contains(*name)).map(ident).collect();
    let types = match &types[..] {
        [] => TokenStream::new(),
        [one] => quote!(use crate::types::#one;),
        _ => quote!(use crate::types::{#(#types),*};),
    };
    quote! {
        use zstack_runtime::generated::*;
        #types
    }
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
