//! Derives that turn ordinary structs and enums into operations and data types
//! of the ZStack API.
//!
//! A declaration states each fact once. The Rust type of a field determines its type on the wire,
//! `Option` makes it optional, and its name in lower camel case is its name on the wire; attributes
//! add the rest. `zstack_runtime` re-exports the derives and has the traits that they implement;
//! crates that use the derives must depend on it.
//!
//! ```
//! use zstack_runtime::{Enumeration, Operation, Record, Request, Response, Tags, UnknownValue};
//!
//! /// Adds a drive to a machine.
//! #[derive(Clone, Default, Operation)]
//! #[operation(
//!     POST = "/v1/machines/{machineUuid}/drives",
//!     category = "machine",
//!     since = "1.0",
//!     body = "params",
//!     job,
//!     response = AddDriveResponse,
//! )]
//! #[tag(bus = "driveBus::{driveBus}", since = "2.0")]
//! pub struct AddDrive {
//!     #[param(path)]
//!     pub machine_uuid: String,
//!     #[param(max_length = 255)]
//!     pub name: String,
//!     #[param(since = "1.2", range(1, 8))]
//!     pub slot: Option<i32>,
//!     #[param(beside)]
//!     pub tags: Tags,
//! }
//!
//! /// The response to [`AddDrive`].
//! #[derive(Clone, Default, Response)]
//! #[response(since = "1.0")]
//! pub struct AddDriveResponse {
//!     pub inventory: DriveInventory,
//! }
//!
//! /// A drive.
//! #[derive(Clone, Default, Record)]
//! #[record(class = "org.example.DriveInventory", since = "1.0", columns)]
//! pub struct DriveInventory {
//!     pub uuid: String,
//!     pub state: Option<DriveState>,
//! }
//!
//! /// The state of a drive.
//! #[derive(Clone, Debug, PartialEq, Enumeration)]
//! #[enumeration(since = "1.0")]
//! pub enum DriveState {
//!     Empty,
//!     #[value(name = "in-use", since = "1.1")]
//!     InUse,
//!     Unrecognized(UnknownValue),
//! }
//!
//! let request = AddDrive::new("36c2", "data").slot(2).bus("scsi");
//! let json = serde_json::json!({
//!     "machineUuid": "36c2", "name": "data", "slot": 2, "systemTags": ["driveBus::scsi"], "userTags": [],
//! });
//! assert_eq!(serde_json::to_value(&request)?, json);
//! assert_eq!(AddDrive::OPERATION.to_string(), "POST /v1/machines/{machineUuid}/drives");
//!
//! let drive: DriveInventory = serde_json::from_str(r#"{"uuid": "70e8", "state": "in-use"}"#)?;
//! assert_eq!(drive.state, Some(DriveState::InUse));
//! assert_eq!(DriveInventory::STATE.eq(DriveState::Empty).to_string(), "state=Empty");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Changes by releases
//!
//! Servers and clients emulate older releases. Attributes state the newest release; these arguments
//! state what was different before:
//!
//! * `removed = "5.0"` is the first release without an operation, a parameter, a field or an enum
//!   value, and `replacement = "…"` names what to use instead. A removed parameter or field is an
//!   `Option`; if it was required as long as it existed, it is `required` as well.
//! * `history(until = "4.0", …)` lists the attributes that were different before 4.0, with their
//!   values. Entries are in the order of releases; each describes the state before its release by
//!   the differences from the state after it. Flags have a value (`required = false`,
//!   `non_empty = true`), and an attribute that was not set is `None` (`max_length = None`).
//!
//! | attribute | arguments of `history` |
//! |---|---|
//! | `param`, `field` | `required`, `type`, the constraints; for `param` also `path`, `query`, `body`, `beside` |
//! | `operation` | the method with the path, `alias`, `body`, `action`, `job`, `no_session`, `message`, `reply` |
//! | `record` | `class` |
//!
//! ```
//! use zstack_runtime::{Operation, Request, Response, Version};
//!
//! /// Renames a drive.
//! #[derive(Clone, Default, Operation)]
//! #[operation(
//!     PUT = "/v1/drives/{uuid}/name",
//!     category = "drive",
//!     since = "1.0",
//!     body = "params",
//!     response = RenameDriveResponse,
//!     history(until = "3.0", POST = "/v1/drives/{uuid}/rename", job = true),
//! )]
//! pub struct RenameDrive {
//!     #[param(path)]
//!     pub uuid: String,
//!     #[param(max_length = 100, history(until = "2.0", required = false, max_length = 255))]
//!     pub name: String,
//!     #[param(removed = "4.0", replacement = "name")]
//!     pub title: Option<String>,
//! }
//!
//! /// The response to [`RenameDrive`].
//! #[derive(Clone, Default, Response)]
//! #[response(since = "1.0")]
//! pub struct RenameDriveResponse {}
//!
//! let [before, after] = ["1.0", "4.0"].map(Version::new);
//! assert_eq!(RenameDrive::OPERATION.at(before).to_string(), "POST /v1/drives/{uuid}/rename");
//! assert_eq!(RenameDrive::OPERATION.at(after).to_string(), "PUT /v1/drives/{uuid}/name");
//! let names = |release| RenameDrive::OPERATION.request.fields_at(release).map(|field| field.name);
//! assert!(names(before).eq(["uuid", "name", "title"]));
//! assert!(names(after).eq(["uuid", "name"]));
//! ```

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
