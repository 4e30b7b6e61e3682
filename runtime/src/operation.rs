//! What is known of an operation, and the requests that name it.

use std::fmt;

use crate::Version;
use crate::record::{Record, Shape};

/// The facts about an operation.
#[derive(Debug)]
pub struct Operation {
    /// Its identity: `AttachIsoToVmInstance`.
    pub name: &'static str,
    /// The group it belongs to: `vm-instance`.
    pub category: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, base path included, with variables in braces:
    /// `/zstack/v1/vm-instances/{vmInstanceUuid}/iso/{isoUuid}`.
    pub path: &'static str,
    /// The first release that has it.
    pub since: Version,
    /// Long (a job) or answered at once.
    pub execution: Execution,
    /// What authentication it takes.
    pub auth: Auth,
    /// Where body parameters are enclosed.
    pub body: Body,
    /// The parameters.
    pub request: &'static Shape,
    /// The fields of a successful answer.
    pub response: &'static Shape,
}

/// `POST /zstack/v1/vm-instances/cdroms`
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// The parameters of an operation.
///
/// Implemented by generated code.
pub trait Request: Record {
    /// What a successful answer holds.
    type Response: Record;

    /// The facts about the operation.
    const OPERATION: &'static Operation;
}

/// An HTTP method of the API.
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
    /// Its name: `GET`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request of this method has its parameters in a body.
    #[must_use]
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Delete => Self::DELETE,
        }
    }
}

/// How long an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Execution {
    /// Answered at once.
    Sync,
    /// Long: the platform answers 202 and a job to poll.
    Async,
}

/// The authentication an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// A session: `Authorization: OAuth <session uuid>`.
    Session,
    /// None.
    None,
}

/// Where the parameters of a body stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// There is no body.
    None,
    /// Below this key. A body without it means that no parameter is given.
    Key(&'static str),
    /// Below this key, which also selects the operation among those that
    /// share method and path: a body without it means none of them.
    Action(&'static str),
}

impl Body {
    /// The key, if there is one.
    #[must_use]
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Key(key) | Self::Action(key) => Some(key),
        }
    }
}
