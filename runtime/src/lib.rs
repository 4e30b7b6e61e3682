//! The library beneath the generated ZStack API crates.
//!
//! An operation of the API is data: a struct of parameters, a struct of
//! results, and a table of facts about both, which the derives
//! [`Operation`](derive@Operation), [`Response`](derive@Response),
//! [`Record`](derive@Record) and [`Enumeration`](derive@Enumeration) make of the
//! structs. Writing that data to the wire, reading it back, calling an operation
//! and serving it are written once, here.
//!
//! | module | holds |
//! |---|---|
//! | [`mod@record`] | the one interface that all structs of the API implement, by table |
//! | [`decode`], [`encode`] | from JSON and to JSON, as the platform writes it |
//! | [`mod@operation`] | what is known of an operation: method, path, body, parameters |
//! | [`query`] | what every query operation takes |
//! | [`more`] | records that others extend |
//! | [`Version`], [`Timestamp`], [`ErrorCode`], [`tags`] | the values the wire has conventions for |
//! | `signature` (with either) | the signature of a request made with an access key |
//! | `client` (feature `client`) | transport, calls, job polling, errors |
//! | `server` (feature `server`) | the stages of a request, jobs, webhooks, the legacy channel |
//! | `new_uuid` (with either) | new random UUIDs |
//!
//! People depend on `zstack-client` or `zstack-server`, which re-export what
//! is needed of this crate.

// The derives name this crate, and are used in it.
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
pub mod more;
pub mod operation;
pub mod query;
pub mod record;
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
pub use operation::{Auth, Body, Execution, Message, Method, Operation, Request, SystemTag, Tagged};
pub use query::Query;
pub use record::{Record, View};
pub use tags::Tags;
#[cfg(any(feature = "client", feature = "server"))]
pub use uuids::new_uuid;
pub use zstack_vocabulary::{ParseTimestampError, ParseVersionError, Timestamp, Version};

/// The release of the oldest documents; the wire forms that this crate defines itself exist since then.
pub(crate) const V0_6: Version = Version::new("0.6");

pub use zstack_derive::{Enumeration, Operation, Record, Response};
