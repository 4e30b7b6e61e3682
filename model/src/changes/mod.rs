//! The kinds of changes to a spec, and what each does to clients of the API.
//!
//! A kind is a variant of [`ChangeKind`]; everything about it is its arm in `rule.rs`. What counts as a
//! change of which kind, and the sentence about it, are in `zstack_review`, as matches over the same
//! enum.

mod kind;
mod level;
mod rule;

pub use kind::ChangeKind;
pub use level::{Level, Step, WaiverKind};
pub use rule::{ChangeRule, Effect};
