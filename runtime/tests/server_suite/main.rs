//! The server, driven in process and over loopback sockets.
#![cfg(feature = "server")]

#[cfg(test)]
mod answers;
#[cfg(test)]
mod building;
#[cfg(test)]
mod guests;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod job_store;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod parameters;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod service;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod webhooks;
