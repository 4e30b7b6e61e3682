//! Generated client against generated server.
//!
//! Nothing here knows an operation. [`values`] makes values of any type from
//! its table, [`Echo`] serves any operation and keeps what it got, so that
//! both ends are seen, and [`round_trip`] holds one against the other. [`Past`]
//! says what a release had of a value, for ends that were told a release.
//! [`mod@dynamic`] plays specs of which no code was generated. The
//! tests do so with every operation of the spec, the benchmarks with some of a
//! whole platform's.

pub mod dynamic;
mod echo;
mod past;
mod round_trip;
pub mod values;

pub use echo::{Answer, Echo};
pub use past::{Had, Later, Part, Past};
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
