//! The client against scripted, in-process and real servers.
#![cfg(feature = "client")]

mod access_keys;
mod answers;
#[cfg(feature = "blocking")]
mod blocking;
mod encoding;
mod errors;
mod jobs;
#[cfg(feature = "server")]
mod node;
mod operations;
#[cfg(feature = "server")]
mod records;
mod retries;
mod script;
#[cfg(feature = "server")]
mod secrets;
#[cfg(feature = "server")]
mod sessions;
#[cfg(test)]
mod transports;
mod versions;
#[cfg(feature = "server")]
mod webhook_sockets;
mod webhooks;
