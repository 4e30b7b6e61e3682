//! On repositories made for the purpose.

mod forms;
mod messages;
mod scratch;
mod sites;
