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

use serde_json::{Map, Value};

use crate::record::{Record, Shape};
use crate::{decode, encode};

/// The fields of a record that its own type does not have.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct More {
    /// The fields, by name.
    pub fields: Map<String, Value>,
    /// The table of the extension, where it is known: it says which class a
    /// reply's `schema` names, and which release each field came with.
    pub extension: Option<&'static Shape>,
}

impl More {
    /// The class that a reply's `schema` names, where it is not that of the
    /// base.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        self.extension.map(|shape| shape.class).filter(|class| !class.is_empty())
    }
}

/// Two are equal that have the same fields, and are of the same class.
impl PartialEq for More {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields && self.class() == other.class()
    }
}

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
