//! Values of attributes that are visible on the wire.

use std::fmt;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A text.
    String,
    /// A UUID of 32 lower-case hexadecimal digits.
    Uuid,
    /// `true` or `false`.
    Boolean,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    Long,
    /// A floating-point number.
    Double,
    /// A date and time.
    Timestamp,
    /// Any JSON value.
    Any,
    /// A list.
    List(Box<Type>),
    /// A map with texts as keys.
    Map(Box<Type>),
    /// A [`DataType`](super::DataType) of the model, by name.
    Named(String),
}

impl Type {
    /// Returns whether its values can be UUIDs or lists of them: texts and lists of texts.
    pub fn holds_uuids(&self) -> bool {
        let item = if let Self::List(item) = self { item } else { self };
        matches!(item, Self::String | Self::Uuid)
    }

    /// The name of the data type that it contains, at any depth.
    pub fn data_type_name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Map(inner) => inner.data_type_name(),
            _ => None,
        }
    }
}

/// The form in the spec, such as `List<VmNicInventory>`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "String",
            Self::Uuid => "Uuid",
            Self::Boolean => "Boolean",
            Self::Integer => "Integer",
            Self::Long => "Long",
            Self::Double => "Double",
            Self::Timestamp => "Timestamp",
            Self::Any => "Any",
            Self::Named(name) => name,
            Self::List(inner) => return write!(f, "List<{inner}>"),
            Self::Map(inner) => return write!(f, "Map<String,{inner}>"),
        })
    }
}

/// The message classes of an operation in the legacy channel, `/zstack/api`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The class of the message, such as `org.zstack.header.vm.APIStartVmInstanceMsg`.
    pub class: String,
    /// The class of the reply, such as `org.zstack.header.vm.APIStartVmInstanceEvent`.
    pub reply: String,
}

/// The position of parameters in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The request has no body.
    None,
    /// Under this key, such as `params` or `null`.
    Key(String),
    /// Under this key, such as `reimageVmInstance`, which also selects one of several operations with
    /// the same route.
    Action(String),
}

impl Body {
    /// Returns the key that encloses the parameters.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Key(key) | Self::Action(key) => Some(key),
        }
    }
}
