//! A server and a client of an older release, of an API in which everything
//! that can come later does.
#![cfg(all(feature = "client", feature = "server"))]

#[cfg(test)]
mod answers;
#[cfg(test)]
mod disks;
#[cfg(test)]
mod parameters;
#[cfg(test)]
mod paths;
