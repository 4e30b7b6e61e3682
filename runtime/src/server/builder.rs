use std::fmt;
use std::sync::Arc;

use super::api::Api;
use super::authenticate::{AccessKeys, Sessions};
use super::intercept::Intercept;
use super::options::Options;
use super::routes::Routes;

/// Puts an [`Api`] together.
#[derive(Default)]
#[must_use]
pub struct ApiBuilder {
    services: Vec<Routes>,
    options: Options,
    extensions: Extensions,
}

/// What a server is given besides its operations.
#[derive(Default)]
pub(crate) struct Extensions {
    pub(crate) access_keys: Option<Arc<dyn AccessKeys>>,
    pub(crate) intercept: Option<Arc<dyn Intercept>>,
    pub(crate) sessions: Option<Arc<dyn Sessions>>,
}

impl ApiBuilder {
    /// Serves these operations.
    pub fn mount(mut self, routes: Routes) -> Self {
        self.services.push(routes);
        self
    }

    /// Serves all of these operations.
    pub fn mount_all(mut self, routes: impl IntoIterator<Item = Routes>) -> Self {
        self.services.extend(routes);
        self
    }

    /// How to serve; [`Options::default`] unless said otherwise.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Where access keys are found. Without it, requests that are signed with
    /// one are refused.
    pub fn access_keys(mut self, keys: Arc<dyn AccessKeys>) -> Self {
        self.extensions.access_keys = Some(keys);
        self
    }

    /// Where sessions are found. Without it, jobs of callers without a valid
    /// session are kept and posted like all others.
    pub fn sessions(mut self, sessions: Arc<dyn Sessions>) -> Self {
        self.extensions.sessions = Some(sessions);
        self
    }

    /// What looks at every call before its operation begins.
    pub fn intercept(mut self, intercept: Arc<dyn Intercept>) -> Self {
        self.extensions.intercept = Some(intercept);
        self
    }

    /// The server.
    ///
    /// # Errors
    ///
    /// When operations cannot be told apart, a path cannot be matched, or an
    /// option cannot work.
    pub fn build(self) -> Result<Api, BuildError> {
        Api::new(self.services, self.options, self.extensions)
    }
}

/// An [`Api`] that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// Two operations have the same method and path, and no different keys of
    /// a body to select them by.
    Conflict {
        /// The operation mounted first.
        first: &'static str,
        /// The other one.
        second: &'static str,
        /// Method and path.
        line: String,
    },
    /// An operation is mounted twice.
    Twice {
        /// Its name.
        operation: &'static str,
    },
    /// The path of an operation cannot be matched.
    Path {
        /// The name of the operation.
        operation: &'static str,
        /// What is wrong with the path.
        problem: String,
    },
    /// A reserved path that cannot be matched.
    ReservedPath {
        /// The path.
        path: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// An option that cannot work.
    Option {
        /// The name of the option.
        name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { first, second, line } => {
                write!(f, "{first} and {second} are both {line}, and no key of a body tells them apart")
            }
            Self::Twice { operation } => write!(f, "{operation} is mounted twice"),
            Self::Path { operation, problem } => write!(f, "the path of {operation}: {problem}"),
            Self::ReservedPath { path, problem } => write!(f, "the reserved path `{path}`: {problem}"),
            Self::Option { name, problem } => write!(f, "the option {name}: {problem}"),
        }
    }
}

impl std::error::Error for BuildError {}
