//! Descriptions of operations, and the traits of their requests.

use std::fmt;

use crate::Version;
use crate::record::{Kind, Record, Shape};
use crate::removal::{Absence, Removal};
use crate::tags::{self, Tags};

pub use zstack_vocabulary::{Auth, Execution, Method, variables};

/// The description of an operation: its method and path, its parameters and response, and the
/// release that each part came with.
///
/// The generated crates have one for each operation, and find it by name.
///
/// ```
/// use zstack_runtime::{Operation, Request, Response, Version};
///
/// #[derive(Clone, Default, Operation)]
/// #[operation(
///     DELETE = "/zstack/v1/vm-instances/{vmInstanceUuid}/iso",
///     category = "vm-instance",
///     since = "0.6",
///     job,
///     response = DetachIsoResponse,
/// )]
/// struct DetachIso {
///     #[param(path)]
///     vm_instance_uuid: String,
///     #[param(query, since = "2.3.1")]
///     iso_uuid: Option<String>,
/// }
///
/// #[derive(Clone, Default, Response)]
/// #[response(since = "0.6")]
/// struct DetachIsoResponse {}
///
/// let detach: &Operation = DetachIso::OPERATION;
/// let names = |release| detach.request.fields_at(release).map(|field| field.name).collect::<Vec<_>>();
/// assert_eq!(names(Version::new("2.3.0")), ["vmInstanceUuid"]);
/// assert_eq!(names(Version::NEWEST), ["vmInstanceUuid", "isoUuid"]);
/// ```
// The fields that every call reads come first and fit one cache line: a server of the whole
// platform has two thousand of these.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Operation {
    /// The table of parameters.
    pub request: &'static Shape,
    /// The table of the response.
    pub response: &'static Shape,
    /// The system tags that have a meaning for it.
    pub tags: &'static [SystemTag],
    /// The key of the body that encloses its body parameters.
    pub body: BodyKey,
    /// The HTTP method.
    pub method: Method,
    /// The execution: as a job (`Async`), or answered at once (`Sync`).
    pub execution: Execution,
    /// The required credentials: none, or a session or access key.
    pub auth: Auth,
    /// Its name, such as `AttachIsoToVmInstance`.
    pub name: &'static str,
    /// Its category, such as `vm-instance`.
    pub category: &'static str,
    /// The path, base path included, with variables in braces:
    /// `/zstack/v1/vm-instances/{vmInstanceUuid}/iso/{isoUuid}`.
    pub path: &'static str,
    /// Further paths of it, with the same method.
    pub paths: &'static [&'static str],
    /// The first release that has it.
    pub since: Version,
    /// Its messages in the legacy channel.
    pub message: Option<LegacyMessage>,
    /// The changes by releases, if there are any.
    pub changes: Option<&'static OperationChanges>,
}

/// The changes of an operation by releases. Parameters and fields have their own.
#[derive(Debug)]
pub struct OperationChanges {
    /// The removal.
    pub removal: Option<Removal>,
    /// The earlier states, the oldest first.
    pub earlier: &'static [EarlierOperation],
}

/// An earlier state of an operation.
#[derive(Debug)]
pub struct EarlierOperation {
    /// The release that changed it.
    pub until: Version,
    /// The description before that release.
    pub operation: Operation,
}

/// The names of an operation in the legacy channel, `/zstack/api`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegacyMessage {
    /// The class of the request message, such as `org.zstack.header.vm.APIStartVmInstanceMsg`.
    pub class: &'static str,
    /// The class of the reply, such as `org.zstack.header.vm.APIStartVmInstanceEvent`.
    pub reply: &'static str,
}

/// A system tag that has a meaning for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemTag {
    /// The pattern, with one variable at its end: `cdromUuid::{cdromUuid}`.
    pub pattern: &'static str,
    /// The first release that gives it this meaning.
    pub since: Version,
}

impl SystemTag {
    /// Returns whether a tag of a request has this pattern and a value.
    #[must_use]
    pub fn matches(&self, tag: &str) -> bool {
        let prefix = self.pattern.split('{').next().unwrap_or_default();
        match prefix.strip_suffix("::") {
            Some(name) => tags::value_of(tag, name).is_some(),
            None => tag.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()),
        }
    }
}

