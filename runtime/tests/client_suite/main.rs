//! The client against scripted, in-process and real servers.
#![cfg(feature = "client")]

#[cfg(test)]
mod access_keys;
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
#[cfg(feature = "server")]
mod node;
#[cfg(test)]
mod operations;
#[cfg(test)]
#[cfg(feature = "server")]
mod records;
#[cfg(test)]
mod retries;
#[cfg(test)]
mod script;
#[cfg(test)]
#[cfg(feature = "server")]
mod secrets;
#[cfg(test)]
#[cfg(feature = "server")]
mod sessions;
#[cfg(test)]
#[cfg(test)]
mod transports;
#[cfg(test)]
mod versions;
#[cfg(test)]
#[cfg(feature = "server")]
mod webhook_sockets;
#[cfg(test)]
mod webhooks;
