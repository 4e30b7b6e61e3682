//! Arguments of attributes.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use zstack_model::{Constraints, Place, Version};

/// The argument for the location of a parameter. The body is the default.
pub(super) fn place(place: Place) -> Option<TokenStream> {
    match place {
        Place::Path => Some(quote!(path)),
        Place::Query => Some(quote!(query)),
        Place::Body => None,
        Place::BesideBody => Some(quote!(beside)),
    }
}

/// The argument for a release that differs from that of the owner.
pub(super) fn since(version: &Version, owner: &Version) -> Option<TokenStream> {
    let text = version.to_string();
    (version.to_parts() != owner.to_parts()).then(|| quote!(since = #text))
}

/// The arguments for the constraints of a value.
pub(super) fn limits(constraints: &Constraints) -> Vec<TokenStream> {
    let Constraints { max_length, min_length, range, pattern, values, non_empty, no_trim, .. } = constraints;
    let mut limits = Vec::new();
    if let Some(units) = max_length.map(Literal::u32_unsuffixed) {
        limits.push(quote!(max_length = #units));
    }
    if let Some(units) = min_length.map(Literal::u32_unsuffixed) {
        limits.push(quote!(min_length = #units));
    }
    if let Some((low, high)) = range {
        let (low, high) = (integer(*low), integer(*high));
        limits.push(quote!(range(#low, #high)));
    }
    if let Some(pattern) = pattern {
        limits.push(quote!(pattern = #pattern));
    }
    if !values.is_empty() {
        limits.push(quote!(values(#(#values),*)));
    }
    if *non_empty {
        limits.push(quote!(non_empty));
    }
    if *no_trim {
        limits.push(quote!(no_trim));
    }
    limits
}

/// Emits an integer. Literals have no sign.
pub(super) fn integer(number: i64) -> TokenStream {
    let digits = Literal::u64_unsuffixed(number.unsigned_abs());
    if number < 0 { quote!(-#digits) } else { digits.into_token_stream() }
}
