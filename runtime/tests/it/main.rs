//! The wire formats, queries, the client, the server, and both at older releases.

mod client;
mod queries;
mod releases;
mod server;
mod special_members;
mod wire_values;
