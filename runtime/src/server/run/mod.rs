//! Running an operation, and who waits how long for its result.

mod location;
mod long;
mod prefer;

pub(crate) use self::long::{Accepted, execute};
