//! Tests of the generated client against the generated server.
//!
//! This code is generic over operations. [`values`] generates values of any type from its table,
//! [`Echo`] serves any operation and records the requests, and [`round_trip`] compares what both
//! ends see. [`PastApi`] computes the value of an older release, for clients and servers that
//! emulate it. [`mod@dynamic`] serves specs without generated code. The tests apply this to every
//! operation of the spec, the benchmarks to some of the whole platform's.

pub mod dynamic;
mod echo;
mod past;
mod round_trip;
pub mod values;

pub use echo::{Answer, Echo};
pub use past::{LaterPart, PartKind, PastApi, PastObject};
pub use round_trip::round_trip;

/// The pages under `docs/`, whose examples compile as part of the tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../docs/client.md")]
    struct Client;

    #[doc = include_str!("../../../docs/server.md")]
    struct Server;

    #[doc = include_str!("../../../docs/testing.md")]
    struct Testing;

    #[doc = include_str!("../../../docs/architecture.md")]
    struct Architecture;
}
