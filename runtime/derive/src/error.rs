//! Errors of the derives; the compiler reports them at the token that causes them.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;

/// A problem in the declaration of a struct or an enum.
#[derive(Debug)]
pub(crate) struct Error {
    /// The offending token; `None` for the end of the item.
    pub(crate) token: Option<TokenTree>,
    pub(crate) message: String,
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(token: impl Into<TokenTree>, message: impl Into<String>) -> Self {
        Self { token: Some(token.into()), message: message.into() }
    }

    /// Creates an error at a token, or at the end of the item.
    pub(crate) fn at(token: Option<TokenTree>, message: impl Into<String>) -> Self {
        Self { token, message: message.into() }
    }

    /// Converts the error to an invocation of `compile_error!`.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let message = self.message;
        let span = self.token.map_or_else(Span::call_site, |token| token.span());
        quote_spanned!(span=> ::core::compile_error! { #message })
    }
}
