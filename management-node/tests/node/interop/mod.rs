//! The requests that official clients were seen to send, as bytes on a socket,
//! and what they need of the answers.

mod channel;
mod checklist;
mod fuzz;
pub(crate) mod wire;
