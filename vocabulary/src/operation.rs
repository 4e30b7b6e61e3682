//! The HTTP interface of an operation: method, parameter places, execution and authentication.

use std::fmt;

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
    /// The name of the method, such as `GET`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Returns whether requests with this method have a body.
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

/// The part of a request that contains a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A variable of the path.
    Path,
    /// The query string.
    Query,
    /// The body, under the key of the operation.
    Body,
    /// The body, next to the key of the operation.
    BesideBody,
}

impl Place {
    /// The value in the spec: `body` for both places in a body.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Body | Self::BesideBody => "body",
        }
    }
}

/// The execution of an operation: synchronous, or asynchronous as a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Execution {
    /// The response is the result.
    Sync,
    /// The response is 202 and a job to poll.
    Async,
}

impl Execution {
    /// The value in the spec: `sync` or `async`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Async => "async",
        }
    }
}

/// The authentication of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// A session is required: `Authorization: OAuth <session uuid>`.
    Session,
    /// No authentication is required.
    None,
}

impl Auth {
    /// The value in the spec: `session` or `none`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::None => "none",
        }
    }
}

/// Returns the names of the variables of a path in order, such as `uuid` of `/vm-instances/{uuid}`.
pub fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}
