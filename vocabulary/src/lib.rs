//! Basic types that the tools of the specification and the programs that serve or call the API have in
//! common.

mod encoding;
mod operation;
mod pattern;
mod release;
mod timestamp;
mod uuid;
mod version;

pub use encoding::encode;
pub use operation::{Auth, Execution, Method, Place, variables};
pub use pattern::whole_pattern;
pub use release::{FindReleaseError, FoundRelease, find_release};
pub use timestamp::{ParseTimestampError, Timestamp};
pub use uuid::is_uuid;
pub use version::{ParseVersionError, Version};
