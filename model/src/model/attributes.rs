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

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In the body, below the operation's key.
    Body,
    /// In the body, beside the operation's key (`enclosed: false`).
    BesideBody,
}

impl Place {
    /// As the spec writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Body | Self::BesideBody => "body",
        }
    }
}

/// How long an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Execution {
    /// Answered at once.
    Sync,
    /// Long: 202 and a job to poll.
    Async,
}

impl Execution {
    /// As the spec writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Async => "async",
        }
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

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
}

impl Method {
    /// As the spec writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// The authentication an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// A session in the `Authorization` header.
    Session,
    /// None.
    None,
}

impl Auth {
    /// As the spec writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::None => "none",
        }
    }
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
