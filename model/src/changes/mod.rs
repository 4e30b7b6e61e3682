//! The kinds of changes to a spec, and their effect on clients of the API.
//!
//! Each kind is a row of the table in `kind.rs`. `zstack_review` finds changes and describes them, as matches over
//! [`ChangeKind`].

mod kind;
mod level;
mod rule;

pub use kind::ChangeKind;
pub use level::{Level, Step, WaiverKind};
pub use rule::{ChangeRule, Effect};
