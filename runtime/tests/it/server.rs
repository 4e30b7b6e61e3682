//! The server, driven in process and over loopback sockets.
#![cfg(feature = "server")]

mod answers;
mod building;
mod guests;
mod hostile;
mod job_store;
mod jobs;
mod logs;
mod parameters;
mod refusals;
mod service;
mod sockets;
mod webhooks;
