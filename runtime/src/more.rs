//! Data types that others extend.
//!
//! Where a field has an extended data type, a server may send one of the extensions: a
//! `KVMHostInventory` in place of a `HostInventory`. The JSON does not name the type, so the fields
//! that the base type does not know are kept in [`More`]. Encoding the base writes them too, and
//! `TryFrom` converts it to the extension.
//!
//! ```
//! use zstack_runtime::{More, Record};
//!
//! #[derive(Clone, Default, Record)]
//! #[record(class = "org.zstack.Host", since = "0.6")]
//! struct Host {
//!     uuid: String,
//!     more: More,
//! }
//!
//! #[derive(Clone, Default, Record)]
//! #[record(class = "org.zstack.KvmHost", since = "0.6", extends(Host))]
//! struct KvmHost {
//!     uuid: String,
//!     ssh_port: Option<i32>,
//! }
//!
//! let host: Host = serde_json::from_str(r#"{"uuid": "a", "sshPort": 22}"#)?;
//! assert_eq!(serde_json::to_string(&host)?, r#"{"uuid":"a","sshPort":22}"#);
//! let kvm = KvmHost::try_from(&host)?;
//! assert_eq!(kvm.ssh_port, Some(22));
//! assert_eq!(Host::try_from(&kvm)?.more.class(), Some("org.zstack.KvmHost"));
//! # Ok::<(), serde_json::Error>(())
//! ```

use crate::record::Record;
use crate::{decode, encode};

pub use crate::record::More;

/// Converts an extension to its base; fields that only the extension has go into [`More`].
///
/// # Errors
///
/// When a value cannot be encoded, or the base cannot decode it.
pub fn widen<E: Record, B: Record>(extension: &E) -> Result<B, serde_json::Error> {
    let mut base: B = decode::from_slice(&encode::to_vec(extension))?;
    if let Some(more) = base.more_mut() {
        more.extension = Some(E::SHAPE);
    }
    Ok(base)
}

/// Converts a base to its extension.
///
/// # Errors
///
/// When a required field of the extension is missing, or a field has another type.
pub fn narrow<B: Record, E: Record>(base: &B) -> Result<E, serde_json::Error> {
    decode::from_slice(&encode::to_vec(base))
}
