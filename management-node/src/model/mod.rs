//! The resources: plain data, independent of storage and protocol.
//!
//! Resources are documents ([`Document`]). Records are what every call needs: accounts, access keys and
//! sessions.

mod changes;
mod document;
mod fields;
mod identity;
mod infrastructure;
mod moment;
mod words;

pub use changes::{Changes, Edit, Entity, Guard, JobEdit};
pub use document::{Document, DocumentEdit, Existing, Holder, Link, LoadedDocument, OWNER, RECEIVERS};
pub use fields::Fields;
pub use identity::{ADMIN_UUID, AccessKey, Account, AccountKind, Caller, LoginAccount, Secret, Session};
pub use infrastructure::{Enabled, IpRange};
pub use moment::Moment;
pub use words::{UnknownWord, Word};

pub(crate) use words::words;

/// A UUID: 32 lower-case hexadecimal digits, without dashes.
pub type Uuid = String;
