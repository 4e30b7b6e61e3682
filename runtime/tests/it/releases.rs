//! A server and a client of an older release, of an API in which everything
//! that can come later does.
#![cfg(all(feature = "client", feature = "server"))]

mod answers;
mod disks;
mod parameters;
mod paths;
