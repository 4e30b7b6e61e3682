//! A server and a client of an older release, with an API in which every kind of element came
//! later.
#![cfg(all(feature = "client", feature = "server"))]

mod answers;
mod changes;
mod disks;
mod drives;
mod parameters;
mod paths;
