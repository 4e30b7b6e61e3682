//! Tests with requests as official clients send them, as bytes on a socket.

mod channel;
pub(crate) mod checklist;
mod fuzz;
pub(crate) mod wire;
