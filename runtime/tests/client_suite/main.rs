//! The client against scripted, in-process and real servers.
#![cfg(feature = "client")]

#[cfg(test)]
mod answers;
#[cfg(test)]
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(test)]
mod encoding;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod script;
#[cfg(test)]
mod transports;
#[cfg(test)]
mod versions;
