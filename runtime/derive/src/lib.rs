//! Derives that turn ordinary structs and enums into operations and data types
//! of the ZStack API.
//!
//! A declaration states each fact once. The Rust type of a field determines its type on the wire,
//! `Option` makes it optional, and its name in lower camel case is its name on the wire; attributes
//! add the rest. `zstack_runtime` re-exports the derives and has the traits that they implement;
//! crates that use the derives must depend on it.
//!
// The doc tests of `zstack-runtime` run it: as a dependency of a derive, that crate would be compiled
// again, with the features and options of derives.
#![cfg_attr(not(doctest), doc = include_str!("../example.md"))]

mod arguments;
mod change;
mod declaration;
mod description;
mod enumeration;
mod error;
mod limits;
mod names;
mod operation;
mod query;
mod record;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod types;
mod version;

use proc_macro2::TokenStream;
use quote::quote;

use declaration::Declaration;
use error::{Error, Result};
use version::Version;

/// Implements `Record` for a data type, and the traits that types of fields need.
///
/// * `#[record(…)]` takes `since`, the `class` for the `schema` of replies, `columns` for a record
///   that queries list, `extends(…)` with the records that it extends, and `no_constructor` if
///   `new` is written by hand.
/// * `#[field(…)]` takes `name`, `since`, `uuid`, `sensitive`, `no_column`, the constraints
///   `max_length`, `min_length`, `range(low, high)`, `pattern`, `values(…)`, `non_empty`,
///   `no_trim`, and [changes by releases](crate#changes-by-releases).
///
/// A field of type `More` keeps the fields of extensions.
#[proc_macro_derive(Record, attributes(record, field))]
pub fn derive_record(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(item.into(), "struct", record::record).into()
}

/// Implements `Record` for the response to an operation.
///
/// `#[response(…)]` takes `since`; fields have the attributes of a [`Record`](derive@Record).
#[proc_macro_derive(Response, attributes(response, field))]
pub fn derive_response(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(item.into(), "struct", record::response).into()
}

/// Implements `Request` for the parameters of an operation, with a constructor
/// and setters.
///
/// * `#[operation(…)]` takes the method with the path (`GET = "…"`), further paths (`alias`),
///   `category`, `since`, the key of the body (`body`, or `action` if the key selects the
///   operation), `job`, `no_session`, `response`, the record that a query `lists`, the classes of
///   the legacy channel (`message`, `reply`), and [changes by releases](crate#changes-by-releases).
/// * `#[tag(setter = "pattern", since = "…")]` declares a system tag.
/// * `#[param(…)]` takes the place of a parameter (`path`, `query`, `beside`; default: the body),
///   `setter`, and the attributes of a field of a [`Record`](derive@Record) except `no_column`.
///
/// A field of type `Tags` has both lists of tags, or only the lists that its attribute names:
/// `#[param(system(beside))]`. A field of type `Query` has the standard parameters of a query,
/// which come first; its attribute takes `since` and `removed`.
#[proc_macro_derive(Operation, attributes(operation, param, tag))]
pub fn derive_operation(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(item.into(), "struct", operation::operation).into()
}

/// Implements `Enumeration` for an enum that has one variant for unknown values.
///
/// `#[enumeration(…)]` takes `since`. `#[value(…)]` takes the `name` on the wire, if it differs
/// from that of the variant, `since`, and `removed`.
#[proc_macro_derive(Enumeration, attributes(enumeration, value))]
pub fn derive_enumeration(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(item.into(), "enum", enumeration::enumeration).into()
}

/// Wraps the implementations in a scope with a short name for the private module of the runtime.
fn expand(
    item: TokenStream,
    keyword: &str,
    derive: impl FnOnce(&Declaration) -> Result<TokenStream>,
) -> TokenStream {
    match Declaration::parse(item, keyword).and_then(|declaration| derive(&declaration)) {
        Ok(implementations) => quote! {
            const _: () = {
                use ::zstack_runtime::__private as __zstack;
                #implementations
            };
        },
        Err(error) => error.into_tokens(),
    }
}

/// Returns the release of a struct or an enum, which its attribute must name.
fn required_since(since: Option<Version>, declaration: &Declaration, attribute: &str) -> Result<Version> {
    since.ok_or_else(|| {
        Error::new(declaration.name.clone(), format!("`#[{attribute}(…)]` needs `since = \"…\"`"))
    })
}
