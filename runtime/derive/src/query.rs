//! The standard rows of a query.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::arguments::Argument;
use crate::change::Removal;
use crate::error::Result;
use crate::version::Version;

/// The number of standard rows.
pub(crate) const ROWS: usize = NAMES.len();

const NAMES: [&str; 9] =
    ["Q", "LIMIT", "START", "COUNT", "GROUP_BY", "REPLY_WITH_COUNT", "SORT", "FIELDS", "FILTER_NAME"];

/// The field with the standard parameters.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) ident: Ident,
    since: Option<Version>,
    removal: Removal,
}

impl Query {
    /// Parses the field.
    pub(crate) fn parse(ident: Ident, arguments: &[Argument]) -> Result<Self> {
        let mut query = Self { ident, since: None, removal: Removal::default() };
        for argument in arguments {
            if argument.name == "since" {
                query.since = Some(Version::parse(argument)?);
            } else if !query.removal.read(argument)? {
                return Err(argument.unknown_error("since, removed, replacement"));
            }
        }
        Ok(query)
    }

    /// Expands the rows.
    pub(crate) fn rows(&self) -> TokenStream {
        let since = self.since.map(|since| {
            let since = since.tokens();
            quote!(.not_before(#since))
        });
        let changes = self.removal.tokens().map(|removal| {
            quote! {
                .changes(&__zstack::FieldChanges { removal: __zstack::Some(#removal), earlier: &[] })
            }
        });
        let names = NAMES.map(|name| format_ident!("{name}"));
        quote!(#(__zstack::Query::#names #since #changes,)*)
    }
}