/// Writes `POST /zstack/v1/vm-instances/cdroms`.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Operation {
    /// Returns whether it is a query, with the standard parameters of [`Query`](crate::Query).
    #[must_use]
    pub fn is_query(&self) -> bool {
        self.is_query_in(Version::NEWEST)
    }

    /// Returns the table of the records that its response lists: `VmInstanceInventory` for
    /// QueryVmInstance.
    #[must_use]
    pub fn listed_record(&self) -> Option<&'static Shape> {
        self.response.fields.iter().find_map(|field| match field.kind {
            Kind::List(Kind::Record(shape)) => Some(shape()),
            _ => None,
        })
    }

    /// Returns whether it is a query in a release.
    #[must_use]
    pub fn is_query_in(&self, release: Version) -> bool {
        // A release before the first documented one has queries as well, but no parameters of them.
        let release = release.later(crate::V0_6);
        let first = self.request.fields.first();
        first.is_some_and(|field| field.name == crate::Query::Q.name && field.is_in(release))
    }

    /// Returns the description as of a release, which may have had another path, for example. The
    /// release need not have the operation.
    #[must_use]
    pub fn at(&'static self, release: Version) -> &'static Self {
        let mut earlier = self.changes.into_iter().flat_map(|changes| changes.earlier);
        earlier.find(|earlier| release < earlier.until).map_or(self, |earlier| &earlier.operation)
    }

    /// Returns the descriptions of all releases, the oldest first.
    pub fn states(&'static self) -> impl Iterator<Item = &'static Self> {
        let earlier = self.changes.into_iter().flat_map(|changes| changes.earlier);
        earlier.map(|earlier| &earlier.operation).chain([self])
    }

    /// Returns whether a release has the operation.
    #[must_use]
    pub fn is_in(&self, release: Version) -> bool {
        self.absence(release).is_none()
    }

    /// Returns why a release lacks it; `None` if the release has it.
    pub(crate) fn absence(&self, release: Version) -> Option<Absence> {
        Absence::of(self.since, self.changes.and_then(|changes| changes.removal), release)
    }

    /// Returns the system tag that a text matches, if it came after a release.
    #[cfg(any(feature = "client", feature = "server"))]
    pub(crate) fn later_tag(&self, tag: &str, release: Version) -> Option<&'static SystemTag> {
        self.tags.iter().find(|system_tag| system_tag.since > release && system_tag.matches(tag))
    }

    /// Iterates over all its paths.
    pub fn all_paths(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.path).chain(self.paths.iter().copied())
    }
}

/// Finds an operation by name in the lists of several categories.
#[must_use]
pub fn find_operation(categories: &[&[&'static Operation]], name: &str) -> Option<&'static Operation> {
    categories.iter().copied().flatten().copied().find(|operation| operation.name == name)
}

/// The request of an operation: a struct of its parameters.
///
/// Implemented by the [derive](derive@crate::Operation).
pub trait Request: Record {
    /// The response to a successful call.
    type Response: Record;

    /// The description of the operation.
    const OPERATION: &'static Operation;
}

/// A request with system and user tags.
pub trait Tagged: Request {
    /// Returns the tags.
    fn tags(&self) -> &Tags;

    /// Returns the tags for modification.
    fn tags_mut(&mut self) -> &mut Tags;

    /// Adds a system tag.
    #[must_use]
    fn system_tag(mut self, tag: impl Into<String>) -> Self {
        self.tags_mut().system.push(tag.into());
        self
    }

    /// Adds a user tag.
    #[must_use]
    fn user_tag(mut self, tag: impl Into<String>) -> Self {
        self.tags_mut().user.push(tag.into());
        self
    }
}

/// The key of a JSON body that encloses the body parameters of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKey {
    /// The operation has no body.
    None,
    /// This key. A body without it has no parameters.
    Key(&'static str),
    /// This key, which also selects the operation among those that share method and path. A body
    /// without it selects none of them.
    Action(&'static str),
}

impl BodyKey {
    /// Returns the key, if there is one.
    #[must_use]
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Key(key) | Self::Action(key) => Some(key),
        }
    }
}
