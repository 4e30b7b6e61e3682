//! Who calls: sessions and access keys.

pub(crate) mod access_key;
mod sessions;

pub use self::access_key::AccessKeys;
pub use self::sessions::Sessions;
