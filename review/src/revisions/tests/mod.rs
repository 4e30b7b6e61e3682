//! On repositories made for the purpose.

mod forms;
mod locations;
mod messages;
mod scratch;
