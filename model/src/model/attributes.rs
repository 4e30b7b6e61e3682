//! Values of the attributes that are on the wire.

use std::fmt;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// Text of 32 lower-case hexadecimal digits in a UUID's form.
    Uuid,
    /// True or false.
    Boolean,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
    /// A floating-point number.
    Double,
    /// A date and time.
    Timestamp,
    /// Any JSON value.
    Any,
    /// A list.
    List(Box<Type>),
    /// A map from text.
    Map(Box<Type>),
    /// A [`DataType`](super::DataType) of the model, by name.
    Named(String),
}

impl Type {
    /// The data type that it names, at whatever depth.
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Map(inner) => inner.named(),
            _ => None,
        }
    }
}

/// As the spec writes it: `List<VmNicInventory>`.
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

/// How the platform's older channel, `/zstack/api`, knows an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The class of the message: `org.zstack.header.vm.APIStartVmInstanceMsg`.
    pub class: String,
    /// The class of its answer: `org.zstack.header.vm.APIStartVmInstanceEvent`.
    pub reply: String,
}

/// Where the parameters of a body stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// There is no body.
    None,
    /// Below this key: `params`, `null`.
    Key(String),
    /// Below this key, which also selects the operation among those that
    /// share the route: `reimageVmInstance`.
    Action(String),
}
