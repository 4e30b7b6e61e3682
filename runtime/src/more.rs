//! Records that others extend.
//!
//! Where a record is expected that others extend, one of those may stand on
//! the wire: a `HostInventory` may be a `KVMHostInventory`. Nothing in the
//! JSON says which, so the fields that the base does not know are kept in
//! [`More`]; writing the base writes them too, and `TryFrom` makes the record
//! of the extension out of it.

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

/// Converts between a record and one that it extends.
///
/// ```
/// use zstack_runtime::more::More;
/// use zstack_runtime::record::{Field, Kind};
/// use zstack_runtime::{Version, extends, record};
///
/// #[derive(Clone, Default)]
/// struct Host {
///     uuid: String,
///     more: More,
/// }
///
/// const V0_6: Version = Version::new("0.6");
///
/// record! { Host, class "org.zstack.Host", since V0_6, keeps more {
///     0 uuid: Field::new("uuid", Kind::String, V0_6).required(),
/// }}
///
/// #[derive(Clone, Default)]
/// struct KvmHost {
///     uuid: String,
///     ssh_port: Option<i32>,
/// }
///
/// record! { KvmHost, class "org.zstack.KvmHost", since V0_6 {
///     0 uuid: Field::new("uuid", Kind::String, V0_6).required(),
///     1 ssh_port: Field::new("sshPort", Kind::Integer, V0_6),
/// }}
///
/// extends!(KvmHost: Host);
///
/// let host: Host = serde_json::from_str(r#"{"uuid": "a", "sshPort": 22}"#)?;
/// assert_eq!(serde_json::to_string(&host)?, r#"{"uuid":"a","sshPort":22}"#);
/// let kvm = KvmHost::try_from(&host)?;
/// assert_eq!(kvm.ssh_port, Some(22));
/// assert_eq!(Host::try_from(&kvm)?.more.class(), Some("org.zstack.KvmHost"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! extends {
    ($extension:ident: $($base:ident),+) => {$(
        impl ::core::convert::TryFrom<&$extension> for $base {
            type Error = ::serde_json::Error;

            fn try_from(extension: &$extension) -> ::core::result::Result<Self, Self::Error> {
                $crate::more::widen(extension)
            }
        }

        impl ::core::convert::TryFrom<&$base> for $extension {
            type Error = ::serde_json::Error;

            fn try_from(base: &$base) -> ::core::result::Result<Self, Self::Error> {
                $crate::more::narrow(base)
            }
        }
    )+};
}
