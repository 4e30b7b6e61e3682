//! Runtime library of the generated ZStack API crates.
//!
//! An operation of the API is data: a struct of parameters, a struct of results, and a table that
//! describes both. The derives [`Operation`](derive@Operation), [`Response`](derive@Response),
//! [`Record`](derive@Record) and [`Enumeration`](derive@Enumeration) build the table from the
//! structs. Encoding, decoding, calling and serving work on that table and are implemented once,
//! here.
//!
//! | module | contents |
//! |---|---|
//! | [`mod@record`] | the trait that all structs of the API implement, and their tables |
//! | [`decode`], [`encode`] | JSON to structs, and structs to JSON as the platform writes it |
//! | [`mod@operation`] | descriptions of operations: method, path, body, parameters |
//! | [`query`] | the standard parameters of query operations |
//! | [`more`] | data types that others extend |
//! | [`Version`], [`Timestamp`], [`ErrorCode`], [`tags`] | values with a format of their own |
//! | `signature` (feature `client` or `server`) | the signature of a request made with an access key |
//! | `client` (feature `client`) | transport, calls, job polling, errors |
//! | `server` (feature `server`) | the stages of a request, jobs, webhooks, the legacy channel |
//! | `new_uuid` (feature `client` or `server`) | new random UUIDs |
//!
//! Programs depend on `zstack-client` or `zstack-server`, which re-export the public API of this
//! crate.

// The derives refer to this crate by name, and this crate uses them too.
extern crate self as zstack_runtime;

#[doc(hidden)]
pub mod __private;
pub mod constraints;
pub mod decode;
pub mod encode;
pub mod enumeration;
#[cfg(any(feature = "client", feature = "server"))]
mod error_chain;
mod error_code;
#[cfg(any(feature = "client", feature = "server"))]
mod lock;
pub mod more;
pub mod operation;
pub mod query;
pub mod record;
mod removal;
#[cfg(feature = "signature")]
pub mod signature;
mod slice;
pub mod tags;
#[cfg(any(feature = "client", feature = "server"))]
mod uuids;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod server;

pub use enumeration::{Enumeration, UnknownValue};
pub use error_code::ErrorCode;
pub use more::More;
pub use operation::{
    Auth, BodyKey, EarlierOperation, Execution, LegacyMessage, Method, Operation, OperationChanges, Request,
    SystemTag, Tagged,
};
pub use query::Query;
pub use record::{Record, View};
pub use removal::Removal;
pub use tags::Tags;
#[cfg(any(feature = "client", feature = "server"))]
pub use uuids::new_uuid;
pub use zstack_vocabulary::{ParseTimestampError, ParseVersionError, Timestamp, Version};

/// The oldest documented release, which has all formats that this crate defines itself.
pub(crate) const V0_6: Version = Version::new("0.6");

pub use zstack_derive::{Enumeration, Operation, Record, Response};

/// Compiles and runs the example of the derives.
#[cfg(doctest)]
#[doc = include_str!("../derive/example.md")]
mod derive_example {}
