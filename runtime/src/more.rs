//! Records that others extend.
//!
//! Where a record is expected that others extend, one of those may stand on
//! the wire: a `HostInventory` may be a `KVMHostInventory`. Nothing in the
//! JSON says which, so the fields that the base does not know are kept in
//! [`More`]; writing the base writes them too, and `TryFrom` makes the record
//! of the extension out of it.
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

/// The base of a record, with all that only the extension has in its [`More`].
///
/// # Errors
///
/// When a value of the record has no JSON, or the base does not read it.
pub fn widen<E: Record, B: Record>(extension: &E) -> Result<B, serde_json::Error> {
    let mut base: B = decode::from_slice(&encode::to_vec(extension))?;
    if let Some(more) = base.more_mut() {
        more.extension = Some(E::SHAPE);
    }
    Ok(base)
}

/// The extension that a base is.
///
/// # Errors
///
/// When the base has not what the extension needs, or has it in another form.
pub fn narrow<B: Record, E: Record>(base: &B) -> Result<E, serde_json::Error> {
    decode::from_slice(&encode::to_vec(base))
}
